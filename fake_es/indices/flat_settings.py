"""Settings of indices in their two forms: flat (``index.number_of_shards``) and nested objects."""

from __future__ import annotations

from typing import Any

Flat = dict[str, Any]


def flat(tree: dict[str, Any] | None, prefix: str = "index.") -> Flat:
    """Settings by full names, with texts as values. Names in ``tree`` may be nested or dotted, with or without ``index.``."""
    found: Flat = {}
    _flatten("", tree or {}, found)
    return {name if name.startswith(prefix) else prefix + name: value for name, value in found.items()}


def _flatten(prefix: str, tree: dict[str, Any], found: Flat) -> None:
    for key, value in tree.items():
        name = prefix + key
        if isinstance(value, dict):
            _flatten(name + ".", value, found)
        elif isinstance(value, list):
            found[name] = [_text(item) for item in value]
        else:
            found[name] = _text(value)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def nested(settings: Flat) -> dict[str, Any]:
    """Flat settings as nested objects: ``{"index": {"number_of_shards": "1"}}``."""
    tree: dict[str, Any] = {}
    for name in sorted(settings):
        *parents, last = name.split(".")
        node = tree
        for parent in parents:
            inner = node.get(parent)
            node = inner if isinstance(inner, dict) else node.setdefault(parent, {})
        node[last] = settings[name]
    return tree
