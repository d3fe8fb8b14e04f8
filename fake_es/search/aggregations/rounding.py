"""Rounds instants down to calendar units or fixed intervals in a time zone (``Rounding``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone, tzinfo

from fake_es.wire.date_math import instant_of, moment_of
from fake_es.wire.human import CYCLE, within_calendar

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
# Offsets of time zones change only at quarters of an hour.
_QUARTER = 900_000
_EPOCH = datetime(1970, 1, 1)
_MILLISECOND = timedelta(milliseconds=1)
_LAST_YEAR = 9999
# 1970-01-01 was a Thursday, the first Monday is four days later.
_FIRST_MONDAY = 4 * _DAY

CALENDAR_UNITS = {
    "second": "s", "1s": "s", "minute": "m", "1m": "m", "hour": "h", "1h": "h", "day": "d", "1d": "d", "week": "w",
    "1w": "w", "month": "M", "1M": "M", "quarter": "q", "1q": "q", "year": "y", "1y": "y",
}  # fmt: skip
_FIXED = {"s": _SECOND, "m": _MINUTE, "h": _HOUR}
_MONTHS = {"M": 1, "q": 3, "y": 12}


class Rounding:
    """Rounds epoch milliseconds down to the start of their bucket.

    ``unit`` is a calendar unit (``s m h d w M q y``) or a fixed interval in milliseconds. ``width`` is the usual length of a
    bucket in milliseconds. ``offset`` moves all buckets by so many milliseconds.
    """

    def __init__(self, unit: str | int, zone: tzinfo = timezone.utc, offset: int = 0) -> None:
        self._zone = zone
        self._offset = offset
        self._calendar = isinstance(unit, str)
        self._floor_local, self._step_local, self.width = _unit(unit)
        self._offsets: dict[int, int] = {}
        self._instants: dict[int, int] = {}
        self._by_clock = unit in _FIXED
        self._in_utc = zone is timezone.utc

    def down(self, instant: int) -> int:
        """The start of the bucket of ``instant``."""
        return self._down(int(instant) - self._offset) + self._offset

    def following(self, key: int) -> int:
        """The start of the next bucket after the one that starts at ``key``."""
        start = key - self._offset
        local = self._step_local(start + self._zone_offset(start))
        found = self._instant(local, start) if not self._by_clock else start + self.width
        return (found if found > start else start + self.width) + self._offset

    def _down(self, instant: int) -> int:
        if self._in_utc:
            return self._floor_local(instant)
        offset = self._zone_offset(instant)
        local = self._floor_local(instant + offset)
        if self._by_clock:
            return local - offset
        return self._instant(local, instant)

    def _zone_offset(self, instant: int) -> int:
        if self._in_utc:
            return 0
        quarter = instant // _QUARTER
        if quarter not in self._offsets:
            offset = moment_of(within_calendar(quarter * _QUARTER)[0], self._zone).utcoffset() or timedelta()
            self._offsets[quarter] = offset // _MILLISECOND
        return self._offsets[quarter]

    def _instant(self, local: int, before: int) -> int:
        """The instant of a local time. If it occurs twice: the first one for calendar units, else the last up to ``before``."""
        if self._in_utc:
            return local
        if local not in self._instants or not self._calendar:
            moved, cycles = within_calendar(local)
            moment = (_EPOCH + timedelta(milliseconds=moved)).replace(tzinfo=self._zone)
            first, second = (instant_of(moment.replace(fold=fold)) + cycles * CYCLE for fold in (0, 1))
            # For a local time that does not occur, ``first`` is after ``second``, and the condition below is false.
            chosen = second if not self._calendar and first <= second <= before else first
            self._instants[local] = chosen
        return self._instants[local]


def _unit(unit: str | int) -> tuple[Callable[[int], int], Callable[[int], int], int]:
    """Functions that round a local time down and step to the next unit, and the unit's width in milliseconds."""
    if isinstance(unit, int) or unit in _FIXED:
        width = unit if isinstance(unit, int) else _FIXED[unit]
        return lambda local: local - local % width, lambda local: local + width, width
    if unit == "d":
        return lambda local: local - local % _DAY, lambda local: local + _DAY, _DAY
    if unit == "w":
        return _week, lambda local: local + 7 * _DAY, 7 * _DAY
    months = _MONTHS[unit]
    return _month_floor(months), lambda local: _months_on(local, months), months * 30 * _DAY


def _week(local: int) -> int:
    return local - (local - _FIRST_MONDAY) % (7 * _DAY)


def _month_floor(months: int) -> Callable[[int], int]:
    by_day: dict[int, int] = {}

    def floor(local: int) -> int:
        day = local // _DAY
        if day not in by_day:
            moved, cycles = within_calendar(day * _DAY)
            date = _EPOCH + timedelta(milliseconds=moved)
            first = date.replace(day=1, month=(date.month - 1) // months * months + 1)
            by_day[day] = (first - _EPOCH) // _MILLISECOND + cycles * CYCLE
        return by_day[day]

    return floor


def _months_on(local: int, months: int) -> int:
    moved, cycles = within_calendar(local)
    date = _EPOCH + timedelta(milliseconds=moved)
    total = date.year * 12 + date.month - 1 + months
    if total // 12 > _LAST_YEAR:
        total, cycles = total - 400 * 12, cycles + 1
    return (datetime(total // 12, total % 12 + 1, 1) - _EPOCH) // _MILLISECOND + cycles * CYCLE
