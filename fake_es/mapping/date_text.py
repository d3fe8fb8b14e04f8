"""Dates as text: the printing half of a ``format`` (``DateFormatters``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone, tzinfo
from functools import lru_cache
from itertools import groupby

from fake_es.mapping.dates import ISO_NAMES, PATTERNS
from fake_es.wire.date_math import moment_of
from fake_es.wire.errors import IllegalArgument

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PRINTED = "uuuu-MM-dd'T'HH:mm:ss.SSSXXX"
_Part = Callable[[datetime], str]


def date_text(instant: float, form: str, zone: tzinfo = timezone.utc) -> str:
    """``instant`` (epoch milliseconds, a fraction is cut off) by the first alternative of ``form``.

    :raises IllegalArgument: ``form`` is no format.
    """
    whole = int(instant)
    name = form.partition("||")[0]
    if name in ("epoch_millis", "epoch_second"):
        return str(whole if name == "epoch_millis" else whole // 1000)
    try:
        moment = moment_of(whole, zone)
    except (ValueError, OverflowError):
        return str(whole)
    return "".join(part(moment) for part in _parts(_pattern(name)))


def _pattern(name: str) -> str:
    if name in ISO_NAMES:
        return _PRINTED
    return PATTERNS.get(name.removeprefix("strict_"), name)


@lru_cache(maxsize=256)
def _parts(pattern: str) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    for number, piece in enumerate(pattern.replace("''", "\0").split("'")):
        if number % 2:
            parts.append(_literal(piece))
            continue
        for character, run in groupby(piece):
            parts.append(_field(character, len(list(run)), pattern))
    return tuple(parts)


def _literal(text: str) -> _Part:
    shown = text.replace("\0", "'")
    return lambda moment: shown


def _field(letter: str, count: int, pattern: str) -> _Part:
    if letter in "[]":
        return _literal("")
    if not (letter.isascii() and letter.isalpha()):
        return _literal(letter * count)
    if letter in _NUMBERS:
        value = _NUMBERS[letter]
        return lambda moment: str(value(moment)).zfill(count)
    if letter not in _TEXTS:
        raise IllegalArgument(f"Invalid format: [{pattern}]: Unknown pattern letter: {letter}")
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


def _year(count: int) -> _Part:
    return lambda moment: f"{moment.year % 100:02d}" if count == 2 else str(moment.year).zfill(count)


def _week_year(count: int) -> _Part:
    return lambda moment: str(moment.isocalendar()[0]).zfill(count)


def _month(count: int) -> _Part:
    if count <= 2:
        return lambda moment: str(moment.month).zfill(count)
    return lambda moment: _MONTHS[moment.month - 1][: 3 if count == 3 else None]


def _day_name(count: int) -> _Part:
    return lambda moment: _DAYS[moment.weekday()][: 3 if count <= 3 else None]


def _fraction(count: int) -> _Part:
    return lambda moment: f"{moment.microsecond:06d}"[:count].ljust(count, "0")


def _offset(count: int, *, colon: bool, zulu: bool) -> _Part:
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


def _zone_name(count: int) -> _Part:
    return lambda moment: str(moment.tzinfo) if moment.tzinfo is not timezone.utc else "UTC"


_TEXTS: dict[str, Callable[[int], _Part]] = {
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
