"""The stored privileges of applications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.patterns.wildcards import simple_match
from fake_es.security.changes import Changes


class ApplicationPrivilege(NamedTuple):
    """A privilege that an application defined: a name for a set of its own actions."""

    application: str
    name: str
    actions: tuple[str, ...]
    metadata: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The privilege as the API shows it."""
        return {
            "application": self.application,
            "name": self.name,
            "actions": list(self.actions),
            "metadata": dict(self.metadata),
        }


class ApplicationPrivileges:
    """All privileges of applications, by application and name."""

    def __init__(self, cluster: Cluster) -> None:
        self._changes = cluster.part(Changes)
        self._privileges: dict[tuple[str, str], ApplicationPrivilege] = {}

    def put(self, privilege: ApplicationPrivilege) -> bool:
        """Create or replace a privilege; returns whether it is new."""
        key = privilege.application, privilege.name
        created = key not in self._privileges
        self._privileges[key] = privilege
        self._changes.note()
        return created

    def delete(self, application: str, name: str) -> bool:
        """Delete a privilege; returns whether it existed."""
        self._changes.note()
        return self._privileges.pop((application, name), None) is not None

    def find(self, application: str, names: Iterable[str] = ()) -> list[ApplicationPrivilege]:
        """The privileges of an application (or a pattern of applications) with those names; without names, all."""
        wanted = set(names)
        return [
            privilege
            for privilege in self._privileges.values()
            if simple_match(privilege.application, application) and (not wanted or privilege.name in wanted)
        ]

    def granted(self, entries: Iterable[Mapping[str, Any]], application: str, resource: str, name: str) -> bool:
        """Whether the ``applications`` entries of some roles grant a privilege, or an action, on a resource."""
        return any(
            simple_match(application, entry["application"])
            and any(simple_match(resource, pattern) for pattern in entry["resources"])
            and any(self._holds(application, granted, name) for granted in entry["privileges"])
            for entry in entries
        )

    def _holds(self, application: str, granted: str, wanted: str) -> bool:
        patterns = self._actions(application, granted)
        return granted == wanted or all(
            any(simple_match(action, pattern) for pattern in patterns) for action in self._actions(application, wanted)
        )

    def _actions(self, application: str, name: str) -> tuple[str, ...]:
        """The actions that a privilege grants; an action, or an undefined name, stands for itself."""
        privilege = self._privileges.get((application, name))
        return (name,) if privilege is None else privilege.actions
