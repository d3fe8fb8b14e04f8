"""Cached results of authentication and authorization, valid until any data of security changes."""

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


class SecurityCache:
    """Callers by the fingerprint of their credentials, granted cluster actions, and rights on indices.

    Read it through ``current``. API keys and tokens are not cached, because they expire with time.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._changes = cluster.part(Changes)
        self._generation = self._changes.generation
        self.callers: dict[bytes, Caller] = {}
        self.granted: set[Hashable] = set()
        self.on_indices: dict[Hashable, IndexRights] = {}

    def current(self) -> SecurityCache:
        """The cache; cleared first if security has changed, or if it has too many entries."""
        size = len(self.callers) + len(self.granted) + len(self.on_indices)
        if self._generation != self._changes.generation or size > _MOST:
            self._generation = self._changes.generation
            self.callers.clear()
            self.granted.clear()
            self.on_indices.clear()
        return self
