"""``/_cluster/stats``, ``_features`` and ``_health_report``: summaries of the cluster."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import MACHINE_MEMORY, PROCESSORS, roles
from fake_es.indices import shard_health
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ResourceNotFound
from fake_es.wire.operation import Route, operation
from fake_es.wire.parameters import Parameter


@operation(
    "cluster.stats",
    routes=[Route("GET", "/_cluster/stats"), Route("GET", "/_cluster/stats/nodes/{node_id}")],
    action="cluster:monitor/stats",
    query=[
        Parameter("flat_settings", parameters.BOOLEAN, False, until=(9, 0)),
        Parameter("include_remotes", parameters.BOOLEAN, False, since=(8, 16)),
        Parameter("timeout", parameters.TIME),
    ],
)
def stats(call: Call, cluster: Cluster) -> Any:
    """Statistics of the cluster."""
    indices = shard_health.all_indices(cluster)
    counts = shard_health.counts(indices)
    return {
        "_nodes": {"total": 1, "successful": 1, "failed": 0},
        "cluster_name": cluster.settings.cluster_name,
        "cluster_uuid": cluster.part(Node).cluster_uuid,
        "timestamp": call.now,
        "status": shard_health.status_of(indices),
        "indices": {
            "count": len(indices),
            "shards": {"total": counts["active_shards"], "primaries": counts["active_primary_shards"]},
            "docs": {"count": sum(len(health.index) for health in indices), "deleted": 0},
        },
        "nodes": {
            "count": {"total": 1, "coordinating_only": 0, **dict.fromkeys(roles(cluster), 1)},
            "versions": [str(call.version)],
            "os": {"available_processors": PROCESSORS, "mem": {"total_in_bytes": MACHINE_MEMORY}},
        },
    }


_FEATURES = (
    ("machine_learning", "Provides anomaly detection and forecasting functionality"),
    ("security", "Manages configuration for Security features, such as users and roles"),
    ("tasks", "Manages task results"),
)


@operation(
    "features.get_features",
    routes=[Route("GET", "/_features", since=(7, 12))],
    action="cluster:admin/features/get",
    query=[Parameter("master_timeout", parameters.TIME)],
)
def get_features(call: Call, cluster: Cluster) -> Any:
    """The features that have system indices."""
    return {"features": [{"name": name, "description": description} for name, description in _FEATURES]}


# The indicators of ``_health_report``: name, first release, and the symptom of status ``green``.
_INDICATORS = (
    ("master_is_stable", (8, 7), "The cluster has a stable master node"),
    ("repository_integrity", (8, 7), "No snapshot repositories configured."),
    ("shards_availability", (8, 7), "This cluster has all shards available."),
    ("disk", (8, 7), "The cluster has enough available disk space."),
    ("shards_capacity", (8, 8), "The cluster has enough room to add new shards."),
    ("data_stream_lifecycle", (8, 12), "No data streams are managed by data stream lifecycle."),
    ("ilm", (8, 7), "Index Lifecycle Management is running"),
    ("slm", (8, 7), "No Snapshot Lifecycle Management policies configured"),
)
UNKNOWN_INDICATOR = "Did not find indicator {name}"


@operation(
    "health_report",
    routes=[Route("GET", "/_health_report", since=(8, 7)), Route("GET", "/_health_report/{feature}", since=(8, 7))],
    action="cluster:monitor/health_api",
    query=[
        Parameter("verbose", parameters.BOOLEAN, True),
        Parameter("size", parameters.INT, 1000),
        Parameter("timeout", parameters.TIME),
    ],
)
def health_report(call: Call, cluster: Cluster) -> Any:
    """The health of the cluster, as a list of indicators."""
    feature = call.path_parameters.get("feature")
    indicators = {name: _indicator(call, cluster, name, green) for name, since, green in _INDICATORS if call.version >= since}
    if feature is not None:
        if feature not in indicators:
            raise ResourceNotFound(UNKNOWN_INDICATOR.format(name=feature))
        indicators = {feature: indicators[feature]}
    worst = "yellow" if any(found["status"] == "yellow" for found in indicators.values()) else "green"
    head = {} if feature is not None else {"status": worst}
    return {**head, "cluster_name": cluster.settings.cluster_name, "indicators": indicators}


def _indicator(call: Call, cluster: Cluster, name: str, green: str) -> dict[str, Any]:
    if name != "shards_availability":
        return {"status": "green", "symptom": green}
    indices = shard_health.all_indices(cluster)
    unassigned = shard_health.counts(indices)["unassigned_shards"]
    plural = "s" if unassigned > 1 else ""
    symptom = f"This cluster has {unassigned} unavailable replica shard{plural}." if unassigned else green
    shown: dict[str, Any] = {"status": shard_health.status_of(indices), "symptom": symptom}
    if call.params["verbose"]:
        started = shard_health.counts(indices)["active_primary_shards"]
        shown["details"] = {"started_primaries": started, "started_replicas": 0, "unassigned_replicas": unassigned}
    return shown
