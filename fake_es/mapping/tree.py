"""The tree of a mapping: objects with children, and leaves with fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_es.mapping import messages
from fake_es.mapping.errors import MapperParsing, expected_map, missing_type, unknown_parameter
from fake_es.mapping.field_types import KINDS, SINCE, FieldType
from fake_es.wire.errors import NotImplementedHere

Tree = dict[str, Any]

_OBJECT_KINDS = ("object", "nested", "passthrough")
_KNOWN_PARAMETERS = frozenset({
    "type", "index", "store", "doc_values", "copy_to", "fields", "meta", "boost", "null_value", "ignore_malformed", "coerce",
    "ignore_above", "format", "locale", "norms", "analyzer", "search_analyzer", "search_quote_analyzer", "similarity",
    "index_options", "index_phrases", "index_prefixes", "index_prefix", "term_vector", "position_increment_gap", "fielddata",
    "fielddata_frequency_filter", "normalizer", "eager_global_ordinals", "split_queries_on_whitespace", "scaling_factor",
    "script", "on_script_error", "time_series_dimension", "time_series_metric", "ignore_z_value", "orientation", "tree",
    "precision", "strategy", "points_only", "tree_levels", "distance_error_pct", "value", "path", "include_in_all",
    "depth_limit", "dims", "element_type", "metrics", "default_metric", "positive_score_impact", "relations",
    "inference_id", "search_inference_id", "model_settings", "chunking_settings", "synthetic_source_keep", "max_input_length",
    "preserve_separators", "preserve_position_increments", "contexts", "max_shingle_size", "enable_position_increments",
})  # fmt: skip


class Leaf:
    """A field with its multi-fields; ``takes_all`` are the Python types of which all of them accept every value."""

    __slots__ = ("field", "multi", "parameters", "takes_all")

    def __init__(self, field: FieldType, parameters: Tree, multi: dict[str, FieldType]) -> None:
        self.field = field
        self.parameters = parameters
        self.multi = multi
        self.takes_all = field.takes_all.intersection(*(each.takes_all for each in multi.values()))

    def takes_list(self, values: list[Any]) -> bool:
        """A quick check whether all fields accept all values, which may be millions; see ``FieldType.takes_list``."""
        kinds = set(map(type, values)) - {type(None)}
        return all(field.takes_list(values, kinds) for field in (self.field, *self.multi.values()))

    def to_json(self) -> Tree:
        """The definition, as in responses."""
        return self.parameters


class Alias:
    """Another name of a field."""

    __slots__ = ("parameters", "path")

    def __init__(self, parameters: Tree) -> None:
        self.parameters = parameters
        self.path: str = parameters["path"]

    def to_json(self) -> Tree:
        """The definition, as in responses."""
        return self.parameters


class ObjectNode:
    """An object; ``path`` is empty for the root. ``dynamic`` is None if that of the parent applies."""

    __slots__ = ("children", "dynamic", "enabled", "is_nested", "parameters", "path")

    def __init__(self, path: str, parameters: Tree) -> None:
        self.path = path
        self.parameters = parameters
        self.children: dict[str, Node] = {}
        self.is_nested = parameters.get("type") == "nested"
        dynamic = parameters.get("dynamic")
        self.dynamic: str | None = None if dynamic is None else str(dynamic).lower()
        self.enabled = parameters.get("enabled", True) not in (False, "false")

    def child_path(self, key: str) -> str:
        """The full path of a child."""
        return f"{self.path}.{key}" if self.path else key

    def to_json(self) -> Tree:
        """The definition, as in responses; children are sorted by name."""
        tree = dict(self.parameters)
        if self.children:
            tree["properties"] = {key: self.children[key].to_json() for key in sorted(self.children)}
        elif self.path and not self.is_nested:
            tree = {"type": "object", **tree}
        return tree

    def copied(self) -> ObjectNode:
        """A copy to which fields can be added. Leaves never change, so they are shared."""
        other = ObjectNode(self.path, self.parameters)
        for key, child in self.children.items():
            other.children[key] = child.copied() if isinstance(child, ObjectNode) else child
        return other

    def leaves(self) -> Iterator[tuple[str, Leaf | Alias]]:
        """All fields and aliases below, with their full paths."""
        for key, child in self.children.items():
            if isinstance(child, ObjectNode):
                yield from child.leaves()
            else:
                yield self.child_path(key), child

    def objects(self) -> Iterator[ObjectNode]:
        """All objects below."""
        for child in self.children.values():
            if isinstance(child, ObjectNode):
                yield child
                yield from child.objects()


Node = Leaf | Alias | ObjectNode


def build_object(path: str, tree: Tree, release: tuple[int, ...]) -> ObjectNode:
    """Build an object with all its fields from its definition.

    :raises MapperParsing: the definition is wrong.
    """
    parameters = {key: value for key, value in tree.items() if key != "properties"}
    if parameters.get("type") == "object":
        del parameters["type"]
    node = ObjectNode(path, parameters)
    properties = tree.get("properties", {})
    if not isinstance(properties, dict):
        raise expected_map("properties", path.rpartition(".")[2] or "_doc")
    for key, definition in properties.items():
        add_child(node, key, definition, release)
    return node


def add_child(parent: ObjectNode, key: str, definition: Any, release: tuple[int, ...]) -> None:
    """Add a child to an object. Dots in its name mean objects between them.

    :raises MapperParsing: the definition or the name is wrong.
    """
    head, dot, rest = key.partition(".")
    if not head or (dot and not rest):
        raise MapperParsing(messages.EMPTY_FIELD_NAME)
    if not dot:
        parent.children[key] = build_node(parent.child_path(key), definition, release)
        return
    between = parent.children.get(head)
    if not isinstance(between, ObjectNode):
        between = parent.children[head] = ObjectNode(parent.child_path(head), {})
    add_child(between, rest, definition, release)


def build_node(path: str, definition: Any, release: tuple[int, ...]) -> Node:
    """Build what a definition in ``properties`` describes.

    :raises MapperParsing: the definition is wrong.
    """
    name = path.rpartition(".")[2]
    if not isinstance(definition, dict):
        raise expected_map("fields", name)
    kind = definition.get("type", "object" if definition.keys() & {"properties", "dynamic", "enabled"} else None)
    if kind is None:
        raise missing_type(name)
    if kind in _OBJECT_KINDS:
        return build_object(path, definition, release)
    if kind == "alias" and release >= SINCE["alias"]:
        if not isinstance(definition.get("path"), str):
            raise MapperParsing(messages.ALIAS_WITHOUT_PATH.format(field=name))
        return Alias(definition)
    return _leaf(path, definition, release)


def _leaf(path: str, definition: Tree, release: tuple[int, ...]) -> Leaf:
    field = field_type(path, definition, release)
    multi = definition.get("fields", {})
    if not isinstance(multi, dict):
        raise expected_map("fields", path.rpartition(".")[2])
    return Leaf(field, definition, {key: _multi(path, key, inner, release) for key, inner in multi.items()})


def _multi(path: str, key: str, definition: Any, release: tuple[int, ...]) -> FieldType:
    if not isinstance(definition, dict) or "type" not in definition:
        raise missing_type(key)
    field = field_type(f"{path}.{key}", definition, release)
    field.sources = (path,)
    return field


def field_type(path: str, definition: Tree, release: tuple[int, ...]) -> FieldType:
    """Build a field from its definition.

    :raises MapperParsing: an unknown type or parameter, or a wrong value.
    """
    name, kind = path.rpartition(".")[2], definition["type"]
    class_ = KINDS.get(kind) if isinstance(kind, str) else None
    if class_ is None or release < SINCE.get(kind, (0,)):
        raise MapperParsing(messages.NO_HANDLER_FOR_TYPE.at(release, kind=kind, field=name))
    for parameter, value in definition.items():
        if parameter not in _KNOWN_PARAMETERS:
            raise unknown_parameter(name, kind, parameter, value, release)
    if "script" in definition:
        raise NotImplementedHere(f"[{path}]: fake_es computes no fields by script")
    if kind == "scaled_float" and "scaling_factor" not in definition:
        raise MapperParsing(messages.NO_SCALING_FACTOR)
    try:
        return class_(path, kind, definition, release)
    except TypeError:
        raise MapperParsing(messages.BAD_PARAMETER.format(field=name, kind=kind)) from None
    except ValueError:
        raise MapperParsing(messages.BAD_FORMAT.format(format=definition.get("format"))) from None
