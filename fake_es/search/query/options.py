"""Shared by the parsers of queries: one field with its options, boosts and numbers."""

from __future__ import annotations

from collections.abc import Collection
from math import isfinite
from typing import Any, TypeVar

from fake_es.search import messages
from fake_es.search.query.base import Query, QueryContext
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.java import FOR_INPUT_STRING, java_text
from fake_es.wire.numbers import double_of, whole_of

Q = TypeVar("Q", bound=Query)


def one_field(query: str, tree: Any, context: QueryContext, beside: Collection[str] = ()) -> tuple[str, Any]:
    """The one field in ``tree`` and its value; ``beside`` are keys that are options rather than fields.

    :raises IllegalArgument: there is no field.
    :raises ParsingError: there is more than one field, or ``tree`` is not an object.
    """
    if not isinstance(tree, dict):
        raise context.failure(messages.QUERY_NO_OBJECT.at(context.release, name=query), tree)
    fields = [key for key in tree if key not in beside]
    if not fields:
        raise IllegalArgument(messages.NO_FIELD)
    if len(fields) > 1:
        text = messages.MANY_FIELDS.format(query=query, first=fields[0], second=fields[1])
        raise context.failure(text, tree, fields[1])
    return fields[0], tree[fields[0]]


def field_and_options(
    query: str, tree: Any, context: QueryContext, short: str, known: Collection[str]
) -> tuple[str, dict[str, Any]]:
    """The one field in ``tree`` and its options. A plain value is short for an object with the option ``short``.

    :raises IllegalArgument: there is no field.
    :raises ParsingError: several fields, a list of values, or an option that is not ``known``.
    """
    field, value = one_field(query, tree, context, ("_name", "boost") if query != "range" else ())
    if isinstance(value, list):
        raise context.failure(messages.QUERY_ARRAY.format(query=query, token="START_ARRAY", field=field), tree, field)
    if not isinstance(value, dict):
        return field, {short: value}
    for option in value:
        if option not in known:
            raise context.failure(messages.QUERY_OPTION.format(query=query, option=option), value, option)
    return field, value


def boosted(query: Q, options: dict[str, Any]) -> Q:
    """Apply the option ``boost`` to ``query``, and return the query.

    :raises IllegalArgument: ``boost`` is not a number.
    """
    query.boost *= number(options, "boost", 1.0)
    return query


def number(options: dict[str, Any], name: str, default: float) -> float:
    """The value of a numeric option.

    :raises IllegalArgument: it is not a finite number.
    """
    value = options.get(name)
    if value is None:
        return default
    if isinstance(value, (bool, dict, list)):
        raise IllegalArgument(FOR_INPUT_STRING.format(text=java_text(value)))
    found = double_of(value)
    if not isfinite(found):
        raise IllegalArgument(FOR_INPUT_STRING.format(text=value))
    return found


def count(options: dict[str, Any], name: str, default: int) -> int:
    """The value of an option for a whole number.

    :raises IllegalArgument: it is not a whole number.
    """
    value = options.get(name)
    return default if value is None else whole_of(value)
