"""``_field_caps``: types and abilities of fields across indices (``TransportFieldCapabilitiesAction``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.indices.access import indices_in_path
from fake_es.indices.expressions import matching
from fake_es.indices.index import Index
from fake_es.indices.parameters import BOOLEAN, INDICES, SEARCHING, TEXT, strings
from fake_es.indices.types import routes
from fake_es.search import messages
from fake_es.search.errors import not_emulated
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation
from fake_es.wire.object_parser import ANY, STRINGS, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

# Metadata fields, which every index has: name -> type, searchable, aggregatable.
_METADATA = {
    "_id": ("_id", True, False), "_index": ("_index", True, True), "_routing": ("_routing", True, False),
    "_source": ("_source", False, False), "_seq_no": ("_seq_no", True, True), "_version": ("_version", False, True),
}  # fmt: skip
# Types that the response names by their family.
_FAMILY = {"constant_keyword": "keyword", "wildcard": "keyword", "match_only_text": "text"}


class IndexField(NamedTuple):
    """One field in one index (``IndexFieldCapabilities``)."""

    kind: str
    metadata: bool
    searchable: bool
    aggregatable: bool


def fields_of_index(index: Index, patterns: Sequence[str], release: tuple[int, ...]) -> dict[str, IndexField]:
    """The fields of an index whose names match a pattern; from 7.0 also its objects."""
    mapping = index.mapping
    names = dict.fromkeys(name for pattern in patterns for name in mapping.names(pattern))
    found = {}
    for name in names:
        type_ = mapping.field(name)
        if type_ is not None:
            kind = _FAMILY.get(type_.kind, type_.kind)
            found[name] = IndexField(kind, False, type_.searchable, type_.has_values)
    if release >= (7, 0):
        objects = {node.path: node.is_nested for node in mapping.root.objects()}
        for path in (path for pattern in patterns for path in matching(pattern, objects)):
            found[path] = IndexField("nested" if objects[path] else "object", False, False, False)
    metadata = (name for pattern in patterns for name in matching(pattern, _METADATA))
    return found | {name: IndexField(_METADATA[name][0], True, *_METADATA[name][1:]) for name in metadata}


def capabilities(
    indices: Sequence[Index], patterns: Sequence[str], release: tuple[int, ...], *, unmapped: bool = False
) -> dict[str, Tree]:
    """The ``fields`` of the response: by name and type. ``unmapped`` also lists the indices without a field."""
    by_index = {index.name: fields_of_index(index, patterns, release) for index in indices}
    names = sorted({name for found in by_index.values() for name in found})
    return {name: _of_field(name, by_index, release, unmapped) for name in names}


def _of_field(name: str, by_index: dict[str, dict[str, IndexField]], release: tuple[int, ...], unmapped: bool) -> Tree:
    kinds: dict[str, dict[str, IndexField]] = {}
    for index, found in by_index.items():
        if name in found:
            kinds.setdefault(found[name].kind, {})[index] = found[name]
    without = [index for index, found in by_index.items() if name not in found]
    if unmapped and without:
        kinds["unmapped"] = {index: IndexField("unmapped", False, False, False) for index in without}
    return {kind: _of_kind(kind, members, len(kinds) > 1, release) for kind, members in sorted(kinds.items())}


def _of_kind(kind: str, members: dict[str, IndexField], several: bool, release: tuple[int, ...]) -> Tree:
    entry: Tree = {"type": kind}
    if release >= (7, 14):
        entry["metadata_field"] = next(iter(members.values())).metadata
    searchable = [index for index, each in members.items() if each.searchable]
    aggregatable = [index for index, each in members.items() if each.aggregatable]
    entry["searchable"], entry["aggregatable"] = len(searchable) == len(members), len(aggregatable) == len(members)
    if several:
        entry["indices"] = sorted(members)
    for name, able in (("searchable", searchable), ("aggregatable", aggregatable)):
        if able and len(able) < len(members):
            entry[f"non_{name}_indices"] = sorted(members.keys() - able)
    return entry


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
    """Which types fields have in the indices, and whether they can be searched and aggregated."""
    names = strings(call.params["fields"]) or strings(call.request.get("fields"))
    if not names:
        raise ActionRequestValidation(messages.NO_FIELDS)
    for option in ("index_filter", "runtime_mappings"):
        if call.request.get(option):
            raise not_emulated(option)
    if call.params["filters"]:
        raise not_emulated("filters")
    indices = indices_in_path(call, cluster, SEARCHING)
    fields = capabilities(indices, names, call.version, unmapped=call.params["include_unmapped"])
    types = strings(call.params["types"])
    if types:
        fields = {name: kinds for name, kinds in fields.items() if kinds.keys() & set(types)}
    names_of_indices: Tree = {"indices": [index.name for index in indices]} if call.version >= (7, 2) else {}
    return names_of_indices | {"fields": fields}
