"""Numbers in documents and queries, as Java reads them (``NumberFieldMapper.NumberType``)."""

from __future__ import annotations

import math
import re
from typing import Any

from fake_es.documents import messages
from fake_es.documents.errors import not_a_number
from fake_es.wire.errors import IllegalArgument, NumberFormat
from fake_es.wire.object_parser import token

_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
# Java's words for what is no finite number.
_INFINITE = {"NaN": math.nan, "Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}


def number_of(value: Any) -> int | float:
    """A number, or a text that is one.

    :raises ElasticsearchError: it is none, or not finite.
    """
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return value
    if type(value) is float:
        raise not_a_number(messages.java_text(value))
    if value is None or isinstance(value, (bool, dict, list)):
        raise IllegalArgument(messages.NOT_NUMERIC.format(token=token(value)))
    try:
        if "_" in value:
            raise NumberFormat(messages.FOR_INPUT_STRING.format(text=value))
        return int(value)
    except ValueError:
        pass
    try:
        number = float(value)
    except ValueError:
        raise NumberFormat("empty String" if value == "" else messages.FOR_INPUT_STRING.format(text=value)) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise not_a_number(value)
    return number


def finite_of(value: Any, kind: str) -> float:
    """The same as a double.

    :raises ElasticsearchError: see ``number_of``; one that is not finite (``NumberFieldMapper.validateFiniteValue``).
    """
    if type(value) is float and math.isfinite(value):
        return value
    known: Any = _INFINITE.get(value.strip(), value) if type(value) is str else value
    if type(known) is str and _DECIMAL.fullmatch(known):
        known = float(known)
    if type(known) is float and not math.isfinite(known):
        raise not_finite(kind, known)
    number = number_of(known)
    try:
        return float(number)
    except OverflowError:
        raise not_finite(kind, math.inf if number > 0 else -math.inf) from None


def not_finite(kind: str, value: Any) -> IllegalArgument:
    """The refusal of a number that is not finite by a field of that type."""
    return IllegalArgument(messages.NOT_FINITE.format(kind=kind, value=messages.java_text(value)))
