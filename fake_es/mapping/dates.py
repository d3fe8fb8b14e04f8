"""Parses dates of documents and queries by a ``format`` (``DateFieldMapper``, ``DateFormatters``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timezone, tzinfo
from functools import lru_cache
from typing import Any

from fake_es.patterns.date_patterns import BadTimeFormat, printer_of
from fake_es.wire.date_math import apply_maths, instant_of, moment_of, parse_iso
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.java import java_text
from fake_es.wire.numbers import decimal, whole
from fake_es.wire.time_patterns import reader_of

DEFAULT = "strict_date_optional_time||epoch_millis"
# The range of a ``long``.
_FIRST, _LAST = -(2**63), 2**63 - 1
# Named formats for ISO dates with optional parts. The other named formats are patterns.
ISO_NAMES = frozenset(
    {"date_optional_time", "strict_date_optional_time", "strict_date_optional_time_nanos", "dateOptionalTime", "iso8601"}
)
# How the formats of ``ISO_NAMES`` are printed.
_PRINTED = "uuuu-MM-dd'T'HH:mm:ss.SSSXXX"
PATTERNS = {
    "basic_date": "yyyyMMdd",
    "basic_date_time": "yyyyMMdd'T'HHmmss.SSSX",
    "basic_date_time_no_millis": "yyyyMMdd'T'HHmmssX",
    "date": "yyyy-MM-dd",
    "date_hour": "yyyy-MM-dd'T'HH",
    "date_hour_minute": "yyyy-MM-dd'T'HH:mm",
    "date_hour_minute_second": "yyyy-MM-dd'T'HH:mm:ss",
    "date_hour_minute_second_millis": "yyyy-MM-dd'T'HH:mm:ss.SSS",
    "date_time": "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    "date_time_no_millis": "yyyy-MM-dd'T'HH:mm:ssXXX",
    "hour_minute_second": "HH:mm:ss",
    "year": "yyyy",
    "year_month": "yyyy-MM",
    "year_month_day": "yyyy-MM-dd",
}

# From text to epoch milliseconds. Arguments: the text, the zone for dates without one, whether missing parts are rounded up.
_Read = Callable[[str, tzinfo, bool], int]


def _iso(text: str, zone: tzinfo, up: bool) -> int:
    return instant_of(parse_iso(text, zone, round_up=up))


def _epoch(factor: int) -> _Read:
    def read(text: str, zone: tzinfo, up: bool) -> int:
        number = whole(text)
        instant = number * factor if number is not None else int((decimal(text) or 0.0) * factor)
        if decimal(text) is None or not _FIRST <= instant <= _LAST:
            raise ValueError(text)
        return instant

    return read


def _pattern(pattern: str) -> _Read:
    plain = reader_of(pattern)
    zoned = any(letter in pattern for letter in "XxZVzO")

    def read(text: str, zone: tzinfo, up: bool) -> int:
        found = plain(text)
        if found is None:
            raise ValueError(text)
        return found if zoned or zone is timezone.utc else instant_of(moment_of(found).replace(tzinfo=zone))

    return read


def _reader(name: str) -> _Read:
    if name in ("epoch_millis", "epoch_second"):
        return _epoch(1 if name == "epoch_millis" else 1000)
    if name in ISO_NAMES:
        return _iso
    return _pattern(PATTERNS.get(name.removeprefix("strict_"), name))


def _attempt(read: _Read, text: str, zone: tzinfo, up: bool) -> int | None:
    try:
        return read(text, zone, up)
    except (ValueError, OverflowError):
        return None


class DateFormat:
    """One ``format``: alternatives separated by ``||``, which are tried in order."""

    def __init__(self, text: str) -> None:
        """:raises BadTimeFormat: one of the alternatives is not a format."""
        self.text = text
        self._readers = [_reader(name) for name in text.split("||")]
        self.takes_millis = "epoch_millis" in text.split("||")

    def parse(self, value: Any, zone: tzinfo = timezone.utc, *, round_up: bool = False) -> int:
        """Parse a value of a document or query to epoch milliseconds.

        :param zone: the zone of dates without one.
        :param round_up: whether missing parts of a date become the latest possible ones.
        :raises ValueError: no alternative matches.
        """
        if type(value) is int and self.takes_millis and _FIRST <= value <= _LAST:
            return value
        text = java_text(value)
        for read in self._readers:
            instant = _attempt(read, text, zone, round_up)
            if instant is not None:
                return instant
        raise ValueError(text)

    def parse_maths(self, value: Any, now: int, zone: tzinfo = timezone.utc, *, round_up: bool = False) -> int:
        """The same for a query, where date maths is allowed; ``now`` is in epoch milliseconds.

        :raises ValueError, OverflowError: it cannot be parsed, or is too far in the past or future.
        """
        text = java_text(value)
        if text.startswith("now"):
            return instant_of(apply_maths(moment_of(now, zone), text[3:], round_up=round_up))
        anchor, bars, maths = text.partition("||")
        if not bars:
            return self.parse(value, zone, round_up=round_up)
        return instant_of(apply_maths(moment_of(self.parse(anchor, zone), zone), maths, round_up=round_up))


@lru_cache(maxsize=256)
def date_format(text: str) -> DateFormat:
    """The parsed ``format``.

    :raises BadTimeFormat: one of the alternatives is not a format.
    """
    return DateFormat(text)


def date_text(instant: float, form: str, zone: tzinfo = timezone.utc) -> str:
    """A date as text, by the first alternative of a ``format``; ``instant`` in epoch milliseconds, a fraction is cut off.

    :raises IllegalArgument: ``form`` is not a format.
    """
    whole_instant = int(instant)
    name = form.partition("||")[0]
    if name in ("epoch_millis", "epoch_second"):
        return str(whole_instant if name == "epoch_millis" else whole_instant // 1000)
    try:
        moment = moment_of(whole_instant, zone)
    except (ValueError, OverflowError):
        return str(whole_instant)
    pattern = _PRINTED if name in ISO_NAMES else PATTERNS.get(name.removeprefix("strict_"), name)
    try:
        return printer_of(pattern)(moment)
    except BadTimeFormat as error:
        raise IllegalArgument(f"Invalid format: [{pattern}]: {error}") from None


__all__ = ["DEFAULT", "BadTimeFormat", "DateFormat", "date_format", "date_text"]
