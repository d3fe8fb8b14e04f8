"""Check the rules of role mappings (``ExpressionParser``). They are never evaluated: no realm here uses them."""

from __future__ import annotations

from typing import Any

from fake_es.security.bodies import token_name
from fake_es.security.name_patterns import name_pattern
from fake_es.wire.errors import ParseError

_FAILED = "failed to parse rules expression. "
_LISTS = ("any", "all")
# Before this release, ``except`` was allowed only in lists of ``all``.
_EXCEPT_ANYWHERE = (8, 0)


def check_rules(tree: Any, version: tuple[int, ...], within: str = "rules") -> None:
    """Check a rule: ``any``, ``all``, ``field`` or ``except``.

    :raises ParseError: ``tree`` is not a rule.
    :raises IllegalArgument: a value is an invalid regular expression of Lucene.
    """
    if not isinstance(tree, dict):
        raise ParseError(_FAILED + f"expected [{within}] to be an object but found [{token_name(tree)}] instead")
    kind, body = _only(tree, within)
    if kind in _LISTS:
        _check_list(kind, body, version)
    elif kind == "field":
        _check_field(_object(body), version)
    elif kind == "except" and (within == "all" or version >= _EXCEPT_ANYWHERE):
        check_rules(_object(body), version, kind)
    elif kind == "except":
        raise ParseError(_FAILED + f"field [except] is not allowed within [{within}]")
    else:
        raise ParseError(_FAILED + f"field [{kind}] is not recognised in object [{within}]")


def _only(tree: dict[str, Any], name: str) -> tuple[str, Any]:
    """The name and value of the only field of an object."""
    if not tree:
        raise ParseError(_FAILED + f"object [{name}] does not contain any fields")
    if len(tree) > 1:
        raise ParseError(_FAILED + f"object [{name}] contains multiple fields")
    return next(iter(tree.items()))


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ParseError(_FAILED + f"expected an object but found [{token_name(body)}] instead")
    return body


def _check_list(kind: str, body: Any, version: tuple[int, ...]) -> None:
    if not isinstance(body, list):
        raise ParseError(_FAILED + f"field [{kind}] requires an array")
    for part in body:
        check_rules(part, version, kind)


def _check_field(body: dict[str, Any], version: tuple[int, ...]) -> None:
    _, value = _only(body, "field")
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, (dict, list)):
            raise ParseError(_FAILED + f"expected a field value but found [{token_name(item)}] instead")
        if isinstance(item, str) and ("*" in item or (len(item) > 1 and item[0] == item[-1] == "/")):
            name_pattern(item, version)
