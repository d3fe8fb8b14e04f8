"""The clocks of a cluster, which provide its time and all its waits. All times are epoch milliseconds (UTC)."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from fake_es.wire.durations import duration_ms
from fake_es.wire.human import iso_instant

Duration = str | int | float
# A tick that goes to the next entry of the timetable.
AUTO = "auto"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_LAST_INSTANT = 253_402_300_799_999


class ClockError(ValueError):
    """An invalid time, duration or move of a clock."""


def _real_ms() -> int:
    return time.time_ns() // 1_000_000


def read_instant(value: str | int | datetime) -> int:
    """Convert epoch milliseconds, an ISO time (by default UTC) or a datetime to epoch milliseconds.

    :raises ClockError: ``value`` is not a time, or is not in the years 1970 to 9999.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except (ValueError, OverflowError):
            raise ClockError(f"[{value}] is not an ISO time such as 2017-04-11T08:30:00Z") from None
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        value = round((aware - _EPOCH) / timedelta(milliseconds=1))
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LAST_INSTANT:
        raise ClockError(f"[{value}] is not an instant between 1970 and 9999")
    return value


class Clock:
    """The interface of a clock. It belongs to one cluster, which is notified when the clock is moved."""

    mode = "abstract"
    auto = False
    speed: float | None = None
    # What each request lets pass: milliseconds, ``AUTO``, or nothing.
    tick: int | str | None = None
    _moved: Callable[[], None] | None = None

    def attach(self, moved: Callable[[], None]) -> None:
        """Attach the clock to a cluster. ``moved()`` is called after each move.

        :raises ClockError: the clock belongs to another cluster already.
        """
        if self._moved is not None:
            raise ClockError("a clock belongs to one cluster: give each its own")
        self._moved = moved

    def now(self) -> int:
        """The present time in epoch milliseconds."""
        raise NotImplementedError

    def set(self, instant: str | int | datetime) -> None:
        """Move the clock to a time (epoch milliseconds, ISO time or datetime).

        :raises ClockError: the time is invalid, or earlier than the clock's time.
        """
        target = read_instant(instant)
        if target < self.now():
            raise ClockError(
                f"the clock cannot run backwards: it is {iso_instant(self.now())}, asked for {iso_instant(target)}"
            )
        self._jump(target)
        if self._moved is not None:
            self._moved()

    def advance(self, duration: Duration) -> None:
        """Move the clock forward by ``"5m"``, ``"1.5h"``, ... or a number of seconds. Due actions happen in order.

        :raises ClockError: the duration is invalid or negative.
        """
        self.set(self.now() + read_duration(duration))

    def _jump(self, target: int) -> None:
        raise NotImplementedError

    def restart(self) -> None:
        """Go back to the start. The state of the cluster must be deleted with it."""
        raise NotImplementedError

    def copy(self) -> Clock:
        """A clock with the same settings and time that belongs to no cluster yet."""
        other = copy.copy(self)
        other._moved = None
        return other

    def wait(self, changed: threading.Condition, until: int | None) -> bool:
        """Let time pass until ``until`` (None: until a notification). It may return early. ``changed`` must be held.

        Return whether this moved the clock; then the caller must notify other waiting requests.
        """
        raise NotImplementedError


def read_duration(duration: Duration) -> int:
    """Convert a duration such as ``"5m"``, or a number of seconds, to milliseconds.

    :raises ClockError: the duration is invalid or negative.
    """
    milliseconds: int | None = None
    if isinstance(duration, str):
        milliseconds = duration_ms(duration)
    elif isinstance(duration, (int, float)) and not isinstance(duration, bool) and 0 <= duration <= _LAST_INSTANT:
        milliseconds = round(duration * 1000)
    if milliseconds is None or milliseconds > _LAST_INSTANT:
        raise ClockError(f"[{duration}] is not a duration such as 5m, 90s or 250ms")
    return milliseconds


class VirtualClock(Clock):
    """A clock that stands still until it is moved.

    :param auto: a request that must wait moves the clock itself and returns at once. If false, only ``advance`` and ``set``
        move the clock, and waiting requests block their thread until then.
    :param start: first time of the clock; by default the real time.
    :param tick: what each request lets pass, so that code that polls comes to an end: a duration such as ``"1s"``, or
        ``"auto"``: a request that is the same as the one before lets time pass until something happens in the cluster.
    :raises ClockError: ``start`` or ``tick`` is invalid.
    """

    mode = "virtual"

    def __init__(self, auto: bool = True, start: str | int | datetime | None = None, tick: Duration | None = None) -> None:
        self.auto = auto
        self.tick = tick if tick is None or tick == AUTO else read_duration(tick)
        self._start = self._now = _real_ms() if start is None else read_instant(start)

    def now(self) -> int:
        return self._now

    def _jump(self, target: int) -> None:
        self._now = target

    def restart(self) -> None:
        self._now = self._start

    def wait(self, changed: threading.Condition, until: int | None) -> bool:
        if self.auto and until is not None:
            # The waiting request itself carries out the due entries next.
            self._now = max(until, self._now)
            return True
        changed.wait()
        return False


class SystemClock(Clock):
    """Real time, ``speed`` times faster. ``advance`` and ``set`` move it further ahead."""

    mode = "system"

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ClockError(f"the speed of a clock must be positive, not {speed}")
        self.speed: float = float(speed)
        self._start = _real_ms()
        self._started = time.monotonic()
        self._ahead = 0

    def now(self) -> int:
        return self._start + self._ahead + int((time.monotonic() - self._started) * 1000 * self.speed)

    def restart(self) -> None:
        self._start, self._started, self._ahead = _real_ms(), time.monotonic(), 0

    def _jump(self, target: int) -> None:
        self._ahead += max(0, target - self.now())

    def wait(self, changed: threading.Condition, until: int | None) -> bool:
        if until is None:
            changed.wait()
        else:
            # At least a millisecond, so that rounding cannot cause a busy loop.
            changed.wait(max(0.001, (until - self.now()) / 1000 / self.speed))
        return False
