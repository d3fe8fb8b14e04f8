"""The distribution of residuals: how far a value may be from its prediction. Scale, skewness and tails are learnt."""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from typing import NamedTuple

from fake_es.ml.engine.functions import LARGEST
from fake_es.ml.engine.model.layout import number, numbers
from fake_es.ml.engine.model.tails import LOG, PLAIN, Tails
from fake_es.ml.engine.probability import count_density, count_tail

# --- Transforms.
# Anscombe's: the square root of a count plus 3/8 has nearly the same variance for every mean.
_ANSCOMBE = 0.375
# Added before a logarithm is taken: half an event, or this share of the usual size of other values.
_HALF_EVENT, _LOG_OFFSET = 0.5, 0.02
# Nothing is divided by less than this, nor its logarithm taken.
_TINY = 1e-300

# --- Small counts: test_few_events_alarm_seldom, test_bursts_that_are_usual_alarm_seldom.
# Counts with a smaller mean have a distribution of their own; above it square roots do as well.
_SMALL_COUNT = 200.0
# Events expected at least where none was seen yet, divided by the number of values.
_LEAST_EVENTS = 0.5
# Mean and variance at first, as rare events tend to come in pairs, and how many values that guess is worth.
_FIRST_MEAN, _FIRST_VARIANCE, _PRIOR_VALUES = 0.5, 1.0, 20.0
# A count moves mean and variance as if it were within this many standard deviations.
_MOST_COUNT_DEVIATIONS = 4

# --- Scales: mean absolute residuals.
# Memory, in values of one side; one value counts as at most this many scales.
_MEMORY, _MOST_SCALES = 150.0, 4.0
# A side with few values borrows this many from the other side.
_BORROWED = 2.0
# Least scales: of square roots of counts, of logarithms, and of other values as a share of their usual size.
_LEAST_COUNT_SCALE, _LEAST_LOG_SCALE, _LEAST_SHARE = 0.05, 1e-3, 1e-3
# A series that never changed has no scale. One that does change is then far off, but not infinitely: this share is kept.
_LEAST_OF_RESIDUAL = 1e-2
# A residual within this share of the usual size is rounding, not a change.
_ROUNDING = 1e-9
# Further values do not make the scales any surer.
_MOST_SEEN = 10_000.0
# Values of a side after which its scale is known, and after which its weights may be learnt at all.
_SETTLED, _LEAST_FOR_WEIGHTS = 8, 3

# --- The shortcut for ordinary values.
# Within this many scales no tail is computed: the surprisal is about that of a normal distribution, and reported never.
_ORDINARY, _ORDINARY_AT_0, _ORDINARY_SLOPE = 2.0, 0.3, 0.45

# --- What the past of the series itself says.
# A series that changes in less than this share of its values is surprised by any change.
_SELDOM = 0.5
# The largest deviations that are remembered, and how they fade with each new one.
_LARGEST_KEPT, _FADE = 5, 0.9995
# A deviation is similar to those of at least this share of it. With three similar ones it is at most as improbable as
# they are frequent, plus a margin.
_SIMILAR, _LEAST_SIMILAR, _SIMILAR_MARGIN = 0.8, 3, 2.2
# A deviation of this many times the largest one is improbable for any tails. Even in a heavy tail, the probability of such a
# record has this power. It needs this many settled values of both sides, and of its own.
_RECORD, _RECORD_POWER = 4.0, 3.5
_LEAST_FOR_RECORD, _LEAST_OF_SIDE_FOR_RECORD = 5 * _SETTLED, 2 * _SETTLED

# --- Many times the usual size: test_a_tenfold_spike_after_fifty_quiet_buckets with heavy-tailed noise.
# The ratio of a value to the usual size is only used if values scatter by less than this share of the usual size.
_MOST_SCATTER = 0.6
# A time is busy if this many times the usual size is expected.
_BUSY = 1.5
# The least ratio, the least multiple of the largest deviation, and the least number of values for this rule. The surprisal is
# then at least that of one in all values, plus the margin.
_RATIO, _RATIO_RECORD, _RATIO_VALUES, _RATIO_MARGIN = 7.0, 2.0, 30, 3.4

# About 95 of 100 values lie within this many mean absolute residuals.
_BOUNDS = 2.5
_LN2 = math.log(2)


class Prediction(NamedTuple):
    """What a value is compared with.

    :param typical: the predicted value.
    :param size: usual absolute size of the series' values.
    :param spread: mean absolute residual of the predictor.
    :param hourly_scale: how much wider residuals are at this hour of the day than at others.
    """

    typical: float
    size: float
    spread: float
    hourly_scale: float = 1.0


class ScaledResidual(NamedTuple):
    """The residual of a value by both transforms, and its size in scales. Side 0 is below the prediction, 1 above.

    There is no logarithm of a series that has negative values.
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


@dataclass(slots=True, eq=False)
class Side:
    """Residuals on one side of the prediction."""

    seen: float = number("d")
    #: Mean absolute residuals by transform, in spreads.
    scales: array[float] = numbers("d", 1.0, 1.0)
    tails: Tails = field(default_factory=Tails)
    #: The largest deviations, in scales. They fade, so that what happened long ago may be an anomaly again.
    largest: array[float] = numbers("f", *(0.0,) * _LARGEST_KEPT)

    def keep_if_large(self, deviation: float) -> None:
        """Let the largest deviations fade, and remember this one if it is among them."""
        faded = [known * _FADE for known in self.largest]
        least = min(faded)
        if deviation > least:
            faded[faded.index(least)] = min(deviation, LARGEST)
        self.largest = array("f", faded)

    def learn_scales(self, residual: ScaledResidual, prediction: Prediction, is_count: bool) -> None:
        """Move the scales towards a residual."""
        memory = min(self.seen + 2, _MEMORY)
        self.seen = min(self.seen + 1, _MOST_SEEN)
        spread = prediction.spread
        if spread <= 0:
            return
        plain_spread = spread / (2 * math.sqrt(prediction.size + _ANSCOMBE)) if is_count else spread
        plain, log = self.scales
        found = min(abs(residual.plain) / (plain_spread * prediction.hourly_scale), _MOST_SCALES * plain)
        self.scales[PLAIN] = plain + (found - plain) / memory
        if residual.log is not None:
            log_spread = spread / (prediction.size + (_HALF_EVENT if is_count else _TINY))
            found = min(abs(residual.log) / log_spread, _MOST_SCALES * log)
            self.scales[LOG] = log + (found - log) / memory


@dataclass(slots=True, eq=False)
class ResidualDistribution:
    """The distribution of a value about its prediction. Both sides are learnt separately.

    :param is_count: the values are counts; becomes false with the first one that is negative or no whole number.
    """

    is_count: bool = number("?", False)
    #: Whether there was a negative value.
    is_signed: bool = number("?", False)
    #: Number of values that were exactly as predicted.
    unchanged: float = number("d")
    # Mean and variance of small counts.
    mean: float = number("d", _FIRST_MEAN)
    variance: float = number("d", _FIRST_VARIANCE)
    #: Mean of counts less their typical value, which is nearer to their median.
    excess: float = number("d")
    #: Below and above the prediction.
    sides: list[Side] = field(default_factory=lambda: [Side(), Side()])

    @property
    def dispersion(self) -> float:
        """Variance of counts divided by their mean, at least 1."""
        return max(1.0, self.variance / self.mean)

    @property
    def seen(self) -> float:
        """Number of residuals that were not zero."""
        return self.sides[0].seen + self.sides[1].seen

    def scaled(self, value: float, prediction: Prediction) -> ScaledResidual:
        """The residual of a value."""
        plain, log = self._residuals(value, prediction)
        side = 1 if value >= prediction.typical else 0
        scales = self._scales(side, prediction)
        least = max(scales[PLAIN], _LEAST_OF_RESIDUAL * abs(plain), _TINY)
        return ScaledResidual(side, plain, log, scales, (abs(plain) / least, None if log is None else abs(log) / scales[LOG]))

    def _residuals(self, value: float, prediction: Prediction) -> tuple[float, float | None]:
        """The residual by each transform; no logarithm unless value and prediction are positive."""
        typical = prediction.typical
        if self.is_count:
            value, typical = max(0.0, value), max(0.0, typical)
            plain = math.sqrt(value + _ANSCOMBE) - math.sqrt(typical + _ANSCOMBE)
            return plain, math.log((value + _HALF_EVENT) / (typical + _HALF_EVENT))
        if self.is_signed or value < 0 or typical <= 0:
            return value - typical, None
        offset = _LOG_OFFSET * prediction.size + _TINY
        return value - typical, math.log((value + offset) / (typical + offset) + _TINY)

    def _scales(self, side: int, prediction: Prediction) -> tuple[float, float]:
        """Mean absolute residuals of a side, by transform."""
        here, there = self.sides[side], self.sides[1 - side]
        plain, log = here.scales
        borrowed = min(_BORROWED, there.seen)
        total = here.seen + borrowed
        if total > 0:
            share = borrowed / total
            other_plain, other_log = there.scales
            plain += (other_plain - plain) * share
            log += (other_log - log) * share
        spread, size = prediction.spread, prediction.size
        if self.is_count:
            plain = max(plain * spread / (2 * math.sqrt(size + _ANSCOMBE)), _LEAST_COUNT_SCALE)
            return plain * prediction.hourly_scale, max(log * spread / (size + _HALF_EVENT), _LEAST_LOG_SCALE)
        plain = max(plain * spread, _LEAST_SHARE * size) * prediction.hourly_scale
        return plain, max(log * spread / (size + _TINY), _LEAST_LOG_SCALE)

    def surprisal(self, value: float, prediction: Prediction, residual: ScaledResidual) -> tuple[float, float]:
        """Surprisal of a value this low or lower, and of one this high or higher."""
        side, (plain, log) = residual.side, residual.deviations
        is_small = self.is_count and prediction.typical < _SMALL_COUNT
        if plain < _ORDINARY and (log is None or log < _ORDINARY) and not is_small:
            found = _ORDINARY_AT_0 + _ORDINARY_SLOPE * plain
        else:
            by_counts = None
            if is_small:
                by_counts = count_tail(max(0.0, value), self._expected_count(prediction), self.dispersion, side == 1)
            found = self.sides[side].tails.surprisal(residual.deviations, by_counts, self.seen + self.unchanged)
            found = max(0.0, self._by_history(self.sides[side], found, plain, self._ratio(value, prediction)))
        return (0.0, found) if side else (found, 0.0)

    def _ratio(self, value: float, prediction: Prediction) -> float:
        """Ratio of a value to the usual size of the series. For a drop at a usually busy time: ratio of the expected value
        to the value. 0 if the series scatters so much that a ratio says nothing.
        """
        if self.is_signed or prediction.spread >= _MOST_SCATTER * prediction.typical:
            return 0.0
        if value < prediction.typical > _BUSY * prediction.size:
            return prediction.typical / max(value, _TINY)
        return value / max(prediction.typical, prediction.size)

    def _by_history(self, side: Side, surprisal: float, deviation: float, ratio: float) -> float:
        """The surprisal corrected by what the series has shown before.

        In a series that seldom changes, any change is improbable. If deviations of this size were frequent, their frequency
        limits the surprisal. A deviation far larger than all before is improbable for any tails.
        """
        total = self.seen + self.unchanged + 2
        changed = (self.seen + 1) / total
        if changed < _SELDOM:
            surprisal -= math.log10(changed)
        similar = sum(known >= _SIMILAR * deviation for known in side.largest)
        if similar >= _LEAST_SIMILAR:
            return min(surprisal, math.log10(total / similar) + _SIMILAR_MARGIN)
        largest = max(side.largest)
        has_settled = self.seen >= _LEAST_FOR_RECORD and side.seen >= _LEAST_OF_SIDE_FOR_RECORD
        if has_settled and deviation > _RECORD * largest > 0:
            surprisal = max(surprisal, math.log10(total) + _RECORD_POWER * math.log10(deviation / largest))
        if ratio > _RATIO and total > _RATIO_VALUES and deviation > _RATIO_RECORD * largest > 0:
            surprisal = max(surprisal, math.log10(total) + _RATIO_MARGIN)
        return surprisal

    def learn(self, value: float, prediction: Prediction, residual: ScaledResidual, in_run: bool = False) -> None:
        """Learn from a value; ``in_run`` if the value before was an outlier on the same side: both are one event."""
        if self.is_count and (value < 0 or value != int(value)):
            self.is_count = False
        if not self.is_count:
            self.is_signed = self.is_signed or value < 0
            if abs(residual.plain) <= _ROUNDING * prediction.size:
                self.unchanged = min(self.unchanged + 1, _MOST_SEEN)
                return
        side = self.sides[residual.side]
        is_small = self.is_count and prediction.typical < _SMALL_COUNT
        if side.seen >= _LEAST_FOR_WEIGHTS and not in_run:
            # Densities are compared per unit of the value: how fast each transform changes with it, by its scale.
            if self.is_count:
                count = max(0.0, value)
                plain, log = -math.log(2 * math.sqrt(count + _ANSCOMBE)), -math.log(count + _HALF_EVENT)
            else:
                plain, log = 0.0, -math.log(max(value, 0.0) + _LOG_OFFSET * prediction.size + _TINY)
            jacobians = (plain - math.log(residual.scales[PLAIN] + _TINY), log - math.log(residual.scales[LOG]))
            by_counts = None
            if is_small:
                # The distribution of counts is of both sides, each Student's of one: hence twice its density.
                by_counts = count_density(max(0.0, value), self._expected_count(prediction), self.dispersion) + _LN2
            side.tails.learn(residual.deviations, jacobians, by_counts)
            if side.seen >= _SETTLED:
                side.keep_if_large(residual.deviations[PLAIN])
        side.learn_scales(residual, prediction, self.is_count)
        if is_small:
            self._learn_dispersion(value, prediction)

    def _expected_count(self, prediction: Prediction) -> float:
        return max(prediction.typical + self.excess, _LEAST_EVENTS / (self.seen + 1))

    def _learn_dispersion(self, value: float, prediction: Prediction) -> None:
        """Learn mean and variance of small counts."""
        memory = min(self.seen + _PRIOR_VALUES, 2 * _MEMORY)
        mean = self._expected_count(prediction)
        reach = _MOST_COUNT_DEVIATIONS * math.sqrt(mean * self.dispersion) + 1
        clipped = max(-reach, min(reach, value - prediction.typical))
        self.excess += (clipped - self.excess) / memory
        self.mean += (mean - self.mean) / memory
        self.variance += (min((value - mean) ** 2, reach * reach) - self.variance) / memory

    def forget_tails(self) -> None:
        """Forget tails and largest deviations, because residuals of the old predictor say little about the new one."""
        for side in self.sides:
            side.largest = array("f", (0.0,) * _LARGEST_KEPT)
            side.tails = Tails()
            side.seen = min(side.seen, _SETTLED)

    def bounds(self, prediction: Prediction) -> tuple[float, float]:
        """The range that holds about 95 of 100 values."""
        down, up = (_BOUNDS * self._scales(side, prediction)[PLAIN] for side in (0, 1))
        if not self.is_count:
            return prediction.typical - down, prediction.typical + up
        root = math.sqrt(max(0.0, prediction.typical) + _ANSCOMBE)
        return max(0.0, max(0.0, root - down) ** 2 - _ANSCOMBE), max(0.0, (root + up) ** 2 - _ANSCOMBE)
