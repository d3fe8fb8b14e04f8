"""Numbers in documents and queries, parsed as Java does (``NumberFieldMapper.NumberType``)."""

from __future__ import annotations

import math
from typing import Any

from fake_es.mapping import messages
from fake_es.mapping.errors import not_a_number
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.java import java_text
from fake_es.wire.numbers import decimal, double_of, no_number, whole
from fake_es.wire.object_parser import token

# Somewhat more than a ``long``: such numbers are refused as too large, not as wrong texts.
_LARGEST = 10**19


def number_of(value: Any) -> int | float:
    """A JSON number, or a text with a number, as a number.

    :raises ElasticsearchError: it is not a number, or not finite.
    """
    if type(value) is int or (type(value) is float and math.isfinite(value)):
        return value
    if type(value) is float:
        raise not_a_number(java_text(value))
    if value is None or isinstance(value, (bool, dict, list)):
        raise IllegalArgument(messages.NOT_NUMERIC.format(token=token(value)))
    exact = whole(value, -_LARGEST, _LARGEST)
    if exact is not None:
        return exact
    number = decimal(value)
    if number is None:
        raise no_number(value)
    if not math.isfinite(number):
        raise not_a_number(value)
    return number


def finite_of(value: Any, kind: str) -> float:
    """The same as a double; ``kind`` is the type of the field.

    :raises ElasticsearchError: it is not a number, or not finite (``NumberFieldMapper.validateFiniteValue``).
    """
    if type(value) is float and math.isfinite(value):
        return value
    number = double_of(value if isinstance(value, (str, float)) else number_of(value))
    if not math.isfinite(number):
        raise not_finite(kind, number)
    return number


def not_finite(kind: str, value: Any) -> IllegalArgument:
    """The error for an infinite number or NaN in a field of type ``kind``."""
    return IllegalArgument(messages.NOT_FINITE.format(kind=kind, value=java_text(value)))
