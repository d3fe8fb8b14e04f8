"""What will happen later in a cluster: entries carried out in order once the clock has passed them."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from typing import Any

# An action gets the cluster, the instant it was due (epoch milliseconds) and the arguments it was planned with.
Action = Callable[..., None]
# Gets the same arguments, and between instant and arguments the exception that the action has raised.
Failed = Callable[..., None]

# Turns of one interval that are taken one by one when they are all due at once; see ``next_turn``.
MOST_TURNS = 1000


class Entry:
    """One planned action; ``cancel()`` strikes it out."""

    __slots__ = ("action", "arguments", "at", "cancelled", "failed", "order")

    def __init__(self, at: int, order: int, action: Action, arguments: tuple[Any, ...], failed: Failed | None) -> None:
        self.at = at
        self.order = order
        self.action = action
        self.arguments = arguments
        self.failed = failed
        self.cancelled = False

    def __lt__(self, other: Entry) -> bool:
        return (self.at, self.order) < (other.at, other.order)

    def cancel(self) -> None:
        """Strike the entry out: it will not be carried out."""
        self.cancelled = True


class Timetable:
    """Entries of one cluster, by due time, then by the order they were planned in."""

    def __init__(self) -> None:
        self._heap: list[Entry] = []
        self._planned = 0

    def plan(self, at: int, action: Action, *arguments: Any, failed: Failed | None = None) -> Entry:
        """Plan ``action(cluster, at, *arguments)`` for the instant ``at`` (epoch milliseconds).

        An exception of the action is logged and reaches no caller; ``failed(cluster, at, error, *arguments)`` then does what
        follows from it for the owner of the entry: a job fails, a datafeed stops.
        """
        self._planned += 1
        entry = Entry(at, self._planned, action, arguments, failed)
        heapq.heappush(self._heap, entry)
        return entry

    def __len__(self) -> int:
        """How many entries there are, those struck out too as long as they are kept."""
        return len(self._heap)

    def next_at(self) -> int | None:
        """Instant of the next entry, or None when nothing is planned."""
        while self._heap and self._heap[0].cancelled:
            heapq.heappop(self._heap)
        return self._heap[0].at if self._heap else None

    def run_due(self, cluster: object, now: int, seconds: float) -> bool:
        """Carry out what is due at ``now``, entries planned meanwhile included, until so many seconds of real time have
        passed; True if there was anything.
        """
        ran, until = False, 0.0
        while self._heap and self._heap[0].at <= now:
            entry = heapq.heappop(self._heap)
            if entry.cancelled:
                continue
            ran = True
            _carry_out(cluster, entry)
            if not until:
                until = time.monotonic() + seconds
            elif time.monotonic() >= until:
                break
        return ran


def _carry_out(cluster: object, entry: Entry) -> None:
    try:
        entry.action(cluster, entry.at, *entry.arguments)
    except Exception as error:
        _log("a planned action failed")
        if entry.failed is None:
            return
        try:
            entry.failed(cluster, entry.at, error, *entry.arguments)
        except Exception:
            _log("what follows from the failure of a planned action failed")


def _log(text: str) -> None:
    # Loaded only now: nothing is logged while all is well.
    import logging

    logging.getLogger("fake_es").exception(text)


def next_turn(at: int, interval: int, now: int) -> int:
    """When something that is done every ``interval`` is done next, ``at`` being the turn before.

    Where more than ``MOST_TURNS`` are due by ``now`` at once, because the clock was moved far ahead, the earlier ones are left
    out. All times are milliseconds.
    """
    left_out = (now - at) // interval - MOST_TURNS
    return at + interval * max(1, left_out)
