"""What fields of several indices can do (``TransportFieldCapabilitiesAction``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from fake_es.indices.index import Index

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
    from fake_es.indices.expressions import matching

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
