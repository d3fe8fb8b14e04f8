"""The mapping of an index: its fields and their updates. ``checking`` checks documents against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Mapping_
from copy import copy
from functools import cache
from typing import Any

from fake_es.mapping import messages
from fake_es.mapping.dynamic import check_templates
from fake_es.mapping.errors import MapperParsing
from fake_es.mapping.field_types import Date, FieldType, Flattened, Keyword, Metadata
from fake_es.mapping.tree import Alias, Leaf, ObjectNode, Tree, build_node, build_object
from fake_es.patterns.wildcards import wildcard
from fake_es.wire.errors import IllegalArgument, NotImplementedHere
from fake_es.wire.java import java_text
from fake_es.wire.numbers import whole_of

_METADATA = ("_id", "_index", "_type", "_seq_no", "_version", "_routing", "_ignored", "_tier")
_ROOT = frozenset({
    "properties", "dynamic", "enabled", "_meta", "dynamic_templates", "date_detection", "numeric_detection",
    "dynamic_date_formats", "_source", "_routing", "_all", "_field_names", "_size", "_parent", "_data_stream_timestamp",
    "_doc_count", "subobjects", "runtime", "include_in_all", "type",
})  # fmt: skip
# Parameters of an existing field that can be updated.
_UPDATABLE = frozenset({
    "ignore_above", "ignore_malformed", "boost", "coerce", "fielddata", "search_analyzer", "search_quote_analyzer", "meta",
    "fields", "eager_global_ordinals", "norms", "copy_to", "split_queries_on_whitespace", "null_value", "type",
    "include_in_all", "dims",
})  # fmt: skip
# Parameters of fields without a definition: metadata, and the leaves of flattened fields.
_UNDEFINED: dict[str, Any] = {"index": True, "doc_values": True, "store": False}
# Defaults of ``index.mapping.depth.limit`` and ``index.mapping.nested_objects.limit``.
_MAX_DEPTH, _MAX_NESTED_OBJECTS = 20, 10_000


class Mapping:
    """The fields of one index.

    ``generation`` grows with every change: everything derived from the fields is then out of date.
    """

    root: ObjectNode

    def __init__(self, release: tuple[int, ...], tree: Tree | None = None, limit: int = 1000) -> None:
        self.release = release
        self.limit = limit
        # ``index.mapping.depth.limit`` and ``index.mapping.nested_objects.limit``.
        self.depth_limit = _MAX_DEPTH
        self.nested_limit = _MAX_NESTED_OBJECTS
        self.generation = 0
        self._types: dict[str, FieldType] = {}
        self._aliases: dict[str, str] = {}
        # Targets of ``copy_to``, whether they exist or not.
        self._copies: frozenset[str] = frozenset()
        self._take(build_object("", {}, release))
        if tree:
            self.merge(tree)

    def take_limits(self, settings: Mapping_[str, Any]) -> None:
        """Read the limits of mappings and documents from the settings of the index."""
        self.limit = _limit(settings, "total_fields", 1000)
        self.depth_limit = _limit(settings, "depth", _MAX_DEPTH)
        self.nested_limit = _limit(settings, "nested_objects", _MAX_NESTED_OBJECTS)

    def merge(self, tree: Tree, type_name: str = "_doc") -> None:
        """Add the fields and parameters of another mapping, given without the name of its type.

        :raises MapperParsing: it is wrong.
        :raises IllegalArgument: a field would change its type or a fixed parameter, or there are too many fields.
        """
        try:
            unknown = {key: value for key, value in tree.items() if key not in _ROOT}
            if unknown:
                parameters = " ".join(f"[{key} : {java_text(value)}]" for key, value in unknown.items())
                raise MapperParsing(messages.ROOT_UNSUPPORTED.format(parameters=parameters))
            if tree.get("runtime") or str(tree.get("dynamic")).lower() == "runtime":
                raise NotImplementedHere("fake_es keeps no runtime fields in mappings")
            check_templates(tree.get("dynamic_templates", []))
            self._check_size(tree)
            root = build_object("", tree, self.release)
        except MapperParsing as why:
            text = messages.FAILED_MAPPING.at(self.release, type=type_name, why=why.reason)
            raise MapperParsing(text, cause=why) from None
        if self.root.children or self.root.parameters:
            self._take(_merged(self.root, root, self.release), root)
        else:
            self._take(root)

    def take_added(self) -> None:
        """Register fields that were added to the tree ``root``.

        :raises IllegalArgument: there are too many fields.
        """
        self._take(self.root)

    def field(self, name: str) -> FieldType | None:
        """The field with this full name; for an alias its target. None if there is none."""
        found = self._types.get(name)
        return found if found is not None else self._derived(name)

    def is_date(self, name: str) -> bool:
        """Whether the values of a field are epoch milliseconds."""
        return isinstance(self.field(name), Date)

    def type_of(self, name: str) -> str | None:
        """The name of a field's type, or ``object`` or ``nested``; None if it does not exist."""
        found = self.field(name)
        if found is not None:
            return found.kind
        node = self.object(name)
        return None if node is None else "nested" if node.is_nested else "object"

    def object(self, path: str) -> ObjectNode | None:
        """The object at this path; None if there is none."""
        node: Any = self.root
        for key in path.split("."):
            node = node.children.get(key) if isinstance(node, ObjectNode) else None
        return node if isinstance(node, ObjectNode) else None

    def nested_path(self, name: str) -> str | None:
        """The path of the innermost nested object that contains the field ``name`` or is it; None if there is none."""
        while name:
            node = self.object(name)
            if node is not None and node.is_nested:
                return name
            name = name.rpartition(".")[0]
        return None

    def copied(self) -> Mapping:
        """A copy for another index. Fields are shared, but fields that one of them adds later are not in the other."""
        other = copy(self)
        other.root = self.root.copied()
        other._types, other._aliases = dict(self._types), dict(self._aliases)
        return other

    def take_over(self, successor: Mapping) -> None:
        """Become equal to a copy of this mapping with more fields. This mapping must not have changed since it was copied."""
        self.root, self._types, self._aliases = successor.root, successor._types, successor._aliases
        self._copies, self.generation = successor._copies, successor.generation

    def extended(self, fields: dict[str, FieldType]) -> Mapping:
        """A copy with more fields, which replace fields with the same names."""
        other = copy(self)
        other._types = self._types | fields
        return other

    def names(self, pattern: str = "*") -> list[str]:
        """The sorted names of fields and aliases that a pattern matches."""
        fits = wildcard(pattern)
        return sorted(name for name in (*self._types, *self._aliases) if name[0] != "_" and fits(name))

    def below(self, path: str) -> Iterator[str]:
        """The names of the fields inside an object."""
        return (name for name in self._types if name.startswith(path + "."))

    def to_json(self) -> Tree:
        """The mapping as in responses, without the name of the type."""
        return self.root.to_json()

    def _take(self, root: ObjectNode, changed: ObjectNode | None = None) -> None:
        """Set the tree and register its fields; only those in ``changed``, the new part of the tree, if that is enough."""
        if changed is None or self._changes_copy_to(changed):
            copies: frozenset[str] = frozenset()
            known, aliases, changed = dict(_metadata(self.release)), dict[str, str](), root
        else:
            known, aliases, copies = dict(self._types), dict(self._aliases), self._copies
        copied: list[tuple[str, Any]] = []
        for path, leaf in changed.leaves():
            if isinstance(leaf, Alias):
                aliases[path] = leaf.path
                continue
            known[path] = leaf.field
            if leaf.multi:
                known.update((multi.name, multi) for multi in leaf.multi.values())
            if "copy_to" in leaf.parameters:
                copied.append((path, leaf.parameters["copy_to"]))
        self.check_number(len(known) + len(aliases) - len(self._types) - len(self._aliases))
        self._copies = copies.union(_apply_copy_to(known, copied))
        self.root, self._types, self._aliases = root, known, aliases
        self.generation += 1

    def _check_size(self, tree: Tree) -> None:
        """Check early that there are not far too many fields, before they are built.

        :raises IllegalArgument: there are more than twice as many as allowed.
        """
        count, waiting = 0, [tree]
        while waiting:
            inner = waiting.pop().get("properties")
            if isinstance(inner, dict):
                count += len(inner)
                waiting += [child for child in inner.values() if isinstance(child, dict)]
        if count > 2 * self.limit:
            self.check_number(count)

    def check_number(self, added: int) -> None:
        """Check that ``added`` more fields are allowed.

        :raises IllegalArgument: they are more than ``index.mapping.total_fields.limit``.
        """
        if added > 0 and len(self._types) + len(self._aliases) + added - len(_METADATA) > self.limit:
            raise IllegalArgument(messages.TOTAL_FIELDS.at(self.release, limit=self.limit, index="", added=added))

    def _changes_copy_to(self, changed: ObjectNode) -> bool:
        """Whether all ``copy_to`` must be applied again: a field that is built again has lost its sources."""
        return bool(self._copies) and any(
            path in self._types or any(target == path or target.startswith(path + ".") for target in self._copies)
            for path, _ in changed.leaves()
        )

    def _derived(self, name: str) -> FieldType | None:
        target = self._aliases.get(name)
        if target is not None:
            return self._types.get(target)
        head, dot, _ = name.partition(".")
        while dot:
            if isinstance(self._types.get(head), Flattened):
                return Keyword(name, "flattened", _UNDEFINED, self.release)
            more, dot, _ = name[len(head) + 1 :].partition(".")
            head = f"{head}.{more}"
        return None


def _limit(settings: Mapping_[str, Any], name: str, default: int) -> int:
    return whole_of(settings.get(f"index.mapping.{name}.limit") or default)


@cache
def _metadata(release: tuple[int, ...]) -> dict[str, FieldType]:
    return {name: Metadata(name, name, _UNDEFINED, release) for name in _METADATA}


def _apply_copy_to(types: dict[str, FieldType], copied: list[tuple[str, Any]]) -> Iterable[str]:
    """Add the sources of ``copy_to`` to its targets; returns the targets.

    ``copied`` are pairs of a field and its ``copy_to``. Fields may be shared with other mappings, so targets are copied first.
    """
    sources: dict[str, list[str]] = {}
    for path, targets in copied:
        for target in map(java_text, targets if isinstance(targets, list) else [targets]):
            sources.setdefault(target, []).append(path)
    for target, paths in sources.items():
        if target in types:
            field = types[target] = copy(types[target])
            field.sources = tuple(dict.fromkeys((*field.sources, *paths)))
    return sources


def _merged(old: ObjectNode, new: ObjectNode, release: tuple[int, ...]) -> ObjectNode:
    """The object ``old`` updated with ``new``. Fields in ``new`` are replaced by the merged ones."""
    merged = ObjectNode(old.path, old.parameters | new.parameters)
    merged.children = dict(old.children)
    for key in sorted(new.children):
        known, child = old.children.get(key), new.children[key]
        if isinstance(known, ObjectNode) and isinstance(child, ObjectNode) and _kind(known) == _kind(child):
            merged.children[key] = _merged(known, child, release)
            continue
        if known is not None:
            path = old.child_path(key)
            child = new.children[key] = build_node(
                path, _merged_field(path, known.to_json(), child.to_json(), release), release
            )
        merged.children[key] = child
    return merged


def _kind(node: ObjectNode) -> str:
    return str(node.parameters.get("type", "object"))


# What a parameter is called in a refusal where the mapping does not have it (``FieldMapper.Parameter``).
_DEFAULTS = {"analyzer": "default", "index": True, "doc_values": True, "store": False, "norms": True}


def _merged_field(name: str, old: Tree, new: Tree, release: tuple[int, ...]) -> Tree:
    was, will = old.get("type", "object"), new.get("type", "object")
    if was != will:
        raise IllegalArgument(messages.CANNOT_CHANGE_TYPE.at(release, field=name, old=was, new=will))
    for parameter in old.keys() | new.keys():
        before, after = (tree.get(parameter, _DEFAULTS.get(parameter)) for tree in (old, new))
        if parameter not in _UPDATABLE and before != after and str(before) != str(after):
            text = messages.PARAMETER_CONFLICT.at(release, field=name, parameter=parameter, old=before, new=after)
            raise IllegalArgument(text)
    fields = old.get("fields", {}) | new.get("fields", {})
    return old | new | ({"fields": fields} if fields else {})


__all__ = ["Leaf", "Mapping"]
