"""Index privileges, as far as ``_has_privileges`` asks for them (``IndexPrivilege``)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

# What each named privilege holds of the others.
_HOLDS: dict[str, frozenset[str]] = {
    "index": frozenset({"create", "create_doc"}),
    "create": frozenset({"create_doc"}),
    "write": frozenset({"index", "create", "create_doc", "delete"}),
    "manage": frozenset(
        {"monitor", "create_index", "delete_index", "view_index_metadata", "maintenance", "auto_configure", "manage_ilm"}
    ),
}


def allows(entries: Iterable[dict[str, Any]], index: str, wanted: str) -> bool:
    """Whether the ``indices`` entries of some roles give ``wanted`` on ``index``, as written."""
    granted = {name for entry in entries if _covers(entry["names"], index) for name in entry["privileges"]}
    return any(_holds(name, wanted) for name in granted)


def _covers(patterns: Iterable[str], index: str) -> bool:
    return any(_fits(_expression(pattern), index) for pattern in patterns)


def _fits(expression: str, index: str) -> bool:
    # What Lucene's syntax has and Python's has not covers nothing here.
    with suppress(re.error):
        return re.fullmatch(expression, index, re.DOTALL) is not None
    return False


def _expression(pattern: str) -> str:
    """What a pattern means, as Python writes it: one between slashes is a Lucene expression, in which ``~`` is not."""
    if not (len(pattern) > 1 and pattern[0] == pattern[-1] == "/"):
        return re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    inner = pattern[1:-1]
    return f"(?!(?:{inner[1:]})\\Z).*" if inner.startswith("~") else inner


def _holds(granted: str, wanted: str) -> bool:
    return (
        granted in ("all", wanted)
        or wanted in _HOLDS.get(granted, ())
        or (granted.startswith("indices:") and wanted.startswith(granted.rstrip("*")))
    )
