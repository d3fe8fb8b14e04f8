"""``/_nodes`` and ``/_nodes/stats`` (``RestNodesInfoAction``, ``RestNodesStatsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api import node_info, node_stats
from fake_es.cluster_api.node import http_address, matches_node
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.operation import Route, operation
from fake_es.wire.parameters import Parameter
from fake_es.wire.similarity import did_you_mean

UNKNOWN_METRICS = "request [{path}] contains unrecognized {metrics}: {described}"


def _split(call: Call, known: tuple[str, ...]) -> tuple[str | None, list[str]]:
    """The filter of nodes and the metrics in the path. A single segment has metrics if it has nothing else."""
    nodes = call.path_parameters.get("node_id")
    metric = call.path_parameters.get("metric")
    if nodes is not None and metric is None and set(nodes.split(",")) <= {*known, "_none"}:
        return None, nodes.split(",")
    return nodes, metric.split(",") if metric else ["_all"]


def _answer(cluster: Cluster, nodes: str | None, shown: Any) -> dict[str, Any]:
    matches = matches_node(cluster, nodes)
    total = int(matches)
    return {
        "_nodes": {"total": total, "successful": total, "failed": 0},
        "cluster_name": cluster.settings.cluster_name,
        "nodes": {cluster.part(Node).id: shown} if matches else {},
    }


@operation(
    "nodes.info",
    routes=[
        Route("GET", "/_nodes"),
        Route("GET", "/_nodes/{node_id}"),
        Route("GET", "/_nodes/{node_id}/{metric}"),
        Route("GET", "/_nodes/{node_id}/info/{metric}", until=(8, 0)),
    ],
    action="cluster:monitor/nodes/info",
    query=[Parameter("flat_settings", parameters.BOOLEAN, False), Parameter("timeout", parameters.TIME)],
)
def info(call: Call, cluster: Cluster) -> Any:
    """Settings, roles, plugins and other facts about the node."""
    nodes, metrics = _split(call, node_info.METRICS)
    flat: bool = call.params["flat_settings"]
    return _answer(cluster, nodes, node_info.describe(cluster, metrics, address=http_address(call), flat_settings=flat))


_STATS = "/_nodes/stats"
_STATS_OF = "/_nodes/{node_id}/stats"


@operation(
    "nodes.stats",
    routes=[
        Route("GET", base + rest) for base in (_STATS, _STATS_OF) for rest in ("", "/{metric}", "/{metric}/{index_metric}")
    ],
    action="cluster:monitor/nodes/stats",
    query=[
        *(Parameter(name, parameters.TEXT) for name in ("fields", "fielddata_fields", "completion_fields", "groups", "types")),
        Parameter("level", parameters.TEXT, "node"),
        Parameter("timeout", parameters.TIME),
        Parameter("include_segment_file_sizes", parameters.BOOLEAN, False),
        Parameter("include_unloaded_segments", parameters.BOOLEAN, False, since=(7, 2)),
    ],
)
def stats(call: Call, cluster: Cluster) -> Any:
    """Statistics of the node."""
    named = call.path_parameters.get("metric", "_all").split(",")
    _check_metrics(call, named)
    return _answer(cluster, call.path_parameters.get("node_id"), node_stats.describe(cluster, named, call.now))


def _check_metrics(call: Call, named: list[str]) -> None:
    known = (*node_stats.METRICS, "_all")
    unknown = sorted({name for name in named if name not in known})
    if unknown:
        suggested = ((name, did_you_mean(name, node_stats.METRICS)) for name in unknown)
        hints = (f"[{name}] ->{suggestion}" if suggestion else f"[{name}]" for name, suggestion in suggested)
        metrics = "metrics" if len(unknown) > 1 else "metric"
        raise IllegalArgument(UNKNOWN_METRICS.format(path=call.path, metrics=metrics, described=", ".join(hints)))
