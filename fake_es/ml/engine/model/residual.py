"""How far a value may be from its prediction: scales, skewness and tails, learnt from the residuals."""

from __future__ import annotations

import math
from array import array
from typing import Any, NamedTuple

from fake_es.ml.engine.model.tails import LOG, PLAIN, Tails
from fake_es.ml.engine.probability import count_density, count_tail

# Counts expected to be fewer than this have a distribution of their own.
_FEW_EVENTS = 200.0
# Events that there may have been, of which none was seen, and values that what is held of counts at first is worth.
_LEAST_EVENTS, _PRIOR_COUNTS = 0.5, 20.0
# Memory of scales, in values of one side; a value widens a scale as if it were at most so many times the scale.
_MEMORY = 150.0
_MOST_DEVIATION = 4.0
_MOST_SEEN = 10_000.0
# Within so many mean deviations nothing is looked at closely.
_ORDINARY = 2.0
# How many of the largest deviations are remembered, how near one must be to count as alike, and how they fade.
_KEPT, _ALIKE, _FADE = 5, 0.8, 0.9995
# From so many alike on a deviation is at most this much more surprising than they were frequent.
_ALIKE_LEAST, _ALIKE_MARGIN = 3, 2.2
# The next record of a heavy tail is so many times the last one with a probability of that to minus this power.
_RECORD_LEAST, _RECORD_POWER = 4.0, 3.5
# A value so many times what is ordinary, or so small a part of it at a time so much busier than others, and so many times
# further off than any before, is no matter of tails: if what is ordinary is a level, that values scatter about by less than
# this share of it.
_SCATTER, _BUSY = 0.6, 1.5
_MANIFOLD, _MANIFOLD_RECORD, _MANIFOLD_VALUES, _MANIFOLD_MARGIN = 7.0, 2.0, 30, 3.4
# Values of a side before which its scale is not sure enough to say what is large.
_SETTLED = 8
_LN2 = math.log(2)


class Frame(NamedTuple):
    """What a value is held against.

    :param typical: the prediction.
    :param size: ordinary size of the series' values.
    :param spread: mean absolute residual of this way to predict.
    :param stretch: how much wider residuals are at this time of the day than at others.
    """

    typical: float
    size: float
    spread: float
    stretch: float = 1.0


class Measured(NamedTuple):
    """How far a value is from what it is held against: which side, residuals, scales, and deviations in scales.

    Side 0 is below, 1 above. There is no logarithmic residual where a value may be negative.
    """

    side: int
    plain: float
    log: float | None
    scales: tuple[float, float]
    deviations: tuple[float, float | None]

    @property
    def signed(self) -> float:
        """The plain deviation, negative if the value is low."""
        return self.deviations[PLAIN] if self.side else -self.deviations[PLAIN]


class Side:
    """Residuals on one side of the prediction; ``scales`` are mean absolute ones by measure, in spreads."""

    __slots__ = ("largest", "scales", "seen", "tails")

    def __init__(self) -> None:
        self.seen = 0.0
        self.scales = array("d", (1.0, 1.0))
        self.tails = Tails()
        self.largest = array("f", (0.0,) * _KEPT)

    def keep_largest(self, deviation: float) -> None:
        """Remember the largest deviations; they fade, so that what is long ago may surprise again."""
        faded = [known * _FADE for known in self.largest]
        least = min(faded)
        if deviation > least:
            faded[faded.index(least)] = min(deviation, 1e30)
        self.largest = array("f", faded)

    def alike(self, deviation: float) -> int:
        """How many of the largest are as large."""
        return sum(known >= _ALIKE * deviation for known in self.largest)

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [self.seen, list(self.scales), list(self.tails.weights), list(self.largest)]

    def restore(self, state: list[Any]) -> None:
        """Take up what :meth:`state` left."""
        self.seen, scales, weights, largest = state
        self.scales, self.tails.weights, self.largest = array("d", scales), array("d", weights), array("f", largest)


class Residual:
    """Distribution of a value about its prediction; below and above are learnt apart."""

    __slots__ = ("excess", "is_count", "mean", "sides", "signed", "steady", "variance")

    def __init__(self, is_count: bool) -> None:
        self.is_count = is_count
        self.sides = (Side(), Side())
        # Values that were exactly as predicted, and whether there were negative ones.
        self.steady = 0.0
        self.signed = False
        # Mean and variance of small counts, whose ratio is their dispersion; seldom events are held to come in pairs.
        self.mean, self.variance = 0.5, 1.0
        # By how much the mean of counts is above their typical value, which is nearer to their median.
        self.excess = 0.0

    @property
    def dispersion(self) -> float:
        """Variance by mean of counts, at least 1."""
        return max(1.0, self.variance / self.mean)

    @property
    def seen(self) -> float:
        """Number of residuals that were not zero."""
        return self.sides[0].seen + self.sides[1].seen

    def measure(self, value: float, frame: Frame) -> Measured:
        """How far a value is from what it is held against."""
        plain, log = self._residuals(value, frame)
        side = 1 if value >= frame.typical else 0
        scales = self._scales(side, frame)
        # A series that has always been zero says nothing of its scale: anything else is far off, but not infinitely.
        least = max(scales[PLAIN], 1e-2 * abs(plain), 1e-300)
        return Measured(side, plain, log, scales, (abs(plain) / least, None if log is None else abs(log) / scales[LOG]))

    def _residuals(self, value: float, frame: Frame) -> tuple[float, float | None]:
        """The residual, plainly (counts by square roots) and by logarithms, where both are positive."""
        typical = frame.typical
        if self.is_count:
            value, typical = max(0.0, value), max(0.0, typical)
            plain = math.sqrt(value + 0.375) - math.sqrt(typical + 0.375)
            return plain, math.log((value + 0.5) / (typical + 0.5))
        if self.signed or value < 0 or typical <= 0:
            return value - typical, None
        offset = 0.02 * frame.size + 1e-300
        return value - typical, math.log((value + offset) / (typical + offset) + 1e-300)

    def _scales(self, side: int, frame: Frame) -> tuple[float, float]:
        """Mean absolute residuals of a side by measure, leaning on the other side while this one has few values."""
        here, there = self.sides[side], self.sides[1 - side]
        plain, log = here.scales
        lean = min(2.0, there.seen)
        whole = here.seen + lean
        if whole > 0:
            share = lean / whole
            other_plain, other_log = there.scales
            plain += (other_plain - plain) * share
            log += (other_log - log) * share
        spread, size = frame.spread, frame.size
        if self.is_count:
            plain = max(plain * spread / (2 * math.sqrt(size + 0.375)), 0.05)
            return plain * frame.stretch, max(log * spread / (size + 0.5), 1e-3)
        return max(plain * spread, 1e-3 * size) * frame.stretch, max(log * spread / (size + 1e-300), 1e-3)

    def surprise(self, value: float, frame: Frame, measured: Measured) -> tuple[float, float]:
        """Surprise of a value as low, and as high, as this."""
        side, (plain, log) = measured.side, measured.deviations
        few = self.is_count and frame.typical < _FEW_EVENTS
        if plain < _ORDINARY and (log is None or log < _ORDINARY) and not few:
            found = 0.3 + 0.45 * plain
        else:
            own = count_tail(max(0.0, value), self._mean(frame), self.dispersion, side == 1) if few else None
            found = self.sides[side].tails.surprise(measured.deviations, own, self.seen + self.steady)
            found = max(0.0, self._by_history(self.sides[side], found, plain, self._fold(value, frame)))
        return (0.0, found) if side else (found, 0.0)

    def _fold(self, value: float, frame: Frame) -> float:
        """How many times what is ordinary a value is, or in a busy time it the value; 0 where little is ordinary."""
        if self.signed or frame.spread >= _SCATTER * frame.typical:
            return 0.0
        if value < frame.typical > _BUSY * frame.size:
            return frame.typical / max(value, 1e-300)
        return value / max(frame.typical, frame.size)

    def _by_history(self, side: Side, surprise: float, deviation: float, fold: float) -> float:
        """What the past itself says: a steady series is surprised to be moved at all, what was as far off before is at
        most as rare as it has been, and what is many times further off than anything before is rare whatever the tails.
        """
        total = self.seen + self.steady + 2
        moved = (self.seen + 1) / total
        if moved < 0.5:
            surprise -= math.log10(moved)
        alike = side.alike(deviation)
        if alike >= _ALIKE_LEAST:
            return min(surprise, math.log10(total / alike) + _ALIKE_MARGIN)
        greatest = max(side.largest)
        if self.seen >= 5 * _SETTLED and side.seen >= 2 * _SETTLED and deviation > _RECORD_LEAST * greatest > 0:
            surprise = max(surprise, math.log10(total) + _RECORD_POWER * math.log10(deviation / greatest))
        if fold > _MANIFOLD and total > _MANIFOLD_VALUES and deviation > _MANIFOLD_RECORD * greatest > 0:
            surprise = max(surprise, math.log10(total) + _MANIFOLD_MARGIN)
        return surprise

    def learn(self, value: float, frame: Frame, measured: Measured, in_run: bool = False) -> None:
        """Take a value in; ``in_run`` if it goes on with outliers, which are one event."""
        if self.is_count and (value < 0 or value != int(value)):
            self.is_count = False
        if not self.is_count:
            self.signed = self.signed or value < 0
            if abs(measured.plain) <= 1e-9 * frame.size:
                self.steady = min(self.steady + 1, _MOST_SEEN)
                return
        side = self.sides[measured.side]
        if side.seen >= 3 and not in_run:
            self._weigh(side, measured, value, frame)
            if side.seen >= _SETTLED:
                side.keep_largest(measured.deviations[PLAIN])
        self._widen(side, measured, frame)
        if self.is_count and frame.typical < _FEW_EVENTS:
            self._disperse(value, frame)

    def _weigh(self, side: Side, measured: Measured, value: float, frame: Frame) -> None:
        plain, log = self._slopes(value, frame.size)
        shared = (plain - math.log(measured.scales[PLAIN] + 1e-300), log - math.log(measured.scales[LOG]))
        few = self.is_count and frame.typical < _FEW_EVENTS
        # Students are of one side, the counts' own distribution is of both: hence twice its density.
        own = count_density(max(0.0, value), self._mean(frame), self.dispersion) + _LN2 if few else None
        side.tails.learn(measured.deviations, shared, own)

    def _slopes(self, value: float, size: float) -> tuple[float, float]:
        """Logarithms of how fast each measure changes with the value: densities are compared per unit of value."""
        if self.is_count:
            value = max(0.0, value)
            return -math.log(2 * math.sqrt(value + 0.375)), -math.log(value + 0.5)
        return 0.0, -math.log(max(value, 0.0) + 0.02 * size + 1e-300)

    def _widen(self, side: Side, measured: Measured, frame: Frame) -> None:
        """Move the scales of a side: in multiples of the spread, in each measure."""
        memory = min(side.seen + 2, _MEMORY)
        side.seen = min(side.seen + 1, _MOST_SEEN)
        unit = frame.spread
        if unit <= 0:
            return
        plain_unit = unit / (2 * math.sqrt(frame.size + 0.375)) if self.is_count else unit
        known, log_known = side.scales
        found = min(abs(measured.plain) / (plain_unit * frame.stretch), _MOST_DEVIATION * known)
        side.scales[PLAIN] = known + (found - known) / memory
        if measured.log is not None:
            log_unit = unit / (frame.size + (0.5 if self.is_count else 1e-300))
            found = min(abs(measured.log) / log_unit, _MOST_DEVIATION * log_known)
            side.scales[LOG] = log_known + (found - log_known) / memory

    def _mean(self, frame: Frame) -> float:
        return max(frame.typical + self.excess, _LEAST_EVENTS / (self.seen + 1))

    def _disperse(self, value: float, frame: Frame) -> None:
        """Learn mean and variance of small counts, the less from a value the further off it is."""
        memory = min(self.seen + _PRIOR_COUNTS, 2 * _MEMORY)
        mean = self._mean(frame)
        reach = 4 * math.sqrt(mean * self.dispersion) + 1
        away = max(-reach, min(reach, value - frame.typical))
        self.excess += (away - self.excess) / memory
        self.mean += (mean - self.mean) / memory
        self.variance += (min((value - mean) ** 2, reach * reach) - self.variance) / memory

    def begin_anew(self) -> None:
        """Forget the tails: residuals of another way to predict say little of those of this one."""
        for side in self.sides:
            side.largest = array("f", (0.0,) * _KEPT)
            side.tails = Tails()
            side.seen = min(side.seen, _SETTLED)

    def bounds(self, frame: Frame) -> tuple[float, float]:
        """The range that holds about 95 of 100 values."""
        down, up = (2.5 * self._scales(side, frame)[PLAIN] for side in (0, 1))
        if not self.is_count:
            return frame.typical - down, frame.typical + up
        root = math.sqrt(max(0.0, frame.typical) + 0.375)
        return max(0.0, max(0.0, root - down) ** 2 - 0.375), max(0.0, (root + up) ** 2 - 0.375)

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [
            self.is_count,
            self.steady,
            self.signed,
            self.mean,
            self.variance,
            self.excess,
            *(side.state() for side in self.sides),
        ]

    def restore(self, state: list[Any]) -> None:
        """Take up what :meth:`state` left."""
        self.is_count, self.steady, self.signed, self.mean, self.variance, self.excess, *sides = state
        for side, entry in zip(self.sides, sides):
            side.restore(entry)
