"""The node that jobs run on, as their statistics show it."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster, Node

MACHINE_MEMORY = 16 * 1024**3


def assigned_node(cluster: Cluster) -> dict[str, Any]:
    """The node's description, with those of its attributes that concern ML."""
    node = cluster.part(Node)
    return {
        "id": node.id,
        "name": node.name,
        "ephemeral_id": node.ephemeral_id,
        "transport_address": node.transport_address,
        "attributes": _attributes(cluster.version),
    }


def _attributes(version: tuple[int, ...]) -> dict[str, str]:
    """Attributes a node sets for ML by release (``MachineLearning.additionalSettings``)."""
    attributes = {}
    if version < (7, 0):
        attributes["ml.enabled"] = "true"
    if version >= (6, 1):
        attributes["ml.machine_memory"] = str(MACHINE_MEMORY)
    if version < (8, 0):
        attributes["ml.max_open_jobs"] = "10" if version < (6, 0) else "20" if version < (7, 13) else "512"
    if version >= (7, 14):
        attributes["ml.max_jvm_size"] = str(MACHINE_MEMORY // 2)
    if version >= (8, 0):
        attributes |= {"ml.allocated_processors": "2", "ml.allocated_processors_double": "2.0"}
    if version >= (8, 9):
        attributes["ml.config_version"] = "12.0.0"
    return attributes
