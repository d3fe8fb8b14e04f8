"""The indices on which a caller is granted one action (``IndicesPermission``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.security import index_privileges, messages
from fake_es.wire.errors import NotImplementedHere

Entry = dict[str, Any]

# Actions that return documents, or write what they have read from documents.
_READING = ("indices:data/read/", "indices:data/write/update")
_SEEN_WHOLE = ("indices:data/read/scroll", "indices:data/read/close_point_in_time")


class IndexRights:
    """The names of indices and aliases on which an action is granted; the result for each name is cached.

    :param parts: sets of ``indices`` entries of roles; each set must grant the action (see ``Grants``).
    """

    def __init__(self, parts: Sequence[Sequence[Entry]], action: str, version: tuple[int, ...]) -> None:
        self._entries = parts
        self._parts = [[entry for entry in part if _grants(entry, action)] for part in parts]
        self._version = version
        self._reads = action.startswith(_READING) and not action.startswith(_SEEN_WHOLE)
        self._known: dict[str, bool] = {}
        self._whole: set[str] = set()
        # Whether the action is granted on any index at all.
        self.anywhere = all(self._parts)

    def on(self, name: str) -> bool:
        """Whether the action is granted on an index, an alias or a pattern, as written."""
        granted = self._known.get(name)
        if granted is None:
            granted = self._known[name] = all(self._covering(name))
        return granted

    def sees(self, name: str) -> bool:
        """Whether the action is granted on ``name``, for an action that may read documents.

        :raises NotImplementedHere: the caller may see only some of the documents, or of their fields.
        """
        if name in self._whole:
            return True
        if not self.on(name):
            return False
        kind = self.limits(name) if self._reads else None
        if kind is not None:
            raise NotImplementedHere(messages.NO_SUCH_SECURITY.format(kind=kind, index=name))
        self._whole.add(name)
        return True

    def limits(self, name: str) -> str | None:
        """``document`` or ``field`` if the action is granted only on some documents, or fields, of an index.

        An entry without a restriction overrides those with one; documents and fields are decided separately.
        """
        for entries in self._covering(name):
            if entries and all(entry.get("query") for entry in entries):
                return "document"
            if entries and all(_limits_fields(entry.get("field_security")) for entry in entries):
                return "field"
        return None

    def grants_no_more(self, name: str, than: str) -> bool:
        """Whether each privilege granted on ``name``, for whatever action, is granted on ``than`` too."""
        return all(
            index_privileges.allows(part, than, privilege, self._version)
            for part in self._entries
            for entry in part
            if index_privileges.covers(entry, name, self._version)
            for privilege in entry["privileges"]
        )

    def _covering(self, name: str) -> list[list[Entry]]:
        covers, version = index_privileges.covers, self._version
        return [[entry for entry in part if covers(entry, name, version)] for part in self._parts]


def _grants(entry: Entry, action: str) -> bool:
    return any(index_privileges.grants(name, action) for name in entry["privileges"])


def _limits_fields(security: Any) -> bool:
    if not isinstance(security, dict):
        return False
    return bool(security.get("except")) or "*" not in (security.get("grant") or ["*"])
