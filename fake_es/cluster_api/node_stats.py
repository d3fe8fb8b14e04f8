"""The parts of ``_nodes/stats`` (``NodeStats.toXContent``). The figures of the machine are made up."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import JVM_MEMORY, MACHINE_MEMORY, attributes, header, roles
from fake_es.ingest.pipelines import Pipelines

_HALF = 50


def describe(cluster: Cluster, metrics: Collection[str], now: int) -> dict[str, Any]:
    """The node with the given metrics (``_all``: all of them)."""
    shown: dict[str, Any] = {"timestamp": now} | header(cluster)
    shown |= {"ip": cluster.part(Node).transport_address, "roles": roles(cluster)}
    shown["attributes"] = attributes(cluster)
    for name, part in _PARTS.items():
        if name in metrics or "_all" in metrics:
            shown[name] = part(cluster, now)
    return shown


def _memory(total: int) -> dict[str, int]:
    free = total * _HALF // 100
    return {
        "total_in_bytes": total,
        "free_in_bytes": free,
        "used_in_bytes": total - free,
        "free_percent": _HALF,
        "used_percent": 100 - _HALF,
    }


def _os(cluster: Cluster, now: int) -> dict[str, Any]:
    load = {"1m": 0.5, "5m": 0.5, "15m": 0.5}
    return {"timestamp": now, "cpu": {"percent": 5, "load_average": load}, "mem": _memory(MACHINE_MEMORY)}


def _process(cluster: Cluster, now: int) -> dict[str, Any]:
    return {"timestamp": now, "open_file_descriptors": 256, "max_file_descriptors": 1048576, "cpu": {"percent": 1}}


def _jvm(cluster: Cluster, now: int) -> dict[str, Any]:
    heap = {"heap_used_in_bytes": JVM_MEMORY * _HALF // 100, "heap_used_percent": _HALF, "heap_max_in_bytes": JVM_MEMORY}
    return {"timestamp": now, "uptime_in_millis": 0, "mem": heap, "threads": {"count": 50, "peak_count": 50}}


def _fs(cluster: Cluster, now: int) -> dict[str, Any]:
    disk = 100 * 1024**3
    return {"timestamp": now, "total": {"total_in_bytes": disk, "free_in_bytes": disk // 2, "available_in_bytes": disk // 2}}


def _nothing(cluster: Cluster, now: int) -> dict[str, Any]:
    return {}


_PARTS: dict[str, Callable[[Cluster, int], Any]] = {
    "indices": _nothing,
    "os": _os,
    "process": _process,
    "jvm": _jvm,
    "thread_pool": _nothing,
    "fs": _fs,
    "transport": lambda cluster, now: {"server_open": 0, "rx_count": 0, "tx_count": 0},
    "http": lambda cluster, now: {"current_open": 0, "total_opened": 0},
    "breakers": _nothing,
    "script": lambda cluster, now: {"compilations": 0, "cache_evictions": 0},
    "discovery": _nothing,
    "ingest": lambda cluster, now: cluster.part(Pipelines).statistics(),
    "adaptive_selection": _nothing,
}
METRICS = tuple(_PARTS)
