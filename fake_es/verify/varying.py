"""The table of fields that differ from run to run by their nature."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from fake_es.scenes import scenes

_DEFAULT = scenes() / "verify" / "varying.json"
_LISTS = ("values", "figures", "keys", "contents", "extras", "optional")


class Varying:
    """Patterns of field names, or of dotted paths' ends, with ``*`` and ``?``.

    ``values``: of the same type, but another value each time. ``figures``: what comes of the data. ``keys``: objects whose
    keys are ids. ``contents``: anything may be below. ``extras``: may be there without standing in the example. ``optional``:
    there or not as the data, or the state of a job, have it.
    """

    def __init__(self, table: dict[str, list[str]]) -> None:
        unknown = table.keys() - set(_LISTS)
        if unknown:
            raise ValueError(f"unknown list {sorted(unknown)}: {', '.join(_LISTS)}")
        self._patterns = {name: _endings(table.get(name, [])) for name in _LISTS}

    def is_value(self, path: tuple[str, ...]) -> bool:
        """Whether the value there is another each time."""
        return self._named(path, "values")

    def is_figure(self, path: tuple[str, ...]) -> bool:
        """Whether the value there comes of the data."""
        return self._named(path, "figures")

    def has_varying_keys(self, path: tuple[str, ...]) -> bool:
        """Whether the keys of the object there are ids."""
        return self._named(path, "keys")

    def is_content(self, path: tuple[str, ...]) -> bool:
        """Whether anything may be there."""
        return self._named(path, "contents")

    def is_extra(self, path: tuple[str, ...]) -> bool:
        """Whether a field may be there that no example shows."""
        return self._named(path, "extras")

    def is_optional(self, path: tuple[str, ...]) -> bool:
        """Whether the field there comes and goes with the data."""
        return self._named(path, "optional")

    def _named(self, path: tuple[str, ...], kind: str) -> bool:
        # An element of a list varies as the list does.
        keys = "".join(f"\0{part}" for part in path if not part.isdigit())
        return self._patterns[kind].fullmatch(keys) is not None


def _endings(patterns: list[str]) -> re.Pattern[str]:
    """Matches paths, a NUL before each key, that end in one of some patterns."""
    endings = ("".join(f"\0{_of_key(part)}" for part in pattern.split(".")) for pattern in patterns)
    return re.compile(rf".*(?:{'|'.join(endings)})" if patterns else r"(?!)", re.DOTALL)


def _of_key(part: str) -> str:
    return re.escape(part).replace(r"\*", "[^\0]*").replace(r"\?", "[^\0]")


def read_varying(path: Path) -> Varying:
    """Read a table.

    :raises ValueError: it is no JSON object of lists.
    """
    table = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(table, dict) or not all(map(_is_names, table.values())):
        raise ValueError("expected an object of lists of names")
    return Varying(table)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


@cache
def default_varying() -> Varying:
    """The table that comes with the package."""
    return read_varying(_DEFAULT)
