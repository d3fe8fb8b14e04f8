"""What will happen later in a cluster: entries carried out in order once the clock has passed them."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fake_es.cluster import Cluster

# An action gets the cluster, the instant it was due (epoch milliseconds) and the arguments it was planned with.
Action = Callable[..., None]


class Entry:
    """One planned action; ``cancel()`` strikes it out."""

    __slots__ = ("action", "arguments", "at", "cancelled", "order")

    def __init__(self, at: int, order: int, action: Action, arguments: tuple[Any, ...]) -> None:
        self.at = at
        self.order = order
        self.action = action
        self.arguments = arguments
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

    def plan(self, at: int, action: Action, *arguments: Any) -> Entry:
        """Plan ``action(cluster, at, *arguments)`` for the instant ``at`` (epoch milliseconds)."""
        self._planned += 1
        entry = Entry(at, self._planned, action, arguments)
        heapq.heappush(self._heap, entry)
        return entry

    def next_at(self) -> int | None:
        """Instant of the next entry, or None when nothing is planned."""
        while self._heap and self._heap[0].cancelled:
            heapq.heappop(self._heap)
        return self._heap[0].at if self._heap else None

    def run_due(self, cluster: Cluster, now: int) -> bool:
        """Carry out what is due at ``now``, entries planned meanwhile included; True if there was anything."""
        ran = False
        while self._heap and self._heap[0].at <= now:
            entry = heapq.heappop(self._heap)
            if not entry.cancelled:
                entry.action(cluster, entry.at, *entry.arguments)
                ran = True
        return ran
