"""Timeouts of requests that wait for a job or a datafeed."""

from __future__ import annotations

from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import ElasticsearchError, StatusException

HALF_AN_HOUR = TimeValue(30, "m")
# Pull request 89775.
_REQUEST_TIMEOUT_SINCE = (8, 5)
TASKS_TIMED_OUT = "Timed out when waiting for persistent tasks after {timeout}"


def wait_limit(timeout: TimeValue) -> int | None:
    """Maximal waiting time in milliseconds; None (no limit) for a negative timeout."""
    return timeout.ms if timeout.ms >= 0 else None


def timed_out(reason: str, version: tuple[int, ...]) -> ElasticsearchError:
    """The error of an open or a start that took too long: 408, up to 8.4 500."""
    return StatusException(reason, status=408) if version >= _REQUEST_TIMEOUT_SINCE else ElasticsearchError(reason)
