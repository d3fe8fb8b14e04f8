"""Multi-bucket anomalies: deviations too small or too long-lasting to be found in any one bucket."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fake_es.ml.engine.model.layout import number
from fake_es.ml.engine.probability import student_mean_deviation, student_tail

_DAY = 86_400

# --- The slow level.
# Days, and values at least, that it averages: longer than an incident, shorter than a season of the week.
_MEMORY_DAYS, _LEAST_MEMORY = 4.0, 50.0
# A residual moves it as if it were at most this many spreads. The first values are taken as they are.
_MOST_SPREADS, _UNCLIPPED = 3.0, 10
# Its spread is remembered this many times as long as the level.
_SPREAD_MEMORIES = 3

# --- The mean deviation. The labelled series named in docs/engine.md were in view when these two were chosen.
# Exponential smoothing that averages about 36 buckets (2 / (36 + 1)); one deviation counts as at most this many spreads.
_GAIN, _MOST_DEVIATION = 2.0 / 37.0, 4.0
# Values before which the slow level is too young to measure deviations from it.
_LEARNING = 20.0

# --- The usual size of the mean deviation.
# It is remembered this many times as long as the level, and one mean counts as at most this many times the usual size.
_USUAL_MEMORIES, _MOST_USUAL = 6.0, 4
# Degrees of freedom of Student's distribution: few, because neighbouring means are nearly equal and so not independent. With
# less than the second number, the tail would be much too heavy.
_FREEDOM, _LEAST_FREEDOM = 30.0, 1.5
# Series that wander have even fewer: degrees of freedom are multiplied with this power of 1 - gain.
# test_a_series_that_wanders_is_not_accused_of_it.
_WANDERING = 3
_RATIO = student_mean_deviation(_FREEDOM)

# --- When an anomaly may be reported.
# Values and days that must have been seen: a week, so that a weekly season is no anomaly.
_LEAST_SEEN, _LEAST_DAYS = 100.0, 7.0
# Excursions are followed once the usual size has settled: this many times the values above.
_SETTLED = 1.5
# An excursion ends once the mean is within this many times its usual size.
_CALM = 1.5
# The greatest excursion fades over this many days. Only one that is greater by this factor is an anomaly.
_FADE_DAYS, _GREATER = 20.0, 1.1
# The peak of an excursion that the series has accepted as its new level.
_ACCEPTED = -1.0


@dataclass(slots=True, eq=False)
class MultiBucket:
    """A slow level over the seasons, and the mean deviation of recent values from it.

    The quick levels follow a lasting incident and soon find nothing wrong with it. A day that is a little too quiet at every
    hour has no hour that is anomalous. Both show in the mean deviation. A series that wanders is usually far from its slow
    level, so that this is no anomaly of it.
    """

    level: float = number("d")
    #: Mean absolute residual of the slow level.
    spread: float = number("d")
    #: Number of values.
    seen: float = number("d")
    #: Mean deviation of recent values from the slow level.
    mean: float = number("d")
    #: Mean absolute size of that mean.
    usual: float = number("d")
    #: Greatest excursion of the mean so far, in usual sizes; it fades.
    greatest: float = number("d")
    #: Peak of the current excursion, in usual sizes; ``_ACCEPTED`` if no more is to be reported of it.
    peak: float = number("d")

    def surprisal(self, residual: float, hourly_scale: float, span: int, gain: float) -> float:
        """Surprisal of the mean deviation; 0 unless this value is on the same side and adds to it.

        :param residual: the value less its seasons.
        :param hourly_scale: see :class:`Prediction`.
        :param span: the bucket span in seconds.
        :param gain: gain of the series' own level: how much the series wanders.
        """
        usual = self.usual
        if self.seen < max(_LEAST_SEEN, _LEAST_DAYS * _DAY / span) or usual <= 0:
            return 0.0
        deviation = self._deviation(residual, hourly_scale)
        mean = self.mean + _GAIN * (deviation - self.mean)
        if mean * deviation <= 0 or abs(deviation) < max(self.spread, abs(mean)) or self.peak == _ACCEPTED:
            return 0.0
        if abs(mean) < max(_GREATER * self.greatest, self.peak) * usual:
            return 0.0
        freedom = max(_LEAST_FREEDOM, min(_FREEDOM, self.seen * _GAIN / 2) * (1 - gain) ** _WANDERING)
        return max(0.0, student_tail(abs(mean) / usual * _RATIO, freedom))

    def _deviation(self, residual: float, hourly_scale: float) -> float:
        """Deviation of a value from the slow level, clipped."""
        deviation, most = (residual - self.level) / max(1.0, hourly_scale), _MOST_DEVIATION * self.spread
        return max(-most, min(most, deviation)) if most > 0 else deviation

    def learn(self, residual: float, hourly_scale: float, span: int) -> None:
        """Learn from a value less its seasons; parameters as for :meth:`surprisal`."""
        seen, spread = self.seen + 1, self.spread
        memory = max(_LEAST_MEMORY, _MEMORY_DAYS * _DAY / span)
        if seen > _LEARNING:
            self._learn_mean(self._deviation(residual, hourly_scale), seen, _USUAL_MEMORIES * memory, span)
        clipped = residual - self.level
        if seen > _UNCLIPPED and spread > 0:
            clipped = max(-_MOST_SPREADS * spread, min(_MOST_SPREADS * spread, clipped))
        self.level += clipped / min(seen, memory)
        self.spread += (abs(clipped) - spread) / min(seen, _SPREAD_MEMORIES * memory)
        self.seen = seen

    def _learn_mean(self, deviation: float, seen: float, memory: float, span: int) -> None:
        """Learn the mean deviation, its usual size, and the greatest excursion."""
        mean = self.mean = self.mean + _GAIN * (deviation - self.mean)
        usual, size = self.usual, abs(mean)
        if usual > 0 and seen > _SETTLED * _LEAST_SEEN:
            relative = size / usual
            self.greatest *= math.exp(-span / (_FADE_DAYS * _DAY))
            has_turned = mean * deviation < 0 and abs(deviation) > self.spread
            if relative < _CALM or has_turned:
                # The excursion is over. Until then it is not compared with itself.
                self.greatest, self.peak = max(self.greatest, self.peak), 0.0
            elif self.peak != _ACCEPTED:
                self.peak = max(self.peak, relative)
        self.usual += ((min(size, _MOST_USUAL * usual) if usual > 0 else size) - usual) / min(seen, memory)

    def accept(self) -> None:
        """Report no more of the current excursion: the series has a new level."""
        self.peak = _ACCEPTED
