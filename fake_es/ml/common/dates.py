"""Time parameters of the ML APIs: epoch numbers, ISO dates and date maths."""

from __future__ import annotations

import re

from fake_es.mapping.dates import date_format
from fake_es.patterns.date_patterns import DAYS, MONTHS
from fake_es.wire.date_math import instant_of, parse_date
from fake_es.wire.errors import ParseError
from fake_es.wire.words import Words

# Words of dates: they say nothing about the category of a message.
DATE_WORDS = (*DAYS, *(day[:3] for day in DAYS), *MONTHS, *(month[:3] for month in MONTHS), "GMT", "UTC")

_EXACT = "strict_date_optional_time||epoch_millis"
_REFUSAL = Words(
    "Query param '{name}' with value '{value}' cannot be parsed as a date or converted to a number (epoch).",
    ((6, 0), "Query param [{name}] with value [{value}] cannot be parsed as a date or converted to a number (epoch)."),
)


def parse_ml_date(text: str, name: str, now: int, version: tuple[int, ...]) -> int:
    """Epoch milliseconds of ``text``: a number, an ISO date, or date maths on an ISO date or ``now``.

    A number of up to ten digits is in seconds, a longer one in milliseconds. ``now`` is in epoch milliseconds.

    :raises ParseError: ``text`` is not a time.
    """
    if re.fullmatch(r"\d{1,18}", text, re.ASCII):
        return int(text) * (1000 if len(text) <= 10 else 1)
    try:
        return instant_of(parse_date(text, now))
    except (ValueError, OverflowError):
        raise ParseError(_REFUSAL.at(version, name=name, value=text)) from None


def parse_exact_date(text: str, name: str, now: int, version: tuple[int, ...]) -> int:
    """Epoch milliseconds of the start or end of a datafeed. A number is in milliseconds; four digits are a year.

    :raises ParseError: ``text`` is not a date.
    """
    try:
        return date_format(_EXACT).parse_maths(text, now)
    except (ValueError, OverflowError):
        raise ParseError(_REFUSAL.at(version, name=name, value=text)) from None
