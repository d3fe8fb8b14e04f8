"""``filter_path``: which parts of an answer a client wants to see (``FilterPath`` in the server)."""

from __future__ import annotations

from typing import Any

from fake_es.patterns.wildcards import simple_match

_NOTHING = object()


class _Node:
    """Filters grown into a tree: each step is a pattern for one level of the answer."""

    def __init__(self) -> None:
        self.steps: dict[str, _Node] = {}
        self.complete = False

    def add(self, parts: list[str]) -> None:
        if not parts:
            self.complete = True
            return
        self.steps.setdefault(parts[0], _Node()).add(parts[1:])


def _advance(nodes: list[_Node], key: str) -> tuple[bool, list[_Node]]:
    """Whether a filter ends at ``key``, and the filters that go on below it."""
    following: list[_Node] = []
    for node in nodes:
        for step, child in node.steps.items():
            if step == "**":
                following.append(_staying(child))
                following.extend(_below_any_depth(child, key))
            elif step == key or ("*" in step and simple_match(key, step)):
                following.append(child)
    return any(node.complete for node in following), following


def _staying(child: _Node) -> _Node:
    node = _Node()
    node.steps["**"] = child
    return node


def _below_any_depth(child: _Node, key: str) -> list[_Node]:
    if child.complete and not child.steps:
        return [child]
    return _advance([child], key)[1]


def _compile(filters: list[str]) -> list[_Node]:
    root = _Node()
    for text in filters:
        root.add(text.split("."))
    return [root]


def _include(value: Any, nodes: list[_Node]) -> Any:
    if isinstance(value, dict):
        kept = {}
        for key, child in value.items():
            complete, below = _advance(nodes, key)
            wanted = child if complete else _include(child, below) if below else _NOTHING
            if wanted is not _NOTHING:
                kept[key] = wanted
        return kept or _NOTHING
    if isinstance(value, list):
        items = [item for item in (_include(item, nodes) for item in value) if item is not _NOTHING]
        return items or _NOTHING
    return _NOTHING


def _exclude(value: Any, nodes: list[_Node]) -> Any:
    if isinstance(value, dict):
        kept = {}
        for key, child in value.items():
            complete, below = _advance(nodes, key)
            left = _NOTHING if complete else _exclude(child, below) if below else child
            if left is not _NOTHING:
                kept[key] = left
        return kept if kept or not value else _NOTHING
    if isinstance(value, list):
        items = [item for item in (_exclude(item, nodes) for item in value) if item is not _NOTHING]
        return items if items or not value else _NOTHING
    return value


def apply_filter_path(body: Any, expression: str) -> Any:
    """``body`` reduced to what ``expression`` asks for: a comma list, ``-`` in front excludes; nothing left is ``{}``."""
    filters = [text.strip() for text in expression.split(",") if text.strip()]
    wanted = [text for text in filters if not text.startswith("-")]
    unwanted = [text[1:] for text in filters if text.startswith("-")]
    if wanted:
        body = _include(body, _compile(wanted))
    if unwanted and body is not _NOTHING:
        body = _exclude(body, _compile(unwanted))
    return {} if body is _NOTHING else body
