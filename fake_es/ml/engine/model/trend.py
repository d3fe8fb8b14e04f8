"""Where a series is going: a straight line through its recent past."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fake_es.ml.engine.model.layout import number

_DAY = 86_400.0
# Three weeks hold three weekly cycles, so that a cycle is not mistaken for a trend.
_MEMORY_DAYS = 21.0
# A slope counts if it is this many times its standard error. The usual two would find trends in noise, because residuals are
# not independent. It needs at least this many values: test_a_forecast_goes_on_with_cycle_and_trend.
_SIGNIFICANT, _LEAST_VALUES = 6.0, 50


@dataclass(slots=True, eq=False)
class Trend:
    """A line fitted by least squares with exponential forgetting: sums of weights, times, values and their products."""

    weight: float = number("d")
    time: float = number("d")
    value: float = number("d")
    time_squared: float = number("d")
    time_by_value: float = number("d")
    value_squared: float = number("d")

    def learn(self, days: float, value: float, span: int) -> None:
        """Learn from a value, ``days`` after the first one; ``span`` is the bucket span in seconds."""
        keep = math.exp(-span / (_MEMORY_DAYS * _DAY))
        self.weight = self.weight * keep + 1.0
        self.time = self.time * keep + days
        self.value = self.value * keep + value
        self.time_squared = self.time_squared * keep + days * days
        self.time_by_value = self.time_by_value * keep + days * value
        self.value_squared = self.value_squared * keep + value * value

    def slope(self) -> float:
        """Change per day; 0 unless it is significant."""
        weight, time, value = self.weight, self.time, self.value
        if weight < _LEAST_VALUES:
            return 0.0
        spread = self.time_squared - time * time / weight
        if spread <= 0:
            return 0.0
        slope = (self.time_by_value - time * value / weight) / spread
        unexplained = max(0.0, self.value_squared - value * value / weight - slope * slope * spread)
        standard_error = math.sqrt(unexplained / weight / spread)
        return slope if abs(slope) > _SIGNIFICANT * standard_error else 0.0
