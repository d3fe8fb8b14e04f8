"""The fields that full text queries search: names, patterns with ``*``, boosts, or all fields."""

from __future__ import annotations

from typing import Any, NamedTuple

from fake_es.mapping.field_types import Histogram, Opaque
from fake_es.search import messages
from fake_es.search.query.base import QueryContext
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.numbers import double_of


class SearchedField(NamedTuple):
    """A field that a query searches.

    ``lenient`` fields come from a pattern. They are skipped if the text is not a value of their type.
    """

    name: str
    boost: float = 1.0
    lenient: bool = False


def fields_of(given: Any, context: QueryContext) -> list[SearchedField]:
    """Resolve ``fields`` of a query: names, patterns, each perhaps with a boost as in ``name^2``.

    None means ``index.query.default_field``, by default all fields.

    :raises IllegalArgument: a boost that is not a number, or ``given`` is not texts.
    """
    if given is None:
        given = context.index.settings.get("index.query.default_field", "*")
    names = given if isinstance(given, list) else [given]
    if not all(isinstance(name, str) for name in names):
        raise IllegalArgument(messages.FIELDS_NOT_TEXTS)
    return [field for name in names for field in _named(name, context)]


def _named(text: str, context: QueryContext) -> list[SearchedField]:
    name, caret, weight = text.partition("^")
    boost = double_of(weight) if caret else 1.0
    if "*" not in name:
        return [SearchedField(name, boost)]
    mapping = context.index.mapping
    return [
        SearchedField(found, boost, lenient=True)
        for found in mapping.names(name)
        if (type_ := mapping.field(found)) is not None and not isinstance(type_, (Histogram, Opaque)) and type_.searchable
    ]
