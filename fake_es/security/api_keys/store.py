"""The stored API keys of a cluster."""

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
    """One API key; ``owner`` is the user as it was when the key was created. Times are in epoch milliseconds.

    ``roles`` are the role descriptors of the key. ``limited_by`` are the owner's roles when the key was created or last
    updated. ``access`` is that of a cross-cluster key.
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
        """Whether the key has expired at ``now``."""
        return self.expires is not None and now >= self.expires

    def is_active(self, now: int) -> bool:
        """Whether the key can still be used: neither invalidated nor expired at ``now``."""
        return self.invalidated is None and not self.has_expired(now)


class ApiKeys:
    """All API keys of a cluster, by id, in order of creation; invalidated keys stay."""

    def __init__(self, cluster: Cluster) -> None:
        self._changes = cluster.part(Changes)
        self._ids = cluster.ids
        self._keys: dict[str, ApiKey] = {}

    def __iter__(self) -> Iterator[ApiKey]:
        return iter(self._keys.values())

    def find(self, key_id: str) -> ApiKey | None:
        """The key with that id."""
        return self._keys.get(key_id)

    def add(self, name: str, owner: User, created: int, **settings: Any) -> tuple[ApiKey, str]:
        """Create a key; returns the key and its secret. Only a hash of the secret is stored."""
        text = self._ids.uuid()
        secret = Secret(text, self._ids.uuid().encode())
        key = ApiKey(self._ids.document_id(), name, secret, owner, created, **settings)
        self._keys[key.id] = key
        self._changes.note()
        return key, text

    def replace(self, key: ApiKey) -> None:
        """Replace a key by its changed version."""
        self._keys[key.id] = key
        self._changes.note()
