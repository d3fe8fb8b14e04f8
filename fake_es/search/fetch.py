"""Hits as answers show them: metadata, source, fields, sort values (``FetchPhase``)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fake_es.indices.document import Document, leaves
from fake_es.indices.types import shown_type
from fake_es.mapping.field_types import FieldType
from fake_es.search import messages
from fake_es.search.aggregations.formats import format_of
from fake_es.search.search import Hit
from fake_es.search.source_filter import NOTHING, SourceFilter, filter_of_tree
from fake_es.wire.errors import IllegalArgument, ParsingError
from fake_es.wire.object_parser import token

Tree = dict[str, Any]
# A field, or a pattern of fields, and the format its values are shown in.
Wanted = tuple[str, "str | None"]


class Fetch:
    """What a search shows of each hit."""

    def __init__(self, tree: Tree, release: tuple[int, ...], source: SourceFilter | None = None) -> None:
        """From a body of ``_search``; ``source`` is what parameters say of the source.

        :raises ElasticsearchError: a part of the body cannot be read.
        """
        self._release = release
        self._stored = _names(tree.get("stored_fields"))
        self._source = source or _source(tree, self._stored)
        self._versions = _flag(tree, "version")
        self._numbers = _flag(tree, "seq_no_primary_term")
        self._fields = list(_wanted("fields", tree.get("fields"))) if release >= (7, 10) else []
        self._values = list(_wanted("docvalue_fields", tree.get("docvalue_fields")))

    def hit(self, hit: Hit) -> Tree:
        """One hit."""
        document = hit.document
        shown: Tree = {"_index": document.index.name, **shown_type(document, self._release)}
        if self._stored != ["_none_"]:
            shown["_id"] = document.id
        if self._versions:
            shown["_version"] = document.version
        if self._numbers:
            shown |= {"_seq_no": document.seq_no, "_primary_term": document.primary_term}
        shown["_score"] = hit.score
        if document.routing is not None:
            shown["_routing"] = document.routing
        if self._source.shown:
            shown["_source"] = self._source.apply(document.source)
        if self._fields or self._values or self._stored:
            fields = self._shown_fields(document)
            shown |= {"fields": fields} if fields else {}
        if hit.sort is not None:
            shown["sort"] = list(hit.sort)
        return shown

    def _shown_fields(self, document: Document) -> Tree:
        fields = stored_fields(document, self._stored)
        for pattern, form in self._values:
            for name, type_ in _fields_of(document, pattern):
                values = doc_value_texts(document, type_, form, self._release)
                fields |= {name: values} if values else {}
        for pattern, form in self._fields:
            for name, type_ in _fields_of(document, pattern):
                values = source_values(document, type_, form)
                fields |= {name: values} if values else {}
        return fields


def _flag(tree: Tree, name: str) -> bool:
    return tree.get(name) in (True, "true")


def _names(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _source(tree: Tree, stored: Sequence[str]) -> SourceFilter:
    """Nothing of the source where only stored fields are asked for."""
    if "stored_fields" in tree and "_source" not in tree and "_source" not in stored:
        return NOTHING
    return filter_of_tree(tree.get("_source"))


def _wanted(name: str, entries: Any) -> Iterable[Wanted]:
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


def _fields_of(document: Document, pattern: str) -> Iterable[tuple[str, FieldType]]:
    mapping = document.index.mapping
    names = mapping.names(pattern) if "*" in pattern else [pattern]
    found = ((name, mapping.field(name)) for name in names)
    return [(name, type_) for name, type_ in found if type_ is not None]


def doc_value_texts(document: Document, type_: FieldType, form: str | None, release: tuple[int, ...]) -> list[Any]:
    """Values of ``docvalue_fields``: dates by their format, before 7.0 as numbers unless a format is given."""
    values = document.values(type_.name)
    if type_.kind.startswith("date") and form is None and release < (7, 0):
        return list(values)
    shape = format_of(type_.kind, form, type_.parameters.get("format"), None)
    return [shape.key(value) for value in sorted(values, key=lambda value: (str(type(value)), value))]


def source_values(document: Document, type_: FieldType, form: str | None) -> list[Any]:
    """Values of ``fields``: those of the source, as their field reads them."""
    if type_.kind.startswith("date"):
        shape = format_of(type_.kind, form, type_.parameters.get("format"), None)
        return [shape.key(value) for value in document.values(type_.name)]
    if type_.is_text or not type_.has_values:
        return [value for path in type_.sources for value in leaves(document.source, path)]
    return list(document.values(type_.name))


def stored_fields(document: Document, names: Sequence[str]) -> Tree:
    """Values of those fields that the mapping keeps beside the source (``store``)."""
    found = {}
    for name in names:
        type_ = document.index.mapping.field(name)
        if type_ is not None and str(type_.parameters.get("store", "false")).lower() == "true":
            values = list(document.values(name)) or [document.source.get(name)]
            found[name] = [value for value in values if value is not None]
    return {name: values for name, values in found.items() if values}
