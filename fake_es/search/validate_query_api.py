"""``_validate/query``: whether a query is valid (``TransportValidateQueryAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.access import indices_of
from fake_es.indices.parameters import BOOLEAN, INDICES, SEARCHING, expression_of, options_of
from fake_es.indices.types import routes, typed_routes
from fake_es.search.errors import SearchPhaseFailure
from fake_es.search.search_request import URI_QUERY, SearchRequest, read_search
from fake_es.search.search_response import targets_of
from fake_es.search.searcher import Searcher
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, NotImplementedHere
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]


@operation(
    "indices.validate_query",
    routes=[
        *routes("GET,POST", "/_validate/query", "/{index}/_validate/query"),
        *typed_routes("GET,POST", "/{index}/{type}/_validate/query"),
    ],
    action="indices:admin/validate/query",
    query=[*INDICES, *URI_QUERY, *(Parameter(name, BOOLEAN, False) for name in ("explain", "rewrite", "all_shards"))],
    body=BodyUse.OPTIONAL,
)
def validate_query(call: Call, cluster: Cluster) -> Any:
    """Whether a query can be parsed, and its indices allow it."""
    shards = {"total": 1, "successful": 1, "failed": 0}
    try:
        params = {name: value for name, value in call.params.items() if name not in ("explain", "rewrite", "all_shards")}
        request: SearchRequest = read_search(call.text(), params, call.version)
        indices = indices_of(call, cluster)
        targets = targets_of(indices, request, expression_of(call), options_of(call, SEARCHING))
        indices.cluster.part(Searcher).find(targets, request.body, request.locate)
    except NotImplementedHere:
        raise
    except ElasticsearchError as error:
        if error.status in (403, 404):
            raise
        response: Tree = {"_shards": shards, "valid": False}
        if call.params["explain"]:
            cause = error.cause if isinstance(error, SearchPhaseFailure) and error.cause else error
            response["error"] = f"{cause.type}: {cause.reason}"
        return response
    return {"_shards": shards, "valid": True}
