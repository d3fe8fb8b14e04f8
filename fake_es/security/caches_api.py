"""``_clear_cache`` of security. No cache here can be out of date, so the handlers have nothing to do."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.security.routes import security
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/"
_CACHES = _ACTION + "cache/clear"


def _cleared(cluster: Cluster) -> dict[str, Any]:
    node = cluster.part(Node)
    return {
        "_nodes": {"total": 1, "successful": 1, "failed": 0},
        "cluster_name": cluster.settings.cluster_name,
        "nodes": {node.id: {"name": node.name}},
    }


@operation(
    "security.clear_cached_roles", routes=security("POST", "/role/{name}/_clear_cache"), action=_ACTION + "roles/cache/clear"
)
def clear_cached_roles(call: Call, cluster: Cluster) -> Any:
    """Clear the cache of roles."""
    return _cleared(cluster)


@operation(
    "security.clear_cached_realms",
    routes=security("POST", "/realm/{realms}/_clear_cache"),
    action=_ACTION + "realm/cache/clear",
    query=[Parameter("usernames", parameters.TEXT)],
)
def clear_cached_realms(call: Call, cluster: Cluster) -> Any:
    """Clear the cache of authenticated users."""
    return _cleared(cluster)


@operation(
    "security.clear_cached_privileges",
    routes=security("POST", "/privilege/{application}/_clear_cache", since=(7, 9)),
    action=_ACTION + "privilege/cache/clear",
)
def clear_cached_privileges(call: Call, cluster: Cluster) -> Any:
    """Clear the cache of application privileges."""
    return _cleared(cluster)


@operation(
    "security.clear_api_key_cache",
    routes=security("POST", "/api_key/{ids}/_clear_cache", since=(7, 10)),
    action=_CACHES,
)
def clear_api_key_cache(call: Call, cluster: Cluster) -> Any:
    """Clear the cache of authenticated API keys."""
    return _cleared(cluster)


@operation(
    "security.clear_cached_service_tokens",
    routes=security("POST", "/service/{namespace}/{service}/credential/token/{name}/_clear_cache", since=(7, 13)),
    action=_CACHES,
)
def clear_cached_service_tokens(call: Call, cluster: Cluster) -> Any:
    """Clear the cache of service account tokens."""
    return _cleared(cluster)
