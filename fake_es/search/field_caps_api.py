"""``_field_caps``: what fields of several indices can do (``TransportFieldCapabilitiesAction``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.indices.access import chosen
from fake_es.indices.expressions import matching
from fake_es.indices.index import Index
from fake_es.indices.parameters import BOOLEAN, INDICES, SEARCHING, TEXT, strings
from fake_es.indices.types import routes
from fake_es.search import messages
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, NotImplementedHere
from fake_es.wire.object_parser import ANY, STRINGS, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

# Fields of every index that are no fields of documents: name -> type, searchable, aggregatable.
_METADATA = {
    "_id": ("_id", True, False), "_index": ("_index", True, True), "_routing": ("_routing", True, False),
    "_source": ("_source", False, False), "_seq_no": ("_seq_no", True, True), "_version": ("_version", False, True),
}  # fmt: skip
# Kinds that are shown by the name of their family.
_FAMILY = {"constant_keyword": "keyword", "wildcard": "keyword", "match_only_text": "text"}


class Ability(NamedTuple):
    """A field of one index."""

    kind: str
    metadata: bool
    searchable: bool
    aggregatable: bool


def abilities(index: Index, patterns: Sequence[str], release: tuple[int, ...]) -> dict[str, Ability]:
    """The fields of an index that patterns match, objects around them too."""
    mapping = index.mapping
    names = dict.fromkeys(name for pattern in patterns for name in mapping.names(pattern))
    found = {}
    for name in names:
        type_ = mapping.field(name)
        if type_ is not None:
            kind = _FAMILY.get(type_.kind, type_.kind)
            found[name] = Ability(kind, False, type_.searchable, type_.has_values)
    if release >= (7, 0):
        objects = {node.path: node.is_nested for node in mapping.root.objects()}
        for path in (path for pattern in patterns for path in matching(pattern, objects)):
            found[path] = Ability("nested" if objects[path] else "object", False, False, False)
    metadata = (name for pattern in patterns for name in matching(pattern, _METADATA))
    return found | {name: Ability(_METADATA[name][0], True, *_METADATA[name][1:]) for name in metadata}


def capabilities(
    indices: Sequence[Index], patterns: Sequence[str], release: tuple[int, ...], *, unmapped: bool = False
) -> dict[str, Tree]:
    """Fields by name, and in each the kinds it has."""
    by_index = {index.name: abilities(index, patterns, release) for index in indices}
    names = sorted({name for found in by_index.values() for name in found})
    return {name: _of_field(name, by_index, release, unmapped) for name in names}


def _of_field(name: str, by_index: dict[str, dict[str, Ability]], release: tuple[int, ...], unmapped: bool) -> Tree:
    kinds: dict[str, dict[str, Ability]] = {}
    for index, found in by_index.items():
        if name in found:
            kinds.setdefault(found[name].kind, {})[index] = found[name]
    without = [index for index, found in by_index.items() if name not in found]
    if unmapped and without:
        kinds["unmapped"] = {index: Ability("unmapped", False, False, False) for index in without}
    return {kind: _of_kind(kind, members, len(kinds) > 1, release) for kind, members in sorted(kinds.items())}


def _of_kind(kind: str, members: dict[str, Ability], several: bool, release: tuple[int, ...]) -> Tree:
    shown: Tree = {"type": kind}
    if release >= (7, 14):
        shown["metadata_field"] = next(iter(members.values())).metadata
    searchable = [index for index, each in members.items() if each.searchable]
    aggregatable = [index for index, each in members.items() if each.aggregatable]
    shown["searchable"], shown["aggregatable"] = len(searchable) == len(members), len(aggregatable) == len(members)
    if several:
        shown["indices"] = sorted(members)
    for name, able in (("searchable", searchable), ("aggregatable", aggregatable)):
        if able and len(able) < len(members):
            shown[f"non_{name}_indices"] = sorted(members.keys() - able)
    return shown


_CAPS = ObjectParser(
    "field_caps_request",
    [
        Field("fields", STRINGS, since=(8, 5)),
        Field("index_filter", ANY, since=(7, 9)),
        Field("runtime_mappings", ANY, since=(7, 12)),
    ],
)


@operation(
    "field_caps",
    routes=routes("GET,POST", "/_field_caps", "/{index}/_field_caps"),
    action="indices:data/read/field_caps",
    query=[
        *INDICES,
        Parameter("fields", TEXT),
        Parameter("include_unmapped", BOOLEAN, False, since=(7, 2)),
        Parameter("filters", TEXT, since=(8, 2)),
        Parameter("types", TEXT, since=(8, 2)),
        Parameter("include_empty_fields", BOOLEAN, True, since=(8, 13)),
    ],
    body=BodyUse.OPTIONAL,
    parse=lambda call: _CAPS.parse_text(call.json_body()) if call.body.strip() else {},
)
def field_caps(call: Call, cluster: Cluster) -> Any:
    """What the fields of indices can be used for."""
    names = strings(call.params["fields"]) or strings(call.request.get("fields"))
    if not names:
        raise ActionRequestValidation(messages.NO_FIELDS)
    for option in ("index_filter", "runtime_mappings"):
        if call.request.get(option):
            raise NotImplementedHere(messages.NOT_IN_SEARCH.format(name=option))
    if call.params["filters"]:
        raise NotImplementedHere(messages.NOT_IN_SEARCH.format(name="filters"))
    indices = chosen(call, cluster, SEARCHING)
    fields = capabilities(indices, names, call.version, unmapped=call.params["include_unmapped"])
    types = strings(call.params["types"])
    if types:
        fields = {name: kinds for name, kinds in fields.items() if kinds.keys() & set(types)}
    shown: Tree = {"indices": [index.name for index in indices]} if call.version >= (7, 2) else {}
    return shown | {"fields": fields}
