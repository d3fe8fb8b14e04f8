"""``_refresh``, ``_flush``, ``_forcemerge`` and ``_cache/clear``. They do nothing: there are no segments and no caches."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.access import indices_in_path
from fake_es.indices.active_shards import broadcast_shards
from fake_es.indices.parameters import BOOLEAN, INDICES, INT, SEARCHING, TEXT
from fake_es.indices.types import routes
from fake_es.wire.call import Call
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter


def _shards_only(call: Call, cluster: Cluster) -> dict[str, Any]:
    return {"_shards": broadcast_shards(indices_in_path(call, cluster, SEARCHING))}


@operation(
    "indices.refresh",
    routes=routes("GET,POST", "/_refresh", "/{index}/_refresh"),
    action="indices:admin/refresh",
    query=INDICES,
)
def refresh(call: Call, cluster: Cluster) -> Any:
    """Make all changes visible for searches (``RestRefreshAction``)."""
    return _shards_only(call, cluster)


@operation(
    "indices.flush",
    routes=routes("GET,POST", "/_flush", "/{index}/_flush"),
    action="indices:admin/flush",
    query=[*INDICES, Parameter("force", BOOLEAN, False), Parameter("wait_if_ongoing", BOOLEAN, True)],
)
def flush(call: Call, cluster: Cluster) -> Any:
    """Write all changes to disk (``RestFlushAction``)."""
    return _shards_only(call, cluster)


@operation(
    "indices.forcemerge",
    routes=routes("POST", "/_forcemerge", "/{index}/_forcemerge"),
    action="indices:admin/forcemerge",
    query=[
        *INDICES,
        Parameter("max_num_segments", INT),
        Parameter("only_expunge_deletes", BOOLEAN, False),
        Parameter("flush", BOOLEAN, True),
    ],
)
def forcemerge(call: Call, cluster: Cluster) -> Any:
    """Merge the segments (``RestForceMergeAction``)."""
    return _shards_only(call, cluster)


@operation(
    "indices.clear_cache",
    routes=routes("POST", "/_cache/clear", "/{index}/_cache/clear"),
    action="indices:admin/cache/clear",
    query=[
        *INDICES,
        *(Parameter(name, BOOLEAN) for name in ("query", "fielddata", "request", "file")),
        Parameter("fields", TEXT),
        Parameter("request_cache", BOOLEAN, until=(7, 0)),
    ],
)
def clear_cache(call: Call, cluster: Cluster) -> Any:
    """Clear the caches of searches (``RestClearIndicesCacheAction``)."""
    return _shards_only(call, cluster)
