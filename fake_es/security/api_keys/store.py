"""API keys as they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.security.changes import Changes
from fake_es.security.hashing import Secret
from fake_es.security.roles import Role
from fake_es.security.users import User

REST, CROSS_CLUSTER = "rest", "cross_cluster"


class ApiKey(NamedTuple):
    """One API key of ``owner``, as he was when he made it; times are in epoch milliseconds.

    ``roles`` are what the key was described with, ``limited_by`` the roles of the owner then. ``access`` is that of a
    cross-cluster key.
    """

    id: str
    name: str
    secret: Secret
    owner: User
    created: int
    expires: int | None = None
    roles: Mapping[str, Role] = MappingProxyType({})
    limited_by: Mapping[str, Role] = MappingProxyType({})
    metadata: Mapping[str, Any] = MappingProxyType({})
    type: str = REST
    access: Mapping[str, Any] | None = None
    certificate_identity: str | None = None
    invalidated: int | None = None

    def has_expired(self, now: int) -> bool:
        """Whether its time is over."""
        return self.expires is not None and now >= self.expires

    def is_active(self, now: int) -> bool:
        """Whether it is still good to be let in with."""
        return self.invalidated is None and not self.has_expired(now)


class ApiKeys:
    """All API keys of a cluster, by id, in the order they were made; none is ever forgotten."""

    def __init__(self, cluster: Cluster) -> None:
        self._changes = cluster.part(Changes)
        self._ids = cluster.ids
        self._keys: dict[str, ApiKey] = {}

    def __iter__(self) -> Iterator[ApiKey]:
        return iter(self._keys.values())

    def find(self, key_id: str) -> ApiKey | None:
        """The key of that id."""
        return self._keys.get(key_id)

    def add(self, name: str, owner: User, created: int, **settings: Any) -> tuple[ApiKey, str]:
        """Make a key; answers it and its secret, which nobody can learn again."""
        text = self._ids.uuid()
        secret = Secret(text, self._ids.uuid().encode())
        key = ApiKey(self._ids.document_id(), name, secret, owner, created, **settings)
        self._keys[key.id] = key
        self._changes.note()
        return key, text

    def replace(self, key: ApiKey) -> None:
        """Put a changed key in the place of what it was."""
        self._keys[key.id] = key
        self._changes.note()
