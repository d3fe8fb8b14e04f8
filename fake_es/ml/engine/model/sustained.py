"""Deviations that are small but do not end: the recent ones taken together."""

from __future__ import annotations

from array import array

from fake_es.ml.engine.probability import student_mean_deviation, student_tail

# A mean over about this many buckets, of deviations as if none were more than so many mean ones.
_SHARE, _MOST_DEVIATION = 1 / 8, 4.0
_MEMORY = 400.0
_FREEDOM = 12.0
_RATIO = student_mean_deviation(_FREEDOM)
# Below so many mean deviations the present bucket takes no part in what may have been going on before it.
_LEAST_PART = 1.5
_LEAST_SEEN = 100.0
# What is seen only by looking at many buckets must be the rarer for it.
_DISCOUNT = 1.0
_MEAN, _SCALE, _SEEN = range(3)


class Sustained:
    """A moving mean of deviations, held against how far it ordinarily strays."""

    __slots__ = ("numbers",)

    def __init__(self) -> None:
        self.numbers = array("d", (0.0, 0.0, 0.0))

    def surprise(self, deviation: float) -> float:
        """Surprise of the mean with ``deviation`` in it, on that side; 0 unless that goes the same way."""
        mean, scale, seen = self.numbers
        if seen < _LEAST_SEEN or scale <= 0 or abs(deviation) < _LEAST_PART or mean * deviation <= 0:
            return 0.0
        return max(0.0, student_tail(abs(self._moved(mean, deviation)) / scale * _RATIO, _FREEDOM) - _DISCOUNT)

    def learn(self, deviation: float) -> None:
        """Take a deviation in."""
        numbers = self.numbers
        seen = numbers[_SEEN] + 1
        numbers[_MEAN] = mean = self._moved(numbers[_MEAN], deviation)
        found = abs(mean) if seen < 20 else min(abs(mean), 3 * numbers[_SCALE])
        numbers[_SCALE] += (found - numbers[_SCALE]) / min(seen, _MEMORY)
        numbers[_SEEN] = seen

    @staticmethod
    def _moved(mean: float, deviation: float) -> float:
        return mean + _SHARE * (max(-_MOST_DEVIATION, min(_MOST_DEVIATION, deviation)) - mean)
