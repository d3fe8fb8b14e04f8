"""Scrolls and points in time (``RestSearchScrollAction``, ``RestClearScrollAction``, ``RestOpenPointInTimeAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.access import indices_of
from fake_es.indices.active_shards import searched_shards
from fake_es.indices.parameters import BOOLEAN, INDICES, INT, ROUTING, SEARCHING, TEXT, TIME, expression_of, options_of
from fake_es.indices.types import routes
from fake_es.search import messages
from fake_es.search.errors import not_emulated
from fake_es.search.search_contexts import PointInTime, SearchContexts
from fake_es.search.search_response import next_page
from fake_es.wire.call import Answer, Call
from fake_es.wire.durations import parse_time_value
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument
from fake_es.wire.object_parser import ANY, STRING, STRINGS, Field, ObjectParser
from fake_es.wire.operation import BodyUse, each_by_itself, operation
from fake_es.wire.parameters import Parameter

_SCROLL = ObjectParser(
    "search_scroll", [Field("scroll_id", STRING), Field("scroll", STRING), Field("rest_total_hits_as_int", ANY)]
)
_CLEAR = ObjectParser("clear_scroll", [Field("scroll_id", STRINGS)])
_CLOSE = ObjectParser("close_point_in_time", [Field("id", STRING)])
_OPEN = ObjectParser("open_point_in_time", [Field("index_filter", ANY)])
_CLEAR_ALL = "cluster:admin/indices/scroll/clear_all"
_PATHS = ("/_search/scroll", "/_search/scroll/{scroll_id}")


def _read_scroll(call: Call) -> dict[str, Any]:
    if call.body.strip()[:1] not in (b"", b"{"):
        # Up to 6.x the body may be the id itself.
        return {"scroll_id": call.text().strip()}
    return _SCROLL.parse_text(call.json_body()) if call.body.strip() else {}


@operation(
    "scroll",
    routes=routes("GET,POST", *_PATHS),
    action="indices:data/read/scroll",
    names=each_by_itself,
    query=[
        Parameter("scroll", TIME),
        Parameter("scroll_id", TEXT),
        Parameter("rest_total_hits_as_int", BOOLEAN, False, since=(6, 6)),
    ],
    body=BodyUse.OPTIONAL,
    parse=_read_scroll,
)
def scroll(call: Call, cluster: Cluster) -> Any:
    """The next page of a scroll."""
    scroll_id = call.request.get("scroll_id") or call.params["scroll_id"] or call.path_parameters.get("scroll_id")
    if not scroll_id:
        raise ActionRequestValidation(messages.SCROLL_ID_MISSING)
    keep_alive, given = call.params["scroll"], call.request.get("scroll")
    if given is not None:
        keep_alive = parse_time_value(given, "scroll", call.version)
    return next_page(call, cluster, scroll_id, keep_alive)


def _clears(call: Call) -> list[str]:
    """The ids of the scrolls to clear; ``_all`` means every scroll."""
    ids: list[str] = call.request.get("scroll_id") or call.path_parameters.get("scroll_id", "").split(",")
    return ids


@operation(
    "clear_scroll",
    routes=routes("DELETE", *_PATHS),
    action="indices:data/read/scroll/clear",
    names=each_by_itself,
    acts=lambda call: _CLEAR_ALL if "_all" in _clears(call) else None,
    body=BodyUse.OPTIONAL,
    parse=lambda call: _CLEAR.parse_text(call.json_body()) if call.body.strip() else {},
)
def clear_scroll(call: Call, cluster: Cluster) -> Any:
    """Clear the named scrolls, or with ``_all`` every scroll."""
    contexts = cluster.part(SearchContexts)
    ids = _clears(call)
    if not any(ids):
        raise ActionRequestValidation(messages.NO_SCROLL_IDS)
    if ids == ["_all"]:
        return _freed(sum(contexts.close(key) for key in contexts.scroll_ids()), always=True)
    for key in ids:
        contexts.check_scroll_id(key)
    return _freed(sum(contexts.close(key) for key in ids))


def _freed(count: int, *, always: bool = False) -> Answer:
    return Answer(200 if count or always else 404, {"succeeded": True, "num_freed": count})


@operation(
    "open_point_in_time",
    routes=routes("POST", "/{index}/_pit", since=(7, 10)),
    action="indices:data/read/open_point_in_time",
    query=[
        *(parameter for parameter in INDICES if parameter.name != "allow_no_indices"),
        ROUTING,
        Parameter("keep_alive", TIME),
        Parameter("preference", TEXT),
        Parameter("allow_partial_search_results", BOOLEAN, since=(8, 16)),
        Parameter("max_concurrent_shard_requests", INT, since=(8, 17)),
    ],
    body=BodyUse.OPTIONAL,
    parse=lambda call: _OPEN.parse_text(call.json_body()) if call.body.strip() else {},
)
def open_point_in_time(call: Call, cluster: Cluster) -> Any:
    """Open a point in time: later searches in it see the indices as they are now."""
    keep_alive = call.params["keep_alive"]
    if call.request.get("index_filter"):
        raise not_emulated("index_filter")
    if keep_alive is None:
        raise ActionRequestValidation(messages.NO_KEEP_ALIVE)
    targets = indices_of(call, cluster).resolve(expression_of(call), options_of(call, SEARCHING))
    contexts = cluster.part(SearchContexts)
    opened = PointInTime(contexts.number(), targets, keep_alive, call.now)
    response: dict[str, Any] = {"id": contexts.add(opened, "pit")}
    if call.version >= (8, 16):
        shards = searched_shards(target.index for target in targets)
        response["_shards"] = {"total": shards, "successful": shards, "failed": 0, "skipped": 0}
    return response


@operation(
    "close_point_in_time",
    routes=routes("DELETE", "/_pit", since=(7, 10)),
    action="indices:data/read/close_point_in_time",
    names=each_by_itself,
    body=BodyUse.REQUIRED,
    parse=lambda call: _CLOSE.parse_text(call.json_body()),
)
def close_point_in_time(call: Call, cluster: Cluster) -> Any:
    """Close a point in time."""
    pit_id = call.request.get("id")
    if pit_id is None:
        raise IllegalArgument("Required [id]")
    contexts = cluster.part(SearchContexts)
    contexts.check_pit_id(pit_id)
    return _freed(int(contexts.close(pit_id)))
