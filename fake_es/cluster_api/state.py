"""The parts of the cluster state (``ClusterState.toXContent``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.metadata import Metadata
from fake_es.cluster_api.node import attributes, roles
from fake_es.cluster_api.persistent_tasks import PersistentTasks
from fake_es.cluster_settings import ClusterSettings, nest
from fake_es.indices.index import Index
from fake_es.indices.shard_health import IndexHealth
from fake_es.indices.types import under_type
from fake_es.ingest.pipelines import Pipelines
from fake_es.wire.render import dumps


class Revision:
    """The version of the cluster state: counted up when the state differs from the last one shown."""

    def __init__(self, cluster: Cluster) -> None:
        self._ids = cluster.ids
        self._last = b""
        self._shown: dict[str, Any] = {"version": 0, "state_uuid": ""}

    def of(self, metadata: dict[str, Any]) -> dict[str, Any]:
        """``version`` and ``state_uuid`` for a state with the given metadata."""
        fingerprint = dumps(metadata)
        if fingerprint != self._last:
            self._last = fingerprint
            self._shown = {"version": self._shown["version"] + 1, "state_uuid": self._ids.uuid()}
        return self._shown


def nodes(cluster: Cluster) -> dict[str, Any]:
    """The nodes of the cluster, by id."""
    node, version = cluster.part(Node), cluster.version
    shown: dict[str, Any] = {
        "name": node.name,
        "ephemeral_id": node.ephemeral_id,
        "transport_address": node.transport_address,
        "attributes": attributes(cluster),
    }
    if version >= (7, 12):
        shown["roles"] = roles(cluster)
    return {node.id: shown}


def metadata(cluster: Cluster, indices: list[IndexHealth], *, flat_settings: bool = False) -> dict[str, Any]:
    """The metadata of the state, with the given indices."""
    settings = cluster.part(ClusterSettings).persistent
    shown: dict[str, Any] = {"cluster_uuid": cluster.part(Node).cluster_uuid}
    if cluster.version >= (7, 0):
        config = [cluster.part(Node).id]
        shown["cluster_coordination"] = {
            "term": 1,
            "last_committed_config": config,
            "last_accepted_config": config,
            "voting_config_exclusions": [],
        }
    if settings:
        shown["settings"] = dict(settings) if flat_settings else nest(settings)
    shown |= {
        "templates": {},
        "indices": {health.name: _index(health.index, flat_settings=flat_settings) for health in indices},
    }
    shown |= {"ingest": {"pipeline": cluster.part(Pipelines).shown_in_state()}, "index-graveyard": {"tombstones": []}}
    shown |= cluster.part(Metadata).shown()
    tasks = cluster.part(PersistentTasks).shown()
    if tasks["last_allocation_id"]:
        shown["persistent_tasks"] = tasks
    return shown


def _index(index: Index, *, flat_settings: bool) -> dict[str, Any]:
    return {
        "state": "close" if index.closed else "open",
        "settings": dict(index.settings) if flat_settings else nest(index.settings),
        "mappings": under_type(index, index.mapping.to_json(), True) or {index.type_name: {}},
        "aliases": sorted(index.aliases),
    }


def routing_table(cluster: Cluster, indices: list[IndexHealth]) -> dict[str, Any]:
    """The copies of shards, by index and shard number."""
    return {
        "indices": {
            index.name: {"shards": {str(number): _copies(cluster, index, number) for number in range(index.primaries)}}
            for index in indices
        }
    }


def _copies(cluster: Cluster, index: IndexHealth, number: int) -> list[dict[str, Any]]:
    place = {"relocating_node": None, "shard": number, "index": index.name}
    started = {"state": "STARTED", "primary": True, "node": cluster.part(Node).id, **place}
    waiting = {"state": "UNASSIGNED", "primary": False, "node": None, **place}
    return [started, *[waiting] * index.replicas]


def routing_nodes(cluster: Cluster, indices: list[IndexHealth]) -> dict[str, Any]:
    """The copies of shards, by node; unassigned copies by themselves."""
    copies = [copy for index in indices for number in range(index.primaries) for copy in _copies(cluster, index, number)]
    unassigned = [copy for copy in copies if copy["node"] is None]
    held = [copy for copy in copies if copy["node"] is not None]
    return {"unassigned": unassigned, "nodes": {cluster.part(Node).id: held}}
