"""Texts that changed between releases, each written once."""

from __future__ import annotations

from typing import Any

from fake_es.wire.java import java_text


class Words:
    """The text of one error with all its wordings, the oldest first.

    ``Words("first wording of [{id}]", ((6, 6), "wording from 6.6"), ...)``.
    """

    def __init__(self, first: str, *later: tuple[tuple[int, ...], str]) -> None:
        self._first = first
        self._newest_first = later[::-1]

    def at(self, version: tuple[int, ...], **arguments: Any) -> str:
        """The wording of this release with the arguments filled in, values of JSON as Java prints them."""
        shown = {
            name: java_text(value) if value is None or isinstance(value, (dict, list, bool)) else value
            for name, value in arguments.items()
        }
        for since, text in self._newest_first:
            if version >= since:
                return text.format(**shown)
        return self._first.format(**shown)


def number(value: int | float) -> str:
    """A number in the form of Java's ``MessageFormat`` in the root locale: ``3,600``."""
    return f"{value:,}"
