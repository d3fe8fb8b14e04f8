"""Which names an expression such as ``web-*,payments,_all`` matches (``ExpandedIdsMatcher`` in the server)."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Any, NamedTuple

from fake_es.patterns.wildcards import wildcard


class SortedNames:
    """Sorted names. A pattern that begins with fixed characters is compared with few of them."""

    def __init__(self) -> None:
        self._names: list[str] = []

    def add(self, name: str) -> None:
        """Add a new name."""
        insort(self._names, name)

    def remove(self, name: str) -> None:
        """Remove a name that exists."""
        del self._names[bisect_left(self._names, name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def matching(self, pattern: str) -> list[str]:
        """Names that ``pattern`` matches, in order; ``*`` matches any characters."""
        prefix, star, tail = pattern.partition("*")
        if not star:
            place = bisect_left(self._names, pattern)
            return [pattern] if self._names[place : place + 1] == [pattern] else []
        start = bisect_left(self._names, prefix)
        stop = bisect_left(self._names, prefix + "\U0010ffff")
        if not tail:
            return self._names[start:stop]
        return list(filter(wildcard(pattern), self._names[start:stop]))


class Tokens(NamedTuple):
    """The parts of an expression."""

    names: list[str]
    everything: bool


def tokens(expression: str | None) -> Tokens:
    """Split an expression at its commas. None, an empty text, ``_all`` and ``*`` match everything."""
    if not expression or expression in ("_all", "*"):
        return Tokens(["*"], True)
    names = [part.strip() for part in expression.split(",") if part.strip()]
    return Tokens(names or ["*"], not names or any(name in ("_all", "*") for name in names))


def by_token(name: str, expression: str | None) -> list[dict[str, Any]]:
    """Query filters for a list of ids and patterns (``QueryBuilderHelper``).

    :param name: field of the ids.
    :param expression: None, ``_all`` and ``*`` match everything, so there is no filter.
    """
    words = [word.strip() for word in (expression or "").split(",") if word.strip()]
    if not words or "_all" in words or "*" in words:
        return []
    return [{"bool": {"should": [{"wildcard" if "*" in word else "term": {name: word}} for word in words]}}]
