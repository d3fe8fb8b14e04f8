"""``?human=true``: a readable twin before each time field (``XContentBuilder.timeField``)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timezone
from typing import Any

# Milliseconds in 400 years, after which the calendar repeats itself, days of the week included.
CYCLE = 146_097 * 86_400_000
# The years 1 to 9999, but for a few days at either end.
_FIRST, _LAST = -62_135_000_000_000, 253_402_000_000_000


def within_calendar(instant: int) -> tuple[int, int]:
    """An instant (epoch milliseconds) that Python's calendar can show, in any time zone.

    Answers it, and by how many cycles of 400 years it was moved for that.
    """
    cycles = 0 if _FIRST <= instant <= _LAST else instant // CYCLE
    return instant - cycles * CYCLE, cycles


def iso_instant(instant: int) -> str:
    """``2017-04-11T08:30:00.000Z`` for epoch milliseconds, ``+12000-...`` beyond the year 9999, as Java writes it."""
    shown, cycles = within_calendar(instant)
    seconds, milliseconds = divmod(shown, 1000)
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    year = moment.year + 400 * cycles
    years = f"{year:04d}" if 0 <= year <= 9999 else f"{year:+05d}"
    return years + moment.strftime("-%m-%dT%H:%M:%S.") + f"{milliseconds:03d}Z"


def with_time_twins(tree: dict[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """``tree`` with ``<field>_string`` in front of each of its ``fields`` that it holds."""
    twinned: dict[str, Any] = {}
    for name, value in tree.items():
        if name in fields:
            twinned[f"{name}_string"] = iso_instant(value)
        twinned[name] = value
    return twinned
