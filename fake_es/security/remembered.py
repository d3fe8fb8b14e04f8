"""Cached results of authentication and authorization, valid until anything of security changes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from fake_es.cluster import Cluster
from fake_es.security.caller import Caller
from fake_es.security.changes import Changes

if TYPE_CHECKING:
    from fake_es.security.index_rights import IndexRights

# More entries than a test needs. Above this, the cache is cleared.
_MOST = 10_000


class Remembered:
    """Who was let in with which credentials, by their fingerprint, and which grants were found.

    To be asked through ``now``. What time alone can change is not for here: API keys and tokens expire.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._changes = cluster.part(Changes)
        self._generation = self._changes.generation
        self.callers: dict[bytes, Caller] = {}
        self.granted: set[Hashable] = set()
        self.on_indices: dict[Hashable, IndexRights] = {}

    def now(self) -> Remembered:
        """The cache, cleared first if security has changed since."""
        if self._generation != self._changes.generation or self._size() > _MOST:
            self._generation = self._changes.generation
            self.callers.clear()
            self.granted.clear()
            self.on_indices.clear()
        return self

    def _size(self) -> int:
        return len(self.callers) + len(self.granted) + len(self.on_indices)
