"""How a field is extracted from documents: doc values, source, or script (``ExtractionMethodDetector``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fake_es.indices.document import leaves
from fake_es.mapping.field_types import Date, FieldType, GeoPoint
from fake_es.ml.config.datafeed.search import read_field_script
from fake_es.ml.datafeeds.extraction.source import Selection
from fake_es.script import Script
from fake_es.search.runtime import read_runtime_script
from fake_es.wire.human import iso_instant

# Values of a field, one entry per document: None without a value, a list with several values.
Column = Callable[[Selection], "list[Any]"]


def _single(values: Sequence[Any]) -> Any:
    if len(values) == 1:
        return values[0]
    return list(values) if values else None


def doc_value_column(name: str) -> Column:
    """Extract doc values; dates and points become text."""

    def read(selection: Selection) -> list[Any]:
        column = selection.index.column(name)
        if column is None:
            return [None] * len(selection.ordinals)
        values, to_text = column.values, _to_text(column.type)
        if to_text is not None:
            return [_single([to_text(value) for value in values[ordinal]]) for ordinal in selection.ordinals]
        if column.single:
            return [found[0] if (found := values[ordinal]) else None for ordinal in selection.ordinals]
        return [_single(values[ordinal]) for ordinal in selection.ordinals]

    return read


def _to_text(type_: FieldType) -> Callable[[Any], Any] | None:
    if isinstance(type_, Date):
        return iso_instant
    return (lambda point: f"{point[0]},{point[1]}") if isinstance(type_, GeoPoint) else None


def source_column(path: str) -> Column:
    """Extract values from the source of the documents."""

    def read(selection: Selection) -> list[Any]:
        return [_single(leaves(document.source, path)) for document in selection.documents()]

    return read


def script_column(script: Script) -> Column:
    """Run a script for each document."""

    def read(selection: Selection) -> list[Any]:
        return [script.on(document.values, document.index.mapping.is_date) for document in selection.documents()]

    return read


def script_field(tree: dict[str, Any], version: tuple[int, ...]) -> Column:
    """The column of a field in ``script_fields``.

    :raises NotImplementedHere: the script uses something that fake_es does not emulate.
    """
    return script_column(read_field_script(tree, version))


def runtime_field(name: str, tree: dict[str, Any], version: tuple[int, ...]) -> Column:
    """The column of a field in ``runtime_mappings``. Without a script it reads the source.

    :raises NotImplementedHere: the script uses something that fake_es does not emulate.
    """
    return source_column(name) if "script" not in tree else script_column(read_runtime_script(tree["script"], version))
