"""``?human=true``: a readable form before each time field (``XContentBuilder.timeField``)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timezone
from typing import Any

# Milliseconds in 400 years, after which the calendar repeats, including the days of the week.
CYCLE = 146_097 * 86_400_000
# The years 1 to 9999, except a few days at both ends.
_FIRST, _LAST = -62_135_000_000_000, 253_402_000_000_000


def within_calendar(instant: int) -> tuple[int, int]:
    """Move an instant (epoch milliseconds) into the range of Python's calendar in any time zone.

    Return the new instant, and the number of 400-year cycles by which it was moved.
    """
    cycles = 0 if _FIRST <= instant <= _LAST else instant // CYCLE
    return instant - cycles * CYCLE, cycles


def iso_instant(instant: int) -> str:
    """Epoch milliseconds as ``2017-04-11T08:30:00.000Z``; ``+12000-...`` after the year 9999, as in Java."""
    shown, cycles = within_calendar(instant)
    seconds, milliseconds = divmod(shown, 1000)
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    year = moment.year + 400 * cycles
    years = f"{year:04d}" if 0 <= year <= 9999 else f"{year:+05d}"
    return years + moment.strftime("-%m-%dT%H:%M:%S.") + f"{milliseconds:03d}Z"


def iso_seconds(instant: int) -> str:
    """Epoch milliseconds as ``2017-04-11T08:30:00+0000``, as the native process writes them (``CTimeUtils::toIso8601``)."""
    return iso_instant(instant)[: -len(".000Z")] + "+0000"


def with_readable_times(tree: dict[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """Insert ``<field>_string`` before each of the ``fields`` that ``tree`` has."""
    twinned: dict[str, Any] = {}
    for name, value in tree.items():
        if name in fields:
            twinned[f"{name}_string"] = iso_instant(value)
        twinned[name] = value
    return twinned
