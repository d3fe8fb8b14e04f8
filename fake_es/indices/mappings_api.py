"""The APIs of mappings (``RestGetMappingAction``, ``RestPutMappingAction``, ``RestGetFieldMappingAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices import messages
from fake_es.indices.access import indices_in_path, indices_of
from fake_es.indices.expressions import matching
from fake_es.indices.index import Index
from fake_es.indices.parameters import (
    BOOLEAN,
    EVERY_STATE,
    INDICES,
    LOCAL,
    MANAGING,
    MASTER_TIMEOUT,
    TIMES,
    expression_of,
    strings,
)
from fake_es.indices.types import (
    DOC,
    INCLUDE_TYPE_NAME,
    TYPELESS,
    check_type_name,
    claim_type,
    routes,
    typed_routes,
    under_type,
    wants_types,
)
from fake_es.mapping.mapping import Mapping
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, ParseError
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]


def _read(call: Call) -> Tree:
    tree = call.json_body().tree()
    if not isinstance(tree, dict):
        raise ParseError(messages.MAPPINGS_NOT_OBJECT)
    return tree


@operation(
    "indices.get_mapping",
    routes=[
        *routes("GET", "/_mapping", "/_mappings", "/{index}/_mapping", "/{index}/_mappings"),
        *typed_routes("GET", "/_mapping/{type}", "/{index}/_mapping/{type}", "/{index}/_mappings/{type}"),
        *typed_routes("GET", "/{index}/{type}/_mapping"),
    ],
    action="indices:admin/mappings/get",
    query=[*INDICES, LOCAL, MASTER_TIMEOUT, INCLUDE_TYPE_NAME],
)
def get_mapping(call: Call, cluster: Cluster) -> Any:
    """The mappings of indices."""
    typed = wants_types(call, "get mapping")
    wanted = call.path_parameters.get("type", "*")
    found = indices_in_path(call, cluster, MANAGING)
    response = {}
    for index in found:
        mapping = index.mapping.to_json()
        names = [index.type_name] if index.types is None else index.types.names
        chosen = {name for part in wanted.split(",") for name in matching("*" if part == "_all" else part, names)}
        if not chosen:
            continue
        shown = under_type(index, mapping, typed)
        response[index.name] = {"mappings": {name: shown[name] for name in names if name in chosen} if index.types else shown}
    if not response and "type" in call.path_parameters:
        return Answer(404, {"error": messages.TYPE_MISSING.format(type=wanted), "status": 404})
    return response


@operation(
    "indices.put_mapping",
    routes=[
        *routes("PUT,POST", "/{index}/_mapping", "/{index}/_mappings"),
        *typed_routes("PUT,POST", "/{index}/_mapping/{type}", "/{index}/{type}/_mapping", "/_mapping/{type}"),
        *typed_routes("PUT,POST", "/{index}/_mappings/{type}", "/{index}/{type}/_mappings", "/_mappings/{type}"),
    ],
    action="indices:admin/mapping/put",
    query=[
        *INDICES,
        *TIMES,
        INCLUDE_TYPE_NAME,
        Parameter("write_index_only", BOOLEAN, False, since=(7, 9)),
        Parameter("update_all_types", BOOLEAN, until=(6, 0)),
    ],
    body=BodyUse.REQUIRED,
    parse=_read,
)
def put_mapping(call: Call, cluster: Cluster) -> Any:
    """Add fields to the mappings of all named indices, or of none."""
    type_name, tree = _typed(call)
    if "type" in call.path_parameters:
        check_type_name(type_name, call.version)
    found = indices_in_path(call, cluster, EVERY_STATE)
    if call.params["write_index_only"]:
        found = [indices_of(call, cluster).write_index(expression_of(call))]
    for index in found:
        Mapping(call.version, index.mapping.to_json(), index.mapping.limit).merge(tree, type_name)
    types = [index.type_name for index in found]
    try:
        for index in found:
            claim_type(index, type_name, call.version)
    except IllegalArgument:
        for index, name in zip(found, types):
            index.type_name = name
        raise
    for index in found:
        index.mapping.merge(tree, type_name)
        if index.types is not None:
            index.types.add(type_name, tree)
    return {"acknowledged": True}


def _typed(call: Call) -> tuple[str, Tree]:
    """The name of the type, and the mapping in the body. The body may have the mapping under the name of the type."""
    tree, name = call.request, call.path_parameters.get("type")
    typed = wants_types(call, "put mapping")
    if name is None:
        if list(tree) == [DOC] and call.version >= TYPELESS:
            raise IllegalArgument(messages.TYPE_IN_PUT)
        if call.version < TYPELESS and typed:
            raise ActionRequestValidation(messages.NO_MAPPING_TYPE)
        return DOC, tree
    if call.version >= TYPELESS and not typed:
        raise IllegalArgument(messages.TYPE_IN_PUT)
    return name, tree[name] if list(tree) == [name] and isinstance(tree[name], dict) else tree


@operation(
    "indices.get_field_mapping",
    routes=[
        *routes("GET", "/_mapping/field/{fields}", "/{index}/_mapping/field/{fields}"),
        *typed_routes("GET", "/_mapping/{type}/field/{fields}", "/{index}/_mapping/{type}/field/{fields}"),
        *typed_routes("GET", "/{index}/{type}/_mapping/field/{fields}"),
    ],
    action="indices:admin/mappings/fields/get",
    query=[*INDICES, LOCAL, INCLUDE_TYPE_NAME, Parameter("include_defaults", BOOLEAN, False)],
)
def get_field_mapping(call: Call, cluster: Cluster) -> Any:
    """The mappings of single fields."""
    patterns = strings(call.path_parameters["fields"])
    typed = wants_types(call, "get field mapping")
    found = indices_in_path(call, cluster, MANAGING)
    return {index.name: {"mappings": _fields_by_type(index, _fields(index, patterns), typed)} for index in found}


def _fields_by_type(index: Index, fields: Tree, typed: bool) -> Tree:
    if index.types is None or not typed:
        return under_type(index, fields, typed)
    by_type = {name: {field: fields[field] for field in fields if index.types.has(name, field)} for name in index.types.names}
    return {name: shown for name, shown in by_type.items() if shown}


def _fields(index: Index, patterns: list[str]) -> Tree:
    names = dict.fromkeys(name for pattern in patterns for name in index.mapping.names(pattern))
    fields = ((name, index.mapping.field(name)) for name in names)
    return {
        name: {"full_name": name, "mapping": {name.rpartition(".")[2]: {"type": field.kind, **field.parameters}}}
        for name, field in fields
        if field is not None
    }
