"""Parsing of record times: ``epoch``, ``epoch_ms`` and the patterns of Java's ``DateTimeFormatter``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

from fake_es.patterns.date_patterns import LETTERS, LITERAL, MONTHS, BadTimeFormat, parts_of

# Returns epoch milliseconds, or None for an invalid time.

ReadTime = Callable[[Any], int | None]

_MONTHS = tuple(month[:3].lower() for month in MONTHS)


# Maximal depth of nested optional sections: each level doubles the time of the regular expression.
_DEEPEST = 10
# The years 1 to 9999, in epoch milliseconds: other times cannot be shown.
_FIRST, _LAST = -62_135_596_800_000, 253_402_300_799_999


def is_valid_time_format(pattern: str) -> bool:
    """Whether ``pattern`` is ``epoch``, ``epoch_ms`` or a valid pattern of Java."""
    try:
        reader_of(pattern)
    except BadTimeFormat:
        return False
    return True


@lru_cache(maxsize=256)
def reader_of(pattern: str) -> ReadTime:
    """The function that parses times of this format.

    :raises BadTimeFormat: the format is invalid.
    """
    if pattern in ("epoch", "epoch_ms"):
        return _epoch_reader(1000 if pattern == "epoch" else 1)
    return _PatternReader(pattern)


def _epoch_reader(factor: int) -> ReadTime:
    def read(value: Any) -> int | None:
        if type(value) is int:
            time = value * factor
            return time if _FIRST <= time <= _LAST else None
        if value is None or isinstance(value, (bool, list, dict)):
            return None
        try:
            return read(int(value)) if isinstance(value, str) and value.isdigit() else _whole(float(value) * factor)
        except (ValueError, OverflowError):
            return None

    return read


def _whole(time: float) -> int | None:
    return int(time) if _FIRST <= time <= _LAST else None


# Maximal number of adjacent fields of variable length: each one doubles the number of combinations.
_MOST_FIELDS = 16


class _PatternReader:
    """A pattern as a regular expression with a group for each field."""

    def __init__(self, pattern: str) -> None:
        try:
            self._fits = re.compile(_regex(pattern), re.ASCII | re.IGNORECASE).fullmatch
        except re.error as error:
            raise BadTimeFormat(str(error)) from None

    def __call__(self, value: Any) -> int | None:
        found = self._fits(value) if isinstance(value, str) else None
        if found is None:
            return None
        try:
            return _milliseconds({name: text for name, text in found.groupdict().items() if text is not None})
        # KeyError: an unknown time zone (ZoneInfoNotFoundError).
        except (ValueError, OverflowError, KeyError):
            return None


def _regex(pattern: str) -> str:
    pieces, depth, fields, seen = [], 0, 0, set[str]()
    for kind, text in parts_of(pattern):
        if kind == LITERAL:
            pieces.append(re.escape(text))
        elif kind == LETTERS:
            fields += 1
            if fields > _MOST_FIELDS:
                raise BadTimeFormat(f"fake_es reads at most {_MOST_FIELDS} fields")
            pieces.append(_field(text[0], len(text), seen))
        else:
            depth += 1 if text == "[" else -1
            if depth > _DEEPEST:
                raise BadTimeFormat("optional sections stand too deep in one another")
            if depth < 0:
                raise BadTimeFormat("Pattern invalid as it contains ] without previous [")
            pieces.append("(?:" if text == "[" else ")?")
    if depth:
        raise BadTimeFormat("unbalanced optional section")
    return "".join(pieces)


def _field(letter: str, count: int, seen: set[str]) -> str:
    name, body = _group(letter, count)
    if name is None:
        return body
    if name in seen:
        return f"(?:{body})"
    seen.add(name)
    return f"(?P<{name}>{body})"


def _group(letter: str, count: int) -> tuple[str | None, str]:
    digits = rf"\d{{{count}}}" if count > 1 else r"\d{1,2}"
    if letter in "uy":
        return "year", r"\d{2}" if count == 2 else r"\d{4}" if count <= 4 else rf"\d{{{count}}}"
    if letter in "ML" and count >= 3:
        return "month_name", "[A-Za-z]+"
    plain = {"M": "month", "L": "month", "d": "day", "H": "hour", "h": "half_hour", "k": "hour", "K": "half_hour",
             "m": "minute", "s": "second"}  # fmt: skip
    if letter in plain and count <= 2:
        return plain[letter], digits
    if letter == "D":
        return "day_of_year", r"\d{1,3}"
    if letter in "Sn":
        return ("fraction", rf"\d{{{count}}}") if letter == "S" else ("nanos", r"\d{1,9}")
    if letter == "A":
        return "milli_of_day", r"\d{1,8}"
    return _text_group(letter, count)


def _text_group(letter: str, count: int) -> tuple[str | None, str]:
    if letter in "XxZ":
        return "offset", r"Z|[+-]\d{2}(?::?\d{2}){0,2}" if letter != "Z" or count > 3 else r"[+-]\d{4}|Z"
    if letter in "VzO":
        return "zone", r"[A-Za-z][A-Za-z0-9_+/:\-]*"
    if letter == "a":
        return "half", "am|pm"
    if letter in "EecGB" and count <= 5:
        return None, "[A-Za-z]+"
    raise BadTimeFormat(f"unknown or oversized letter {letter * count}")


def _milliseconds(parts: dict[str, str]) -> int:
    moment = datetime(_year(parts), _month(parts), int(parts.get("day", 1)), tzinfo=timezone.utc)
    if "day_of_year" in parts:
        moment = moment.replace(month=1, day=1) + timedelta(days=int(parts["day_of_year"]) - 1)
    moment += _time_of_day(parts)
    seconds = (moment.replace(tzinfo=_zone(parts)) - datetime(1970, 1, 1, tzinfo=timezone.utc)) / timedelta(milliseconds=1)
    return round(seconds)


def _year(parts: dict[str, str]) -> int:
    text = parts.get("year", "1970")
    return int(text) + 2000 if len(text) == 2 else int(text)


def _month(parts: dict[str, str]) -> int:
    if "month_name" in parts:
        return _MONTHS.index(parts["month_name"][:3].lower()) + 1
    return int(parts.get("month", 1))


def _time_of_day(parts: dict[str, str]) -> timedelta:
    if "milli_of_day" in parts:
        return timedelta(milliseconds=int(parts["milli_of_day"]))
    hour = int(parts.get("hour", 0))
    if "half_hour" in parts:
        hour = int(parts["half_hour"]) % 12 + (12 if parts.get("half", "am").lower() == "pm" else 0)
    minute, second = int(parts.get("minute", 0)), int(parts.get("second", 0))
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError("no time of day")
    fraction = float("0." + parts["fraction"]) if "fraction" in parts else int(parts.get("nanos", 0)) / 1e9
    return timedelta(hours=hour, minutes=minute, seconds=second, milliseconds=int(fraction * 1000 + 1e-6))


def _zone(parts: dict[str, str]) -> tzinfo:
    offset = parts.get("offset", "Z")
    if "zone" in parts and parts["zone"] not in ("Z", "UTC", "GMT", "UT"):
        # Few formats have a time zone, so this is imported on demand.
        from zoneinfo import ZoneInfo

        return ZoneInfo(parts["zone"])
    if offset in "Zz":
        return timezone.utc
    digits = offset[1:].replace(":", "").ljust(6, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:6]))
    return timezone(-shift if offset[0] == "-" else shift)
