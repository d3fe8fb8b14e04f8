"""ISO dates and date maths in queries, parameters and index names (``DateMathParser``)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

# A date that cannot be parsed (``JavaDateMathParser``): the text of the refusal from 7.0.
UNPARSABLE_DATE = "failed to parse date field [{value}] with format [{format}]"

_MATHS = re.compile(r"(?P<sign>[+-])(?P<amount>\d{0,9})(?P<unit>[yMwdhHms])|/(?P<round>[yMwdhHms])")
_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?)?)?T?(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_MOST_OFFSET = timedelta(hours=18)
_ABSOLUTE = {"h": 3_600, "H": 3_600, "m": 60, "s": 1}
_WALL = {"w": 7, "d": 1}
_UNITS = "yMdhms"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)


def moment_of(instant: int, zone: tzinfo = timezone.utc) -> datetime:
    """The date of ``instant`` (epoch milliseconds).

    :raises ValueError, OverflowError: beyond the years 1 to 9999.
    """
    return (_EPOCH + timedelta(milliseconds=instant)).astimezone(zone)


def instant_of(moment: datetime) -> int:
    """Epoch milliseconds of an aware date, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def parse_iso(text: str, zone: tzinfo = timezone.utc, *, round_up: bool = False) -> datetime:
    """Parse an ISO date, by default in ``zone``. All parts but the year may be missing.

    Missing parts get their least value, with ``round_up`` their greatest: ``2017-02`` ends a millisecond before March.

    :raises ValueError: ``text`` is not an ISO date.
    """
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueError(text)
    *parts, fraction, offset = found.groups()
    given = [int(part) for part in parts if part is not None]
    year, month, day, hour, minute, second = given + [1, 1, 1, 0, 0, 0][len(given) :]
    moment = datetime(year, month, day, hour, minute, second, tzinfo=_zone(offset) if offset else zone)
    if fraction:
        return moment + timedelta(microseconds=int(fraction[:6].ljust(6, "0")))
    return _end_of(moment, _UNITS[len(given) - 1]) if round_up else moment


def parse_date(text: str, now: int, zone: tzinfo = timezone.utc, *, round_up: bool = False) -> datetime:
    """Parse a date with date maths: ``now-1d/d``, ``2017-01-01||+1M/d``, ``2017``; ``now`` is in epoch milliseconds.

    :raises ValueError, OverflowError: ``text`` is not such a date.
    """
    if text.startswith("now"):
        return apply_maths(moment_of(now, zone), text[3:], round_up=round_up)
    anchor, bars, maths = text.partition("||")
    return apply_maths(parse_iso(anchor, zone, round_up=round_up and not bars), maths, round_up=round_up)


def apply_maths(moment: datetime, maths: str, *, round_up: bool = False) -> datetime:
    """Apply date maths (``+1M/d``) to a date; ``round_up`` rounds to the last millisecond of the unit.

    :raises ValueError, OverflowError: the maths are invalid, or the result is not in the years 1 to 9999.
    """
    at = 0
    while at < len(maths):
        step = _MATHS.match(maths, at)
        if step is None:
            raise ValueError(maths)
        at = step.end()
        if step["round"]:
            moment = _end_of(moment, step["round"]) if round_up else rounded(moment, step["round"])
        else:
            moment = shifted(moment, int(step["sign"] + (step["amount"] or "1")), step["unit"])
    return moment


def shifted(moment: datetime, amount: int, unit: str) -> datetime:
    """The date ``amount`` units later. Days and longer units follow the calendar of its zone, shorter ones real time."""
    if unit in _ABSOLUTE:
        later = moment.astimezone(timezone.utc) + timedelta(seconds=amount * _ABSOLUTE[unit])
        return later.astimezone(moment.tzinfo)
    if unit in _WALL:
        return moment + timedelta(days=amount * _WALL[unit])
    months = moment.month - 1 + amount * (12 if unit == "y" else 1)
    year, month = moment.year + months // 12, months % 12 + 1
    last = (datetime(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return moment.replace(year=year, month=month, day=min(moment.day, last))


def rounded(moment: datetime, unit: str) -> datetime:
    """The start of the unit that contains ``moment``. Weeks begin on Monday."""
    if unit == "w":
        moment -= timedelta(days=moment.weekday())
    return moment.replace(**_CUT[unit])


def _end_of(moment: datetime, unit: str) -> datetime:
    return shifted(rounded(moment, unit), 1, unit) - _MILLISECOND


_SECOND: dict[str, Any] = {"microsecond": 0}
_MINUTE = _SECOND | {"second": 0}
_HOUR = _MINUTE | {"minute": 0}
_DAY = _HOUR | {"hour": 0}
_MONTH = _DAY | {"day": 1}
_CUT: dict[str, dict[str, Any]] = {
    "s": _SECOND, "m": _MINUTE, "h": _HOUR, "H": _HOUR, "d": _DAY, "w": _DAY, "M": _MONTH, "y": _MONTH | {"month": 1},
}  # fmt: skip


def parse_zone(text: str) -> tzinfo:
    """Parse a time zone: ``Z``, ``UTC``, an offset such as ``+01:00``, or a name such as ``Europe/Paris``.

    :raises ValueError: there is no such time zone.
    """
    if text in ("Z", "UTC", "GMT"):
        return timezone.utc
    if text[:1] in ("+", "-"):
        return _zone(text)
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError(text) from None


def _zone(text: str) -> timezone:
    if text == "Z":
        return timezone.utc
    found = re.fullmatch(r"([+-])(\d\d?):?(\d\d)?", text, re.ASCII)
    if found is None:
        raise ValueError(text)
    size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if size > _MOST_OFFSET:
        raise ValueError(text)
    return timezone(-size if found[1] == "-" else size)
