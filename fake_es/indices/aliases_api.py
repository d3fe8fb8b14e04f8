"""The APIs of aliases (``RestIndicesAliasesAction``, ``RestIndexPutAliasAction``, ``RestGetAliasesAction``)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from fake_es.cluster import Cluster, Step
from fake_es.indices import messages
from fake_es.indices.access import CallerIndices, indices_in_path, indices_of
from fake_es.indices.aliases import alias_options, check_alias, sorted_aliases
from fake_es.indices.errors import AliasesNotFound, AliasMissing, IndexNotFound
from fake_es.indices.expressions import IndicesOptions, matching
from fake_es.indices.index import Index
from fake_es.indices.parameters import EVERY_STATE, INDICES, LOCAL_ALIASES, MASTER_TIMEOUT, TIMES, options_of, strings
from fake_es.indices.system_indices import Sees
from fake_es.indices.types import routes
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument
from fake_es.wire.object_parser import ANY, BOOLEAN, STRING, STRINGS, Body, Field, ObjectParser
from fake_es.wire.operation import BodyUse, Route, operation

Tree = dict[str, Any]

_OPTIONS = ("filter", "routing", "index_routing", "search_routing", "is_write_index", "is_hidden")
_FIELDS = [
    *(Field(name, STRINGS) for name in ("indices", "aliases")),
    *(Field(name, STRING) for name in ("index", "alias")),
    *(Field(name, ANY) for name in (*_OPTIONS, "index-routing", "search-routing", "indexRouting", "searchRouting")),
    Field("must_exist", BOOLEAN, since=(7, 11)),
]
_ENTRY = ObjectParser("alias_action", _FIELDS)
_KINDS = ("add", "remove", "remove_index")
# ``IndicesAliasesRequest.INDICES_OPTIONS`` of the server.
_ONLY_INDICES = IndicesOptions(allow_no_indices=False, aliases=False, forbids_closed=False)


class Action(NamedTuple):
    """One action; ``kind`` is ``add``, ``remove`` or ``remove_index``."""

    kind: str
    indices: list[str]
    aliases: list[str]
    options: Tree
    must_exist: bool | None


def _read(call: Call) -> list[Action]:
    body = call.json_body()
    tree = body.tree()
    actions = tree.get("actions") if isinstance(tree, dict) else None
    if not isinstance(actions, list):
        raise ActionRequestValidation(messages.NO_ALIAS_ACTIONS)
    found = [_action(body, entry) for entry in actions]
    if not found:
        raise ActionRequestValidation(messages.NO_ALIAS_ACTIONS)
    return found


def _action(text: Body, entry: Any) -> Action:
    if not isinstance(entry, dict) or len(entry) != 1 or next(iter(entry)) not in _KINDS:
        raise IllegalArgument(messages.UNKNOWN_ALIAS_ACTION)
    kind, body = next(iter(entry.items()))
    found = _ENTRY.parse(body, text)
    indices = found.pop("indices", None) or strings(found.pop("index", None))
    aliases = found.pop("aliases", None) or strings(found.pop("alias", None))
    must_exist = found.pop("must_exist", None)
    found.pop("index", None)
    found.pop("alias", None)
    if not indices:
        raise IllegalArgument(messages.ALIAS_NEEDS.format(what="index] or [indices"))
    if not aliases and kind != "remove_index":
        raise IllegalArgument(messages.ALIAS_NEEDS.format(what="alias] or [aliases"))
    return Action(kind, indices, aliases, alias_options(",".join(aliases), found), must_exist)


@operation(
    "indices.update_aliases",
    routes=routes("POST", "/_aliases"),
    action="indices:admin/aliases",
    query=TIMES,
    body=BodyUse.REQUIRED,
    parse=_read,
    names=lambda call: [name for action in call.request for name in (*action.indices, *action.aliases)],
)
def update_aliases(call: Call, cluster: Cluster) -> Any:
    """Add and remove aliases: all actions, or none."""
    return _carry_out(call, cluster, call.request)


def _carry_out(call: Call, cluster: Cluster, actions: Iterable[Action]) -> Tree:
    indices = indices_of(call, cluster)
    dropped, changes = cluster.in_steps(lambda: indices.changes, lambda step: _planned(call, indices, actions, step))
    for index in dropped:
        indices.drop(index)
    for index, alias, options in changes:
        if options is None:
            indices.remove_alias(index, alias)
        else:
            indices.add_alias(index, alias, options)
    return {"acknowledged": True, "errors": False} if call.version >= (8, 14) else {"acknowledged": True}


def _planned(
    call: Call, indices: CallerIndices, actions: Iterable[Action], step: Step
) -> tuple[Collection[Index], list[tuple[Index, str, Tree | None]]]:
    """What the actions change: indices to remove, and aliases of indices, each with its options (None: it is removed).

    ``step`` is called between the actions. All patterns are resolved before the first change
    (``TransportIndicesAliasesAction.masterOperation``).

    :raises ElasticsearchError: an action is not possible.
    """
    # An alias stands for no index here, or it would be a way to change indices that the caller may not name.
    options = options_of(call, _ONLY_INDICES if call.version >= (6, 0) else EVERY_STATE)
    steps = []
    for action in actions:
        step()
        steps.append((action, [target.index for target in indices.resolve(action.indices, options)]))
    # Indices are removed before all other actions (``MetadataIndexAliasesService.applyAliasActions``).
    dropped = {index.name: index for action, targets in steps if action.kind == "remove_index" for index in targets}
    steps = [(action, targets) for action, targets in steps if action.kind != "remove_index"]
    changes: list[tuple[Index, str, Tree | None]] = []
    for action, targets in steps:
        step()
        _check(call, indices, action, targets, dropped)
        for index in targets:
            for alias in action.aliases:
                if action.kind == "add":
                    changes.append((index, alias, action.options))
                else:
                    changes += [(index, name, None) for name in _aliases_named(indices, index, alias)]
    return dropped.values(), changes


def _aliases_named(indices: CallerIndices, index: Index, alias: str) -> list[str]:
    """The aliases of an index that a name or pattern means, if the caller may see them."""
    pattern = _pattern(alias)
    if "*" not in pattern:
        return [pattern] if pattern in index.aliases and indices.sees(pattern) else []
    return list(filter(indices.sees, matching(pattern, list(index.aliases))))


def _names(call: Call) -> list[str]:
    """The caller needs privileges for both the index and the alias."""
    return [*strings(call.path_parameters.get("index", "*")), *strings(call.path_parameters.get("name", "*"))]


def _check(call: Call, indices: CallerIndices, action: Action, targets: list[Index], dropped: Collection[str]) -> None:
    """Check that an action is possible after the indices ``dropped`` have been removed.

    :raises AliasesNotFound: it removes aliases that do not exist.
    :raises IndexNotFound: its index is among those removed.
    :raises SecurityError: the alias would give the caller more privileges.
    """
    for index in targets:
        if index.name in dropped:
            raise IndexNotFound(index.name, call.version)
    if action.kind == "remove":
        missing = [alias for alias in action.aliases if not any(_aliases_named(indices, index, alias) for index in targets)]
        if missing and len(missing) == len(action.aliases) and action.must_exist is not False:
            names = ",".join(missing)
            resource: Tree = {"resource.type": "aliases", "resource.id": names}
            raise AliasesNotFound(messages.ALIASES_MISSING.format(names=names), **resource)
    for alias in action.aliases if action.kind == "add" else ():
        # The name of an index that is removed is free for an alias.
        if alias not in dropped and indices.exists(alias) and not indices.aliased(alias):
            raise IllegalArgument(messages.ALIAS_IS_INDEX.format(alias=alias))
        indices.check_alias(alias, [index.name for index in targets])
        for index in targets:
            check_alias(alias, action.options, index, call.now, call.version, indices.check_filter)


def _pattern(name: str) -> str:
    return "*" if name == "_all" else name


def _read_one(call: Call) -> Tree:
    tree = call.json_body().tree() if call.body.strip() else {}
    if not isinstance(tree, dict):
        raise IllegalArgument(messages.ALIAS_NOT_OBJECT.format(alias=call.path_parameters.get("name", "")))
    path = call.path_parameters
    name, index = str(tree.get("alias") or path.get("name", "")), str(tree.get("index") or path.get("index", ""))
    options = alias_options(name, {key: value for key, value in tree.items() if key not in ("index", "alias")})
    return {"name": name, "indices": strings(index), "options": options}


@operation(
    "indices.put_alias",
    routes=[
        *routes("PUT,POST", "/{index}/_alias/{name}", "/{index}/_aliases/{name}", "/_alias/{name}", "/_aliases/{name}"),
        *routes("PUT", "/{index}/_alias", "/_alias"),
    ],
    action="indices:admin/aliases",
    names=lambda call: [*call.request["indices"], call.request["name"]],
    query=TIMES,
    body=BodyUse.OPTIONAL,
    parse=_read_one,
)
def put_alias(call: Call, cluster: Cluster) -> Any:
    """Add an alias to indices, which stand in the path or in the body."""
    request = call.request
    for what, given in (("[indices] can't be empty", request["indices"]), ("[alias] can't be empty string", request["name"])):
        if not given:
            raise IllegalArgument(what)
    return _carry_out(call, cluster, [Action("add", request["indices"], [request["name"]], request["options"], None)])


@operation(
    "indices.delete_alias",
    routes=routes("DELETE", "/{index}/_alias/{name}", "/{index}/_aliases/{name}"),
    action="indices:admin/aliases",
    names=_names,
    query=TIMES,
)
def delete_alias(call: Call, cluster: Cluster) -> Any:
    """Remove aliases from indices."""
    path = call.path_parameters
    return _carry_out(call, cluster, [Action("remove", strings(path["index"]), strings(path["name"]), {}, None)])


def _alias_routes(method: str) -> list[Route]:
    return routes(method, "/_alias/{name}", "/{index}/_alias/{name}")


@operation(
    "indices.get_alias",
    routes=[*routes("GET", "/_alias", "/_aliases", "/{index}/_alias"), *_alias_routes("GET")],
    action="indices:admin/aliases/get",
    names=_names,
    query=[*INDICES, LOCAL_ALIASES, MASTER_TIMEOUT],
)
def get_alias(call: Call, cluster: Cluster) -> Any:
    """Aliases by index. If a named alias does not exist, it is a 404 with the others."""
    return _aliases(call, cluster)


@operation(
    "indices.exists_alias",
    routes=[*_alias_routes("HEAD"), *routes("HEAD", "/{index}/_alias")],
    action="indices:admin/aliases/get",
    names=_names,
    query=[*INDICES, LOCAL_ALIASES, MASTER_TIMEOUT],
)
def exists_alias(call: Call, cluster: Cluster) -> Any:
    """Whether aliases with these names exist."""
    return _aliases(call, cluster)


def _aliases(call: Call, cluster: Cluster) -> Tree:
    # PR 53147: this API alone shows what is hidden.
    options = replace(EVERY_STATE, hidden=call.version >= (7, 7))
    found, sees = indices_in_path(call, cluster, options), indices_of(call, cluster).sees
    named = call.path_parameters.get("name")
    if named is None:
        return {index.name: {"aliases": _matching(sees, index, ["*"])} for index in found}
    patterns = [_pattern(name) for name in strings(named)]
    matched = {index.name: _matching(sees, index, patterns) for index in found}
    response: Tree = {name: {"aliases": aliases} for name, aliases in matched.items() if aliases}
    known = {alias for aliases in matched.values() for alias in aliases}
    missing = [pattern for pattern in patterns if "*" not in pattern and pattern not in known]
    if missing:
        raise AliasMissing(sorted(missing), response)
    return response


def _matching(sees: Sees, index: Index, patterns: list[str]) -> Tree:
    matched = dict[str, Tree]()
    aliases = {alias: options for alias, options in sorted_aliases(index).items() if sees(alias)}
    for pattern in patterns:
        if pattern.startswith("-") and matched:
            for name in matching(pattern[1:], list(matched)):
                del matched[name]
        else:
            matched |= {name: aliases[name] for name in matching(pattern, list(aliases))}
    return matched
