"""The node that jobs run on, as their statistics show it."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import ml_attributes


def assigned_node(cluster: Cluster) -> dict[str, Any]:
    """The node's description, with those of its attributes that concern ML."""
    node = cluster.part(Node)
    return {
        "id": node.id,
        "name": node.name,
        "ephemeral_id": node.ephemeral_id,
        "transport_address": node.transport_address,
        "attributes": ml_attributes(cluster.version),
    }
