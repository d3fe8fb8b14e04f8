"""``GET /`` and ``HEAD /``."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.wire.call import Call
from fake_es.wire.operation import Route, operation


@operation("info", routes=[Route("GET", "/")], action="cluster:monitor/main")
def info(call: Call, cluster: Cluster) -> Any:
    """Name, cluster and version of the server (``RestMainAction``)."""
    node = cluster.part(Node)
    return {
        "name": node.name,
        "cluster_name": cluster.settings.cluster_name,
        "cluster_uuid": node.cluster_uuid,
        "version": call.version.describe(),
        "tagline": "You Know, for Search",
    }


@operation("ping", routes=[Route("HEAD", "/")], action="cluster:monitor/main")
def ping(call: Call, cluster: Cluster) -> Any:
    """The headers of ``GET /``, by which clients see that the server runs."""
    return info.handler(call, cluster)
