"""The fields of each type of an index of 5.x, which may have several types (``MapperService``)."""

from __future__ import annotations

from typing import Any

Tree = dict[str, Any]


class TypeFields:
    """Which fields the types of an index have. A field has the same mapping in all types, so the index keeps it once."""

    def __init__(self, type_name: str, mapping: Tree) -> None:
        """``type_name`` was the only type until now, and has all of ``mapping``."""
        self._fields: dict[str, set[str]] = {}
        self._root: dict[str, Tree] = {}
        self.add(type_name, mapping)

    @property
    def names(self) -> list[str]:
        """The types, in the order in which they came."""
        return list(self._fields)

    def add(self, type_name: str, mapping: Tree | None = None) -> None:
        """Add a type, and the fields and parameters of a mapping to it."""
        fields = self._fields.setdefault(type_name, set())
        tree = mapping or {}
        self._root.setdefault(type_name, {}).update({key: value for key, value in tree.items() if key != "properties"})
        _collect_mapping(tree, "", fields)

    def add_document(self, type_name: str, source: Tree) -> None:
        """Add the fields of a document to its type."""
        _collect_document(source, "", self._fields.setdefault(type_name, set()))

    def has(self, type_name: str, field: str) -> bool:
        """Whether a type has the field with this full name."""
        return field in self._fields.get(type_name, ())

    def mapping_of(self, type_name: str, mapping: Tree) -> Tree:
        """The part of the index's ``mapping`` that a type has."""
        fields = self._fields.get(type_name, set())
        shown = _only(mapping, "", fields)
        return self._root.get(type_name, {}) | {key: value for key, value in shown.items() if key == "properties"}


def _collect_mapping(tree: Tree, prefix: str, fields: set[str]) -> None:
    properties = tree.get("properties")
    for name, field in properties.items() if isinstance(properties, dict) else ():
        fields.add(prefix + name)
        if isinstance(field, dict):
            _collect_mapping(field, f"{prefix}{name}.", fields)


def _collect_document(value: Any, prefix: str, fields: set[str]) -> None:
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, dict):
            continue
        for name, inner in item.items():
            path = prefix + name
            # Names with dots are objects in objects.
            parts = path.split(".")
            fields.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))
            _collect_document(inner, f"{path}.", fields)


def _only(tree: Tree, prefix: str, fields: set[str]) -> Tree:
    if "properties" not in tree:
        return tree
    properties = {
        name: _only(field, f"{prefix}{name}.", fields) for name, field in tree["properties"].items() if prefix + name in fields
    }
    return tree | {"properties": properties} if properties else {key: tree[key] for key in tree if key != "properties"}
