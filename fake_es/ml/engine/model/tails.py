"""The tails of residuals: a mixture of distributions, weighted by how well each has predicted."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p
from typing import Final, NamedTuple

from fake_es.ml.engine.model.layout import numbers
from fake_es.ml.engine.probability import mixture, student_constant, student_mean_deviation, student_tail

# Two transforms of a residual: plain (square roots of counts), and logarithmic.
PLAIN: Final = 0
LOG: Final = 1


class _Student(NamedTuple):
    """A Student distribution of a transformed residual; ``weight`` is its prior weight."""

    transform: int
    freedom: float
    weight: float

    @property
    def constants(self) -> tuple[int, float, float, float]:
        """Transform, half of freedom plus one, squared mean deviation by freedom, logarithm of the density at 0."""
        deviation = student_mean_deviation(self.freedom)
        density = student_constant(self.freedom) + math.log(deviation)
        return self.transform, (self.freedom + 1) / 2, deviation * deviation / self.freedom, density


# --- The members of the mixture.
# From heavy to nearly normal tails. A logarithm makes any tail heavier, so that it needs only light ones.
# test_five_hundred_quiet_buckets and test_wild_series_alarm_seldom hold the mixture to its noise.
_STUDENTS = (
    _Student(PLAIN, 2.0, 0.005), _Student(PLAIN, 4.0, 0.1), _Student(PLAIN, 10.0, 0.2), _Student(PLAIN, 50.0, 0.3),
    _Student(LOG, 8.0, 0.01), _Student(LOG, 50.0, 0.4),
)  # fmt: skip
_CONSTANTS = tuple(student.constants for student in _STUDENTS)
_RATIOS = tuple((student.transform, student.freedom, student_mean_deviation(student.freedom)) for student in _STUDENTS)
# The last member, for small counts only: Poisson or negative binomial.
_COUNTS = len(_STUDENTS)
_COUNTS_WEIGHT = 0.5
_PRIOR = (*(math.log(student.weight) for student in _STUDENTS), math.log(_COUNTS_WEIGHT))
# A mean absolute residual of few values is uncertain, so tails are at least as heavy as that of a Student distribution. Its
# degrees of freedom are the number of values, less two for scale and level. Below 1.5 the tail would be much too heavy.
_ESTIMATED, _LEAST_FREEDOM = 2, 1.5

# --- Learning the weights.
# Values over which weights return to the prior.
_MEMORY = 2000
# The most that one value counts against a member, in nats: one extreme value must not rule out light tails.
_MOST_EVIDENCE = 3.5
# Share of the evidence that counts, as values are not quite independent.
_INDEPENDENCE = 0.7
# A member that cannot rate a value counts as this much less likely than the best member.
_ABSENT = 1.0
# Limits of the log weights: a member that was useless for long must be able to come back.
_LEAST_WEIGHT, _MOST_COUNTS_WEIGHT = -14.0, 6.0
_LN2 = math.log(2)
_KEEP = 1 - 1 / _MEMORY
_REGAINED = tuple(prior / _MEMORY for prior in _PRIOR)


@dataclass(slots=True, eq=False)
class Tails:
    """Natural logarithms of the weights of the mixture, for one side of the residuals."""

    weights: array[float] = numbers("d", *_PRIOR)

    def surprisal(self, deviations: Sequence[float | None], by_counts: float | None, seen: float) -> float:
        """Surprisal of a residual at least this large.

        :param deviations: the residual in mean absolute residuals, by transform; None where a transform has none.
        :param by_counts: surprisal by the distribution of counts, None where it does not apply.
        :param seen: number of residuals that the scales were learnt from.
        """
        most_freedom = max(_LEAST_FREEDOM, seen - _ESTIMATED)
        parts = [
            (weight, student_tail(deviation * ratio, min(freedom, most_freedom)))
            for weight, (transform, freedom, ratio) in zip(self.weights, _RATIOS)
            if (deviation := deviations[transform]) is not None
        ]
        if by_counts is not None:
            parts.append((self.weights[_COUNTS], by_counts))
        return mixture(parts)

    def learn(self, deviations: Sequence[float | None], jacobians: Sequence[float], by_counts: float | None) -> None:
        """Shift weight to the members that predicted a residual well.

        :param jacobians: logarithm of the density of a deviation per unit of the value, by transform.
        :param by_counts: log density by the distribution of counts, None where it does not apply.
        """
        evidence: list[float] = []
        squares = [None if deviation is None else deviation * deviation for deviation in deviations]
        for transform, power, squared, density in _CONSTANTS:
            square = squares[transform]
            if square is None:
                evidence.append(evidence[0] - _ABSENT)
            else:
                evidence.append(jacobians[transform] + density - power * log1p(square * squared))
        if by_counts is not None:
            # Counts have probabilities: a density above one is impossible, on either of two sides.
            evidence = [min(found, _LN2) for found in evidence]
        best = max(evidence)
        evidence.append(best - _ABSENT if by_counts is None else by_counts)
        if by_counts is not None:
            best = max(best, by_counts)
        weights = self.weights
        for member, found in enumerate(evidence):
            regained = _KEEP * weights[member] + _REGAINED[member]
            weights[member] = regained + _INDEPENDENCE * max(found - best, -_MOST_EVIDENCE)
        # The distribution of counts may not apply for a while: the others are weighed against each other.
        top = max(weights[:_COUNTS])
        for member in range(_COUNTS):
            weights[member] = max(weights[member] - top, _LEAST_WEIGHT)
        weights[_COUNTS] = min(max(weights[_COUNTS] - top, _LEAST_WEIGHT), _MOST_COUNTS_WEIGHT)
