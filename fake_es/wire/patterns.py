"""Names by patterns in which only ``*`` stands for something (``Regex.simpleMatch``)."""

from __future__ import annotations

from fnmatch import fnmatchcase


def simple_match(name: str, pattern: str) -> bool:
    """Whether ``pattern`` fits the whole of ``name``."""
    return fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]"))
