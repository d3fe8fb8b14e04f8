"""Deviations that do not end: what a level that follows slowly makes of a series."""

from __future__ import annotations

import math
from array import array

from fake_es.ml.engine.probability import student_mean_deviation, student_tail

_DAY = 86_400
# The level is that of about the last two days, and a value pulls at it as if it were at most so many spreads off.
_MEMORY_SECONDS = 2 * _DAY
_MOST_PULL = 3.0
_FREEDOM = 10.0
_RATIO = student_mean_deviation(_FREEDOM)
# What is seen only in this way must be the rarer for it.
_DISCOUNT = 1.0
_LEAST_SEEN = 100.0
_LEAST_DAYS = 7.0
_LEVEL, _SPREAD, _SEEN, _GREATEST, _LAST = range(5)
# The greatest deviation fades over so many days; one that is not much greater is none to speak of.
_FADE_DAYS, _GREATER = 5.0, 1.0


class Sustained:
    """A slow level over the seasons, and how far values ordinarily are from it.

    The quick levels follow an incident that lasts, and soon find nothing wrong with it; this one does not. A series
    that wanders is ordinarily far from its slow level, and so is not accused of it.
    """

    __slots__ = ("numbers",)

    def __init__(self) -> None:
        self.numbers = array("d", (0.0,) * 5)

    def surprise(self, residual: float, stretch: float, span: int) -> float:
        """Surprise of a value that is so far from the seasons, on the side on which it is; see :class:`Frame`."""
        _, spread, seen, greatest, last = self.numbers
        if seen < max(_LEAST_SEEN, _LEAST_DAYS * _DAY / span) or spread <= 0:
            return 0.0
        deviation = self._deviation(residual, stretch)
        # One value by itself is nothing sustained: it is the lesser of two that go the same way that counts.
        deviation = min(abs(deviation), abs(last)) if deviation * last > 0 else 0.0
        if deviation < _GREATER * greatest:
            return 0.0
        return max(0.0, student_tail(deviation * _RATIO, _FREEDOM) - _DISCOUNT)

    def _deviation(self, residual: float, stretch: float) -> float:
        return (residual - self.numbers[_LEVEL]) / (self.numbers[_SPREAD] * max(1.0, stretch))

    def is_above(self, residual: float) -> bool:
        """Whether a value is above the slow level."""
        return residual > self.numbers[_LEVEL]

    def learn(self, residual: float, stretch: float, span: int) -> None:
        """Take in a value less its seasons; ``span`` is the bucket span in seconds."""
        numbers = self.numbers
        seen, spread = numbers[_SEEN] + 1, numbers[_SPREAD]
        memory = max(50.0, _MEMORY_SECONDS / span)
        pull = residual - numbers[_LEVEL]
        if seen > _LEAST_SEEN / 2 and spread > 0:
            deviation = self._deviation(residual, stretch)
            lasting = min(abs(deviation), abs(numbers[_LAST])) if deviation * numbers[_LAST] > 0 else 0.0
            numbers[_GREATEST] = max(numbers[_GREATEST] * math.exp(-span / (_FADE_DAYS * _DAY)), lasting)
            numbers[_LAST] = deviation
        if seen > 10 and spread > 0:
            pull = max(-_MOST_PULL * spread, min(_MOST_PULL * spread, pull))
        numbers[_LEVEL] += pull / min(seen, memory)
        numbers[_SPREAD] += (abs(pull) - spread) / min(seen, 3 * memory)
        numbers[_SEEN] = seen
