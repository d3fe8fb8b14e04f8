"""The timetable of a cluster: planned actions, which are carried out in order when the clock passes their time."""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Callable, Generator
from typing import Any

# Parts of a long action. Requests may run between two of them.
Steps = Generator[None, None, None]
# Arguments of an action: the cluster, the time of the entry (epoch milliseconds) and the arguments of ``plan``. A long action
# returns its steps, which are then carried out.
Action = Callable[..., Steps | None]
# The same arguments, with the exception of the action after the time.
Failed = Callable[..., None]

# Maximal number of turns of one interval that are carried out when all are due at once; see ``next_turn``.
MOST_TURNS = 1000


class Entry:
    """One planned action, which can be cancelled. ``steps`` are the remaining steps of an action that has begun."""

    __slots__ = ("action", "arguments", "at", "cancelled", "failed", "order", "steps")

    def __init__(self, at: int, order: int, action: Action, arguments: tuple[Any, ...], failed: Failed | None) -> None:
        self.at = at
        self.order = order
        self.action = action
        self.arguments = arguments
        self.failed = failed
        self.cancelled = False
        self.steps: Steps | None = None

    def __lt__(self, other: Entry) -> bool:
        return (self.at, self.order) < (other.at, other.order)

    @property
    def has_begun(self) -> bool:
        """Whether some of its steps were carried out."""
        return self.steps is not None

    def cancel(self) -> None:
        """Cancel the entry: it will not be carried out, or no further step of it."""
        self.cancelled = True

    def drop(self) -> None:
        """End the steps of a cancelled entry."""
        if self.steps is not None:
            self.steps.close()


class Timetable:
    """The entries of one cluster, by their time, then in the order of planning."""

    def __init__(self) -> None:
        self._heap: list[Entry] = []
        self._planned = 0

    def plan(self, at: int, action: Action, *arguments: Any, failed: Failed | None = None) -> Entry:
        """Plan ``action(cluster, at, *arguments)`` for the time ``at`` (epoch milliseconds).

        If the action raises an exception, it is logged and no caller gets it. Then ``failed(cluster, at, error,
        *arguments)`` is called, which for example marks a job as failed.
        """
        self._planned += 1
        entry = Entry(at, self._planned, action, arguments, failed)
        heapq.heappush(self._heap, entry)
        return entry

    def carry_out(self, cluster: object, at: int, action: Action, *arguments: Any, failed: Failed) -> None:
        """Carry out an action at once. Its exception is dealt with as that of a planned one, so the caller can go on."""
        _carry_out(cluster, Entry(at, 0, action, arguments, failed), math.inf)

    def __len__(self) -> int:
        """Number of entries, including cancelled ones that were not removed yet."""
        return len(self._heap)

    def next_at(self) -> int | None:
        """Time of the next entry; None without entries."""
        while self._heap and self._heap[0].cancelled:
            heapq.heappop(self._heap).drop()
        return self._heap[0].at if self._heap else None

    def run_due(self, cluster: object, now: int, seconds: float) -> bool:
        """Carry out due entries, including new ones, until ``seconds`` of real time have passed. An action that is not done by
        then remains the next entry.

        :param now: time of the clock in epoch milliseconds.
        :return: whether there was any due entry.
        """
        ran, until = False, 0.0
        while self._heap and self._heap[0].at <= now:
            entry = heapq.heappop(self._heap)
            if entry.cancelled:
                entry.drop()
                continue
            ran, until = True, until or time.monotonic() + seconds
            if not _carry_out(cluster, entry, until):
                heapq.heappush(self._heap, entry)
            if time.monotonic() >= until:
                break
        return ran


def _carry_out(cluster: object, entry: Entry, until: float) -> bool:
    """Begin an action, or continue it. Return whether it is done."""
    try:
        if entry.steps is None:
            entry.steps = entry.action(cluster, entry.at, *entry.arguments)
        for _ in entry.steps or ():
            if time.monotonic() >= until:
                return False
    except Exception as error:
        _log("a planned action failed")
        if entry.failed is not None:
            _fail(cluster, entry, error)
    return True


def _fail(cluster: object, entry: Entry, error: Exception) -> None:
    try:
        assert entry.failed is not None, "asked before"
        entry.failed(cluster, entry.at, error, *entry.arguments)
    except Exception:
        _log("what follows from the failure of a planned action failed")


def _log(text: str) -> None:
    # Imported here, because normally nothing is logged.
    import logging

    logging.getLogger("fake_es").exception(text)


def next_turn(at: int, interval: int, now: int) -> int:
    """The next time of a repeated action. All times are milliseconds.

    If the clock was moved far ahead, so that more than ``MOST_TURNS`` turns are due at once, the earlier ones are skipped.

    :param at: time of the last turn.
    :param interval: time between two turns.
    :param now: the present time.
    """
    left_out = (now - at) // interval - MOST_TURNS
    return at + interval * max(1, left_out)
