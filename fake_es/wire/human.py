"""``?human=true``: a readable twin before each time field (``XContentBuilder.timeField``)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timezone
from typing import Any

# Seconds in 400 years, after which the calendar repeats itself; what Python's calendar begins and ends with.
_CYCLE = 146_097 * 86_400
_FIRST, _LAST = -62_135_596_800, 253_402_300_799


def iso_instant(instant: int) -> str:
    """``2017-04-11T08:30:00.000Z`` for epoch milliseconds, ``+12000-...`` beyond the year 9999, as Java writes it."""
    seconds, milliseconds = divmod(instant, 1000)
    cycles = 0
    if not _FIRST <= seconds <= _LAST:
        cycles, seconds = divmod(seconds, _CYCLE)
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    year = moment.year + 400 * cycles
    shown = f"{year:04d}" if 0 <= year <= 9999 else f"{year:+05d}"
    return shown + moment.strftime("-%m-%dT%H:%M:%S.") + f"{milliseconds:03d}Z"


def with_time_twins(tree: dict[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """``tree`` with ``<field>_string`` in front of each of its ``fields`` that it holds."""
    twinned: dict[str, Any] = {}
    for name, value in tree.items():
        if name in fields:
            twinned[f"{name}_string"] = iso_instant(value)
        twinned[name] = value
    return twinned
