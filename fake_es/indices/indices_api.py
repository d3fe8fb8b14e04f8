"""Create, get, delete, open and close indices (``RestCreateIndexAction`` and so on)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_settings import ClusterSettings
from fake_es.indices import index_settings, messages
from fake_es.indices.access import indices_in_path, indices_of
from fake_es.indices.active_shards import shards_acknowledged
from fake_es.indices.aliases import alias_options, sorted_aliases
from fake_es.indices.flat_settings import flat, nested
from fake_es.indices.index import Index
from fake_es.indices.parameters import (
    ACTIVE_SHARDS,
    BOOLEAN,
    EVERY_STATE,
    INDICES,
    LOCAL,
    MANAGING,
    MASTER_TIMEOUT,
    TEXT,
    TIMES,
    expression_of,
    strings,
)
from fake_es.indices.types import INCLUDE_TYPE_NAME, check_types, routes, split_mappings, take_types, under_type, wants_types
from fake_es.security.index_names import parse_expression
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import IllegalArgument, IllegalState, ParseError
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

_SECTIONS = ("settings", "mappings", "aliases")
FLAT_SETTINGS = Parameter("flat_settings", BOOLEAN, False)
INCLUDE_DEFAULTS = Parameter("include_defaults", BOOLEAN, False)


def _read_create(call: Call) -> Tree:
    tree = call.json_body().tree() if call.body.strip() else {}
    if not isinstance(tree, dict):
        raise ParseError(messages.KEY_NOT_OBJECT.format(key="create index"))
    if call.version < (6, 0) and not tree.keys() & set(_SECTIONS):
        return {"settings": tree}
    for key, value in tree.items():
        if key not in _SECTIONS:
            raise ParseError(messages.UNKNOWN_KEY.format(key=key, what="create index"))
        if not isinstance(value, dict):
            raise ParseError(messages.KEY_NOT_OBJECT.format(key=key))
    return tree


@operation(
    "indices.create",
    routes=routes("PUT", "/{index}"),
    action="indices:admin/create",
    query=[*TIMES, ACTIVE_SHARDS, INCLUDE_TYPE_NAME, Parameter("update_all_types", BOOLEAN, until=(6, 0))],
    body=BodyUse.OPTIONAL,
    parse=_read_create,
)
def create(call: Call, cluster: Cluster) -> Any:
    """Create an index with the settings, mappings and aliases of the body."""
    settings = flat(call.request.get("settings"))
    index_settings.check_settings(settings, call.version)
    type_name, mappings = split_mappings(call.request.get("mappings", {}), wants_types(call, "create index"))
    aliases = {alias: alias_options(alias, options) for alias, options in call.request.get("aliases", {}).items()}
    name = call.path_parameters["index"]
    if type_name is not None:
        check_types(name, call.request["mappings"], call.version)
    index = indices_of(call, cluster).create(name, mappings=mappings, settings=settings, aliases=aliases)
    if type_name is not None:
        take_types(index, call.request["mappings"])
    response = {"acknowledged": True, "shards_acknowledged": shards_acknowledged(call, cluster, [index])}
    return response | ({"index": index.name} if call.version >= (5, 6) else {})


@operation(
    "indices.get",
    routes=routes("GET", "/{index}"),
    action="indices:admin/get",
    query=[
        *INDICES,
        FLAT_SETTINGS,
        INCLUDE_DEFAULTS,
        LOCAL,
        MASTER_TIMEOUT,
        INCLUDE_TYPE_NAME,
        Parameter("features", TEXT, since=(7, 17)),
    ],
)
def get(call: Call, cluster: Cluster) -> Any:
    """The aliases, mappings and settings of indices."""
    features = strings(call.params["features"]) or list(_SECTIONS)
    for feature in features:
        if feature not in _SECTIONS:
            raise IllegalArgument(f"No endpoint or operation is available at [{feature}]")
    typed = wants_types(call, "get index")
    indices = indices_in_path(call, cluster, MANAGING)
    return {index.name: _sections(call, index, features, typed) for index in indices}


def _sections(call: Call, index: Index, features: list[str], typed: bool) -> Tree:
    sections: Tree = {}
    if "aliases" in features:
        sections["aliases"] = sorted_aliases(index)
    if "mappings" in features:
        sections["mappings"] = under_type(index, index.mapping.to_json(), typed)
    if "settings" in features:
        sections |= settings_json(call, index)
    return sections


def settings_json(call: Call, index: Index, names: str = "*") -> Tree:
    """``settings`` of an index, and ``defaults`` if the parameter ``include_defaults`` is set; ``names`` are patterns."""
    from fake_es.indices.expressions import matching

    parts = {"settings": index.settings}
    if call.params["include_defaults"]:
        parts["defaults"] = index_settings.defaults(index.settings)
    patterns = ["*" if name == "_all" else name for name in strings(names)]
    matched = {
        part: {name: value[name] for pattern in patterns for name in matching(pattern, value)} for part, value in parts.items()
    }
    if call.params["flat_settings"]:
        return {part: dict(sorted(value.items())) for part, value in matched.items()}
    return {part: nested(value) for part, value in matched.items()}


@operation(
    "indices.exists",
    routes=routes("HEAD", "/{index}"),
    action="indices:admin/get",
    query=[*INDICES, FLAT_SETTINGS, INCLUDE_DEFAULTS, LOCAL],
)
def exists(call: Call, cluster: Cluster) -> Any:
    """Whether the indices exist."""
    indices_in_path(call, cluster, MANAGING)
    return Answer(200, "")


@operation("indices.delete", routes=routes("DELETE", "/{index}"), action="indices:admin/delete", query=[*INDICES, *TIMES])
def delete(call: Call, cluster: Cluster) -> Any:
    """Delete indices. From 6.0 aliases are not allowed; from 8.0 wildcards only if a setting of the cluster allows them."""
    from dataclasses import replace

    _check_names(call, cluster)
    indices = indices_of(call, cluster)
    for index in indices_in_path(call, cluster, replace(EVERY_STATE, aliases=call.version < (6, 0))):
        indices.drop(index)
    return {"acknowledged": True}


def _check_names(call: Call, cluster: Cluster) -> None:
    """Check that there are no wildcards if a setting of the cluster forbids them (``DestructiveOperations``)."""
    required = cluster.part(ClusterSettings).get("action.destructive_requires_name")
    if required and any(part.is_pattern for part in parse_expression(expression_of(call), call.now)):
        raise IllegalArgument(messages.DESTRUCTIVE)


@operation(
    "indices.open",
    routes=routes("POST", "/_open", "/{index}/_open"),
    action="indices:admin/open",
    query=[*INDICES, *TIMES, ACTIVE_SHARDS],
)
def open_index(call: Call, cluster: Cluster) -> Any:
    """Open closed indices."""
    found = _set_closed(call, cluster, closed=False)
    if call.version < (6, 1):
        return {"acknowledged": True}
    return {"acknowledged": True, "shards_acknowledged": shards_acknowledged(call, cluster, found)}


@operation(
    "indices.close",
    routes=routes("POST", "/_close", "/{index}/_close"),
    action="indices:admin/close",
    query=[*INDICES, *TIMES, ACTIVE_SHARDS],
)
def close(call: Call, cluster: Cluster) -> Any:
    """Close indices: they can be neither written to nor searched.

    :raises IllegalState: ``cluster.indices.close.enable`` is false.
    """
    if not cluster.part(ClusterSettings).get("cluster.indices.close.enable"):
        raise IllegalState(messages.CLOSING_DISABLED)
    found = _set_closed(call, cluster, closed=True)
    if call.version < (7, 2):
        return {"acknowledged": True}
    closed = {index.name: {"closed": True} for index in found}
    return {"acknowledged": True, "shards_acknowledged": bool(found), "indices": closed}


def _set_closed(call: Call, cluster: Cluster, *, closed: bool) -> list[Index]:
    _check_names(call, cluster)
    found = indices_in_path(call, cluster, EVERY_STATE)
    for index in found:
        index.closed = closed
    return found
