"""What the readers of queries share: one field with its options."""

from __future__ import annotations

from collections.abc import Collection
from math import isfinite
from typing import Any, TypeVar

from fake_es.mapping import messages as mapping_messages
from fake_es.search import messages
from fake_es.search.query.base import Context, Query
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.numbers import double_of, whole_of

Q = TypeVar("Q", bound=Query)


def one_field(query: str, tree: Any, context: Context, beside: Collection[str] = ()) -> tuple[str, Any]:
    """The one field of ``tree`` and what is said of it; ``beside`` are names that are no fields.

    :raises ParsingError: there is none, or a second one.
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
    query: str, tree: Any, context: Context, short: str, known: Collection[str]
) -> tuple[str, dict[str, Any]]:
    """The one field of ``tree`` and its options; a plain value stands for the option ``short``.

    :raises ParsingError: no field, several, or an option that is not ``known``.
    """
    field, said = one_field(query, tree, context, ("_name", "boost") if query != "range" else ())
    if isinstance(said, list):
        raise context.failure(messages.QUERY_ARRAY.format(query=query, token="START_ARRAY", field=field), tree, field)
    if not isinstance(said, dict):
        return field, {short: said}
    for option in said:
        if option not in known:
            raise context.failure(messages.QUERY_OPTION.format(query=query, option=option), said, option)
    return field, said


def boosted(query: Q, options: dict[str, Any]) -> Q:
    """``query`` with the boost that its options name.

    :raises IllegalArgument: it is no number.
    """
    query.boost *= number(options, "boost", 1.0)
    return query


def number(options: dict[str, Any], name: str, default: float) -> float:
    """An option that is a number.

    :raises IllegalArgument: it is none.
    """
    value = options.get(name)
    if value is None:
        return default
    if isinstance(value, (bool, dict, list)):
        raise IllegalArgument(mapping_messages.FOR_INPUT_STRING.format(text=mapping_messages.java_text(value)))
    found = double_of(value)
    if not isfinite(found):
        raise IllegalArgument(mapping_messages.FOR_INPUT_STRING.format(text=value))
    return found


def count(options: dict[str, Any], name: str, default: int) -> int:
    """An option that is a whole number.

    :raises IllegalArgument: it is none.
    """
    value = options.get(name)
    return default if value is None else whole_of(value)
