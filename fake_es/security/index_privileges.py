"""Index privileges: what they hold of each other, and which actions they grant (``IndexPrivilege``)."""

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

_WRITES = ("indices:data/write/index*", "indices:data/write/bulk*")
_METADATA = (
    "indices:admin/aliases/get", "indices:admin/get", "indices:admin/mappings/*", "indices:admin/shards/search_shards",
    "indices:admin/validate/query", "indices:admin/resolve/*", "indices:monitor/settings/get",
)  # fmt: skip
# Patterns of actions, in the order in which refusals name the privileges; the least come first.
_ACTIONS: dict[str, tuple[str, ...]] = {
    "create_doc": _WRITES,
    "create": _WRITES,
    "delete": ("indices:data/write/delete*", "indices:data/write/bulk*"),
    "index": (*_WRITES, "indices:data/write/update*"),
    "create_index": ("indices:admin/create", "indices:admin/auto_create"),
    "delete_index": ("indices:admin/delete",),
    "maintenance": (
        "indices:admin/refresh*", "indices:admin/flush*", "indices:admin/forcemerge*", "indices:admin/cache/clear*",
    ),
    "monitor": ("indices:monitor/*",),
    "read": ("indices:data/read/*", "indices:admin/resolve/*"),
    "view_index_metadata": (*_METADATA, "indices:data/read/field_caps*"),
    "write": ("indices:data/write/*", "indices:admin/mapping/auto_put"),
    "manage": ("indices:monitor/*", "indices:admin/*", "indices:data/read/field_caps*"),
    "all": ("indices:*",),
}  # fmt: skip


def grants(entries: Iterable[dict[str, Any]], index: str | None, action: str) -> bool:
    """Whether the ``indices`` entries of some roles grant an action on an index, or pattern, as written; None is any."""
    return any(
        _grants(name, action)
        for entry in entries
        if index is None or _covers(entry["names"], index)
        for name in entry["privileges"]
    )


def granting(action: str) -> list[str]:
    """Names of the privileges that grant an action, the least first."""
    return [name for name in _ACTIONS if _grants(name, action)]


def names() -> list[str]:
    """Names of the privileges that actions are granted by."""
    return list(_ACTIONS)


def _grants(name: str, action: str) -> bool:
    patterns = _ACTIONS.get(name.lower(), (f"{name.rstrip('*')}*",) if name.startswith("indices:") else ())
    return any(action.startswith(pattern[:-1]) if pattern[-1] == "*" else action == pattern for pattern in patterns)


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
