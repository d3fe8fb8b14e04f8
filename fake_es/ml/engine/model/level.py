"""A level that follows a series, as quickly as the series itself asks for."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from fake_es.ml.engine.model.layout import number

# --- Outliers. tests/engine/test_detection.py: one tenfold spike must not move what is typical.
# A residual counts as at most this many spreads, and in the long-term error as at most this many.
_MOST_SPREADS, _MOST_ERROR_SPREADS = 3.0, 10.0
# The first values are taken as they are: their spread is not known yet.
_UNCLIPPED = 4

# --- Gain: the share of a residual that the level takes over.
# 0.1 averages about ten values, a usual choice for exponential smoothing. Below 0.01 a level would take weeks to follow.
_FIRST_GAIN, _LEAST_GAIN = 0.1, 0.01
# A series that has just moved to a new level may move on: test_a_new_level_is_reported_once.
_GAIN_AFTER_SHIFT = 0.2
# How quickly the gain adapts. Residuals of a random walk that is followed well correlate a little: this much is neutral.
_GAIN_STEP, _NEUTRAL_CORRELATION = 0.04, 0.05
# Mean product of neighbouring residuals, in mean absolute ones, where they are normal and fully correlated.
_FULL_CORRELATION = math.pi / 2

# --- Memory, in values.
# The spread follows changes within days of hourly buckets; a count of more values than the last changes no result.
_SPREAD_MEMORY, _MOST_SEEN = 100.0, 1e6
# Values after which a level may be used to predict.
_SETTLED = 6


@dataclass(slots=True, eq=False)
class Level:
    """The level of what the rest of a prediction leaves unexplained (exponential smoothing with an adaptive gain).

    The gain grows while neighbouring residuals have the same sign, and shrinks while they alternate. So noise about a
    steady level is averaged, and a series that wanders is followed.
    """

    value: float = number("d")
    #: Share of a residual that the level takes over.
    gain: float = number("d", _FIRST_GAIN)
    #: Mean absolute residual over the last hundred values or so.
    spread: float = number("d")
    #: The last residual, in spreads.
    last: float = number("d")
    #: Mean absolute residual over a long time: how well this level predicts.
    error: float = number("d")
    #: Number of values.
    seen: float = number("d")

    @property
    def is_settled(self) -> bool:
        """Whether it has seen enough values to predict."""
        return self.seen >= _SETTLED

    def copy_from(self, other: Level) -> None:
        """Begin with all that another level has learnt."""
        for declared in fields(self):
            setattr(self, declared.name, getattr(other, declared.name))

    def learn(self, value: float, memory: float, most_gain: float) -> None:
        """Learn from a value, less the rest of its prediction; ``memory`` is that of :attr:`error`, in values."""
        seen = self.seen
        if seen == 0:
            self.value, self.seen = value, 1.0
            return
        residual, spread = value - self.value, self.spread
        most = _MOST_SPREADS * spread
        clipped = residual if seen < _UNCLIPPED or spread == 0 else max(-most, min(most, residual))
        if spread > 0 and seen > _UNCLIPPED:
            scaled = clipped / spread
            correlation = max(-1.0, min(1.0, scaled * self.last / _FULL_CORRELATION)) - _NEUTRAL_CORRELATION
            self.gain = max(_LEAST_GAIN, min(most_gain, self.gain * (1 + _GAIN_STEP * correlation)))
            self.last = scaled
        # The first values are averaged plainly.
        self.value += max(self.gain, 1 / (seen + 1)) * clipped
        self.spread += (abs(clipped) - spread) / min(seen, _SPREAD_MEMORY)
        error = abs(residual) if seen < _UNCLIPPED else min(abs(residual), _MOST_ERROR_SPREADS * spread)
        self.error += (error - self.error) / min(seen, memory)
        self.seen = min(seen + 1, _MOST_SEEN)

    def shift(self, by: float) -> None:
        """Move to a new level of the series."""
        self.value += by
        self.gain = max(_GAIN_AFTER_SHIFT, self.gain)
