"""Timeouts of requests that wait for a job or a datafeed."""

from __future__ import annotations

from fake_es.wire.durations import TimeValue

HALF_AN_HOUR = TimeValue(30, "m")
TASKS_TIMED_OUT = "Timed out when waiting for persistent tasks after {timeout}"


def wait_limit(timeout: TimeValue) -> int | None:
    """Maximal waiting time in milliseconds; None (no limit) for a negative timeout."""
    return timeout.ms if timeout.ms >= 0 else None
