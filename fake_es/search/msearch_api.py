"""``_msearch`` (``RestMultiSearchAction``)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.indices.access import CallerIndices, indices_of
from fake_es.indices.expressions import IndicesOptions
from fake_es.indices.parameters import BOOLEAN, INDICES, INT, ROUTING, SEARCHING, TEXT, options_of
from fake_es.indices.types import routes, typed_routes
from fake_es.search import messages
from fake_es.search.search_api import search_point_in_time
from fake_es.search.search_request import read_search
from fake_es.search.search_response import search_in, targets_of
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, logged_refusal
from fake_es.wire.java import java_text
from fake_es.wire.object_parser import Body
from fake_es.wire.operation import BodyUse, each_by_itself, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

_SEARCH = "indices:data/read/search"
# From this many characters the body of an item is parsed while other requests can run.
_LONG_BODY = 64 * 1024

_HEADER = frozenset({
    "index", "indices", "type", "types", "search_type", "searchType", "request_cache", "requestCache", "preference", "routing",
    "allow_partial_search_results", "allowPartialSearchResults", "ignore_unavailable", "allow_no_indices",
    "expand_wildcards", "ignoreUnavailable", "allowNoIndices", "expandWildcards", "ccs_minimize_roundtrips", "ignore_throttled",
    "ignoreThrottled", "project_routing",
})  # fmt: skip


class Item(NamedTuple):
    """One search of the request: its index expression, its header, and the text of its body."""

    expression: str
    header: Tree
    body: str


def _read(call: Call) -> list[Item]:
    text = call.text()
    if not text.endswith("\n") and call.version >= (5, 5):
        raise IllegalArgument(messages.MSEARCH_NO_NEWLINE)
    items = list(_items(call, text))
    if not items:
        raise ActionRequestValidation(messages.NO_SEARCHES)
    return items


def _items(call: Call, text: str) -> Iterator[Item]:
    lines = iter(text.split("\n"))
    for line in lines:
        header = Body(line, call.version).tree() if line.strip() else {}
        body = next(lines, None)
        if body is None:
            return
        if not isinstance(header, dict):
            raise IllegalArgument(messages.MSEARCH_HEADER)
        for key in header:
            if key not in _HEADER:
                raise IllegalArgument(messages.MSEARCH_UNKNOWN.format(key=key))
        yield Item(_expression(call, header), header, body)


def _expression(call: Call, header: Tree) -> str:
    given = header.get("index", header.get("indices"))
    if given is None or given == []:
        return call.path_parameters.get("index") or str(call.query.get("index", "_all"))
    return ",".join(map(java_text, given)) if isinstance(given, list) else java_text(given)


@operation(
    "msearch",
    routes=[*routes("GET,POST", "/_msearch", "/{index}/_msearch"), *typed_routes("GET,POST", "/{index}/{type}/_msearch")],
    action="indices:data/read/msearch",
    query=[
        *INDICES,
        ROUTING,
        Parameter("index", TEXT),
        Parameter("search_type", TEXT),
        Parameter("max_concurrent_searches", INT),
        Parameter("max_concurrent_shard_requests", INT, since=(7, 0)),
        Parameter("pre_filter_shard_size", INT, since=(6, 0)),
        Parameter("typed_keys", BOOLEAN, False),
        Parameter("rest_total_hits_as_int", BOOLEAN, False, since=(6, 6)),
        Parameter("ccs_minimize_roundtrips", BOOLEAN, since=(7, 0)),
        Parameter("include_named_queries_score", BOOLEAN, since=(8, 8)),
        Parameter("project_routing", TEXT, since=(9, 2)),
    ],
    body=BodyUse.LINES,
    parse=_read,
    names=each_by_itself,
)
def msearch(call: Call, cluster: Cluster) -> Any:
    """Several searches, each with its own response or error.

    An error in one body is the error of that search alone. The server refuses the whole request then
    (``MultiSearchRequest.readMultiLineFormat``).
    """
    indices = indices_of(call, cluster, _SEARCH)
    return {"took": 0, "responses": [_answer(call, cluster, indices, *each) for each in enumerate(call.request)]}


def _answer(call: Call, cluster: Cluster, indices: CallerIndices, place: int, item: Item) -> Tree:
    cluster.let_in()
    wanted = {name: call.params[name] for name in ("rest_total_hits_as_int", "typed_keys")}
    try:
        call.check_item(place)
        read = partial(read_search, item.body, wanted, call.version)
        search = read() if len(item.body) < _LONG_BODY else cluster.without_lock(read)
        if search.pit is not None:
            return {**search_point_in_time(call, indices, search), "status": 200}
        targets = targets_of(indices, search, item.expression, _options(call, item.header))
        return {**search_in(indices, search, targets), "status": 200}
    except Exception as error:
        return logged_refusal(error, f"searching for an item of {call.method} {call.target}").document()


def _options(call: Call, header: Tree) -> IndicesOptions:
    options = options_of(call, SEARCHING)
    lenient = header.get("ignore_unavailable", header.get("ignoreUnavailable", options.ignore_unavailable))
    nothing = header.get("allow_no_indices", header.get("allowNoIndices", options.allow_no_indices))
    wildcards = header.get("expand_wildcards", header.get("expandWildcards"))
    if isinstance(wildcards, list):
        wildcards = ",".join(map(str, wildcards))
    return IndicesOptions.of(
        lenient in (True, "true"), nothing in (True, "true"), None if wildcards is None else str(wildcards)
    )
