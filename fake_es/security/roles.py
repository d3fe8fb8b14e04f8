"""Roles: the built-in ones of each release, those given at the start, and those made through the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from fake_es.cluster import Cluster


class _BuiltIn(NamedTuple):
    name: str
    cluster: tuple[str, ...]
    indices: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    since: tuple[int, ...] = (5, 4)
    run_as: tuple[str, ...] = ()


_READ = ("view_index_metadata", "read")
_SYSTEM = ("monitor", "cluster:admin/xpack/monitoring/bulk")
_TABLE = (
    _BuiltIn("superuser", ("all",), ((("*",), ("all",)),), run_as=("*",)),
    _BuiltIn("machine_learning_user", ("monitor_ml",), (((".ml-anomalies*", ".ml-notifications*"), _READ),)),
    _BuiltIn("machine_learning_admin", ("manage_ml",), (((".ml-*",), _READ),)),
    _BuiltIn("transport_client", ("transport_client",)),
    _BuiltIn("ingest_admin", ("manage_index_templates", "manage_pipeline")),
    _BuiltIn("monitoring_user", ("cluster:monitor/main", "cluster:monitor/xpack/info"), (((".monitoring-*",), ("read",)),)),
    _BuiltIn("remote_monitoring_agent", ("manage_index_templates", "manage_ingest_pipelines", "monitor")),
    _BuiltIn("remote_monitoring_collector", ("monitor",), ((("*",), ("monitor",)),), since=(6, 5)),
    _BuiltIn("reporting_user", ()),
    _BuiltIn("kibana_user", ("monitor",)),
    _BuiltIn("kibana_admin", (), since=(7, 6)),
    _BuiltIn("logstash_system", _SYSTEM),
    _BuiltIn("beats_system", _SYSTEM, since=(6, 3)),
    _BuiltIn("apm_system", _SYSTEM, since=(6, 5)),
    _BuiltIn("viewer", (), ((("*",), _READ),), since=(7, 13)),
    _BuiltIn("editor", (), ((("*",), _READ),), since=(7, 13)),
    _BuiltIn("watcher_admin", ("manage_watcher",), since=(5, 5)),
    _BuiltIn("watcher_user", ("monitor_watcher",), since=(5, 5)),
    _BuiltIn("rollup_admin", ("manage_rollup",), since=(6, 3)),
    _BuiltIn("rollup_user", ("monitor_rollup",), since=(6, 3)),
    _BuiltIn("transform_admin", ("manage_transform",), since=(7, 5)),
    _BuiltIn("transform_user", ("monitor_transform",), since=(7, 5)),
    _BuiltIn("snapshot_user", ("create_snapshot",), since=(7, 0)),
    _BuiltIn("inference_admin", ("manage_inference",), since=(8, 13)),
    _BuiltIn("inference_user", ("monitor_inference",), since=(8, 13)),
)


class Role(NamedTuple):
    """What a role grants, with the lists of its description as they were given."""

    cluster: tuple[str, ...] = ()
    indices: tuple[dict[str, Any], ...] = ()
    run_as: tuple[str, ...] = ()
    applications: tuple[dict[str, Any], ...] = ()
    metadata: Mapping[str, Any] = MappingProxyType({})
    description: str | None = None
    reserved: bool = False

    def to_json(self, version: tuple[int, ...]) -> dict[str, Any]:
        """The role as the API shows it."""
        restricted = {"allow_restricted_indices": False} if version >= (6, 7) else {}
        shown: dict[str, Any] = {
            "cluster": list(self.cluster),
            "indices": [entry | restricted for entry in self.indices],
        }
        if version >= (6, 4):
            shown["applications"] = list(self.applications)
        shown |= {"run_as": list(self.run_as), "metadata": dict(self.metadata)}
        if version >= (5, 5):
            shown["transient_metadata"] = {"enabled": True}
        return shown if self.description is None else shown | {"description": self.description}


class Roles:
    """All roles of a cluster, by name."""

    def __init__(self, cluster: Cluster) -> None:
        self._roles = {
            entry.name: Role(entry.cluster, _indices(entry), entry.run_as, metadata={"_reserved": True}, reserved=True)
            for entry in _TABLE
            if cluster.version >= entry.since
        }
        # As with a real node's roles.yml: they count, but the API neither shows nor changes them.
        self._given = {name: Role(tuple(privileges)) for name, privileges in cluster.settings.roles}

    def find(self, name: str) -> Role | None:
        """The role of that name, whoever defined it."""
        return self._roles.get(name) or self._given.get(name)

    def listed(self) -> dict[str, Role]:
        """The roles that the API shows."""
        return self._roles

    def put(self, name: str, role: Role) -> bool:
        """Create or replace a role; answers whether it is new."""
        created = name not in self._roles
        self._roles[name] = role
        return created

    def delete(self, name: str) -> bool:
        """Remove a role; answers whether there was one."""
        return self._roles.pop(name, None) is not None

    def of(self, names: Iterable[str]) -> dict[str, Role]:
        """The roles of those names that are defined, by name."""
        return {name: role for name in sorted(set(names)) if (role := self.find(name)) is not None}


def _indices(entry: _BuiltIn) -> tuple[dict[str, Any], ...]:
    return tuple({"names": list(names), "privileges": list(privileges)} for names, privileges in entry.indices)
