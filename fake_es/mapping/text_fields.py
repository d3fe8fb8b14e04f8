"""The analyzers of text fields, and the terms of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.analysis.analyzers import ANALYZERS, Analyzer
from fake_es.mapping.field_types import FieldType

# A term between two values of a field, so that no phrase matches across them.
GAP = ""


def analyzer_of(type_: FieldType, *, search: bool = False) -> Analyzer:
    """The analyzer of a field; with ``search`` that for queries. An unknown one is replaced by ``standard``."""
    return ANALYZERS.get(analyzer_name(type_, search=search), ANALYZERS["standard"])


def analyzer_name(type_: FieldType, *, search: bool = False) -> str:
    """The name of the analyzer of a field; with ``search`` that for queries."""
    name = type_.parameters.get("analyzer", "standard")
    return str(type_.parameters.get("search_analyzer", name) if search else name)


def terms_of(type_: FieldType, values: Sequence[Any]) -> Sequence[Any]:
    """The terms of values: their words if the field is analyzed, otherwise the values themselves."""
    if not type_.is_text:
        return values
    analyze = analyzer_of(type_)
    if len(values) == 1:
        return tuple(analyze(values[0]))
    return tuple(word for value in values for word in (*analyze(value), GAP))
