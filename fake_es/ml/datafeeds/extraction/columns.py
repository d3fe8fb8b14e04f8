"""How each field of a job is had from documents: doc values, the source, or a script (``ExtractionMethodDetector``)."""

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

# Values of a field in each document of a selection: None where there is none, a list where there are several.
Column = Callable[[Selection], "list[Any]"]


def _single(values: Sequence[Any]) -> Any:
    if len(values) == 1:
        return values[0]
    return list(values) if values else None


def doc_value_column(name: str) -> Column:
    """Doc values, dates other than the job's time and places as texts."""

    def read(selection: Selection) -> list[Any]:
        column = selection.index.column(name)
        if column is None:
            return [None] * len(selection.ordinals)
        values, show = column.values, _shown(column.type)
        if show is not None:
            return [_single([show(value) for value in values[ordinal]]) for ordinal in selection.ordinals]
        if column.single:
            return [found[0] if (found := values[ordinal]) else None for ordinal in selection.ordinals]
        return [_single(values[ordinal]) for ordinal in selection.ordinals]

    return read


def _shown(type_: FieldType) -> Callable[[Any], Any] | None:
    if isinstance(type_, Date):
        return iso_instant
    return (lambda point: f"{point[0]},{point[1]}") if isinstance(type_, GeoPoint) else None


def source_column(path: str) -> Column:
    """What stands in the documents themselves."""

    def read(selection: Selection) -> list[Any]:
        return [_single(list(leaves(document.source, path))) for document in selection.documents()]

    return read


def script_column(script: Script) -> Column:
    """What a script makes of each document."""

    def read(selection: Selection) -> list[Any]:
        return [script.on(document.values, document.index.mapping.is_date) for document in selection.documents()]

    return read


def script_field(tree: dict[str, Any], version: tuple[int, ...]) -> Column:
    """A field of ``script_fields``.

    :raises NotImplementedHere: the script goes beyond what is emulated.
    """
    return script_column(read_field_script(tree, version))


def runtime_field(name: str, tree: dict[str, Any], version: tuple[int, ...]) -> Column:
    """A field of ``runtime_mappings``; without a script it reads the source.

    :raises NotImplementedHere: the script goes beyond what is emulated.
    """
    return source_column(name) if "script" not in tree else script_column(read_runtime_script(tree["script"], version))
