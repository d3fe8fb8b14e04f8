"""Scheduled events of calendars, as data: times at which nothing is anomalous."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Event(NamedTuple):
    """One event, from ``start`` to before ``end`` (epoch milliseconds); ``force_time_shift`` is in seconds."""

    description: str
    start: int
    end: int
    skip_result: bool = True
    skip_model_update: bool = True
    force_time_shift: int = 0


def during(events: Sequence[Event], start: int, end: int) -> list[Event]:
    """The events that have a part in the time from ``start`` to before ``end``."""
    return [event for event in events if event.start < end and event.end > start]
