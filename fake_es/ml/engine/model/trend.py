"""Where a series is going: a straight line through its recent past."""

from __future__ import annotations

import math
from array import array

_DAY = 86_400.0
# Memory in days; a slope counts once it is so many times its own uncertainty, as residuals are not independent.
_MEMORY_DAYS = 21.0
_SIGNIFICANT = 6.0
_LEAST_VALUES = 50

_WEIGHT, _TIME, _VALUE, _TIME2, _PRODUCT, _VALUE2 = range(6)


class Trend:
    """A line fitted by least squares, the past forgotten over some weeks. Times are days since ``first``."""

    __slots__ = ("sums",)

    def __init__(self) -> None:
        self.sums = array("d", (0.0,) * 6)

    def learn(self, days: float, value: float, span: int) -> None:
        """Take a value in; ``span`` is the bucket span in seconds."""
        sums, keep = self.sums, math.exp(-span / (_MEMORY_DAYS * _DAY))
        for at, found in enumerate((1.0, days, value, days * days, days * value, value * value)):
            sums[at] = sums[at] * keep + found

    def slope(self) -> float:
        """Change by the day; 0 unless it is beyond doubt."""
        weight, time, value, time2, product, value2 = self.sums
        if weight < _LEAST_VALUES:
            return 0.0
        spread = time2 - time * time / weight
        if spread <= 0:
            return 0.0
        slope = (product - time * value / weight) / spread
        left = max(0.0, value2 - value * value / weight - slope * slope * spread)
        uncertainty = math.sqrt(left / weight / spread)
        return slope if abs(slope) > _SIGNIFICANT * uncertainty else 0.0
