"""Dates in scripts: the members of ``doc['time'].value``, named as in ``java.time`` and, up to 7.x, as in Joda."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from fake_es.wire.human import within_calendar

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


class Instant(int):
    """A date as epoch milliseconds, in UTC."""

    __slots__ = ()

    @property
    def date(self) -> datetime:
        """The calendar date. After the year 9999, the same date in an equal earlier year (see ``within_calendar``)."""
        return _EPOCH + timedelta(milliseconds=within_calendar(self)[0])

    @property
    def year(self) -> int:
        """The year, also after 9999."""
        return self.date.year + 400 * within_calendar(self)[1]


class Weekday(int):
    """A day of the week; Monday is 1."""

    __slots__ = ()


INSTANT: Mapping[str, Callable[..., Any]] = {
    "getYear": lambda at: at.year,
    "getMonthValue": lambda at: at.date.month,
    "getDayOfMonth": lambda at: at.date.day,
    "getDayOfYear": lambda at: at.date.timetuple().tm_yday,
    "getDayOfWeek": lambda at: Weekday(at.date.isoweekday()),
    "getDayOfWeekEnum": lambda at: Weekday(at.date.isoweekday()),
    "getHour": lambda at: at.date.hour,
    "getMinute": lambda at: at.date.minute,
    "getSecond": lambda at: at.date.second,
    "getNano": lambda at: at.date.microsecond * 1000,
    "toInstant": lambda at: at,
    "toEpochMilli": int,
    "toEpochSecond": lambda at: int(at) // 1000,
    "isBefore": lambda at, other: at < other,
    "isAfter": lambda at, other: at > other,
    # Names of Joda.
    "getMillis": int,
    "getMonthOfYear": lambda at: at.date.month,
    "getHourOfDay": lambda at: at.date.hour,
    "getMinuteOfHour": lambda at: at.date.minute,
    "getSecondOfMinute": lambda at: at.date.second,
    "getMillisOfSecond": lambda at: int(at) % 1000,
    "getMinuteOfDay": lambda at: at.date.hour * 60 + at.date.minute,
}
WEEKDAY: Mapping[str, Callable[..., Any]] = {
    "getValue": int,
    "toString": lambda day: _WEEKDAYS[day - 1],
    "name": lambda day: _WEEKDAYS[day - 1],
}


def property_of(getters: Mapping[str, Callable[..., Any]], name: str) -> Callable[..., Any] | None:
    """The getter for a field: ``hour`` stands for ``getHour()``; None if there is none."""
    return getters.get(f"get{name[:1].upper()}{name[1:]}")
