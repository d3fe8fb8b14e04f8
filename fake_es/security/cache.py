"""Cached results of authentication and authorization, valid until any data of security changes."""

from __future__ import annotations

from collections.abc import Hashable

from fake_es.cluster import Cluster
from fake_es.security.caller import Caller
from fake_es.security.changes import Changes
from fake_es.security.grants import grants_of
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


def rights_of(cluster: Cluster, caller: Caller, action: str) -> IndexRights:
    """The rights of a caller for an action, cached until security changes.

    :raises IllegalArgument: a role of the caller names an unknown privilege.
    """
    known = cluster.part(SecurityCache).current().on_indices
    key = (action, origin_of_rights(caller))
    rights = known.get(key)
    if rights is None:
        grants = grants_of(cluster, caller)
        grants.check(cluster.version)
        rights = known[key] = IndexRights(grants.entries(), action, cluster.version)
    return rights


def origin_of_rights(caller: Caller) -> Hashable:
    """The key of the cached rights: callers with the same key have the same rights."""
    user = caller.user
    key = caller.key and caller.key.id
    return caller.name, key, caller.authenticated.name, user and user.realm, user and user.roles
