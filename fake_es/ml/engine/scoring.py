"""Surprises to scores of 0 to 100, and what a job's own history makes of them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import accumulate
from typing import Any

# Surprise to score, straight lines between: one in ten thousand is worth a look, one in a hundred thousand is critical.
_KNOTS = (
    (2.0, 0.0), (3.0, 3.0), (3.8, 12.0), (4.4, 25.0), (4.45, 50.0), (4.7, 75.0), (7.5, 90.0), (15.0, 95.0), (50.0, 98.0),
    (307.0, 99.9),
)  # fmt: skip
# The share of buckets with surprises as large, and the most that one of them can then score: what is common in a job
# is no anomaly of it. The first buckets cannot say what is common.
_COMMON = ((0.0, 100.0), (0.02, 100.0), (0.05, 75.0), (0.1, 40.0), (0.2, 15.0), (1.0, 1.0))
_PRIOR_BUCKETS = 100.0
# Surprises of past buckets are kept as counts in steps of this size.
_STEP, _STEPS = 0.5, 40
_MEMORY = 5000.0


def line(knots: tuple[tuple[float, float], ...], place: float) -> float:
    """The value at ``place`` of straight lines between knots; beyond them the nearest knot's."""
    at = bisect_right(knots, (place, float("inf")))
    if at in (0, len(knots)):
        return knots[min(at, len(knots) - 1)][1]
    (left, low), (right, high) = knots[at - 1 : at + 1]
    return low + (high - low) * (place - left) / (right - left)


def raw_score(surprise: float) -> float:
    """Score of a surprise before history."""
    return line(_KNOTS, surprise)


class Normaliser:
    """How surprising the buckets of a job have been: what a job sees often does not score high in it."""

    def __init__(self) -> None:
        self._counts = array("d", (0.0,) * _STEPS)
        self._buckets = 0.0
        self._limits: tuple[int, ...] | None = None

    def score(self, surprise: float) -> float:
        """Score of a surprise, 0 to 100."""
        if surprise <= _KNOTS[0][0]:
            return 0.0
        return min(raw_score(surprise), line(_COMMON, self._share(surprise)))

    def limits(self) -> tuple[int, ...]:
        """The most that each step of surprise can score by now, in whole numbers."""
        if self._limits is None:
            above = reversed(list(accumulate(reversed(self._counts))))
            self._limits = tuple(round(line(_COMMON, self._share_of(count))) for count in above)
        return self._limits

    def _share(self, surprise: float) -> float:
        """Share of buckets at least so surprising."""
        return self._share_of(sum(self._counts[min(_STEPS - 1, int(surprise / _STEP)) :]))

    def _share_of(self, above: float) -> float:
        return max(0.0, above - 1) / (self._buckets + _PRIOR_BUCKETS)

    def learn(self, surprise: float) -> None:
        """Take a bucket's greatest surprise in."""
        self._limits = None
        if self._buckets >= _MEMORY:
            keep = 1 - 1 / _MEMORY
            self._counts = array("d", [count * keep for count in self._counts])
            self._buckets *= keep
        self._counts[min(_STEPS - 1, int(surprise / _STEP))] += 1
        self._buckets += 1

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [list(self._counts), self._buckets]

    def restore(self, state: list[Any]) -> None:
        """Take up what :meth:`state` left."""
        self._counts, self._buckets, self._limits = array("d", state[0]), state[1], None
