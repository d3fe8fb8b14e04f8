"""``_delete_by_query``, ``_update_by_query`` and ``_reindex`` (``AbstractBulkByQueryRestHandler``, ``RestReindexAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents import messages
from fake_es.documents.by_query import Progress, check_unchanged
from fake_es.documents.update_script import UpdateScript
from fake_es.documents.write import VERSION_TYPES, Writer, WriteRequest
from fake_es.indices.access import indices_of
from fake_es.indices.document import Document, Source
from fake_es.indices.parameters import (
    ACTIVE_SHARDS,
    BOOLEAN,
    INDICES,
    INT,
    REFRESH,
    ROUTING,
    SEARCHING,
    SOURCE_FILTER,
    TEXT,
    TIME,
    expression_of,
    options_of,
)
from fake_es.indices.types import routes, typed_routes
from fake_es.script.circuit_breaker import copied
from fake_es.search.errors import not_emulated
from fake_es.search.search_request import URI_QUERY, SearchRequest
from fake_es.search.search_response import targets_of
from fake_es.search.searcher import Searcher
from fake_es.search.source_filter import filter_of_tree
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, NotImplementedHere, check_failures
from fake_es.wire.object_parser import ANY, LONG, OBJECT, STRING, STRINGS, Body, Field, ObjectParser
from fake_es.wire.operation import BodyUse, each_by_itself, operation
from fake_es.wire.parameters import DOUBLE, Parameter

Tree = dict[str, Any]

_SEARCH = "indices:data/read/search"

_PACE = (
    REFRESH, ACTIVE_SHARDS,
    Parameter("timeout", TIME), Parameter("scroll", TIME), Parameter("requests_per_second", DOUBLE, -1.0),
    Parameter("slices", TEXT), Parameter("max_docs", INT, since=(7, 3)), Parameter("wait_for_completion", BOOLEAN, True),
)  # fmt: skip
_BY_QUERY = (
    *INDICES, *URI_QUERY, ROUTING, *_PACE,
    *(parameter._replace(until=(7, 17)) for parameter in SOURCE_FILTER),
    Parameter("conflicts", TEXT, "abort"), Parameter("from", INT), Parameter("preference", TEXT),
    Parameter("request_cache", BOOLEAN), Parameter("scroll_size", INT), Parameter("search_timeout", TIME),
    Parameter("search_type", TEXT), Parameter("sort", TEXT), Parameter("stats", TEXT), Parameter("terminate_after", INT),
    Parameter("version", BOOLEAN), Parameter("size", INT, until=(8, 0)),
)  # fmt: skip
_FIELDS = [Field("query", OBJECT), Field("max_docs", LONG), Field("conflicts", STRING), Field("slice", ANY), Field("sort", ANY)]
_DELETE = ObjectParser("delete_by_query", [*_FIELDS, Field("size", LONG, until=(8, 0))])
_UPDATE = ObjectParser("update_by_query", [*_FIELDS, Field("size", LONG, until=(8, 0)), Field("script", ANY)])


def _read(call: Call, parser: ObjectParser) -> tuple[Tree, SearchRequest]:
    body = call.json_body()
    tree = parser.parse_text(body) if call.body.strip() else {}
    if tree.get("slice") is not None:
        raise not_emulated("slice")
    params = call.endpoint.read_query(call.query)
    query = {name: params[name] for name in ("q", "df", "analyzer", "analyze_wildcard", "lenient", "default_operator")}
    inner = {"query": tree["query"]} if tree.get("query") is not None else {}
    return tree, SearchRequest(body, inner, query, call.version)


def _documents(call: Call, cluster: Cluster, search: SearchRequest, most: Any) -> list[Document]:
    if not call.params["wait_for_completion"]:
        raise NotImplementedHere(messages.NO_BACKGROUND)
    indices = indices_of(call, cluster, _SEARCH)
    targets = targets_of(indices, search, expression_of(call), options_of(call, SEARCHING))
    return _limited(indices.cluster.part(Searcher).find_in_steps(targets, search.body, search.locate).documents, most)


def _limited(documents: list[Document], most: Any) -> list[Document]:
    if most in (None, -1):
        return list(documents)
    if most <= 0:
        raise ActionRequestValidation(messages.MAX_DOCS.format(value=most))
    return documents[:most]


def _proceeds(word: Any) -> bool:
    if word not in ("abort", "proceed"):
        raise IllegalArgument(messages.BAD_CONFLICTS.format(value=word))
    return bool(word == "proceed")


def _most(call: Call, tree: Tree) -> Any:
    given = (call.params["max_docs"], call.params.get("size"), tree.get("max_docs"), tree.get("size"))
    return next((value for value in given if value is not None), None)


@operation(
    "delete_by_query",
    routes=[*routes("POST", "/{index}/_delete_by_query"), *typed_routes("POST", "/{index}/{type}/_delete_by_query")],
    action="indices:data/write/delete/byquery",
    query=_BY_QUERY,
    body=BodyUse.OPTIONAL,
    parse=lambda call: _read(call, _DELETE),
)
def delete_by_query(call: Call, cluster: Cluster) -> Any:
    """Delete all matching documents."""
    tree, search = call.request
    if search.body.query is None:
        raise ActionRequestValidation(messages.NO_QUERY)
    proceed = _proceeds(tree.get("conflicts", call.params["conflicts"]))
    documents, writer = _documents(call, cluster, search, _most(call, tree)), Writer(indices_of(call, cluster))

    def remove(document: Document) -> str:
        check_unchanged(document)
        return writer.delete(WriteRequest("delete", document.index.name, document.id, document.type)).result

    progress = Progress(("deleted",))
    progress.run(documents, remove, cluster.let_in, proceed=proceed)
    return progress.answer(call.params["scroll_size"], call.params["requests_per_second"])


@operation(
    "update_by_query",
    routes=[*routes("POST", "/{index}/_update_by_query"), *typed_routes("POST", "/{index}/{type}/_update_by_query")],
    action="indices:data/write/update/byquery",
    query=[*_BY_QUERY, Parameter("pipeline", TEXT), Parameter("version_type", BOOLEAN)],
    body=BodyUse.OPTIONAL,
    parse=lambda call: _read(call, _UPDATE),
)
def update_by_query(call: Call, cluster: Cluster) -> Any:
    """Index all matching documents again, changed by a script or pipeline."""
    tree, search = call.request
    script = None if tree.get("script") is None else UpdateScript(tree["script"], call.version)
    proceed = _proceeds(tree.get("conflicts", call.params["conflicts"]))
    documents, writer = _documents(call, cluster, search, _most(call, tree)), Writer(indices_of(call, cluster))
    pipeline = call.params["pipeline"]

    def renew(document: Document) -> str:
        check_unchanged(document)
        write = WriteRequest("index", document.index.name, document.id, document.type, document.routing, pipeline=pipeline)
        source = copied(document.source)
        return _written(writer, write, source, script, document)

    progress = Progress(("updated", "deleted"))
    progress.run(documents, renew, cluster.let_in, proceed=proceed)
    return progress.answer(call.params["scroll_size"], call.params["requests_per_second"])


def _written(writer: Writer, write: WriteRequest, source: Source, script: UpdateScript | None, document: Document) -> str:
    """Run a script and index its result; returns what happened to the document."""
    if script is not None:
        known = {"_index": write.index, "_id": write.id, "_version": document.version, "_routing": write.routing}
        op = script(source, known)
        if op == "none":
            return "noop"
        if op == "delete":
            return writer.delete(write).result
    return writer.put(write, source, current=document).result


_SOURCE = ObjectParser(
    "source",
    [
        Field("index", STRINGS),
        Field("query", OBJECT),
        Field("_source", ANY),
        Field("sort", ANY),
        Field("size", LONG),
        Field("type", STRINGS, until=(8, 0)),
        *(Field(name, ANY) for name in ("remote", "slice", "runtime_mappings")),
    ],
)
_DEST = ObjectParser(
    "dest",
    [
        *(Field(name, STRING) for name in ("index", "op_type", "pipeline", "routing", "version_type")),
        Field("type", STRING, until=(8, 0)),
    ],
)
_REINDEX = ObjectParser(
    "reindex",
    [
        Field("source", OBJECT),
        Field("dest", OBJECT),
        Field("script", ANY),
        Field("max_docs", LONG),
        Field("size", LONG, until=(8, 0)),
        Field("conflicts", STRING),
    ],
)


def _read_reindex(call: Call) -> Tree:
    body = call.json_body()
    tree = _REINDEX.parse_text(body)
    source = _SOURCE.parse(tree.get("source", {}), body, ("source",))
    dest = _DEST.parse(tree.get("dest", {}), body, ("dest",))
    for name in ("remote", "slice", "runtime_mappings"):
        if source.get(name) is not None:
            raise not_emulated(f"source.{name}")
    if dest.get("routing", "keep") != "keep":
        raise not_emulated("dest.routing")
    failures = [] if source.get("index") else [messages.SOURCE_INDEX]
    failures += [] if dest.get("index") else [messages.DEST_INDEX]
    if dest.get("version_type", "internal") not in VERSION_TYPES:
        raise IllegalArgument(messages.NO_VERSION_TYPE.format(value=dest["version_type"]))
    if dest.get("op_type", "index") not in ("index", "create"):
        raise IllegalArgument(messages.NO_OP_TYPE.format(value=dest["op_type"]))
    check_failures(failures)
    return tree | {"source": source, "dest": dest}


@operation(
    "reindex",
    routes=routes("POST", "/_reindex"),
    action="indices:data/write/reindex",
    query=[*_PACE, Parameter("require_alias", BOOLEAN, False, since=(7, 11))],
    body=BodyUse.REQUIRED,
    parse=_read_reindex,
    names=each_by_itself,
)
def reindex(call: Call, cluster: Cluster) -> Any:
    """Copy documents into another index."""
    tree = call.request
    source, dest = tree["source"], tree["dest"]
    if not call.params["wait_for_completion"]:
        raise NotImplementedHere(messages.NO_BACKGROUND)
    documents = _limited(_found(call, cluster, source), _most(call, tree))
    script = None if tree.get("script") is None else UpdateScript(tree["script"], call.version)
    source_filter, writer = filter_of_tree(source.get("_source")), Writer(indices_of(call, cluster))

    def copy(document: Document) -> str:
        write = WriteRequest(
            dest.get("op_type", "index"),
            dest["index"],
            document.id,
            dest.get("type", document.type),
            document.routing,
            pipeline=dest.get("pipeline"),
            require_alias=call.params["require_alias"],
        )
        if dest.get("version_type", "internal") != "internal":
            write.version, write.version_type = document.version, dest["version_type"]
        return _written(writer, write, copied(source_filter.apply(document.source)), script, document)

    progress = Progress(("updated", "created", "deleted"))
    progress.run(documents, copy, cluster.let_in, proceed=_proceeds(tree.get("conflicts", "abort")))
    return progress.answer(source.get("size"), call.params["requests_per_second"])


def _found(call: Call, cluster: Cluster, source: Tree) -> list[Document]:
    """The documents to copy.

    :raises ActionRequestValidation: the destination is one of the indices that they are read from.
    """
    inner = {name: source[name] for name in ("query", "sort") if source.get(name) is not None}
    search = SearchRequest(Body("", call.version), inner, {}, call.version)
    indices = indices_of(call, cluster, _SEARCH)
    dest = indices.name(call.request["dest"]["index"])
    targets = targets_of(indices, search, source["index"], SEARCHING)
    if any(target.index.name == dest or dest in target.index.aliases for target in targets):
        raise ActionRequestValidation(messages.REINDEX_ITSELF.format(index=dest))
    return indices.cluster.part(Searcher).find_in_steps(targets, search.body).documents
