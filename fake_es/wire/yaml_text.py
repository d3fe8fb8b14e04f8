"""Parsing of YAML like Jackson: only numbers and booleans of JSON are not strings, and aliases are refused."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml  # type: ignore[import-untyped]

_NULL, _INT, _FLOAT = (f"tag:yaml.org,2002:{name}" for name in ("null", "int", "float"))
# Numbers are decimal digits, which may have underscores between them. Times of day and octal numbers are strings.
_WHOLE = re.compile(r"[-+]?[0-9][0-9_]*")
_REAL = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9][0-9_]*(?=[eE]))(?:[eE][-+]?[0-9]+)?")


try:
    # The parser in C is ten times faster, but not every build of PyYAML has it.
    from yaml import CSafeLoader as _Parser
except ImportError:
    from yaml import SafeLoader as _Parser

# Maximal depth, because both parsers are recursive. The server allows 1000 levels in JSON.
_DEPTH = 200


class _Loader(_Parser):  # type: ignore[misc]
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {
        first: [(tag, pattern) for tag, pattern in known if tag == _NULL]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _whole(loader: _Loader, node: Any) -> int:
    text = str(loader.construct_scalar(node))
    if _WHOLE.fullmatch(text) is None:
        raise ValueError(f"Malformed numeric value ({text})")
    return int(text.replace("_", ""))


def _real(loader: _Loader, node: Any) -> float:
    text = str(loader.construct_scalar(node))
    if _REAL.fullmatch(text) is None and _WHOLE.fullmatch(text) is None:
        raise ValueError(f"Malformed numeric value ({text})")
    return float(text.replace("_", ""))


_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(?:true|false)$"), ["t", "f"])
_Loader.add_implicit_resolver(_INT, re.compile(f"(?:{_WHOLE.pattern})$"), list("-+0123456789"))
_Loader.add_implicit_resolver(_FLOAT, re.compile(f"(?:{_REAL.pattern})$"), list("-+.0123456789"))
# SnakeYAML treats these as numbers, and Jackson then refuses them.
_Loader.add_implicit_resolver(_FLOAT, re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"), list("-+."))
_Loader.add_constructor(_INT, _whole)
_Loader.add_constructor(_FLOAT, _real)


def _check(body: bytes) -> None:
    """Check a body before it is parsed.

    :raises ValueError: it has too many levels, or an alias; a few aliases can expand without limit.
    """
    depth = 0
    for event in yaml.parse(body, _Parser):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("aliases are not supported")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH:
            raise ValueError(f"Document nesting depth ({depth}) exceeds the maximum allowed ({_DEPTH})")


def read_yaml(body: bytes) -> Any:
    """Parse the first document of a body.

    :raises ValueError: there is no document, or it is invalid.
    """
    try:
        _check(body)
        return yaml.load(body, _Loader)  # noqa: S506
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    except (AttributeError, KeyError, IndexError, OverflowError) as error:
        # The value does not fit its tag, so PyYAML fails with another error.

        raise ValueError(f"Malformed value of a tag: {error}") from None
