"""The parts of ``_nodes``: settings, operating system, JVM, plugins and so on (``NodeInfo.toXContent``)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import JVM_MEMORY, PROCESSORS, attributes, header, roles
from fake_es.cluster_settings import nest

_X_PACK_MODULES = ("x-pack-core", "x-pack-ml", "x-pack-security")


def describe(cluster: Cluster, metrics: Collection[str], *, address: str, flat_settings: bool = False) -> dict[str, Any]:
    """The node with the given metrics (``_all``: all of them); ``address`` is its HTTP address."""
    version = cluster.version
    build = version.describe()
    shown: dict[str, Any] = header(cluster) | {"version": str(version)}
    if version >= (8, 9):
        shown |= {"transport_version": _wire_number(version), "index_version": _wire_number(version)}
    shown |= {name: build[name] for name in ("build_flavor", "build_type", "build_hash") if name in build}
    if version < (7, 0):
        shown["total_indexing_buffer"] = JVM_MEMORY // 10
    shown |= {"roles": roles(cluster), "attributes": attributes(cluster)}
    for name, part in _PARTS.items():
        if name in metrics or "_all" in metrics:
            shown[name] = part(cluster)
    if "http" in shown:
        shown["http"] = {"bound_address": [address], "publish_address": address, **shown["http"]}
    if flat_settings or "settings" not in shown:
        return shown
    return shown | {"settings": nest(shown["settings"])}


def _wire_number(version: tuple[int, ...]) -> int:
    """A substitute for the version numbers of formats: made from the release, with two digits for each part."""
    return version[0] * 1_000_000 + version[1] * 10_000 + version[2] * 100 + 99


def _os(cluster: Cluster) -> dict[str, Any]:
    return {
        "refresh_interval_in_millis": 1000,
        "name": "Linux",
        "arch": "amd64",
        "version": "5.15.0",
        "available_processors": PROCESSORS,
        "allocated_processors": PROCESSORS,
    }


def _jvm(cluster: Cluster) -> dict[str, Any]:
    memory = {f"{pool}_in_bytes": JVM_MEMORY for pool in ("heap_init", "heap_max")}
    return {"pid": 1, "vm_name": "OpenJDK 64-Bit Server VM", "mem": memory | {"direct_max_in_bytes": 0}}


def _transport(cluster: Cluster) -> dict[str, Any]:
    address = cluster.part(Node).transport_address
    return {"bound_address": [address], "publish_address": address, "profiles": {}}


def plugins(cluster: Cluster) -> list[dict[str, Any]]:
    """The installed plugins: up to 6.2 X-Pack; from 6.3 it is part of the server."""
    number = str(cluster.version)
    return [_plugin("x-pack", number)] if cluster.version < (6, 3) else []


def _modules(cluster: Cluster) -> list[dict[str, Any]]:
    names = _X_PACK_MODULES if cluster.version >= (6, 3) else ()
    return [_plugin(name, str(cluster.version)) for name in ("ingest-common", *names)]


def _plugin(name: str, number: str) -> dict[str, Any]:
    return {
        "name": name,
        "version": number,
        "description": f"Elasticsearch {name}",
        "has_native_controller": name == "x-pack-ml",
    }


def _ingest(cluster: Cluster) -> dict[str, Any]:
    from fake_es.ingest import catalogue  # loads all processors

    return {"processors": [{"type": name} for name in catalogue.names(cluster.version)]}


_PARTS: dict[str, Callable[[Cluster], Any]] = {
    "settings": lambda cluster: {
        "cluster.name": cluster.settings.cluster_name,
        "node.name": cluster.part(Node).name,
        "client.type": "node",
    },
    "os": _os,
    "process": lambda cluster: {"refresh_interval_in_millis": 1000, "id": 1, "mlockall": False},
    "jvm": _jvm,
    "thread_pool": lambda cluster: {},
    "transport": _transport,
    "http": lambda cluster: {"max_content_length_in_bytes": cluster.settings.max_content_length},
    "plugins": plugins,
    "modules": _modules,
    "ingest": _ingest,
}
METRICS = (*(name for name in _PARTS if name != "modules"), "indices", "aggregations", "_all")
