"""Documents, nested objects, and their values by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from fake_es.mapping.field_types import FieldType, Flattened
from fake_es.mapping.mapping import Mapping
from fake_es.mapping.text_fields import terms_of
from fake_es.wire.errors import ElasticsearchError

Source = dict[str, Any]
Values = Sequence[Any]
SCALARS = frozenset({str, int, float, bool})


class FieldColumn(Protocol):
    """The values of one field, by the ordinals of the documents (``columns.Column``)."""

    values: list[Values]

    def statistics(self, term: str) -> tuple[int, int, float]:
        """How many documents have a term, how many have the field, and how many terms they have on average."""


class DocumentIndex(Protocol):
    """The part of ``index.Index`` that documents and their finders use. ``Index`` itself imports this module."""

    name: str
    mapping: Mapping

    def column(self, field: str) -> FieldColumn | None:
        """The doc values of a field."""

    def lookup(self, field: str) -> FieldColumn | None:
        """The terms of a field."""

    def put(self, document_id: str, source: Source, *, type_name: str | None = None) -> object:
        """Index a document; it replaces one with the same id."""

    def delete(self, document_id: str, *, type_name: str | None = None) -> object:
        """Delete a document."""

    def check_version(
        self,
        document_id: str,
        if_seq_no: int | None,
        if_primary_term: int | None,
        version: int | None,
        version_type: str,
        *,
        type_name: str | None = None,
    ) -> None:
        """Check that the document has the version that a request expects."""


class HasValues(Protocol):
    """What queries and aggregations work on: a document or a nested object."""

    @property
    def index(self) -> DocumentIndex:
        """The index of the document."""

    def values(self, field: str) -> Values:
        """The values of a field, converted to its type."""

    def terms(self, field: str) -> Values:
        """The terms of a field, which queries compare: words of analyzed texts, otherwise values."""

    def nested(self, path: str) -> list[NestedObject]:
        """The objects of a nested field."""


class Document:
    """One version of a document. It never changes: a later version is another object.

    ``ordinal`` is its number in the index; -1 after it was deleted or replaced. ``source`` is shared and must not be changed.
    """

    __slots__ = ("id", "index", "ordinal", "routing", "seq_no", "source", "type", "version")

    # The primary shard never fails.
    primary_term = 1

    def __init__(
        self,
        index: DocumentIndex,
        document_id: str,
        source: Source,
        version: int,
        seq_no: int,
        type_name: str,
        routing: str | None = None,
    ) -> None:
        self.index = index
        self.id = document_id
        self.source = source
        self.version = version
        self.seq_no = seq_no
        self.type = type_name
        self.routing = routing
        self.ordinal = -1

    def __repr__(self) -> str:
        return f"<Document {self.index.name}/{self.id}>"

    def values(self, field: str) -> Values:
        """The doc values of a field, sorted. Keywords have no duplicates; dates are epoch milliseconds.

        Empty for a field that is missing, unmapped, or an analyzed text.
        """
        if self.ordinal >= 0:
            column = self.index.column(field)
            return column.values[self.ordinal] if column is not None else ()
        type_ = self.index.mapping.field(field)
        return terms_of(type_, doc_values(self, type_)) if type_ is not None and type_.has_values else ()

    def terms(self, field: str) -> Values:
        """The terms of a field: the words of an analyzed text, otherwise its values."""
        if self.ordinal >= 0:
            column = self.index.lookup(field)
            return column.values[self.ordinal] if column is not None else ()
        type_ = self.index.mapping.field(field)
        return () if type_ is None else terms_of(type_, doc_values(self, type_))

    def nested(self, path: str) -> list[NestedObject]:
        """The objects of a nested field, in the order of the source."""
        return [NestedObject(self, path, found) for found in leaves(self.source, path) if isinstance(found, dict)]


class KeptDocument(Document):
    """A document whose source is not stored here: ``read`` makes it on each access. This saves memory."""

    __slots__ = ("_read",)

    def __init__(
        self, index: DocumentIndex, document_id: str, read: Callable[[], Source], version: int, seq_no: int, type_name: str
    ) -> None:
        # Not by super(), which takes twice as long: each opening and closing of a job creates such a document.
        self._read = read
        self.index = index
        self.id = document_id
        self.version = version
        self.seq_no = seq_no
        self.type = type_name
        self.routing = None
        self.ordinal = -1

    @property
    def source(self) -> Source:
        """The source, made by ``read``."""
        return self._read()

    @source.setter
    def source(self, source: Source) -> None:
        """Ignored."""


class NestedObject:
    """One object of a nested field. Nested queries and aggregations treat it as a document.

    ``parent`` is the document or nested object around it, ``root`` the document.
    """

    __slots__ = ("parent", "path", "root", "source")

    def __init__(self, parent: Document | NestedObject, path: str, source: Source) -> None:
        self.parent = parent
        self.root: Document = parent.root if isinstance(parent, NestedObject) else parent
        self.path = path
        self.source = source

    @property
    def id(self) -> str:
        """The id of the document."""
        return self.root.id

    @property
    def index(self) -> DocumentIndex:
        """The index of the document."""
        return self.root.index

    def values(self, field: str) -> Values:
        """The values of a field within this object, named by its full path. Metadata fields are those of the document."""
        if field.startswith("_"):
            return self.root.values(field)
        type_ = self.index.mapping.field(field)
        if type_ is None or not field.startswith(self.path + "."):
            return ()
        cut = len(self.path) + 1
        return parsed(type_, (value for path in type_.sources for value in raw_values(self.source, path[cut:], type_)))

    def terms(self, field: str) -> Values:
        """The terms of a field: the words of an analyzed text, otherwise its values."""
        type_ = self.index.mapping.field(field)
        return () if type_ is None else terms_of(type_, self.values(field))

    def nested(self, path: str) -> list[NestedObject]:
        """The objects of a nested field within this object."""
        inner = path[len(self.path) + 1 :]
        return [NestedObject(self, path, found) for found in leaves(self.source, inner) if isinstance(found, dict)]


def doc_values(document: Document, type_: FieldType) -> Values:
    """The values of a field, from the source of the document."""
    if type_.computed is not None:
        return parsed(type_, type_.computed(document))
    sources = type_.sources
    if len(sources) == 1 and "." not in sources[0]:
        value = document.source.get(sources[0])
        if type(value) in SCALARS:
            return parsed(type_, (value,))
    if type_.name.startswith("_"):
        return _metadata(document, type_.name)
    nested = document.index.mapping.nested_path(type_.name)
    if nested is not None:
        return ()
    if len(sources) == 1:
        return parsed(type_, raw_values(document.source, sources[0], type_))
    return parsed(type_, (value for path in sources for value in raw_values(document.source, path, type_)))


def raw_values(source: Any, path: str, type_: FieldType) -> Iterable[Any]:
    """The unconverted values at ``path``. Items of lists are values, unless a list is one value for this type of field."""
    if isinstance(type_, Flattened):
        return (leaf for found in leaves(source, path) for leaf in _all_leaves(found))
    return _list_values(source, path, type_) if type_.is_one([0]) else leaves(source, path, type_.null_value)


# With more values than this, a check whether they need conversion at all is worth its time.
_CHECK_TYPES_FIRST = 1000


def parsed(type_: FieldType, values: Iterable[Any]) -> Values:
    """Convert values to the type of the field; malformed ones are left out."""
    found = list(values)
    if len(found) > _CHECK_TYPES_FIRST and set(map(type, found)) <= type_.as_is:
        return type_.arranged(found)
    values, found = found, []
    for value in values:
        try:
            read = type_.parse(value)
        except ElasticsearchError:
            continue
        if read is not None:
            found.append(read)
    return type_.arranged(found) if len(found) > 1 else tuple(found)


def leaves(node: Any, path: str, null: Any = None) -> list[Any]:
    """The values at ``path``, where names may contain dots. Lists are flattened; nulls are replaced by ``null`` or left out."""
    found: list[Any] = []
    _collect(node, path, null, found)
    return found


def _collect(node: Any, path: str, null: Any, found: list[Any]) -> None:
    if isinstance(node, list):
        _collect_items(node, path, null, found)
    elif not path:
        if node is not None or null is not None:
            found.append(null if node is None else node)
    elif isinstance(node, dict):
        if path in node:
            _collect(node[path], "", null, found)
        at = path.find(".")
        while at >= 0:
            if path[:at] in node:
                _collect(node[path[:at]], path[at + 1 :], null, found)
            at = path.find(".", at + 1)


def _collect_items(items: list[Any], path: str, null: Any, found: list[Any]) -> None:
    """The same for each item of a list, which may have millions."""
    if not path and list not in set(map(type, items)):
        kept = items if null is None else [null if item is None else item for item in items]
        found += [item for item in kept if item is not None] if None in kept else kept
        return
    is_name = bool(path) and "." not in path
    for item in items:
        value = item.get(path) if is_name and type(item) is dict else None
        if type(value) in SCALARS:
            found.append(value)
        else:
            _collect(item, path, null, found)


def _list_values(node: Any, path: str, type_: FieldType) -> Iterator[Any]:
    """The same for fields where a list may be one value."""
    head, _, last = path.rpartition(".")
    for holder in leaves(node, head):
        value = holder.get(last) if isinstance(holder, dict) else None
        if isinstance(value, list) and not type_.is_one(value):
            yield from value
        elif value is not None:
            yield value


def _all_leaves(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _all_leaves(value)
    elif isinstance(node, list):
        for item in node:
            yield from _all_leaves(item)
    elif node is not None:
        yield node


def _metadata(document: Document, name: str) -> Values:
    values = {
        "_id": document.id,
        "_index": document.index.name,
        "_type": document.type,
        "_seq_no": document.seq_no,
        "_version": document.version,
        "_routing": document.routing,
    }
    value = values.get(name)
    return () if value is None else (value,)
