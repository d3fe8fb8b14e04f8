"""Alarms held against labels, and two plain rules that raise alarms, to compare with. Times are epoch milliseconds."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

DAY = 86_400_000
WEEK = 7 * DAY
# From how much on a plain rule may raise an alarm: the one that suits it best is taken, which it could not know.
BASELINE_THRESHOLDS = (3, 4, 5, 6, 8, 10, 13, 16, 20, 30, 50, 100)
# The least spread there is: a series that has never moved must not divide by zero.
_LEAST_SPREAD = 3e-5


class Outcome(NamedTuple):
    """How well alarms met what was labelled."""

    found: int
    missed: int
    false: int

    @property
    def recall(self) -> float:
        """Share of the labels that were found; 1 where there are none."""
        return self.found / (self.found + self.missed) if self.found + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision; 1 where nothing was to be found and nothing was."""
        errors = self.missed + self.false
        return 2 * self.found / (2 * self.found + errors) if self.found + errors else 1.0


def total(outcomes: Iterable[Outcome]) -> Outcome:
    """Several outcomes taken together."""
    return Outcome(*(sum(column) for column in zip(Outcome(0, 0, 0), *outcomes)))


def episodes(times: Iterable[int], apart: int) -> int:
    """How many alarms there were, where each that follows another by no more than ``apart`` milliseconds is one with it."""
    ordered = sorted(times)
    return bool(ordered) + sum(after - before > apart for before, after in pairwise(ordered))


def rolling_z(values: Mapping[int, float], window: int = 96) -> dict[int, float]:
    """By how many standard deviations each value is off the mean of the ``window`` values before."""
    times, found = sorted(values), dict[int, float]()
    numbers = [values[time] for time in times]
    for at in range(window, len(times)):
        recent = numbers[at - window : at]
        mean = sum(recent) / window
        spread = math.dist(recent, [mean] * window) / math.sqrt(window)
        found[times[at]] = abs(numbers[at] - mean) / max(spread, _LEAST_SPREAD)
    return found


def seasonal_difference(values: Mapping[int, float], season: int = WEEK) -> dict[int, float]:
    """By how many median differences each value differs from that of a ``season`` (milliseconds) before."""
    found = {time: abs(value - values[time - season]) for time, value in values.items() if time - season in values}
    if not found:
        return {}
    # Where most values are the same as before, the median is 0 and the mean has to do.
    ordinary = statistics.median(found.values()) or statistics.fmean(found.values()) or _LEAST_SPREAD
    return {time: difference / ordinary for time, difference in found.items()}
