"""Text fields and their analyzers: which one a field has, and the terms of its values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.analysis.analyzers import ANALYZERS, Analyzer
from fake_es.mapping.field_types import FieldType

# Stands between two values of a field, so that no phrase spans them.
GAP = ""


def analyzer_of(type_: FieldType, *, search: bool = False) -> Analyzer:
    """The analyzer of a field, that of queries with ``search``; one that is not here counts as ``standard``."""
    return ANALYZERS.get(analyzer_name(type_, search=search), ANALYZERS["standard"])


def analyzer_name(type_: FieldType, *, search: bool = False) -> str:
    """Name of the analyzer of a field, that of queries with ``search``."""
    name = type_.parameters.get("analyzer", "standard")
    return str(type_.parameters.get("search_analyzer", name) if search else name)


def terms_of(type_: FieldType, values: Sequence[Any]) -> Sequence[Any]:
    """The terms of a field: the words of its values if it is analysed, else the values themselves."""
    if not type_.is_text:
        return values
    analyze = analyzer_of(type_)
    if len(values) == 1:
        return tuple(analyze(values[0]))
    return tuple(word for value in values for word in (*analyze(value), GAP))
