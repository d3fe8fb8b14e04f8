"""Parsing of numbers like Java: ``Long.parseLong``, ``Double.parseDouble``, and numbers of JSON (``XContentParser``).

Python's own functions accept more (``1_000``, ``inf``, surrounding blanks), and fail on long or infinite numbers. So all
numbers of clients are parsed by this module.
"""

from __future__ import annotations

import re
from typing import Any

from fake_es.wire.errors import IllegalArgument, NumberFormat
from fake_es.wire.java import FOR_INPUT_STRING

LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1
INT_MIN, INT_MAX = -(2**31), 2**31 - 1
# ``Character.digit`` accepts the digits of all scripts, but no superscripts.
_WHOLE = re.compile(r"([+-]?)0*(\d+)")
_DECIMAL = re.compile(r"[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[fd]?)", re.ASCII | re.IGNORECASE)
_NAMED = re.compile(r"[+-]?(NaN|Infinity)")
_LONGEST = 19
_RANGES = {"int": (INT_MIN, INT_MAX, "an integer"), "long": (LONG_MIN, LONG_MAX, "a long")}


def whole(text: str, least: int = LONG_MIN, most: int = LONG_MAX) -> int | None:
    """Parse a whole number; None if ``text`` is not one, or is out of bounds."""
    found = _WHOLE.fullmatch(text)
    if found is None or len(found[2]) > _LONGEST:
        return None
    number = int(found[1] + found[2])
    return number if least <= number <= most else None


def decimal(text: str) -> float | None:
    """Parse a number like ``Double.parseDouble``, including NaN and infinities; None if ``text`` is not a number."""
    stripped = text.strip()
    if not _DECIMAL.fullmatch(stripped):
        return None
    if not stripped[-1:].isdigit() and stripped[-1:] != ".":
        return float(stripped) if _NAMED.fullmatch(stripped) else _suffixed(stripped)
    return float(stripped)


def _suffixed(text: str) -> float | None:
    """Parse a number with a type suffix (``d`` or ``f``). Python's names of infinities are not numbers in Java."""
    return float(text[:-1]) if text[-2:-1].isdigit() or text[-2:-1] == "." else None


def double_of(value: Any) -> float:
    """Convert a JSON number, or a text with a number, to a double. A number that is too large becomes infinite.

    :raises NumberFormat: it is not a number.
    """
    if isinstance(value, str):
        found = decimal(value)
        if found is None:
            raise no_number(value)
        return found
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise no_number(value)
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def whole_of(value: Any, kind: str = "int") -> int:
    """Convert a JSON number, or a text with a number, to ``int`` or ``long``. Fractions are truncated (``longValue``).

    :raises NumberFormat: it is not a number.
    :raises IllegalArgument: it is out of range.
    """
    least, most, name = _RANGES[kind]
    number: int | float | None
    if isinstance(value, str):
        number = whole(value)
        number = double_of(value) if number is None else number
        refusal = f"Value [{value}] is out of range for {name}"
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        number = value
        refusal = f"Numeric value ({shortened(value)}) out of range of {kind} ({least} - {most})"
    else:
        raise no_number(value)
    if number != number:
        return 0
    if not least <= number <= most:
        raise IllegalArgument(refusal)
    return int(number)


def shortened(value: Any) -> str:
    """A number in the text of an error: long numbers are shortened (``ParserMinimalBase._longIntegerDesc``)."""
    if isinstance(value, int) and not LONG_MIN**17 < value < LONG_MAX**17:
        return f"[Integer with {len(str(value).lstrip('-'))} digits]"
    return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), str(value))


def no_number(value: Any) -> NumberFormat:
    """Java's error for a value that is not a number."""
    if value == "":
        return NumberFormat("empty String")
    text = ("true" if value else "false") if isinstance(value, bool) else "null" if value is None else str(value)
    return NumberFormat(FOR_INPUT_STRING.format(text=text))
