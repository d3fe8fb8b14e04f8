"""Roles: the built-in ones of the release, those given to the emulator, and those created through the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.security import privileges
from fake_es.security.built_in_roles import BuiltIn, built_in_roles
from fake_es.security.changes import Changes
from fake_es.version import Version


class Role(NamedTuple):
    """What a role grants: the lists of its role descriptor, as they were given."""

    cluster: tuple[str, ...] = ()
    indices: tuple[dict[str, Any], ...] = ()
    run_as: tuple[str, ...] = ()
    applications: tuple[dict[str, Any], ...] = ()
    metadata: Mapping[str, Any] = MappingProxyType({})
    description: str | None = None
    reserved: bool = False
    # Fields that are stored and shown, but have no effect here: remote_indices, remote_cluster, global, restriction.
    elsewhere: Mapping[str, Any] = MappingProxyType({})

    @property
    def is_empty(self) -> bool:
        """Whether the role grants nothing."""
        return not (self.cluster or self.indices or self.run_as or self.applications or self.elsewhere)

    def to_json(self, version: tuple[int, ...]) -> dict[str, Any]:
        """The role as the API shows it."""
        shown: dict[str, Any] = {
            "cluster": list(self.cluster),
            "indices": [_shown(entry, version) for entry in self.indices],
        }
        if version >= (6, 4):
            shown["applications"] = list(self.applications)
        shown |= {"run_as": list(self.run_as), "metadata": dict(self.metadata)}
        if version >= (5, 5):
            shown["transient_metadata"] = {"enabled": True}
        shown.update(self.elsewhere)
        return shown if self.description is None else shown | {"description": self.description}


class Roles:
    """All roles of a cluster, by name."""

    def __init__(self, cluster: Cluster) -> None:
        self._changes = cluster.part(Changes)
        self._roles = dict(_built_in(cluster.version))
        # Like the roles.yml of a real node: they are in force, but the API neither shows nor changes them.
        self._given = {name: Role(tuple(privileges)) for name, privileges in cluster.settings.roles}

    def find(self, name: str) -> Role | None:
        """The role with that name, of whichever origin; None if it does not exist."""
        return self._roles.get(name) or self._given.get(name)

    def listed(self) -> dict[str, Role]:
        """The roles that the API shows."""
        return self._roles

    def put(self, name: str, role: Role) -> bool:
        """Create or replace a role; returns whether it is new."""
        created = name not in self._roles
        self._roles[name] = role
        self._changes.note()
        return created

    def delete(self, name: str) -> bool:
        """Delete a role; returns whether it existed."""
        self._changes.note()
        return self._roles.pop(name, None) is not None

    def of(self, names: Iterable[str]) -> dict[str, Role]:
        """The roles with those names, by name; undefined names are left out."""
        return {name: role for name in sorted(set(names)) if (role := self.find(name)) is not None}


@cache
def _built_in(version: Version) -> Mapping[str, Role]:
    """Cached for each release, because it takes longer than all the rest of a new cluster."""
    return {entry.name: _role(entry, version) for entry in built_in_roles(version)}


def _role(entry: BuiltIn, version: tuple[int, ...]) -> Role:
    cluster = tuple(name for name in entry.cluster.split() if privileges.is_known(name, version))
    metadata = entry.metadata(version)
    return Role(cluster, entry.entries(), entry.run_as, metadata=metadata, reserved=True)


def _shown(entry: dict[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    shown = {name: value for name, value in entry.items() if name != "allow_restricted_indices"}
    if version < (6, 7):
        return shown
    return shown | {"allow_restricted_indices": entry.get("allow_restricted_indices", False)}
