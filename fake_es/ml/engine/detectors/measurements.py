"""How many measurements the buckets of a series have: the mean of a few may scatter more than that of many."""

from __future__ import annotations

import math
from array import array

from fake_es.ml.engine.gather import Key
from fake_es.ml.engine.probability import beyond_chance

# A bucket with fewer than this share of what is usual is incomplete.
_INCOMPLETE = 0.5
# Values of a bucket that has next to nothing are held to scatter no more than this.
_MOST = 4.0
# Buckets over which what is usual is learnt, and incomplete ones over which it is learnt how they scatter.
_MEMORY, _MEMORY_INCOMPLETE = 200.0, 30.0
# Deviation of a sum of deviations, by the root of their number, that may be chance.
_CHANCE = 1.5

_USUAL, _NUMBER, _WIDER, _EXPECTED = range(4)


class Measurements:
    """The usual number of measurements of each series of a detector, and how values scatter where there are fewer.

    The server takes the measurements of a bucket for independent, and scales the variance of means, medians and variances
    by how many there are (``model_t::varianceScale``). Where what scatters is the bucket as a whole that would hide its
    anomalies; so here it is learnt how much of that widening a series shows.
    """

    def __init__(self) -> None:
        # For each series: the usual number; of incomplete buckets their number, by how much in all they were further off
        # than others (in mean deviations), and by how much they were expected to be.
        # Series are known once they have other than one measurement.
        self._known: dict[Key, array[float]] = {}

    def doubt(self, key: Key, number: float) -> float:
        """By how much wider than usual a value scatters that ``number`` measurements make: 1 to 4."""
        known = self._known.get(key)
        if known is None or not known[_EXPECTED] or (width := _width(known, number)) <= 1:
            return 1.0
        share = beyond_chance(known[_WIDER], _CHANCE * math.sqrt(known[_NUMBER])) / known[_EXPECTED]
        return 1 + (width - 1) * max(0.0, min(1.0, share))

    def learn(self, key: Key, number: float, seen: int, deviation: float | None) -> None:
        """Take a bucket in.

        :param seen: how many were before.
        :param deviation: how far off its value was, in mean deviations; None if that is not known yet.
        """
        known = self._known.get(key)
        if number == (1.0 if known is None else known[_USUAL]):
            return
        if known is None:
            known = self._known[key] = array("d", (number, 0.0, 0.0, 0.0))
        width = _width(known, number)
        if width > 1 and deviation is not None:
            keep = 1 - 1 / _MEMORY_INCOMPLETE
            known[_NUMBER] = known[_NUMBER] * keep + 1
            # One wild value says little: none counts as more than twice what it was expected to be.
            known[_WIDER] = known[_WIDER] * keep + min(deviation, 2 * width) - 1
            known[_EXPECTED] = known[_EXPECTED] * keep + width - 1
        known[_USUAL] += (number - known[_USUAL]) / min(seen + 1.0, _MEMORY)

    def forget(self, key: Key) -> None:
        """Drop a series, if it is known."""
        self._known.pop(key, None)

    def state(self, key: Key) -> list[float] | None:
        """What is known of a series, plain data; None if nothing is."""
        known = self._known.get(key)
        return None if known is None else list(known)

    def restore(self, key: Key, state: list[float] | None) -> None:
        """Take up what :meth:`state` left."""
        if state is not None:
            self._known[key] = array("d", state)


def _width(known: array[float], number: float) -> float:
    """How much wider the mean of ``number`` independent measurements scatters than usual; 1 unless many are missing."""
    usual = known[_USUAL]
    return min(_MOST, math.sqrt(usual / number)) if 0 < number < _INCOMPLETE * usual else 1.0
