"""Which tails residuals have: a mixture of distributions, weighted by how well each has predicted."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from math import log1p
from typing import Final, NamedTuple

from fake_es.ml.engine.probability import mixture, student_constant, student_mean_deviation, student_tail

# Two ways to measure a residual: plainly (counts by their square roots), and by logarithms.
PLAIN: Final = 0
LOG: Final = 1


class _Student(NamedTuple):
    """A Student distribution of a measure; ``weight`` is how likely it is held to be at first."""

    measure: int
    freedom: float
    weight: float

    @property
    def constants(self) -> tuple[int, float, float, float]:
        """Measure, half of freedom plus one, squared mean deviation by freedom, logarithm of the density at 0."""
        deviation = student_mean_deviation(self.freedom)
        density = student_constant(self.freedom) + math.log(deviation)
        return self.measure, (self.freedom + 1) / 2, deviation * deviation / self.freedom, density


# From wild to nearly normal tails. Logarithms make any tail heavier, so that only light ones are needed beside them.
_STUDENTS = (
    _Student(PLAIN, 2.0, 0.005), _Student(PLAIN, 4.0, 0.1), _Student(PLAIN, 10.0, 0.2), _Student(PLAIN, 50.0, 0.3),
    _Student(LOG, 8.0, 0.01), _Student(LOG, 50.0, 0.4),
)  # fmt: skip
_CONSTANTS = tuple(student.constants for student in _STUDENTS)
_RATIOS = tuple((student.measure, student.freedom, student_mean_deviation(student.freedom)) for student in _STUDENTS)
# Behind them, for small counts, the counts' own distribution.
_OWN = len(_STUDENTS)
_PRIOR = (*(math.log(student.weight) for student in _STUDENTS), math.log(0.5))
# Weights are forgotten over so many values. One value is at most so much evidence against a distribution, and values
# are not quite independent.
_MEMORY = 2000
_MOST_EVIDENCE, _INDEPENDENCE = 3.5, 0.7
_LEAST, _MOST_OWN = -14.0, 6.0
_LN2 = math.log(2)
_KEEP = 1 - 1 / _MEMORY
_REGAINED = tuple(prior / _MEMORY for prior in _PRIOR)


class Tails:
    """Weights of the distributions of one side of the residuals, as natural logarithms."""

    __slots__ = ("weights",)

    def __init__(self) -> None:
        self.weights = array("d", _PRIOR)

    def surprise(self, deviations: Sequence[float | None], own: float | None, seen: float) -> float:
        """Surprise of a residual at least so far off.

        :param deviations: the residual in mean absolute ones, by measure; None where it has no such measure.
        :param own: surprise by the counts' own distribution, None where it is of no use.
        :param seen: number of residuals that the scales were learnt from.
        """
        most = max(1.5, seen - 2)
        parts = [
            (weight, student_tail(deviation * ratio, min(freedom, most)))
            for weight, (measure, freedom, ratio) in zip(self.weights, _RATIOS)
            if (deviation := deviations[measure]) is not None
        ]
        if own is not None:
            parts.append((self.weights[_OWN], own))
        return mixture(parts)

    def learn(self, deviations: Sequence[float | None], shared: Sequence[float], own: float | None) -> None:
        """Shift weight to what predicted a residual well.

        :param shared: logarithm of the density of a deviation per unit of the value, by measure.
        :param own: logarithm of the counts' own density, None where it is of no use.
        """
        evidence: list[float] = []
        squares = [None if deviation is None else deviation * deviation for deviation in deviations]
        for measure, power, squared, density in _CONSTANTS:
            square = squares[measure]
            if square is None:
                evidence.append(evidence[0] - 1.0)
            else:
                evidence.append(shared[measure] + density - power * log1p(square * squared))
        if own is not None:
            # A count's own distribution gives probabilities: a density above one is none, on either of two sides.
            evidence = [min(found, _LN2) for found in evidence]
        best = max(evidence)
        evidence.append(best - 1.0 if own is None else own)
        self._shift(evidence, best if own is None else max(best, own))

    def _shift(self, evidence: list[float], best: float) -> None:
        weights = self.weights
        for member, found in enumerate(evidence):
            shifted = _KEEP * weights[member] + _REGAINED[member]
            weights[member] = shifted + _INDEPENDENCE * max(found - best, -_MOST_EVIDENCE)
        # The counts' own distribution may be out of use for a while: the others are weighed among themselves.
        top = max(weights[:_OWN])
        for member in range(_OWN):
            weights[member] = max(weights[member] - top, _LEAST)
        weights[_OWN] = min(max(weights[_OWN] - top, _LEAST), _MOST_OWN)
