"""Incomplete buckets: the mean of few measurements may scatter more than that of many."""

from __future__ import annotations

import math
from array import array

from fake_es.ml.engine.data_gatherer import Key
from fake_es.ml.engine.probability import beyond_chance

# A bucket with less than this share of the usual number of measurements is incomplete.
_INCOMPLETE = 0.5
# The greatest factor by which values of incomplete buckets may scatter more; that of 1/16 of the usual number.
_MOST_WIDENING = 4.0
# Memory of the usual number in buckets, and memory of how incomplete buckets scatter in incomplete buckets.
_MEMORY, _INCOMPLETE_MEMORY = 200.0, 30.0
# A single extreme value means little: a deviation counts as at most this many times the expected one.
_MOST_EXPECTED = 2
# The sum of n deviations may differ by this many times the root of n by chance.
_CHANCE = 1.5

# The numbers of a series: the usual number of measurements; the number of incomplete buckets; the sum by which their
# deviations exceeded the usual one; the sum by which they were expected to.
_USUAL, _INCOMPLETE_BUCKETS, _EXCESS, _EXPECTED = range(4)


class Measurements:
    """The usual number of measurements of each series, and how much its values scatter if there are fewer.

    The server assumes that measurements are independent. It scales the variance of means, medians and variances by their
    number (``model_t::varianceScale``). If all measurements of a bucket deviate together, this hides anomalies. So here
    each series learns how much of that widening it has.
    """

    def __init__(self) -> None:
        # A series is in it once it has had a bucket with other than one measurement.
        self._by_series: dict[Key, array[float]] = {}

    def widening(self, key: Key, number: float) -> float:
        """The factor (1 to 4) by which a value of ``number`` measurements scatters more than usual."""
        known = self._by_series.get(key)
        if known is None or not known[_EXPECTED] or (expected := _expected_widening(known, number)) <= 1:
            return 1.0
        share = beyond_chance(known[_EXCESS], _CHANCE * math.sqrt(known[_INCOMPLETE_BUCKETS])) / known[_EXPECTED]
        return 1 + (expected - 1) * max(0.0, min(1.0, share))

    def learn(self, key: Key, number: float, seen: int, deviation: float | None) -> None:
        """Learn from a bucket with ``number`` measurements.

        :param seen: number of buckets before.
        :param deviation: deviation of its value in mean absolute deviations; None if it is not known yet.
        """
        known = self._by_series.get(key)
        if number == (1.0 if known is None else known[_USUAL]):
            return
        if known is None:
            known = self._by_series[key] = array("d", (number, 0.0, 0.0, 0.0))
        expected = _expected_widening(known, number)
        if expected > 1 and deviation is not None:
            keep = 1 - 1 / _INCOMPLETE_MEMORY
            known[_INCOMPLETE_BUCKETS] = known[_INCOMPLETE_BUCKETS] * keep + 1
            known[_EXCESS] = known[_EXCESS] * keep + min(deviation, _MOST_EXPECTED * expected) - 1
            known[_EXPECTED] = known[_EXPECTED] * keep + expected - 1
        known[_USUAL] += (number - known[_USUAL]) / min(seen + 1.0, _MEMORY)

    def forget(self, key: Key) -> None:
        """Drop a series, if it is known."""
        self._by_series.pop(key, None)

    def state(self, key: Key) -> list[float] | None:
        """The numbers of a series as plain data; None if it is not known."""
        known = self._by_series.get(key)
        return None if known is None else list(known)

    def restore(self, key: Key, state: list[float] | None) -> None:
        """Take over what :meth:`state` returned."""
        if state is not None:
            self._by_series[key] = array("d", state)


def _expected_widening(known: array[float], number: float) -> float:
    """The factor for the mean of ``number`` independent measurements; 1 unless the bucket is incomplete."""
    usual = known[_USUAL]
    return min(_MOST_WIDENING, math.sqrt(usual / number)) if 0 < number < _INCOMPLETE * usual else 1.0
