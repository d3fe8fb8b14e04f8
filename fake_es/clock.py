"""Time as a value: every reading and every wait of a cluster goes through its clock.

All instants are integers, milliseconds since the epoch, UTC.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from fake_es.wire.durations import duration_ms
from fake_es.wire.human import iso_instant

Duration = str | int | float
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_LAST_INSTANT = 253_402_300_799_999


class ClockError(ValueError):
    """A clock was asked for something it cannot do."""


def _real_ms() -> int:
    return time.time_ns() // 1_000_000


def read_instant(value: str | int | datetime) -> int:
    """An instant in epoch milliseconds, from such a number, an ISO time (UTC unless it says otherwise) or a datetime.

    :raises ClockError: it is none of these, or lies before 1970 or after 9999.
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
    """What a cluster needs of a clock. It belongs to one cluster, which is told whenever the time was moved."""

    mode = "abstract"
    auto = False
    speed: float | None = None
    _moved: Callable[[], None] | None = None

    def attach(self, moved: Callable[[], None]) -> None:
        """Bind the clock to a cluster; ``moved()`` is called after each move.

        :raises ClockError: the clock serves another cluster already.
        """
        if self._moved is not None:
            raise ClockError("a clock belongs to one cluster: give each its own")
        self._moved = moved

    def now(self) -> int:
        """The present instant."""
        raise NotImplementedError

    def set(self, instant: str | int | datetime) -> None:
        """Move to an instant (epoch milliseconds, ISO time or datetime).

        :raises ClockError: the instant lies in the past of this clock, or is none.
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
        """Move forward by ``"5m"``, ``"1.5h"``, ... or a number of seconds; what falls due happens, in order.

        :raises ClockError: the duration is negative or none.
        """
        self.set(self.now() + read_duration(duration))

    def _jump(self, target: int) -> None:
        raise NotImplementedError

    def wait(self, changed: threading.Condition, until: int | None) -> bool:
        """Pass time until ``until`` (None: until told), with ``changed`` held; may return early.

        Answers whether the clock was moved by this: others that wait have not heard of it.
        """
        raise NotImplementedError


def read_duration(duration: Duration) -> int:
    """Milliseconds of ``"5m"`` and the like, or of a number of seconds.

    :raises ClockError: it is negative or no duration.
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
    """A clock that stands still unless moved.

    With ``auto`` (the default) a request that must wait moves it itself and returns at once; without, only
    ``advance`` and ``set`` move it, and waiting requests block their thread until somebody does.
    It starts at ``start``, by default the real time of its making.
    """

    mode = "virtual"

    def __init__(self, auto: bool = True, start: str | int | datetime | None = None) -> None:
        self.auto = auto
        self._now = _real_ms() if start is None else read_instant(start)

    def now(self) -> int:
        return self._now

    def _jump(self, target: int) -> None:
        self._now = target

    def wait(self, changed: threading.Condition, until: int | None) -> bool:
        if self.auto and until is not None:
            # What is due now, the waiting request itself carries out next.
            self._now = max(until, self._now)
            return True
        changed.wait()
        return False


class SystemClock(Clock):
    """Real time, ``speed`` times as fast; ``advance`` and ``set`` jump ahead of it."""

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

    def _jump(self, target: int) -> None:
        self._ahead += max(0, target - self.now())

    def wait(self, changed: threading.Condition, until: int | None) -> bool:
        if until is None:
            changed.wait()
        else:
            # At least a millisecond, so that a fraction lost in rounding cannot make a busy loop.
            changed.wait(max(0.001, (until - self.now()) / 1000 / self.speed))
        return False
