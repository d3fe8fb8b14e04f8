"""``_mget`` (``RestMultiGetAction``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents import messages
from fake_es.documents.read import find_document, found_response, not_found_response
from fake_es.indices.access import CallerIndices, indices_of
from fake_es.indices.parameters import BOOLEAN, ROUTING, SOURCE_FILTER, TEXT, strings
from fake_es.indices.types import DOC, GONE, path_type, routes, typed_routes
from fake_es.search.source_filter import EVERYTHING, NOTHING, SourceFilter, filter_of_query, filter_of_tree
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument, ParseError, check_failures, logged_refusal
from fake_es.wire.numbers import whole_of
from fake_es.wire.operation import BodyUse, each_by_itself, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

_NAMES = {
    "_index": "index", "_id": "id", "_type": "type_name", "routing": "routing", "_routing": "routing", "version": "version",
    "_version": "version", "version_type": "version_type", "_version_type": "version_type", "_source": "source",
    "stored_fields": "stored_fields", "_parent": "routing", "parent": "routing",
}  # fmt: skip


@dataclass(slots=True)
class Item:
    """One document of the request."""

    index: str = ""
    id: str = ""
    type_name: str = DOC
    version: int | None = None
    version_type: str = "internal"
    source: SourceFilter | None = None
    stored_fields: list[str] | None = None
    routing: str | None = None


def _read(call: Call) -> list[Item]:
    tree = call.json_body().tree()
    if not isinstance(tree, dict):
        raise ParseError(messages.MGET_NOT_OBJECT)
    index, kind = call.path_parameters.get("index", ""), path_type(call)
    items = []
    for key, value in tree.items():
        if key not in ("docs", "ids") or not isinstance(value, list):
            raise ParseError(messages.MGET_UNKNOWN.format(name=key))
        if key == "docs":
            items += [_item(entry, Item(index, type_name=kind), call.version) for entry in value]
        else:
            items += [_id(entry, index, kind) for entry in value]
    _check(items)
    return items


def _id(entry: Any, index: str, kind: str) -> Item:
    if isinstance(entry, (dict, list)) or entry is None:
        raise IllegalArgument(messages.MGET_IDS)
    return Item(index, str(entry), kind)


def _item(entry: Any, item: Item, release: tuple[int, ...]) -> Item:
    if not isinstance(entry, dict):
        raise IllegalArgument(messages.MGET_DOCS)
    for name, value in entry.items():
        field = _NAMES.get(name)
        if field is None or (name == "_type" and release >= GONE):
            raise ParseError(messages.MGET_UNKNOWN.format(name=name))
        if value is not None or field == "source":
            setattr(item, field, _value(field, value))
    return item


def _value(field: str, value: Any) -> Any:
    if field == "source":
        return filter_of_tree(value)
    if field == "stored_fields":
        return strings(value if isinstance(value, str) else [str(item) for item in value] if isinstance(value, list) else [])
    if field == "version":
        return whole_of(value, "long")
    if isinstance(value, (dict, list)):
        raise ParseError(messages.MGET_UNKNOWN.format(name=field))
    return str(value)


def _check(items: list[Item]) -> None:
    failures = [] if items else [messages.NO_DOCUMENTS]
    for place, item in enumerate(items):
        failures += [messages.ITEM_MISSING.format(what="index", place=place)] if not item.index else []
        failures += [messages.ITEM_MISSING.format(what="id", place=place)] if not item.id else []
    check_failures(failures)


@operation(
    "mget",
    routes=[*routes("GET,POST", "/_mget", "/{index}/_mget"), *typed_routes("GET,POST", "/{index}/{type}/_mget")],
    action="indices:data/read/mget",
    query=[
        *SOURCE_FILTER,
        ROUTING,
        Parameter("preference", TEXT),
        Parameter("realtime", BOOLEAN, True),
        Parameter("refresh", BOOLEAN, False),
        Parameter("stored_fields", TEXT),
        Parameter("force_synthetic_source", BOOLEAN, False, since=(8, 4)),
    ],
    body=BodyUse.REQUIRED,
    parse=_read,
    names=each_by_itself,
)
def mget(call: Call, cluster: Cluster) -> Any:
    """Get many documents. Each has its own response: found, not found, or an error."""
    indices = indices_of(call, cluster)
    return {"docs": [_response(item, call, cluster, indices) for item in call.request]}


def _response(item: Item, call: Call, cluster: Cluster, indices: CallerIndices) -> Tree:
    cluster.let_in()
    release, params = call.version, call.params
    try:
        index, document = find_document(indices, item.index, item.id, item.type_name, item.version, item.version_type)
        if document is None:
            return not_found_response(index.name, item.id, item.type_name, release)
        names = strings(params["stored_fields"]) if item.stored_fields is None else item.stored_fields
        default = NOTHING if names and "_source" not in names else EVERYTHING
        return found_response(document, item.source or filter_of_query(params) or default, release, names)
    except Exception as error:
        refusal = logged_refusal(error, f"reading an item of {call.method} {call.target}")
        kind = {"_type": item.type_name} if release < GONE else {}
        return {"_index": item.index, **kind, "_id": item.id, "error": refusal.document()["error"]}
