"""Checks a document against a mapping, and adds its new fields (``DocumentParser``)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from fake_es.mapping import messages
from fake_es.mapping.dynamic import definition_of
from fake_es.mapping.errors import MapperParsing, StrictDynamicMapping, document_error, unparsable_document
from fake_es.mapping.field_types import FieldType, Flattened
from fake_es.mapping.mapping import Mapping
from fake_es.mapping.tree import Alias, Leaf, ObjectNode, Tree, build_node
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere
from fake_es.wire.java import java_text
from fake_es.wire.object_parser import Body
from fake_es.wire.render import dumps

# Values of long lists are checked in parts of this size, each part at once if possible.
_PART = 1000
# Up to this many objects in a list are checked one by one.
_FEW_OBJECTS = 20


def check_document(mapping: Mapping, source: Tree, document_id: str, text: str | None = None) -> None:
    """Check a document against a mapping, and add its new fields. After an error the mapping is unchanged.

    :param text: the text of the document, if known, for places in error messages.
    :raises MapperParsing: the document does not fit.
    """
    checker = _Checker(mapping, document_id)
    try:
        checker.check_root(source)
        if checker.added:
            mapping.take_added()
    except BaseException as error:
        checker.undo()
        if isinstance(error, MapperParsing) and mapping.release >= (8, 8):
            body = Body(dumps(source).decode("utf-8", "surrogatepass") if text is None else text, mapping.release)
            line, column = body.start_place(error.path) or (1, 1)
            error.reason = f"[{line}:{column}] {error.reason}"
        raise


class EarlyCheck:
    """The check of a document against a copy of a mapping. It uses nothing else, so other requests can run in the meantime.

    :param text: see ``check_document``.
    """

    def __init__(self, mapping: Mapping, source: Tree, document_id: str, text: str | None = None) -> None:
        self._mapping = mapping
        self._generation = mapping.generation
        self._copy = mapping.copied()
        self._document = (source, document_id, text)
        self._error: Exception | None = None

    def run(self) -> None:
        """Check the document against the copy."""
        try:
            check_document(self._copy, *self._document)
        except Exception as error:
            self._error = error

    def holds_for(self, mapping: Mapping) -> bool:
        """Whether the document was checked against this mapping as it is now."""
        return mapping is self._mapping and mapping.generation == self._generation

    def apply(self) -> None:
        """Add the fields that the document introduces to the mapping, which must be as it was.

        :raises MapperParsing: the document does not fit.
        """
        if self._error is not None:
            raise self._error
        if self._copy.generation != self._generation:
            self._mapping.take_over(self._copy)


class _Checker:
    """Checks one document; ``added`` are its new fields: each with the object around it and its name there."""

    __slots__ = ("_id", "_mapping", "_most", "_nested", "added")

    def __init__(self, mapping: Mapping, document_id: str) -> None:
        self._mapping = mapping
        self._id = document_id
        # After this many new fields their number is checked, since it must be too large then.
        self._most = mapping.limit
        self.added: list[tuple[ObjectNode, str]] = []
        self._nested = 0

    def check_root(self, source: Tree) -> None:
        """Check a whole document.

        :raises MapperParsing: a value does not fit.
        """
        root = self._mapping.root
        if root.enabled:
            self._object(root, source, root.dynamic or "true")

    def undo(self) -> None:
        """Remove the added fields."""
        for parent, key in reversed(self.added):
            del parent.children[key]

    def _object(self, node: ObjectNode, source: Tree, dynamic: str) -> None:
        children = node.children
        key = ""
        try:
            for key, value in source.items():
                child = children.get(key)
                if child is None:
                    self._unmapped(node, key, value, dynamic)
                elif type(child) is not Leaf:
                    self._inner(node, child, key, value, dynamic)
                elif value is not None and type(value) not in child.takes_all:
                    self._leaf(child, value)
        except MapperParsing as error:
            error.path = (key, *error.path)
            raise

    def _inner(self, node: ObjectNode, child: Any, key: str, value: Any, dynamic: str) -> None:
        if isinstance(child, Alias):
            raise self._refusal(messages.WRITE_TO_ALIAS.format(field=node.child_path(key)))
        if not child.enabled or value is None:
            return
        if isinstance(value, dict):
            if child.is_nested:
                self._count_nested(1)
            self._object(child, value, child.dynamic or dynamic)
        elif isinstance(value, list):
            for start in range(0, len(value), _PART):
                part = value[start : start + _PART]
                if len(value) <= _FEW_OBJECTS or child.is_nested or not _takes_objects(child, part):
                    self._each(part, lambda item: self._inner(node, child, key, item, dynamic), start)
        else:
            raise self._refusal(messages.OBJECT_EXPECTED.format(field=child.path, name=key))

    def _count_nested(self, count: int) -> None:
        """:raises MapperParsing: from 7.0 a document has more nested objects than ``index.mapping.nested_objects.limit``."""
        self._nested += count
        most = self._mapping.nested_limit
        if self._nested > most and self._mapping.release >= (7, 0):
            raise self._refusal(messages.NESTED_OBJECTS.format(limit=most))

    def _leaf(self, leaf: Leaf, value: Any) -> None:
        field = leaf.field
        if type(value) is list and not field.is_one(value):
            self._leaves(leaf, value)
        elif value is not None and type(field) is not Flattened:
            self._parse(field, value)
            for multi in leaf.multi.values():
                self._parse(multi, value)

    def _leaves(self, leaf: Leaf, values: list[Any]) -> None:
        """Check a list of values: all at once if possible, otherwise one by one."""
        if not values or leaf.takes_list(values) or _takes_flat(leaf, values):
            return
        for start in range(0, len(values), _PART):
            part = values[start : start + _PART]
            if len(values) <= _PART or not leaf.takes_list(part):
                self._each(part, lambda item: self._leaf(leaf, item), start)

    def _each(self, items: list[Any], check: Callable[[Any], None], start: int = 0) -> None:
        number = start
        try:
            for number, item in enumerate(items, start):  # noqa: B007
                check(item)
        except MapperParsing as error:
            error.path = (number, *error.path)
            raise

    def _parse(self, field: FieldType, value: Any) -> None:
        try:
            field.parse(value)
        except NotImplementedHere:
            raise
        except ElasticsearchError as cause:
            if field.forgives():
                return
            arguments = {"field": field.name, "kind": field.kind, "id": self._id, "value": java_text(value)}
            raise self._refusal(field.failed.at(self._mapping.release, **arguments), cause) from None

    def _unmapped(self, node: ObjectNode, key: str, value: Any, dynamic: str) -> None:
        head, dot, rest = key.partition(".")
        if not head or (dot and not rest):
            cause = IllegalArgument(messages.EMPTY_FIELD_NAME)
            raise unparsable_document(self._mapping.release, str(cause.reason), "", cause)
        if dot:
            # A name with dots means nested objects. Their names are not keys of the document, so there is no path to them.
            try:
                self._object(node, {head: {rest: value}}, dynamic)
            except MapperParsing as error:
                error.path = ()
                raise
        elif dynamic == "strict":
            text = messages.STRICT.format(field=key, parent=node.path or "_doc")
            raise StrictDynamicMapping(text)
        elif dynamic != "false":
            self._add_field(node, key, value, dynamic)

    def _add_field(self, node: ObjectNode, key: str, value: Any, dynamic: str) -> None:
        if isinstance(value, list):
            self._add_field_of_list(node, key, value, dynamic)
            return
        path = node.child_path(key)
        definition = definition_of(self._mapping.root.parameters, path, value)
        if definition is None:
            return
        limit = self._mapping.depth_limit
        if path.count(".") >= limit:
            raise IllegalArgument(messages.MAPPING_DEPTH.format(limit=limit, field=path))
        node.children[key] = build_node(path, definition, self._mapping.release)
        self.added.append((node, key))
        if len(self.added) > self._most:
            self._mapping.check_number(len(self.added))
        self._again(node, key, value, dynamic)

    def _add_field_of_list(self, node: ObjectNode, key: str, values: list[Any], dynamic: str) -> None:
        """Define a field by the first value of a list that is not null, then check the others."""

        def first(item: Any) -> None:
            if item is not None and item != [] and key not in node.children:
                self._again(node, key, item, dynamic)

        if all(item is None for item in _flat(values)):
            return
        self._each(values, first)
        if key in node.children and len(values) > 1:
            self._again(node, key, values, dynamic)

    def _again(self, node: ObjectNode, key: str, value: Any, dynamic: str) -> None:
        """Check a value whose field may exist by now."""
        child = node.children.get(key)
        if child is None:
            self._add_field(node, key, value, dynamic)
        elif isinstance(child, Leaf):
            self._leaf(child, value)
        else:
            self._inner(node, child, key, value, dynamic)

    def _refusal(self, text: str, cause: ElasticsearchError | None = None) -> MapperParsing:
        return document_error(self._mapping.release, text, cause)


def _takes_objects(node: ObjectNode, items: list[Any]) -> bool:
    """A quick check whether all ``items`` are objects that fit, with only known fields. False means: check them one by one."""
    if set(map(type, items)) != {dict}:
        return False
    columns: dict[str, list[Any]] = {}
    for item in items:
        for key, value in item.items():
            if key in columns:
                columns[key].append(value)
            else:
                columns[key] = [value]
    for key, values in columns.items():
        child = node.children.get(key)
        if type(child) is not Leaf or not child.takes_list(values):
            return False
    return True


def _takes_flat(leaf: Leaf, values: list[Any]) -> bool:
    """A quick check whether the values of nested lists fit. False means: check them one by one."""
    flat = _flat(values)
    return flat is not values and not leaf.field.is_one([0]) and leaf.takes_list(flat)


def _flat(values: list[Any]) -> list[Any]:
    """The values of nested lists in one list; the list itself if it has no lists in it."""
    while list in set(map(type, values)):
        values = list(chain.from_iterable(value if type(value) is list else (value,) for value in values))
    return values
