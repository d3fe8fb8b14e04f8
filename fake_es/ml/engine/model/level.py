"""A level that follows a series, as quickly as the series itself asks for."""

from __future__ import annotations

import math
from array import array

# A value pulls at the level as if it were at most this many ordinary deviations off.
_MOST_PULL = 3.0
_MOST_ERROR = 10.0
_SETTLED = 6
_LEAST_GAIN = 0.01
# How quickly the gain adapts, and the correlation of neighbouring residuals that leaves it as it is.
_GAIN_STEP, _NO_CORRELATION = 0.04, 0.05

_LEVEL, _GAIN, _SPREAD, _LAST, _ERROR = range(5)
_SIZE = 5


class Levels:
    """Several levels of one series, each over what its own way to predict leaves unexplained.

    A level's gain grows while its residuals follow one another and shrinks when they alternate, so that noise about a
    steady level is averaged and a wandering series is followed. Kept in one array: there may be very many series.
    """

    __slots__ = ("numbers", "seen")

    def __init__(self, number: int) -> None:
        self.numbers = array("d", (0.0, 0.1, 0.0, 0.0, 0.0) * number)
        self.seen = array("d", (0.0,) * number)

    def level(self, which: int) -> float:
        """The level itself."""
        return self.numbers[which * _SIZE + _LEVEL]

    def gain(self, which: int) -> float:
        """Share of a surprise that the level takes over."""
        return self.numbers[which * _SIZE + _GAIN]

    def spread(self, which: int) -> float:
        """Mean absolute residual over the last hundred or so values."""
        return self.numbers[which * _SIZE + _SPREAD]

    def error(self, which: int) -> float:
        """Mean absolute residual over a long time: how good this way to predict is."""
        return self.numbers[which * _SIZE + _ERROR]

    def is_settled(self, which: int) -> bool:
        """Whether enough values were seen to go by this level."""
        return self.seen[which] >= _SETTLED

    def inherit(self, which: int, source: int) -> None:
        """Begin a level with all that another one has learnt."""
        for number in range(_SIZE):
            self.numbers[which * _SIZE + number] = self.numbers[source * _SIZE + number]
        self.seen[which] = self.seen[source]

    def learn(self, which: int, value: float, memory: float, most_gain: float) -> None:
        """Take in a value from which the rest of the prediction has been taken; ``memory`` is of :meth:`error`, in values."""
        numbers, at = self.numbers, which * _SIZE
        seen = self.seen[which]
        if seen == 0:
            numbers[at + _LEVEL] = value
            self.seen[which] = 1.0
            return
        residual = value - numbers[at + _LEVEL]
        spread = numbers[at + _SPREAD]
        pull = residual if seen < 4 or spread == 0 else max(-_MOST_PULL * spread, min(_MOST_PULL * spread, residual))
        if spread > 0 and seen > 4:
            self._adapt(at, pull / spread, most_gain)
        gain = max(numbers[at + _GAIN], 1 / (seen + 1))
        numbers[at + _LEVEL] += gain * pull
        numbers[at + _SPREAD] += (abs(pull) - spread) / min(seen, 100.0)
        error = abs(residual) if seen < 4 else min(abs(residual), _MOST_ERROR * spread)
        numbers[at + _ERROR] += (error - numbers[at + _ERROR]) / min(seen, memory)
        self.seen[which] = min(seen + 1, 1e6)

    def _adapt(self, at: int, pull: float, most_gain: float) -> None:
        numbers = self.numbers
        alike = max(-1.0, min(1.0, pull * numbers[at + _LAST] / (math.pi / 2))) - _NO_CORRELATION
        gain = numbers[at + _GAIN] * (1 + _GAIN_STEP * alike)
        numbers[at + _GAIN] = max(_LEAST_GAIN, min(most_gain, gain))
        numbers[at + _LAST] = pull

    def shift(self, by: float) -> None:
        """Move all levels: the series has a new level."""
        for at in range(_LEVEL, len(self.numbers), _SIZE):
            self.numbers[at] += by
            self.numbers[at + _GAIN] = max(0.2, self.numbers[at + _GAIN])

    def state(self) -> list[list[float]]:
        """Plain data to restore it from."""
        return [list(self.numbers), list(self.seen)]

    def restore(self, state: list[list[float]]) -> None:
        """Take up what :meth:`state` left."""
        self.numbers, self.seen = (array("d", numbers) for numbers in state)
