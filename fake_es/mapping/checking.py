"""One document against a mapping: each value checked, each new field added (``DocumentParser``)."""

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

# Of many values so many are looked at together.
_AT_ONCE = 1000
# So many objects are looked at one by one.
_FEW = 20


def check_document(mapping: Mapping, source: Tree, document_id: str, text: str | None = None) -> None:
    """Check a document against a mapping, and add the fields that it introduces; what is refused changes nothing.

    :param text: what the document was read from, where that is at hand: refusals name places in it.
    :raises MapperParsing: it does not fit.
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
    """Walks one document; ``added`` are the fields it introduces, each with the object it went into."""

    __slots__ = ("_id", "_mapping", "_most", "_nested", "added")

    def __init__(self, mapping: Mapping, document_id: str) -> None:
        self._mapping = mapping
        self._id = document_id
        # Beyond the limit of the mapping nothing is gained by looking at more fields.
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
        """Take the added fields out again."""
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
            for start in range(0, len(value), _AT_ONCE):
                part = value[start : start + _AT_ONCE]
                if len(value) <= _FEW or child.is_nested or not _takes_objects(child, part):
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
        """Many values of a field, read one by one only where it is not quickly told that the field takes all of them."""
        if not values or leaf.takes_list(values) or _takes_flat(leaf, values):
            return
        for start in range(0, len(values), _AT_ONCE):
            part = values[start : start + _AT_ONCE]
            if len(values) <= _AT_ONCE or not leaf.takes_list(part):
                self._each(part, lambda item: self._leaf(leaf, item), start)

    def _each(self, items: list[Any], check: Callable[[Any], None], start: int = 0) -> None:
        place = start
        try:
            for place, item in enumerate(items, start):  # noqa: B007
                check(item)
        except MapperParsing as error:
            error.path = (place, *error.path)
            raise

    def _parse(self, field: FieldType, value: Any) -> None:
        try:
            field.parse(value)
        except NotImplementedHere:
            raise
        except ElasticsearchError as cause:
            if field.forgives():
                return
            shown = java_text(value)
            words = {"field": field.name, "kind": field.kind, "id": self._id, "value": shown}
            raise self._refusal(field.failed.at(self._mapping.release, **words), cause) from None

    def _unmapped(self, node: ObjectNode, key: str, value: Any, dynamic: str) -> None:
        head, dot, rest = key.partition(".")
        if not head or (dot and not rest):
            cause = IllegalArgument(messages.EMPTY_FIELD_NAME)
            raise unparsable_document(self._mapping.release, str(cause.reason), "", cause)
        if dot:
            self._between(node, head, {rest: value}, dynamic)
        elif dynamic == "strict":
            text = messages.STRICT.format(field=key, parent=node.path or "_doc")
            raise StrictDynamicMapping(text)
        elif dynamic != "false":
            self._introduce(node, key, value, dynamic)

    def _between(self, node: ObjectNode, key: str, value: Tree, dynamic: str) -> None:
        """A name with dots stands for objects in one another."""
        try:
            self._object(node, {key: value}, dynamic)
        except MapperParsing as error:
            error.path = ()
            raise

    def _introduce(self, node: ObjectNode, key: str, value: Any, dynamic: str) -> None:
        if isinstance(value, list):
            self._introduce_list(node, key, value, dynamic)
            return
        path = node.child_path(key)
        definition = definition_of(self._mapping.root.parameters, path, value)
        if definition is None:
            return
        deepest = self._mapping.depth_limit
        if path.count(".") >= deepest:
            raise IllegalArgument(messages.MAPPING_DEPTH.format(limit=deepest, field=path))
        node.children[key] = build_node(path, definition, self._mapping.release)
        self.added.append((node, key))
        if len(self.added) > self._most:
            self._mapping.check_number(len(self.added))
        self._again(node, key, value, dynamic)

    def _introduce_list(self, node: ObjectNode, key: str, values: list[Any], dynamic: str) -> None:
        """Make a field of the first value that says what it is; the others are checked against it together."""

        def first(item: Any) -> None:
            if item is not None and item != [] and key not in node.children:
                self._again(node, key, item, dynamic)

        if all(item is None for item in _flat(values)):
            return
        self._each(values, first)
        if key in node.children and len(values) > 1:
            self._again(node, key, values, dynamic)

    def _again(self, node: ObjectNode, key: str, value: Any, dynamic: str) -> None:
        """Check a value whose field may be there by now."""
        child = node.children.get(key)
        if child is None:
            self._introduce(node, key, value, dynamic)
        elif isinstance(child, Leaf):
            self._leaf(child, value)
        else:
            self._inner(node, child, key, value, dynamic)

    def _refusal(self, text: str, cause: ElasticsearchError | None = None) -> MapperParsing:
        return document_error(self._mapping.release, text, cause)


def _takes_objects(node: ObjectNode, items: list[Any]) -> bool:
    """Whether an object takes all of some objects with values of fields that are there, as far as that is quickly told."""
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
    """Whether a field takes all that stands in lists within a list, as far as that is quickly told."""
    flat = _flat(values)
    return flat is not values and not leaf.field.is_one([0]) and leaf.takes_list(flat)


def _flat(values: list[Any]) -> list[Any]:
    """The values of lists within a list, which are the same to an index; the list itself if there are none in it."""
    while list in set(map(type, values)):
        values = list(chain.from_iterable(value if type(value) is list else (value,) for value in values))
    return values
