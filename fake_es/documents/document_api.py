"""Single documents: index, create, get, delete (``RestIndexAction``, ``RestGetAction``, ``RestDeleteAction``)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fake_es.cluster import Cluster
from fake_es.documents import messages
from fake_es.documents.read import find_document, found_response, not_found_response
from fake_es.documents.write import Writer, WriteRequest, WriteResponse
from fake_es.indices.access import indices_of
from fake_es.indices.active_shards import wait_for_active_shards
from fake_es.indices.document import Document
from fake_es.indices.index import Index
from fake_es.indices.parameters import (
    ACTIVE_SHARDS,
    BOOLEAN,
    LONG,
    REFRESH,
    ROUTING,
    SOURCE_FILTER,
    TEXT,
    TIME,
    strings,
    typed_names,
)
from fake_es.indices.types import DOC_SINCE, GONE, TYPELESS, path_type, routes, typed_routes
from fake_es.search.source_filter import NOTHING, filter_of, filter_of_query
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import IllegalArgument, ResourceNotFound
from fake_es.wire.operation import BodyUse, Route, operation
from fake_es.wire.parameters import Parameter

# Paths with ``_create`` or ``_source`` in place of a type exist.
_NAMED_SINCE = (6, 8)
_ONE, _TYPED = "/{index}/_doc/{id}", "/{index}/{type}/{id}"

TIMEOUT = Parameter("timeout", TIME)
VERSION = (Parameter("version", LONG), Parameter("version_type", TEXT, "internal"))
COMPARE = (Parameter("if_seq_no", LONG, since=(6, 6)), Parameter("if_primary_term", LONG, since=(6, 6)))
REQUIRE_ALIAS = Parameter("require_alias", BOOLEAN, False, since=(7, 10))
REQUIRE_STREAM = Parameter("require_data_stream", BOOLEAN, False, since=(8, 13))
SOURCE_ON_ERROR = Parameter("include_source_on_error", BOOLEAN, True, since=(8, 18))
_PIPELINE = Parameter("pipeline", TEXT)
_CREATES = (
    *VERSION, REFRESH, ROUTING, TIMEOUT, ACTIVE_SHARDS, _PIPELINE, REQUIRE_ALIAS, REQUIRE_STREAM, SOURCE_ON_ERROR,
    *typed_names("parent", "timestamp", "ttl"),
)  # fmt: skip
_READS = (
    Parameter("preference", TEXT), Parameter("realtime", BOOLEAN, True), Parameter("refresh", BOOLEAN, False), ROUTING,
    *SOURCE_FILTER, *VERSION, *typed_names("parent"),
)  # fmt: skip


def write_of(call: Call, op_type: str) -> WriteRequest:
    """The write that a call requests.

    :raises ActionRequestValidation: it is not valid.
    """
    params = call.params
    write = WriteRequest(
        op_type,
        call.path_parameters["index"],
        call.path_parameters.get("id"),
        path_type(call),
        routing=params.get("routing"),
        version=params.get("version"),
        version_type=params.get("version_type", "internal"),
        if_seq_no=params.get("if_seq_no"),
        if_primary_term=params.get("if_primary_term"),
        pipeline=params.get("pipeline"),
        require_alias=params.get("require_alias", False),
        require_stream=params.get("require_data_stream", False),
    )
    write.check(call.version)
    return write


@operation(
    "index",
    routes=[
        *routes("PUT,POST", _ONE, since=DOC_SINCE),
        *routes("POST", "/{index}/_doc", since=DOC_SINCE),
        *typed_routes("PUT,POST", _TYPED),
        *typed_routes("POST", "/{index}/{type}"),
    ],
    action="indices:data/write/index",
    query=[*_CREATES, *COMPARE, Parameter("op_type", TEXT)],
    body=BodyUse.REQUIRED,
)
def index(call: Call, cluster: Cluster) -> Any:
    """Index a document. It replaces one with the same id, unless ``op_type`` is ``create``."""
    op_type = call.params["op_type"] or "index"
    if op_type.lower() not in ("index", "create"):
        raise IllegalArgument(messages.NO_OP_TYPE.format(value=op_type))
    return _store(call, cluster, op_type.lower())


@operation(
    "create",
    routes=[
        *routes("PUT,POST", "/{index}/_create/{id}", since=_NAMED_SINCE),
        *typed_routes("PUT,POST", "/{index}/{type}/{id}/_create"),
    ],
    action="indices:data/write/index",
    query=[*_CREATES, Parameter("op_type", TEXT, until=GONE)],
    body=BodyUse.REQUIRED,
)
def create(call: Call, cluster: Cluster) -> Any:
    """Index a document whose id must be new."""
    return _store(call, cluster, "create")


def _store(call: Call, cluster: Cluster, op_type: str) -> Answer:
    write = write_of(call, op_type)
    writer, text = Writer(indices_of(call, cluster)), call.text()
    if call.params["wait_for_active_shards"] not in ("0", "1"):
        wait_for_active_shards(call, cluster, writer.target(write))
    done = writer.put(write, writer.read(text), text)
    headers = {"Location": _location(call, done)} if done.status == 201 else {}
    return Answer(done.status, done.to_json(call.version, refreshed=call.params["refresh"]), headers)


def _location(call: Call, done: WriteResponse) -> str:
    kind = "_doc" if call.version >= TYPELESS else done.type_name
    path = "/".join(quote(part, safe="", errors="replace") for part in (done.name, kind, done.id))
    routing = done.document.routing if done.document is not None else None
    return f"/{path}" if routing is None else f"/{path}?routing={quote(routing, safe='', errors='replace')}"


@operation(
    "delete",
    routes=[*routes("DELETE", _ONE, since=DOC_SINCE), *typed_routes("DELETE", _TYPED)],
    action="indices:data/write/delete",
    query=[*VERSION, *COMPARE, REFRESH, ROUTING, TIMEOUT, ACTIVE_SHARDS, *typed_names("parent")],
)
def delete(call: Call, cluster: Cluster) -> Any:
    """Delete a document."""
    write, writer = write_of(call, "delete"), Writer(indices_of(call, cluster))
    wait_for_active_shards(call, cluster, writer.existing(write))
    done = writer.delete(write)
    return Answer(done.status, done.to_json(call.version, refreshed=call.params["refresh"]))


_GET_QUERY = (*_READS, Parameter("stored_fields", TEXT))
_SYNTHETIC = Parameter("force_synthetic_source", BOOLEAN, False, since=(8, 4))


def _get_routes(method: str) -> list[Route]:
    return [*routes(method, _ONE, since=DOC_SINCE), *typed_routes(method, _TYPED)]


@operation(
    "get",
    routes=_get_routes("GET"),
    action="indices:data/read/get",
    query=[*_GET_QUERY, _SYNTHETIC, Parameter("_source_exclude_vectors", BOOLEAN, since=(9, 2))],
)
def get(call: Call, cluster: Cluster) -> Any:
    """A document."""
    return _get_response(call, cluster)


@operation("exists", routes=_get_routes("HEAD"), action="indices:data/read/get", query=_GET_QUERY)
def exists(call: Call, cluster: Cluster) -> Any:
    """Whether a document exists."""
    return _get_response(call, cluster)


def _find(call: Call, cluster: Cluster, kind: str) -> tuple[Index, Document | None]:
    path, params = call.path_parameters, call.params
    indices = indices_of(call, cluster)
    return find_document(indices, path["index"], path["id"], kind, params["version"], params["version_type"])


def _get_response(call: Call, cluster: Cluster) -> Any:
    kind, document_id = path_type(call), call.path_parameters["id"]
    found, document = _find(call, cluster, kind)
    if document is None:
        return Answer(404, not_found_response(found.name, document_id, kind, call.version))
    names = strings(call.params["stored_fields"])
    # With ``stored_fields`` the source is left out by default.
    only_stored = names and "_source" not in names
    source = (filter_of_query(call.params) or NOTHING) if only_stored else filter_of(call)
    return found_response(document, source, call.version, names)


def _source_routes(method: str) -> list[Route]:
    return [
        *routes(method, "/{index}/_source/{id}", since=_NAMED_SINCE),
        *typed_routes(method, "/{index}/{type}/{id}/_source"),
    ]


@operation("get_source", routes=_source_routes("GET"), action="indices:data/read/get", query=_READS)
def get_source(call: Call, cluster: Cluster) -> Any:
    """The source of a document, without metadata."""
    return _source(call, cluster)


@operation("exists_source", routes=_source_routes("HEAD"), action="indices:data/read/get", query=_READS)
def exists_source(call: Call, cluster: Cluster) -> Any:
    """Whether a document with a source exists."""
    return _source(call, cluster)


def _source(call: Call, cluster: Cluster) -> Any:
    kind, document_id = path_type(call), call.path_parameters["id"]
    found, document = _find(call, cluster, kind)
    if document is not None:
        return filter_of(call).apply(document.source)
    if call.version < TYPELESS:
        return Answer(404, {})
    raise ResourceNotFound(messages.SOURCE_NOT_FOUND.at(call.version, index=found.name, type=kind, id=document_id))
