"""The table of fields whose values differ in each run."""

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
    """Patterns of field names, or of the ends of dotted paths, with ``*`` and ``?``.

    * ``values``: fields with the same type, but another value in each run.
    * ``figures``: fields whose value depends on the data.
    * ``keys``: objects whose keys are ids.
    * ``contents``: fields that may contain anything.
    * ``extras``: fields that an answer may have although the example does not.
    * ``optional``: fields that may be missing, depending on the data or the state of a job.
    """

    def __init__(self, table: dict[str, list[str]]) -> None:
        unknown = table.keys() - set(_LISTS)
        if unknown:
            raise ValueError(f"unknown list {sorted(unknown)}: {', '.join(_LISTS)}")
        self._patterns = {name: _endings(table.get(name, [])) for name in _LISTS}

    def is_value(self, path: tuple[str, ...]) -> bool:
        """Whether the value at a path differs in each run."""
        return self._named(path, "values")

    def is_figure(self, path: tuple[str, ...]) -> bool:
        """Whether the value at a path depends on the data."""
        return self._named(path, "figures")

    def has_varying_keys(self, path: tuple[str, ...]) -> bool:
        """Whether the keys of the object at a path are ids."""
        return self._named(path, "keys")

    def is_content(self, path: tuple[str, ...]) -> bool:
        """Whether a path may contain anything."""
        return self._named(path, "contents")

    def is_extra(self, path: tuple[str, ...]) -> bool:
        """Whether an answer may have this field although the example does not."""
        return self._named(path, "extras")

    def is_optional(self, path: tuple[str, ...]) -> bool:
        """Whether the field at a path may be missing."""
        return self._named(path, "optional")

    def _named(self, path: tuple[str, ...], kind: str) -> bool:
        # An element of a list varies like the list.
        keys = "".join(f"\0{part}" for part in path if not part.isdigit())
        return self._patterns[kind].fullmatch(keys) is not None


def _endings(patterns: list[str]) -> re.Pattern[str]:
    """A pattern for paths that end with one of the patterns; the paths have a NUL before each key."""
    endings = ("".join(f"\0{_of_key(part)}" for part in pattern.split(".")) for pattern in patterns)
    return re.compile(rf".*(?:{'|'.join(endings)})" if patterns else r"(?!)", re.DOTALL)


def _of_key(part: str) -> str:
    return re.escape(part).replace(r"\*", "[^\0]*").replace(r"\?", "[^\0]")


def read_varying(path: Path) -> Varying:
    """Parse a table.

    :raises ValueError: it is not a JSON object of lists.
    """
    table = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(table, dict) or not all(map(_is_names, table.values())):
        raise ValueError("expected an object of lists of names")
    return Varying(table)


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


@cache
def default_varying() -> Varying:
    """The table of the package."""
    return read_varying(_DEFAULT)
