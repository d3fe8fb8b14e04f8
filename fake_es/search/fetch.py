"""The JSON of hits: metadata, source, fields, sort values (``FetchPhase``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fake_es.indices.document import Document, leaves
from fake_es.indices.types import type_entry
from fake_es.mapping.field_types import FieldType
from fake_es.search import messages
from fake_es.search.aggregations.formats import format_of
from fake_es.search.searcher import Hit
from fake_es.search.source_filter import NOTHING, SourceFilter, filter_of_tree
from fake_es.wire.errors import IllegalArgument, ParsingError
from fake_es.wire.object_parser import token

Tree = dict[str, Any]
# The name or pattern of fields, and the format of their values.
FieldAndFormat = tuple[str, "str | None"]


class Fetch:
    """Which parts of a document the hits of a search contain."""

    def __init__(self, tree: Tree, release: tuple[int, ...], source: SourceFilter | None = None) -> None:
        """Read a body of ``_search``; ``source`` is the filter from the parameters, which counts more than the body's.

        :raises ElasticsearchError: a part of the body cannot be read.
        """
        self._release = release
        stored = tree.get("stored_fields")
        names = stored if isinstance(stored, list) else [] if stored is None else [stored]
        self._stored_fields = [str(name) for name in names]
        if source is None:
            only_stored = "stored_fields" in tree and "_source" not in tree and "_source" not in self._stored_fields
            source = NOTHING if only_stored else filter_of_tree(tree.get("_source"))
        self._source = source
        self._version = tree.get("version") in (True, "true")
        self._seq_no = tree.get("seq_no_primary_term") in (True, "true")
        self._fields = list(_fields_and_formats("fields", tree.get("fields"))) if release >= (7, 10) else []
        self._doc_value_fields = list(_fields_and_formats("docvalue_fields", tree.get("docvalue_fields")))

    def hit(self, hit: Hit) -> Tree:
        """The JSON of one hit."""
        document = hit.document
        tree: Tree = {"_index": document.index.name, **type_entry(document, self._release)}
        if self._stored_fields != ["_none_"]:
            tree["_id"] = document.id
        if self._version:
            tree["_version"] = document.version
        if self._seq_no:
            tree |= {"_seq_no": document.seq_no, "_primary_term": document.primary_term}
        tree["_score"] = hit.score
        if document.routing is not None:
            tree["_routing"] = document.routing
        if self._source.fetch_source:
            tree["_source"] = self._source.apply(document.source)
        if self._fields or self._doc_value_fields or self._stored_fields:
            fields = self._field_values(document)
            tree |= {"fields": fields} if fields else {}
        if hit.sort is not None:
            tree["sort"] = list(hit.sort)
        return tree

    def _field_values(self, document: Document) -> Tree:
        fields = stored_fields(document, self._stored_fields)
        for pattern, form in self._doc_value_fields:
            for name, type_ in _matching_fields(document, pattern):
                values = doc_values(document, type_, form, self._release)
                fields |= {name: values} if values else {}
        for pattern, form in self._fields:
            for name, type_ in _matching_fields(document, pattern):
                values = source_values(document, type_, form)
                fields |= {name: values} if values else {}
        return fields


def _fields_and_formats(name: str, entries: Any) -> Iterable[FieldAndFormat]:
    """Read ``fields`` or ``docvalue_fields`` of a body.

    :raises ElasticsearchError: it is not a list of names and of objects with a ``field``.
    """
    if entries is None:
        return
    if not isinstance(entries, list):
        raise ParsingError(messages.UNKNOWN_SEARCH_KEY.format(key=name, token=token(entries)))
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("field"), str):
            form = entry.get("format")
            yield entry["field"], None if form in (None, "use_field_mapping") else str(form)
        elif isinstance(entry, str):
            yield entry, None
        else:
            raise IllegalArgument(messages.NO_FIELD_IN.format(name=name))


def _matching_fields(document: Document, pattern: str) -> Iterable[tuple[str, FieldType]]:
    mapping = document.index.mapping
    names = mapping.names(pattern) if "*" in pattern else [pattern]
    found = ((name, mapping.field(name)) for name in names)
    return [(name, type_) for name, type_ in found if type_ is not None]


def doc_values(document: Document, type_: FieldType, form: str | None, release: tuple[int, ...]) -> list[Any]:
    """The values of a field in ``docvalue_fields``. Dates are formatted; up to 6.x only if the request gives a format."""
    values = document.values(type_.name)
    if type_.kind.startswith("date") and form is None and release < (7, 0):
        return list(values)
    formatting = format_of(type_.kind, form, type_.parameters.get("format"), None)
    return [formatting.key(value) for value in sorted(values, key=lambda value: (str(type(value)), value))]


def source_values(document: Document, type_: FieldType, form: str | None) -> list[Any]:
    """The values of a field in ``fields``: taken from the source and converted to the type of the field."""
    if type_.kind.startswith("date"):
        formatting = format_of(type_.kind, form, type_.parameters.get("format"), None)
        return [formatting.key(value) for value in document.values(type_.name)]
    if type_.is_text or not type_.has_values:
        return [value for path in type_.sources for value in leaves(document.source, path)]
    return list(document.values(type_.name))


def stored_fields(document: Document, names: Sequence[str]) -> Tree:
    """The values of the named fields that have ``store: true`` in the mapping."""
    found = {}
    for name in names:
        type_ = document.index.mapping.field(name)
        if type_ is not None and str(type_.parameters.get("store", "false")).lower() == "true":
            values = list(document.values(name)) or [document.source.get(name)]
            found[name] = [value for value in values if value is not None]
    return {name: values for name, values in found.items() if values}
