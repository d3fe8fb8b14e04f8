"""The rules of role mappings, checked as ``ExpressionParser`` does; no realm here has users that they would be asked of."""

from __future__ import annotations

from typing import Any

from fake_es.security.bodies import token_name
from fake_es.wire.errors import ParseError

_LISTS = ("any", "all")


def check_rules(tree: Any, *, denied: bool = False) -> None:
    """Refuse what is no rule: ``any``, ``all``, ``field`` or ``except`` (only within ``all``).

    :raises ParseError: it is none.
    """
    if not isinstance(tree, dict):
        raise ParseError(f"failed to parse rules expression. expected [START_OBJECT] but found [{token_name(tree)}] instead")
    if len(tree) != 1:
        raise ParseError("failed to parse rules expression. object must contain exactly one field")
    ((kind, body),) = tree.items()
    if kind in _LISTS:
        _check_list(kind, body, denied)
    elif kind == "field":
        _check_field(body)
    elif kind == "except":
        if not denied:
            raise ParseError("failed to parse rules expression. field [except] is only allowed within [all]")
        check_rules(body)
    else:
        raise ParseError(f"failed to parse rules expression. field [{kind}] is not recognised in [rules]")


def _check_list(kind: str, body: Any, denied: bool) -> None:
    if not isinstance(body, list):
        raise ParseError(f"failed to parse rules expression. field [{kind}] requires an array")
    for part in body:
        check_rules(part, denied=denied or kind == "all")


def _check_field(body: Any) -> None:
    if not isinstance(body, dict) or len(body) != 1:
        raise ParseError("failed to parse rules expression. object for [field] must contain exactly one field")
    ((name, value),) = body.items()
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, (dict, list)):
            reason = f"field [{name}] value must be a string, a number, a boolean or null, but found [{token_name(item)}]"
            raise ParseError(f"failed to parse rules expression. {reason}")
