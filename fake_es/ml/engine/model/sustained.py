"""Deviations that do not end: what the recent values of a series come to when they are taken together."""

from __future__ import annotations

import math
from array import array

from fake_es.ml.engine.probability import student_mean_deviation, student_tail

_DAY = 86_400
# The level is that of about so many days, and a value pulls at it as if it were at most so many spreads off.
_MEMORY_DAYS, _LEAST_MEMORY = 4.0, 50.0
_MOST_PULL = 3.0
# Deviations are averaged over about so many buckets; one counts as if it were at most so many spreads.
_GAIN = 2.0 / 37.0
_MOST_DEVIATION = 4.0
# How large the mean ordinarily is, is remembered so many times as long as the level.
_MEMORIES = 6.0
# Means of values next to one another are much the same: only so many values, in means, say how large they are.
# So do fewer still of a series that wanders.
_FREEDOM, _WANDERING = 30.0, 3
_RATIO = student_mean_deviation(_FREEDOM)
# The peak of an excursion of which nothing more is to be said.
_KNOWN = -1.0
# Values and days before anything is said.
_LEAST_SEEN, _LEAST_DAYS = 100.0, 7.0
_LEARNING = 20.0
# An excursion is over once the mean is so near to the ordinary. The greatest one fades over so many days; one that is
# not greater by so much is none to speak of.
_CALM = 1.5
_FADE_DAYS, _GREATER = 20.0, 1.1
_LEVEL, _SPREAD, _SEEN, _MEAN, _ORDINARY, _GREATEST, _PEAK = range(7)


class Sustained:
    """A slow level over the seasons, and how far values have been from it of late, taken together.

    The quick levels follow an incident that lasts, and soon find nothing wrong with it; and a day that is somewhat too
    quiet at every hour is found at none. A series that wanders is ordinarily far from its slow level, and so is not
    accused of it.
    """

    __slots__ = ("numbers",)

    def __init__(self) -> None:
        self.numbers = array("d", (0.0,) * 7)

    def surprise(self, residual: float, stretch: float, span: int, gain: float) -> float:
        """Surprise of how far values are from the slow level of late, if this one is on the same side of it and adds to it.

        :param residual: the value less its seasons.
        :param stretch: see :class:`Frame`.
        :param span: the bucket span in seconds.
        :param gain: share of a deviation that the level of the series takes over: how much it wanders.
        """
        numbers = self.numbers
        ordinary = numbers[_ORDINARY]
        if numbers[_SEEN] < max(_LEAST_SEEN, _LEAST_DAYS * _DAY / span) or ordinary <= 0:
            return 0.0
        deviation = self._deviation(residual, stretch)
        mean = self._moved(deviation)
        if mean * deviation <= 0 or abs(deviation) < max(numbers[_SPREAD], abs(mean)) or numbers[_PEAK] == _KNOWN:
            return 0.0
        if abs(mean) < max(_GREATER * numbers[_GREATEST], numbers[_PEAK]) * ordinary:
            return 0.0
        freedom = max(1.5, min(_FREEDOM, numbers[_SEEN] * _GAIN / 2) * (1 - gain) ** _WANDERING)
        return max(0.0, student_tail(abs(mean) / ordinary * _RATIO, freedom))

    def _deviation(self, residual: float, stretch: float) -> float:
        """How far a value is from the level, but no more than a mean of some needs to know."""
        deviation, most = (residual - self.numbers[_LEVEL]) / max(1.0, stretch), _MOST_DEVIATION * self.numbers[_SPREAD]
        return max(-most, min(most, deviation)) if most > 0 else deviation

    def _moved(self, deviation: float) -> float:
        """The mean of late deviations with this one in it."""
        return self.numbers[_MEAN] + _GAIN * (deviation - self.numbers[_MEAN])

    def is_above(self, residual: float) -> bool:
        """Whether a value is above the slow level."""
        return residual > self.numbers[_LEVEL]

    def learn(self, residual: float, stretch: float, span: int) -> None:
        """Take in a value less its seasons; ``span`` is the bucket span in seconds."""
        numbers = self.numbers
        seen, spread = numbers[_SEEN] + 1, numbers[_SPREAD]
        memory = max(_LEAST_MEMORY, _MEMORY_DAYS * _DAY / span)
        if seen > _LEARNING:
            self._average(self._deviation(residual, stretch), seen, _MEMORIES * memory, span)
        pull = residual - numbers[_LEVEL]
        if seen > 10 and spread > 0:
            pull = max(-_MOST_PULL * spread, min(_MOST_PULL * spread, pull))
        numbers[_LEVEL] += pull / min(seen, memory)
        numbers[_SPREAD] += (abs(pull) - spread) / min(seen, 3 * memory)
        numbers[_SEEN] = seen

    def settle(self) -> None:
        """Say no more of what is going on: the series has a new level."""
        self.numbers[_PEAK] = _KNOWN

    def _average(self, deviation: float, seen: float, memory: float, span: int) -> None:
        """Take a deviation into the mean of late ones, and learn how large that ordinarily is and has ever been."""
        numbers = self.numbers
        mean = numbers[_MEAN] = self._moved(deviation)
        ordinary, size = numbers[_ORDINARY], abs(mean)
        if ordinary > 0 and seen > 1.5 * _LEAST_SEEN:
            self._excursion(size / ordinary, mean * deviation < 0 and abs(deviation) > numbers[_SPREAD], span)
        found = min(size, 4 * ordinary) if ordinary > 0 else size
        numbers[_ORDINARY] += (found - ordinary) / min(seen, memory)

    def _excursion(self, size: float, turned: bool, span: int) -> None:
        """Follow an excursion to its end: what goes on is not measured by itself."""
        numbers = self.numbers
        numbers[_GREATEST] *= math.exp(-span / (_FADE_DAYS * _DAY))
        if size < _CALM or turned:
            numbers[_GREATEST], numbers[_PEAK] = max(numbers[_GREATEST], numbers[_PEAK]), 0.0
        elif numbers[_PEAK] != _KNOWN:
            numbers[_PEAK] = max(numbers[_PEAK], size)
