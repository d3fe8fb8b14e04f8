"""Numbers as Java reads them: ``Long.parseLong``, ``Double.parseDouble``, and the numbers of a JSON body (``XContentParser``).

Python's own readers take more (``1_000``, ``inf``, surrounding blanks), fail on what is long, and turn nothing infinite into
an integer: what a caller sends goes through this module.
"""

from __future__ import annotations

import re
from typing import Any

from fake_es.wire.errors import IllegalArgument, NumberFormat

LONG_MIN, LONG_MAX = -(2**63), 2**63 - 1
INT_MIN, INT_MAX = -(2**31), 2**31 - 1
# ``Character.digit`` takes the digits of all scripts; superscripts are none.
_WHOLE = re.compile(r"([+-]?)0*(\d+)")
_DECIMAL = re.compile(r"[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[fd]?)", re.ASCII | re.IGNORECASE)
_NAMED = re.compile(r"[+-]?(NaN|Infinity)")
_LONGEST = 19
_RANGES = {"int": (INT_MIN, INT_MAX, "an integer"), "long": (LONG_MIN, LONG_MAX, "a long")}


def whole(text: str, least: int = LONG_MIN, most: int = LONG_MAX) -> int | None:
    """The whole number that ``text`` is; None if it is no such number, or is not within the bounds."""
    found = _WHOLE.fullmatch(text)
    if found is None or len(found[2]) > _LONGEST:
        return None
    number = int(found[1] + found[2])
    return number if least <= number <= most else None


def decimal(text: str) -> float | None:
    """The number that ``Double.parseDouble`` makes of ``text``: NaN and infinities too; None if it is no number."""
    stripped = text.strip()
    if not _DECIMAL.fullmatch(stripped):
        return None
    if not stripped[-1:].isdigit() and stripped[-1:] != ".":
        return float(stripped) if _NAMED.fullmatch(stripped) else _suffixed(stripped)
    return float(stripped)


def _suffixed(text: str) -> float | None:
    """A number with a letter for its type behind it; other spellings of infinities are no numbers in Java."""
    return float(text[:-1]) if text[-2:-1].isdigit() or text[-2:-1] == "." else None


def double_of(value: Any) -> float:
    """A JSON number, or a text that is one, as a double; what is too large is infinite.

    :raises NumberFormat: it is no number.
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
    """A JSON number, or a text that is one, as an ``int`` or ``long``; fractions are cut off (``intValue``, ``longValue``).

    :raises NumberFormat: it is no number.
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
        refusal = f"Numeric value ({shown(value)}) out of range of {kind} ({least} - {most})"
    else:
        raise no_number(value)
    if number != number:
        return 0
    if not least <= number <= most:
        raise IllegalArgument(refusal)
    return int(number)


def shown(value: Any) -> str:
    """A number as a refusal names it (``ParserMinimalBase._longIntegerDesc``)."""
    if isinstance(value, int) and not LONG_MIN**17 < value < LONG_MAX**17:
        return f"[Integer with {len(str(value).lstrip('-'))} digits]"
    return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), str(value))


def no_number(value: Any) -> NumberFormat:
    """Java's refusal of what is no number."""
    if value == "":
        return NumberFormat("empty String")
    text = ("true" if value else "false") if isinstance(value, bool) else "null" if value is None else str(value)
    return NumberFormat(f'For input string: "{text}"')
