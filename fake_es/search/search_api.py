"""``_search`` and ``_count`` (``RestSearchAction``, ``RestCountAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.access import CallerIndices, indices_of
from fake_es.indices.active_shards import searched_shards
from fake_es.indices.parameters import INDICES, INT, ROUTING, SEARCHING, TEXT, expression_of, options_of
from fake_es.indices.types import routes, typed_routes
from fake_es.search import messages
from fake_es.search.search_contexts import SearchContexts
from fake_es.search.search_request import SEARCH_QUERY, URI_QUERY, SearchRequest, read_search
from fake_es.search.search_response import search_in, start_scroll, targets_of
from fake_es.search.searcher import Searcher
from fake_es.wire.call import Call
from fake_es.wire.durations import parse_time_value
from fake_es.wire.errors import IllegalArgument, ParsingError, check_failures
from fake_es.wire.java import java_text
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import DOUBLE, Parameter

Tree = dict[str, Any]


def _names(call: Call) -> list[str] | None:
    """The index names to authorize. A search in a point in time has none: the caller could read them when it was opened."""
    if call.request.pit is not None:
        return None
    return expression_of(call).split(",")


@operation(
    "search",
    routes=[*routes("GET,POST", "/_search", "/{index}/_search"), *typed_routes("GET,POST", "/{index}/{type}/_search")],
    action="indices:data/read/search",
    query=SEARCH_QUERY,
    names=_names,
    body=BodyUse.OPTIONAL,
    parse=lambda call: read_search(call.text(), call.endpoint.read_query(call.query), call.version),
)
def search(call: Call, cluster: Cluster) -> Any:
    """One page of the matching documents, and aggregations over all of them."""
    request: SearchRequest = call.request
    request.restrict_to_types(call.path_parameters.get("type"))
    indices = indices_of(call, cluster)
    if request.pit is not None:
        return search_point_in_time(call, indices, request)
    targets = targets_of(indices, request, expression_of(call), options_of(call, SEARCHING))
    if request.keep_alive is None:
        return search_in(indices, request, targets)
    return start_scroll(call, indices, request, targets)


def search_point_in_time(call: Call, indices: CallerIndices, request: SearchRequest) -> Tree:
    """Search in a point in time.

    :raises ActionRequestValidation: the path names indices, or the search starts a scroll.
    :raises SecurityError: the caller may not read one of its indices; a right to an alias is not enough.
    """
    failures = [messages.PIT_WITH_INDICES] if "index" in call.path_parameters else []
    if request.keep_alive is not None:
        failures.append(messages.PIT_WITH_SCROLL)
    check_failures(failures)
    if not isinstance(request.pit, dict) or not isinstance(request.pit.get("id"), str):
        raise IllegalArgument("Required [id]")
    pit_id, keep_alive = request.pit["id"], request.pit.get("keep_alive")
    if keep_alive is not None:
        keep_alive = parse_time_value(java_text(keep_alive), "keep_alive", call.version)
    opened = indices.cluster.part(SearchContexts).point_in_time(pit_id)
    indices.check(opened.names)
    if keep_alive is not None:
        opened.extend(keep_alive, call.now)
    return {"pit_id": pit_id, **search_in(indices, request, opened.targets())}


def _read_count(call: Call) -> SearchRequest:
    request = read_search(call.text(), call.endpoint.read_query(call.query), call.version)
    for key in request.tree:
        if key not in ("query", "min_score"):
            raise ParsingError(messages.COUNT_UNKNOWN.format(key=key))
    return request


@operation(
    "count",
    routes=[*routes("GET,POST", "/_count", "/{index}/_count"), *typed_routes("GET,POST", "/{index}/{type}/_count")],
    action="indices:data/read/search",
    query=[
        *INDICES,
        *URI_QUERY,
        ROUTING,
        Parameter("min_score", DOUBLE),
        Parameter("preference", TEXT),
        Parameter("terminate_after", INT),
    ],
    body=BodyUse.OPTIONAL,
    parse=_read_count,
)
def count(call: Call, cluster: Cluster) -> Any:
    """The number of matching documents."""
    request: SearchRequest = call.request
    request.restrict_to_types(call.path_parameters.get("type"))
    if call.params["min_score"] is not None:
        request.body.min_score = call.params["min_score"]
    indices = indices_of(call, cluster)
    targets = targets_of(indices, request, expression_of(call), options_of(call, SEARCHING))
    found = indices.cluster.part(Searcher).find_in_steps(targets, request.body, request.locate)
    shards = searched_shards(target.index for target in targets)
    skipped = {"skipped": 0} if call.version >= (5, 6) else {}
    return {"count": len(found.documents), "_shards": {"total": shards, "successful": shards, **skipped, "failed": 0}}
