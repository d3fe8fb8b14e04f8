"""Surprisals to scores of 0 to 100, and the normalizer: scores depend on what a job has seen before."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from fake_es.ml.engine.anomalies import LEAST_SURPRISAL, OTHERS_SHARE, Anomaly

# --- Scores: surprisal to score, interpolated. One in ten thousand is worth a look, one in a hundred thousand is critical.
# tests/engine/test_detection.py holds the scores of 50 and 75 to what must be found.
_SCORES = (
    (2.0, 0.0), (3.0, 3.0), (3.8, 12.0), (4.4, 25.0), (4.45, 50.0), (4.7, 75.0), (7.5, 90.0), (15.0, 95.0), (50.0, 98.0),
    (307.0, 99.9),
)  # fmt: skip

# --- Normalizer: share of buckets at least as improbable to the most that such a bucket can score, interpolated. What is
# common in a job is no anomaly of it: test_scores_fall_when_anomalies_become_common.
_LIMITS = ((0.0, 100.0), (0.02, 100.0), (0.05, 75.0), (0.1, 40.0), (0.2, 15.0), (1.0, 1.0))
# Ordinary buckets that a job is taken to have seen at first: its first buckets cannot say what is common.
_PRIOR_BUCKETS = 100.0
# Past surprisals are kept as counts in 40 steps of 0.5; what is above 20 is equally improbable to a job's history.
_STEP, _STEPS = 0.5, 40
# Buckets that are remembered: half a year of hours.
_MEMORY = 5000.0

# --- Several anomalies together: the most that others add to the first, so that many small ones are not critical.
_MOST_FROM_OTHERS = 2.0
# The least probable of many series is rare by chance: the surprisal loses this share of the logarithm of their number.
# All of it would hide what happens to one series of thousands: test_a_series_in_a_thousand.
_SERIES_SHARE = 0.5


def combined_surprisal(surprisals: Sequence[float], series: int = 1) -> float:
    """Surprisal of anomalies of one bucket taken together, found among so many series; 0 if there are none."""
    if not surprisals:
        return 0.0
    first, *others = sorted(surprisals, reverse=True)
    more = sum(OTHERS_SHARE * (other - LEAST_SURPRISAL) for other in others)
    return max(0.0, first + min(_MOST_FROM_OTHERS, more) - _SERIES_SHARE * math.log10(max(1, series)))


def surprisals_by_influencer(anomalies: Sequence[Anomaly]) -> dict[tuple[str, str], list[float]]:
    """Surprisals of the anomalies that each influencer, a field and its value, has to do with."""
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for anomaly in anomalies:
        for field, values in anomaly.influences.items():
            for value in values:
                found[field, value].append(anomaly.surprisal)
    return dict(found)


def _interpolated(points: tuple[tuple[float, float], ...], at: float) -> float:
    """Linear interpolation between points; beyond them the value of the nearest one."""
    following = bisect_right(points, (at, math.inf))
    if following in (0, len(points)):
        return points[min(following, len(points) - 1)][1]
    (left, low), (right, high) = points[following - 1 : following + 1]
    return low + (high - low) * (at - left) / (right - left)


class Normalizer:
    """How improbable the buckets of a job have been: what a job often sees does not score high in it."""

    def __init__(self) -> None:
        self._counts = array("d", (0.0,) * _STEPS)
        self._buckets = 0.0
        self._limits: tuple[int, ...] | None = None

    def score(self, surprisal: float) -> float:
        """Score of a surprisal, 0 to 100."""
        if surprisal <= _SCORES[0][0]:
            return 0.0
        above = sum(self._counts[min(_STEPS - 1, int(surprisal / _STEP)) :])
        return min(_interpolated(_SCORES, surprisal), self._limit(above))

    def limits(self) -> tuple[int, ...]:
        """The highest score of each step of surprisals as of now, in whole numbers."""
        if self._limits is None:
            above = reversed(list(accumulate(reversed(self._counts))))
            self._limits = tuple(round(self._limit(count)) for count in above)
        return self._limits

    def _limit(self, above: float) -> float:
        """The highest score where so many past buckets were at least as improbable."""
        return _interpolated(_LIMITS, max(0.0, above - 1) / (self._buckets + _PRIOR_BUCKETS))

    def learn(self, surprisal: float) -> None:
        """Learn from the greatest surprisal of a bucket."""
        self._limits = None
        if self._buckets >= _MEMORY:
            keep = 1 - 1 / _MEMORY
            self._counts = array("d", [count * keep for count in self._counts])
            self._buckets *= keep
        self._counts[min(_STEPS - 1, int(surprisal / _STEP))] += 1
        self._buckets += 1

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [list(self._counts), self._buckets]

    def restore(self, state: list[Any]) -> None:
        """Take over what :meth:`state` returned."""
        self._counts, self._buckets, self._limits = array("d", state[0]), state[1], None
