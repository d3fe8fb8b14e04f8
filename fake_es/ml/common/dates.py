"""Time parameters of the ML APIs: epoch numbers, ISO dates and date maths."""

from __future__ import annotations

import re

from fake_es.mapping.dates import date_format
from fake_es.wire.date_math import instant_of, parse_date
from fake_es.wire.errors import ParseError
from fake_es.wire.words import Words

_EXACT = "strict_date_optional_time||epoch_millis"
_REFUSAL = Words(
    "Query param '{name}' with value '{value}' cannot be parsed as a date or converted to a number (epoch).",
    ((6, 0), "Query param [{name}] with value [{value}] cannot be parsed as a date or converted to a number (epoch)."),
)


def parse_ml_date(text: str, name: str, now: int, version: tuple[int, ...]) -> int:
    """Epoch milliseconds of ``text``: a number (up to ten digits are seconds), an ISO date, or maths on either or ``now``.

    :raises ParseError: it is none of these.
    """
    if re.fullmatch(r"\d{1,18}", text, re.ASCII):
        return int(text) * (1000 if len(text) <= 10 else 1)
    try:
        return instant_of(parse_date(text, now))
    except (ValueError, OverflowError):
        raise ParseError(_REFUSAL.at(version, name=name, value=text)) from None


def parse_exact_date(text: str, name: str, now: int, version: tuple[int, ...]) -> int:
    """Start or end of a datafeed: a number is always milliseconds, but a number of four digits is a year.

    :raises ParseError: it is not a date.
    """
    try:
        return date_format(_EXACT).parse_maths(text, now)
    except (ValueError, OverflowError):
        raise ParseError(_REFUSAL.at(version, name=name, value=text)) from None
