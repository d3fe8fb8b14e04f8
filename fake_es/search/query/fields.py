"""Which fields a query is about: names, patterns, boosts, or all there are."""

from __future__ import annotations

from typing import Any, NamedTuple

from fake_es.mapping.field_types import Opaque
from fake_es.search import messages
from fake_es.search.query.base import Context
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.numbers import double_of


class Named(NamedTuple):
    """A field to be searched; ``lenient`` ones, which nobody named, are passed by where a text is no value of theirs."""

    name: str
    boost: float = 1.0
    lenient: bool = False


def fields_of(given: Any, context: Context) -> list[Named]:
    """Fields by their names, with wildcards and ``name^2``; None is ``index.query.default_field``, or all.

    :raises IllegalArgument: a boost that is no number.
    """
    if given is None:
        given = context.index.settings.get("index.query.default_field", "*")
    names = given if isinstance(given, list) else [given]
    if not all(isinstance(name, str) for name in names):
        raise IllegalArgument(messages.FIELDS_NOT_TEXTS)
    return [field for name in names for field in _named(name, context)]


def _named(text: str, context: Context) -> list[Named]:
    name, caret, weight = text.partition("^")
    boost = double_of(weight) if caret else 1.0
    if "*" not in name:
        return [Named(name, boost)]
    mapping = context.index.mapping
    return [
        Named(found, boost, lenient=True)
        for found in mapping.names(name)
        if (type_ := mapping.field(found)) is not None and not isinstance(type_, Opaque) and type_.searchable
    ]
