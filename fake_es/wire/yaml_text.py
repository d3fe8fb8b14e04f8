"""YAML as Jackson reads it: only what JSON would call a number or a truth is one, and nothing is said by an alias."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml  # type: ignore[import-untyped]

_NULL, _INT, _FLOAT = (f"tag:yaml.org,2002:{name}" for name in ("null", "int", "float"))
# Jackson takes decimal digits for a number, with underscores between; times of day and octals are texts.
_WHOLE = re.compile(r"[-+]?[0-9][0-9_]*")
_REAL = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*|[0-9][0-9_]*(?=[eE]))(?:[eE][-+]?[0-9]+)?")


try:
    # The parser in C is ten times as fast; PyYAML may have been built without it.
    from yaml import CSafeLoader as _Parser
except ImportError:
    from yaml import SafeLoader as _Parser

# Both parsers call themselves for each level. JSON may have 1000 at the server.
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
# SnakeYAML takes these for numbers, and Jackson then finds none in them.
_Loader.add_implicit_resolver(_FLOAT, re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"), list("-+."))
_Loader.add_constructor(_INT, _whole)
_Loader.add_constructor(_FLOAT, _real)


def _check(body: bytes) -> None:
    """Look over a body before anything is made of it.

    :raises ValueError: it has an alias, a few of which grow beyond all bounds, or too many levels.
    """
    depth = 0
    for event in yaml.parse(body, _Parser):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("aliases are not supported")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEPTH:
            raise ValueError(f"Document nesting depth ({depth}) exceeds the maximum allowed ({_DEPTH})")


def read_yaml(body: bytes) -> Any:
    """The first document of a body.

    :raises ValueError: there is none, or it cannot be read.
    """
    try:
        _check(body)
        return yaml.load(body, _Loader)  # noqa: S506
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None
    except (AttributeError, KeyError, IndexError, OverflowError) as error:
        # A tag that promises what the text behind it is not: PyYAML looks for what is not there.
        raise ValueError(f"Malformed value of a tag: {error}") from None
