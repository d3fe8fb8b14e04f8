"""One document against a mapping: each value checked, each new field added (``DocumentParser``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fake_es.documents import messages
from fake_es.documents.dynamic import definition_of
from fake_es.documents.errors import StrictDynamicMapping, unreadable_document
from fake_es.documents.fields import FieldType, Flattened
from fake_es.documents.nodes import Alias, Leaf, ObjectNode, Tree, build_node
from fake_es.wire.errors import ElasticsearchError

if TYPE_CHECKING:
    from fake_es.documents.mapping import Mapping


class Checker:
    """Walks one document; ``added`` are the fields it introduces, each with the object it went into."""

    __slots__ = ("_id", "_mapping", "added")

    def __init__(self, mapping: Mapping, document_id: str) -> None:
        self._mapping = mapping
        self._id = document_id
        self.added: list[tuple[ObjectNode, str]] = []

    def check_root(self, source: Tree) -> None:
        """Check a whole document.

        :raises MapperParsing: a value does not fit.
        """
        root = self._mapping.root
        if root.enabled:
            self._object(root, source, root.dynamic or "true")

    def undo(self) -> None:
        """Take the added fields out again."""
        for parent, key in reversed(self.added):
            del parent.children[key]

    def _object(self, node: ObjectNode, source: Tree, dynamic: str) -> None:
        children = node.children
        for key, value in source.items():
            child = children.get(key)
            if child is None:
                self._unmapped(node, key, value, dynamic)
            elif type(child) is Leaf:
                if value is not None and type(value) not in child.takes_all:
                    self._leaf(child, value)
            else:
                self._inner(node, child, key, value, dynamic)

    def _inner(self, node: ObjectNode, child: Any, key: str, value: Any, dynamic: str) -> None:
        if isinstance(child, Alias):
            text = messages.WRITE_TO_ALIAS.format(field=node.child_path(key))
            raise unreadable_document(self._mapping.release)(text)
        if not child.enabled:
            return
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                self._object(child, item, child.dynamic or dynamic)
            elif isinstance(item, list):
                self._inner(node, child, key, item, dynamic)
            elif item is not None:
                text = messages.OBJECT_EXPECTED.at(self._mapping.release, field=child.path, name=key)
                raise unreadable_document(self._mapping.release)(text)

    def _leaf(self, leaf: Leaf, value: Any) -> None:
        field = leaf.field
        if type(value) is list and not field.takes_lists:
            for item in value:
                if item is not None:
                    self._leaf(leaf, item)
            return
        if type(field) is Flattened:
            return
        self._parse(field, value)
        for multi in leaf.multi.values():
            self._parse(multi, value)

    def _parse(self, field: FieldType, value: Any) -> None:
        try:
            field.parse(value)
        except ElasticsearchError as cause:
            if field.forgives():
                return
            release = self._mapping.release
            shown = messages.java_text(value)
            text = messages.FAILED_FIELD.at(release, field=field.name, kind=field.kind, id=self._id, value=shown)
            raise unreadable_document(release)(text, cause=cause) from None

    def _unmapped(self, node: ObjectNode, key: str, value: Any, dynamic: str) -> None:
        if "." in key.strip("."):
            head, _, rest = key.partition(".")
            self._object(node, {head: {rest: value}}, dynamic)
        elif dynamic == "strict":
            parent = node.path or "_doc"
            raise StrictDynamicMapping(messages.STRICT.at(self._mapping.release, field=key, parent=parent))
        elif dynamic != "false":
            self._introduce(node, key, value, dynamic)

    def _introduce(self, node: ObjectNode, key: str, value: Any, dynamic: str) -> None:
        if isinstance(value, list):
            for item in value:
                if item is not None:
                    self._object(node, {key: item}, dynamic)
            return
        path = node.child_path(key)
        definition = definition_of(self._mapping.root.parameters, path, value)
        if definition is None:
            return
        node.children[key] = build_node(path, definition, self._mapping.release)
        self.added.append((node, key))
        self._object(node, {key: value}, dynamic)
