"""``GET _ml/memory[/{node_id}]/_stats`` (``TransportMlMemoryAction``): the memory that ML uses on the node."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import JVM_MEMORY, MACHINE_MEMORY, attributes, matches_node, roles
from fake_es.ml.common.routes import ml
from fake_es.ml.jobs import capacity
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter
from fake_es.wire.sizes import size_text

Tree = dict[str, Any]
# Share of the heap for models of inference (``xpack.ml.inference_model.cache_size``).
_INFERENCE_PERCENT = 40


@operation(
    "ml.get_memory_stats",
    routes=[*ml("GET", "/memory/_stats", since=(8, 2)), *ml("GET", "/memory/{node_id}/_stats", since=(8, 2))],
    action="cluster:monitor/xpack/ml/memory/stats/get",
    query=[Parameter("master_timeout", parameters.TIME), Parameter("timeout", parameters.TIME)],
)
def get_memory_stats(call: Call, cluster: Cluster) -> Any:
    """Memory statistics of the nodes that a node filter matches."""
    node, meant = cluster.part(Node), matches_node(cluster, call.path_parameters.get("node_id"))
    return {
        "_nodes": {"total": int(meant), "successful": int(meant), "failed": 0},
        "cluster_name": cluster.settings.cluster_name,
        "nodes": {node.id: _node_stats(cluster, node, call.flag("human"))} if meant else {},
    }


def _node_stats(cluster: Cluster, node: Node, human: bool) -> Tree:
    jobs = capacity.memory_of_jobs(cluster)
    of_ml = {
        "max": capacity.ml_memory(cluster),
        "native_code_overhead": capacity.NATIVE_CODE if jobs else 0,
        "anomaly_detectors": jobs,
        "data_frame_analytics": 0,
        "native_inference": 0,
    }
    inference = {"java_inference_max": JVM_MEMORY * _INFERENCE_PERCENT // 100, "java_inference": 0}
    return {
        "name": node.name,
        "ephemeral_id": node.ephemeral_id,
        "transport_address": node.transport_address,
        "attributes": attributes(cluster),
        "roles": roles(cluster),
        "mem": {
            **_sizes({"total": MACHINE_MEMORY, "adjusted_total": MACHINE_MEMORY}, human),
            "ml": _sizes(of_ml, human),
        },
        "jvm": _sizes({"heap_max": JVM_MEMORY, **inference}, human),
    }


def _sizes(sizes: dict[str, int], human: bool) -> Tree:
    """Sizes in bytes; with ``human`` a readable form precedes each (``XContentBuilder.humanReadableField``)."""
    shown: Tree = {}
    for name, size in sizes.items():
        shown |= ({name: size_text(size)} if human else {}) | {f"{name}_in_bytes": size}
    return shown
