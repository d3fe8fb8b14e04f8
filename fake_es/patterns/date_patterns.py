"""Date patterns of Java (``DateTimeFormatterBuilder.appendPattern``): their parts, and dates printed by them.

``wire.time_patterns`` reads dates by the same patterns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from functools import lru_cache

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# Kinds of parts: a run of one letter, text that stands for itself, a bracket of an optional section.
LETTERS, LITERAL, SECTION = "letters", "literal", "section"
_PART = re.compile(
    rf"'(?P<quoted>(?:[^']|'')*)'|(?P<{LETTERS}>([A-Za-z])\3*)|(?P<{SECTION}>[\[\]])|(?P<{LITERAL}>[^'{{}}#])", re.DOTALL
)

Printer = Callable[[datetime], str]


class BadTimeFormat(ValueError):
    """The text is not a date pattern. The message is the reason in Java's words."""


def parts_of(pattern: str) -> Iterator[tuple[str, str]]:
    """The parts of a pattern, each a kind and a text: ``yyyy'T'`` gives ``(LETTERS, "yyyy")`` and ``(LITERAL, "T")``.

    :raises BadTimeFormat: a quote is not closed, or the pattern has a reserved character.
    """
    at = 0
    while at < len(pattern):
        found = _PART.match(pattern, at)
        if found is None:
            if pattern[at] == "'":
                raise BadTimeFormat(f"Pattern ends with an incomplete string literal: {pattern}")
            raise BadTimeFormat(f"Pattern includes reserved character: '{pattern[at]}'")
        at = found.end()
        if found["quoted"] is None:
            yield str(found.lastgroup), found[0]
        else:
            # Two quotes stand for one, inside quotes and outside.
            yield LITERAL, found["quoted"].replace("''", "'") or "'"


@lru_cache(maxsize=256)
def printer_of(pattern: str) -> Printer:
    """The function that prints a date by a pattern; the date has a time zone. Optional sections are printed too.

    :raises BadTimeFormat: the text is not a pattern.
    """
    printers = [_literal(text) if kind == LITERAL else _letters(text) for kind, text in parts_of(pattern) if kind != SECTION]
    return lambda moment: "".join(show(moment) for show in printers)


def _literal(text: str) -> Printer:
    return lambda moment: text


def _letters(text: str) -> Printer:
    letter, count = text[0], len(text)
    if letter in _NUMBERS:
        value = _NUMBERS[letter]
        return lambda moment: str(value(moment)).zfill(count)
    if letter not in _TEXTS:
        raise BadTimeFormat(f"Unknown pattern letter: {letter}")
    return _TEXTS[letter](count)


_NUMBERS: dict[str, Callable[[datetime], int]] = {
    "d": lambda moment: moment.day,
    "D": lambda moment: moment.timetuple().tm_yday,
    "H": lambda moment: moment.hour,
    "k": lambda moment: moment.hour or 24,
    "h": lambda moment: moment.hour % 12 or 12,
    "K": lambda moment: moment.hour % 12,
    "m": lambda moment: moment.minute,
    "s": lambda moment: moment.second,
    "e": lambda moment: moment.isoweekday(),
    "w": lambda moment: moment.isocalendar()[1],
    "q": lambda moment: (moment.month + 2) // 3,
    "Q": lambda moment: (moment.month + 2) // 3,
}


def _year(count: int) -> Printer:
    return lambda moment: f"{moment.year % 100:02d}" if count == 2 else str(moment.year).zfill(count)


def _week_year(count: int) -> Printer:
    return lambda moment: str(moment.isocalendar()[0]).zfill(count)


def _month(count: int) -> Printer:
    if count <= 2:
        return lambda moment: str(moment.month).zfill(count)
    return lambda moment: MONTHS[moment.month - 1][: 3 if count == 3 else None]


def _day_name(count: int) -> Printer:
    return lambda moment: DAYS[moment.weekday()][: 3 if count <= 3 else None]


def _fraction(count: int) -> Printer:
    return lambda moment: f"{moment.microsecond:06d}"[:count].ljust(count, "0")


def _offset(count: int, *, colon: bool, zulu: bool) -> Printer:
    def show(moment: datetime) -> str:
        seconds = int(_utc_offset(moment))
        if zulu and seconds == 0:
            return "Z"
        hours, minutes = divmod(abs(seconds) // 60, 60)
        sign = "-" if seconds < 0 else "+"
        if count == 1 and zulu:
            return f"{sign}{hours:02d}" + (f"{minutes:02d}" if minutes else "")
        return f"{sign}{hours:02d}{':' if colon else ''}{minutes:02d}"

    return show


def _utc_offset(moment: datetime) -> float:
    offset = moment.utcoffset()
    return offset.total_seconds() if offset is not None else 0


def _zone_name(count: int) -> Printer:
    return lambda moment: str(moment.tzinfo) if moment.tzinfo is not timezone.utc else "UTC"


_TEXTS: dict[str, Callable[[int], Printer]] = {
    "y": _year,
    "u": _year,
    "Y": _week_year,
    "x": lambda count: _offset(count, colon=count in (3, 5), zulu=False),
    "X": lambda count: _offset(count, colon=count in (3, 5), zulu=True),
    "Z": lambda count: _offset(count, colon=count == 5, zulu=count == 5),
    "M": _month,
    "L": _month,
    "E": _day_name,
    "S": _fraction,
    "n": _fraction,
    "a": lambda count: lambda moment: "AM" if moment.hour < 12 else "PM",
    "z": _zone_name,
    "V": _zone_name,
}
