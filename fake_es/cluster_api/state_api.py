"""``/_cluster/state`` (``RestClusterStateAction``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api import state
from fake_es.indices import shard_health
from fake_es.indices.access import indices_of
from fake_es.indices.errors import IndexNotFound
from fake_es.indices.parameters import IGNORE_THROTTLED
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import Route, operation
from fake_es.wire.parameters import Parameter

_METRICS = ("version", "master_node", "blocks", "nodes", "metadata", "routing_table", "routing_nodes", "customs")
# Sections that are shown with the metric ``customs``, or with ``_all``.
_CUSTOMS: dict[str, dict[str, Any]] = {"snapshots": {"snapshots": []}, "restore": {"snapshots": []}}


@operation(
    "cluster.state",
    routes=[
        Route("GET", "/_cluster/state"),
        Route("GET", "/_cluster/state/{metric}"),
        Route("GET", "/_cluster/state/{metric}/{index}"),
    ],
    action="cluster:monitor/state",
    query=[
        Parameter("flat_settings", parameters.BOOLEAN, False),
        Parameter("local", parameters.BOOLEAN, False),
        Parameter("master_timeout", parameters.TIME),
        Parameter("ignore_unavailable", parameters.BOOLEAN, False),
        Parameter("allow_no_indices", parameters.BOOLEAN, True),
        Parameter("expand_wildcards", parameters.TEXT),
        IGNORE_THROTTLED,
        Parameter("wait_for_metadata_version", parameters.TEXT, since=(6, 5)),
        Parameter("wait_for_timeout", parameters.TIME, since=(6, 5)),
    ],
)
def get_state(call: Call, cluster: Cluster) -> Any:
    """The state of the cluster, or the metrics named in the path; unknown metrics are ignored."""
    metrics = _metrics(call.path_parameters.get("metric"))
    node = cluster.part(Node)
    shown: dict[str, Any] = {"cluster_name": cluster.settings.cluster_name}
    if call.version >= (6, 4):
        shown["cluster_uuid"] = node.cluster_uuid
    if call.version < (7, 0):
        shown["compressed_size_in_bytes"] = 1024
    return shown | _parts(call, cluster, metrics)


def _metrics(named: str | None) -> tuple[str, ...]:
    wanted = set(named.split(",")) if named else {"_all"}
    return tuple(metric for metric in _METRICS if metric in wanted or "_all" in wanted)


def _parts(call: Call, cluster: Cluster, metrics: tuple[str, ...]) -> dict[str, Any]:
    indices = _indices(call, cluster)
    flat: bool = call.params["flat_settings"]
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "version": lambda: cluster.part(state.Revision).of(state.metadata(cluster, shard_health.all_indices(cluster))),
        "master_node": lambda: {"master_node": cluster.part(Node).id},
        "blocks": lambda: {"blocks": {}},
        "nodes": lambda: {"nodes": state.nodes(cluster)},
        "metadata": lambda: {"metadata": state.metadata(cluster, indices, flat_settings=flat)},
        "routing_table": lambda: {"routing_table": state.routing_table(cluster, indices)},
        "routing_nodes": lambda: {"routing_nodes": state.routing_nodes(cluster, indices)},
        "customs": lambda: _CUSTOMS,
    }
    shown: dict[str, Any] = {}
    for metric in metrics:
        shown |= parts[metric]()
    return shown


def _indices(call: Call, cluster: Cluster) -> list[shard_health.IndexHealth]:
    expression = call.path_parameters.get("index")
    found = shard_health.chosen_indices(indices_of(call, cluster), expression)
    if found is None and not call.params["ignore_unavailable"]:
        raise IndexNotFound(str(expression), call.version)
    return found or []
