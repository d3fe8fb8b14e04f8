"""The built-in roles of each release (``ReservedRolesStore``), without their Kibana privileges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

Release = tuple[int, ...]

_NEVER: Release = (99,)


class _On(NamedTuple):
    """Privileges on indices: lists of index names and of privileges, separated by blanks."""

    names: str
    privileges: str
    restricted: bool = False

    def to_entry(self) -> dict[str, Any]:
        entry = {"names": self.names.split(), "privileges": self.privileges.split()}
        return entry | {"allow_restricted_indices": True} if self.restricted else entry


class BuiltIn(NamedTuple):
    """A built-in role, in releases from ``since`` on and before ``until``.

    ``cluster`` are privileges, separated by blanks; those that a release does not know yet are left out. From ``deprecated``
    on, the role is marked as deprecated, and ``instead`` names its replacement.
    """

    name: str
    cluster: str = ""
    indices: tuple[_On, ...] = ()
    since: Release = (5, 4)
    until: Release = _NEVER
    run_as: tuple[str, ...] = ()
    deprecated: Release = _NEVER
    instead: str = ""

    def entries(self) -> tuple[dict[str, Any], ...]:
        """The ``indices`` of the role descriptor."""
        return tuple(on.to_entry() for on in self.indices)

    def metadata(self, version: Release) -> dict[str, Any]:
        """The metadata that marks the role as reserved, and as deprecated."""
        if version < self.deprecated:
            return {"_reserved": True}
        return {"_reserved": True, "_deprecated": True, "_deprecated_reason": f"Please use {self.instead} instead"}


def built_in_roles(version: Release) -> Iterator[BuiltIn]:
    """The built-in roles of a release."""
    return (role for role in _TABLE if role.since <= version < role.until)


_SEE = "view_index_metadata read"
_SYSTEM = "monitor cluster:admin/xpack/monitoring/bulk"
_AGENT = "manage_index_templates manage_ingest_pipelines monitor"
_WATCHES = (
    "cluster:monitor/xpack/watcher/watch/get cluster:admin/xpack/watcher/watch/put cluster:admin/xpack/watcher/watch/delete"
)
_KIBANA = (
    f"{_SYSTEM} manage_index_templates manage_saml manage_token manage_oidc grant_api_key delegate_pki"
    " cluster:admin/xpack/security/api_key/invalidate cluster:admin/xpack/security/privilege/builtin/get"
    " cluster:admin/ilm/get cluster:admin/ilm/put cluster:admin/analyze"
)
_KIBANA_INDICES = (_On(".kibana* .reporting-*", "all"), _On(".monitoring-*", "read read_cross_cluster"))
# From 8.0 these are restricted indices.
_KIBANA_SYSTEM_INDICES = (_On(".kibana* .reporting-*", "all", True), *_KIBANA_INDICES[1:])
_KIBANA_ML = (
    _On(".ml-anomalies* .ml-stats-*", "read"),
    _On(".ml-annotations* .ml-notifications*", "read write"),
    _On("*", "view_index_metadata monitor"),
)
_RESULTS, _ANNOTATIONS = ".ml-anomalies* .ml-notifications*", _On(".ml-annotations*", f"{_SEE} write")
_WATCHER = (_On(".watches .triggered_watches .watcher-history-*", "read"),)
_TRANSFORM = (_On(".data-frame-notifications* .transform-notifications*", _SEE),)
_NOT_HIDDEN = _On("/~(([.]|ilm-history-).*)/", "read view_index_metadata")
_ENRICH = (_On(".enrich-*", "manage write read"),)
_BEATS = (_On(".monitoring-beats-*", "create_index create"),)

# Read from the source at 5.4, 7.14 and 8.8. Between these, ``since`` of a row is the release of the change itself.
_TABLE = (
    BuiltIn("superuser", "all", (_On("*", "all", True),), until=(8, 0), run_as=("*",)),
    BuiltIn(
        "superuser", "all", (_On("*", "all"), _On("*", "monitor read view_index_metadata read_cross_cluster", True)),
        since=(8, 0), run_as=("*",),
    ),
    BuiltIn("transport_client", "transport_client", until=(9, 0)),
    BuiltIn("machine_learning_user", "monitor_ml", (_On(_RESULTS, _SEE),), until=(6, 6)),
    BuiltIn("machine_learning_user", "monitor_ml", (_On(_RESULTS, _SEE), _ANNOTATIONS), since=(6, 6)),
    BuiltIn("machine_learning_admin", "manage_ml", (_On(".ml-*", _SEE),), until=(6, 6)),
    BuiltIn(
        "machine_learning_admin", "manage_ml", (_On(f"{_RESULTS} .ml-state* .ml-meta*", _SEE), _ANNOTATIONS),
        since=(6, 6), until=(7, 0),
    ),
    BuiltIn(
        "machine_learning_admin", "manage_ml", (_On(f"{_RESULTS} .ml-state* .ml-meta* .ml-stats-*", _SEE), _ANNOTATIONS),
        since=(7, 0),
    ),
    BuiltIn("ingest_admin", "manage_index_templates manage_pipeline"),
    BuiltIn("monitoring_user", "", (_On(".monitoring-*", "read"),), until=(7, 0)),
    BuiltIn(
        "monitoring_user", "cluster:monitor/main cluster:monitor/xpack/info cluster:monitor/remote/info",
        (_On(".monitoring-*", "read read_cross_cluster"),), since=(7, 0),
    ),
    BuiltIn("remote_monitoring_agent", _AGENT, (_On(".monitoring-*", "all"),), until=(6, 5)),
    BuiltIn(
        "remote_monitoring_agent", f"{_AGENT} {_WATCHES}",
        (_On(".monitoring-*", "all"), _On("metricbeat-*", "index create_index")), since=(6, 5),
    ),
    BuiltIn("remote_monitoring_collector", "monitor", (_On("*", "monitor", True), _On(".kibana*", "read")), since=(6, 5)),
    BuiltIn("reporting_user", "", (_On(".reporting-*", "read write"),), until=(7, 0)),
    BuiltIn("reporting_user", since=(7, 0)),
    BuiltIn("kibana_system", _SYSTEM, _KIBANA_INDICES[:1], until=(7, 0)),
    BuiltIn("kibana_system", _KIBANA, _KIBANA_INDICES, since=(7, 0), until=(7, 9)),
    BuiltIn("kibana_system", f"{_KIBANA} manage_ml", _KIBANA_INDICES + _KIBANA_ML, since=(7, 9), until=(7, 14)),
    BuiltIn(
        "kibana_system", f"{_KIBANA} manage_ml monitor_text_structure cancel_task", _KIBANA_INDICES + _KIBANA_ML,
        since=(7, 14), until=(8, 0),
    ),
    BuiltIn(
        "kibana_system", f"{_KIBANA} manage_ml monitor_text_structure cancel_task", _KIBANA_SYSTEM_INDICES + _KIBANA_ML,
        since=(8, 0),
    ),
    BuiltIn("kibana_user", "monitor", (_On(".kibana*", "manage read index delete"),), until=(7, 0)),
    BuiltIn("kibana_user", since=(7, 0), deprecated=(7, 6), instead="the [kibana_admin] role"),
    BuiltIn("kibana_admin", since=(7, 6)),
    BuiltIn("kibana_dashboard_only_user", since=(6, 0), deprecated=(7, 6), instead="Kibana feature privileges"),
    BuiltIn("viewer", "", (_NOT_HIDDEN,), since=(7, 13)),
    BuiltIn("editor", "", (_NOT_HIDDEN, _On("observability-annotations", f"{_SEE} write")), since=(7, 13)),
    BuiltIn("logstash_system", _SYSTEM),
    BuiltIn("logstash_admin", "", (_On(".logstash*", "create delete index manage read"),), since=(5, 5), until=(7, 12)),
    BuiltIn(
        "logstash_admin", "manage_logstash_pipelines", (_On(".logstash*", "create delete index manage read"),), since=(7, 12)
    ),
    BuiltIn("beats_system", _SYSTEM, until=(6, 3)),
    BuiltIn("beats_system", _SYSTEM, _BEATS, since=(6, 3)),
    BuiltIn("apm_system", _SYSTEM, _BEATS, since=(6, 5)),
    BuiltIn("watcher_admin", "manage_watcher", _WATCHER, since=(5, 5)),
    BuiltIn("watcher_user", "monitor_watcher", _WATCHER, since=(5, 5)),
    BuiltIn("rollup_admin", "manage_rollup", since=(6, 3)),
    BuiltIn("rollup_user", "monitor_rollup", since=(6, 3)),
    BuiltIn("transform_admin", "manage_transform", _TRANSFORM, since=(7, 5)),
    BuiltIn("transform_user", "monitor_transform", _TRANSFORM, since=(7, 5)),
    BuiltIn(
        "snapshot_user", "create_snapshot cluster:admin/repository/get", (_On("*", "view_index_metadata", True),), since=(6, 7)
    ),
    BuiltIn("enrich_user", "manage_enrich manage_ingest_pipelines monitor", _ENRICH, since=(7, 5)),
    BuiltIn("inference_admin", "manage_inference", since=(8, 13)),
    BuiltIn("inference_user", "monitor_inference", since=(8, 13)),
)  # fmt: skip
