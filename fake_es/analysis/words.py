"""Texts taken apart into words: the analyzers that need no language (``standard``, ``whitespace``, ``simple``, ...)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from fake_es.mapping.field_types import FieldType

# Unicode's word boundaries (UAX 29) in short: apostrophes and full stops join letters, commas and full stops digits.
_STANDARD = re.compile(r"\d+(?:[.,;'\u2019]\d+)+(?!\w)|[^\W\d]\w*(?:[.'\u2019:][^\W\d]\w*)+|\w+")
_SIMPLE = re.compile(r"[^\W\d_]+")
_ENGLISH_STOP = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of", "on",
    "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
})  # fmt: skip

Analyzer = Callable[[str], list[str]]

ANALYZERS: dict[str, Analyzer] = {
    "standard": lambda text: _STANDARD.findall(text.lower()),
    "simple": lambda text: _SIMPLE.findall(text.lower()),
    "whitespace": str.split,
    "keyword": lambda text: [text],
    "stop": lambda text: [word for word in _SIMPLE.findall(text.lower()) if word not in _ENGLISH_STOP],
}
# Stands between two values of a field, so that no phrase spans them.
GAP = ""


def analyzer_of(type_: FieldType, *, search: bool = False) -> Analyzer:
    """The analyzer of a field, that of queries with ``search``; one that is not here counts as ``standard``."""
    return ANALYZERS.get(analyzer_name(type_, search=search), ANALYZERS["standard"])


def analyzer_name(type_: FieldType, *, search: bool = False) -> str:
    """Name of the analyzer of a field, that of queries with ``search``."""
    name = type_.parameters.get("analyzer", "standard")
    return str(type_.parameters.get("search_analyzer", name) if search else name)


def words_of(type_: FieldType, values: Sequence[Any]) -> Sequence[Any]:
    """What a field is searched by: the words of its values if it is analysed, else the values themselves."""
    if not type_.is_text:
        return values
    analyze = analyzer_of(type_)
    if len(values) == 1:
        return tuple(analyze(values[0]))
    return tuple(word for value in values for word in (*analyze(value), GAP))
