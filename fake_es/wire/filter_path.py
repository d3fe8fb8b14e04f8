"""``filter_path``: the parts of an answer that a client wants (``FilterPath`` in the server)."""

from __future__ import annotations

from typing import Any

from fake_es.patterns.wildcards import simple_match

_NOTHING = object()


class _Node:
    """A node in the tree of all filters; each edge is a pattern for one level of the answer.

    ``complete`` tells whether a filter ends here.
    """

    def __init__(self) -> None:
        self.steps: dict[str, _Node] = {}
        self.complete = False


# A place in the tree: a node, and whether a ``**`` before it may match further levels.
_Place = tuple[_Node, bool]
_Places = frozenset[_Place]


class _Filters:
    """All filters as one automaton, whose state is the set of places that the filters have reached.

    A filter of ``n`` steps has at most ``2n`` places for any number of ``**``. Transitions are cached, because answers
    repeat their keys.
    """

    def __init__(self, filters: list[str]) -> None:
        root = _Node()
        for text in filters:
            node = root
            for part in text.split("."):
                node = node.steps.setdefault(part, _Node())
            node.complete = True
        self.start: _Places = frozenset({(root, False)})
        self._known: dict[tuple[_Places, str], tuple[bool, _Places]] = {}

    def after(self, places: _Places, key: str) -> tuple[bool, _Places]:
        """Whether a filter ends at ``key``, and the places below it."""
        known = self._known.get((places, key))
        if known is None:
            reached = _reached(places, key)
            is_complete = any(node.complete and not is_repeating for node, is_repeating in reached)
            known = self._known[places, key] = is_complete, frozenset(reached)
        return known


def _reached(places: _Places, key: str) -> set[_Place]:
    """The places one level below ``places``, at ``key``."""
    reached: set[_Place] = set()
    waiting = [node for node, is_repeating in places if not is_repeating]
    seen = set(waiting)

    def repeat(child: _Node) -> None:
        """Follow ``**``: it may match this level and further ones, or no level, in which case the next step must match."""
        reached.add((child, True))
        if child.complete and not child.steps:
            reached.add((child, False))
        elif child not in seen:
            seen.add(child)
            waiting.append(child)

    for node, is_repeating in places:
        if is_repeating:
            repeat(node)
    while waiting:
        for step, child in waiting.pop().steps.items():
            if step == "**":
                repeat(child)
            elif step == key or ("*" in step and simple_match(key, step)):
                reached.add((child, False))
    return reached


def _include(value: Any, filters: _Filters, places: _Places) -> Any:
    if isinstance(value, dict):
        kept = {}
        for key, child in value.items():
            complete, below = filters.after(places, key)
            wanted = child if complete else _include(child, filters, below) if below else _NOTHING
            if wanted is not _NOTHING:
                kept[key] = wanted
        return kept or _NOTHING
    if isinstance(value, list):
        items = [item for item in (_include(item, filters, places) for item in value) if item is not _NOTHING]
        return items or _NOTHING
    return _NOTHING


def _exclude(value: Any, filters: _Filters, places: _Places) -> Any:
    if isinstance(value, dict):
        kept = {}
        for key, child in value.items():
            complete, below = filters.after(places, key)
            left = _NOTHING if complete else _exclude(child, filters, below) if below else child
            if left is not _NOTHING:
                kept[key] = left
        return kept if kept or not value else _NOTHING
    if isinstance(value, list):
        items = [item for item in (_exclude(item, filters, places) for item in value) if item is not _NOTHING]
        return items if items or not value else _NOTHING
    return value


def apply_filter_path(body: Any, expression: str) -> Any:
    """Reduce ``body`` to the parts that ``expression`` selects; ``{}`` if nothing remains.

    ``expression`` is a list with commas; filters that begin with ``-`` exclude.
    """
    texts = [text.strip() for text in expression.split(",") if text.strip()]
    wanted = [text for text in texts if not text.startswith("-")]
    unwanted = [text[1:] for text in texts if text.startswith("-")]
    if wanted:
        filters = _Filters(wanted)
        body = _include(body, filters, filters.start)
    if unwanted and body is not _NOTHING:
        filters = _Filters(unwanted)
        body = _exclude(body, filters, filters.start)
    return {} if body is _NOTHING else body
