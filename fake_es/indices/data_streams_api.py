"""Data streams: there are none. Helpers of clients ask for them before they write to an index."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.errors import IndexNotFound
from fake_es.indices.parameters import BOOLEAN, MASTER_TIMEOUT, TEXT
from fake_es.indices.types import routes
from fake_es.wire.call import Call
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter


@operation(
    "indices.get_data_stream",
    routes=routes("GET", "/_data_stream", "/_data_stream/{name}", since=(7, 9)),
    action="indices:admin/data_stream/get",
    query=[
        Parameter("expand_wildcards", TEXT, since=(7, 9)),
        Parameter("include_defaults", BOOLEAN, False, since=(8, 11)),
        Parameter("verbose", BOOLEAN, False, since=(8, 16)),
        MASTER_TIMEOUT,
    ],
    names=lambda call: call.path_parameters.get("name", "*").split(","),
)
def get_data_stream(call: Call, cluster: Cluster) -> Any:
    """An empty list; 404 if a data stream is named."""
    name = call.path_parameters.get("name", "*")
    if "*" not in name:
        raise IndexNotFound(name, call.version)
    return {"data_streams": []}
