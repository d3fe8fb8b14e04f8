"""Texts that changed between releases, each written once."""

from __future__ import annotations

from typing import Any


class Words:
    """One refusal and the releases each of its wordings holds for.

    ``Words("first wording of [{id}]", ((6, 6), "wording from 6.6"), ...)``, oldest first.
    """

    def __init__(self, first: str, *later: tuple[tuple[int, ...], str]) -> None:
        self._first = first
        self._newest_first = later[::-1]

    def at(self, version: tuple[int, ...], **arguments: Any) -> str:
        """The wording of that release, filled in."""
        for since, text in self._newest_first:
            if version >= since:
                return text.format(**arguments)
        return self._first.format(**arguments)


def number(value: int | float) -> str:
    """A number as Java's ``MessageFormat`` prints it in the root locale: ``3,600``."""
    return f"{value:,}"
