"""Users, in three realms: ``reserved``, ``default_file`` (given to the emulator), ``default_native`` (created by API)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.security.changes import Changes
from fake_es.security.hashing import Secret


class User(NamedTuple):
    """One user; ``realm`` is a type: ``reserved``, ``file``, ``native``, ``_service_account`` or ``__anonymous``."""

    name: str
    secret: Secret | None
    roles: tuple[str, ...]
    realm: str
    full_name: str | None = None
    email: str | None = None
    metadata: Mapping[str, Any] = MappingProxyType({})
    enabled: bool = True

    def to_json(self) -> dict[str, Any]:
        """The user as the API shows it."""
        return {
            "username": self.name,
            "roles": list(self.roles),
            "full_name": self.full_name,
            "email": self.email,
            "metadata": dict(self.metadata),
            "enabled": self.enabled,
        }


_REALM_NAMES = {"file": "default_file", "native": "default_native"}
_RESERVED: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("elastic", "superuser", (5, 4)),
    ("kibana", "kibana_system", (5, 4)),
    ("kibana_system", "kibana_system", (7, 8)),
    ("logstash_system", "logstash_system", (5, 4)),
    ("beats_system", "beats_system", (6, 3)),
    ("apm_system", "apm_system", (6, 5)),
    ("remote_monitoring_user", "remote_monitoring_agent remote_monitoring_collector", (6, 5)),
)
INTERNAL = frozenset({"_system", "_xpack", "_xpack_security", "_async_search"})


def realm_of(user: User) -> dict[str, str]:
    """Name and type of a user's realm."""
    return {"name": realm_name(user.realm), "type": user.realm}


def realm_name(kind: str) -> str:
    """The name of the realm of a type; a built-in realm is named like its type."""
    return _REALM_NAMES.get(kind, kind)


class Users:
    """All users of a cluster. A name in an earlier realm hides the same name in a later one."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._changes = cluster.part(Changes)
        self._reserved = {
            name: self._reserved_user(name, roles) for name, roles, since in _RESERVED if cluster.version >= since
        }
        self._file = {
            account.name: User(account.name, self.secret(account.password), tuple(account.roles), "file")
            for account in cluster.settings.accounts
        }
        self._native: dict[str, User] = {}
        anonymous = cluster.settings.anonymous
        self.anonymous = None if anonymous is None else User(anonymous.username, None, anonymous.roles, "__anonymous")

    def _reserved_user(self, name: str, roles: str) -> User:
        # In 5.x all built-in users have the default password. From 6.0 only ``elastic`` has one; the others need the API.
        known = name == "elastic" or self._cluster.version < (6, 0)
        secret = self.secret(self._cluster.settings.password) if known else None
        return User(name, secret, tuple(roles.split()), "reserved", metadata={"_reserved": True})

    def secret(self, password: str) -> Secret:
        """The salted hash of a password, to be stored."""
        return Secret(password, self._cluster.ids.uuid().encode())

    def find(self, name: str) -> User | None:
        """The user with that name, of the first realm that has it."""
        return self._reserved.get(name) or self._file.get(name) or self._native.get(name)

    def is_reserved(self, name: str) -> bool:
        """Whether a built-in user has that name."""
        return name in self._reserved

    def native(self, name: str) -> User | None:
        """The user with that name in the native realm."""
        return self._native.get(name)

    def listed(self) -> dict[str, User]:
        """The users that the API shows: built-in users, and those created through the API."""
        return {**self._reserved, **self._native}

    def put(self, user: User) -> bool:
        """Create or replace a user of the native realm; returns whether it is new."""
        created = user.name not in self._native
        self._native[user.name] = user
        self._changes.note()
        return created

    def change(self, name: str, **changes: Any) -> None:
        """Change fields of a built-in user, or of a user created through the API."""
        users = self._reserved if name in self._reserved else self._native
        users[name] = users[name]._replace(**changes)
        self._changes.note()

    def delete(self, name: str) -> bool:
        """Delete a user of the native realm; returns whether it existed."""
        self._changes.note()
        return self._native.pop(name, None) is not None
