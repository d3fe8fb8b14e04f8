"""Tails of distributions as surprisals.

The *surprisal* of an event is -log10 of its probability: 0 for a certain event, 3 for one in a thousand. Surprisals stay
exact where probabilities are too small for a double.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_LN10 = math.log(10)
_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)
# The greatest surprisal: the least probability that a double can hold.
MOST = 307.0
# From here on erfc is close to underflow, and the asymptotic expansion is as exact.
_FAR_OUT, _LEAST_PROBABILITY = 30, 1e-300
# Variance is nearly the mean: the negative binomial distribution is the Poisson one.
_NEARLY_POISSON = 0.01


def normal_tail(deviation: float) -> float:
    """Surprisal of a standard normal variable above ``deviation``."""
    if deviation < _FAR_OUT:
        return -math.log10(max(0.5 * math.erfc(deviation / math.sqrt(2)), _LEAST_PROBABILITY))
    return (0.5 * deviation * deviation + _HALF_LOG_TAU + math.log(deviation)) / _LN10


def student_tail(t: float, freedom: float) -> float:
    """Surprisal of a Student variable above ``t``, within a factor of two (Wallace's transformation to a normal one)."""
    normal = math.sqrt(freedom * math.log1p(t * t / freedom)) * (8 * freedom + 1) / (8 * freedom + 3)
    return normal_tail(math.copysign(normal, t))


def student_constant(freedom: float) -> float:
    """Natural logarithm of the normalizing factor of Student's density."""
    return math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - 0.5 * math.log(freedom * math.pi)


def student_mean_deviation(freedom: float) -> float:
    """Mean absolute value of a Student variable; ``freedom`` above 1."""
    return (
        2 * math.sqrt(freedom / math.pi) * math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / (freedom - 1)
    )


def count_density(count: float, mean: float, dispersion: float) -> float:
    """Log probability of exactly ``count`` events: Poisson, or negative binomial if more dispersed.

    :param dispersion: variance divided by mean, at least 1.
    """
    excess = dispersion - 1
    if excess < _NEARLY_POISSON:
        return count * math.log(mean) - mean - math.lgamma(count + 1)
    size = max(mean / excess, 1e-12)
    shape = math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
    return shape - size * math.log(dispersion) + count * math.log(excess / dispersion)


def count_tail(count: float, mean: float, dispersion: float, upper: bool) -> float:
    """Surprisal of ``count`` events or more; without ``upper`` of ``count`` events or fewer.

    The sum is bounded by a geometric one.
    """
    count = math.ceil(count) if upper else math.floor(count)
    here = count_density(count, mean, dispersion)
    if not upper and count == 0:
        return min(MOST, -here / _LN10)
    there = count_density(count + 1 if upper else count - 1, mean, dispersion)
    ratio = math.exp(min(there - here, -1e-9))
    return max(0.0, min(MOST, (-here + math.log1p(-ratio)) / _LN10))


def mixture(parts: Sequence[tuple[float, float]]) -> float:
    """Surprisal of a mixture: ``parts`` are log weights, which need not sum to 1, and surprisals."""
    total = _log_sum([weight for weight, _ in parts])
    tail = _log_sum([weight - surprisal * _LN10 for weight, surprisal in parts])
    return max(0.0, min(MOST, (total - tail) / _LN10))


def beyond_chance(found: float, chance: float) -> float:
    """``found`` less the part that chance may explain, which is about ``chance`` (shrinkage of James and Stein)."""
    return found * (1.0 - (chance / found) ** 2) if abs(found) > chance else 0.0


def _log_sum(logs: Sequence[float]) -> float:
    top = max(logs)
    return top + math.log(sum([math.exp(log - top) for log in logs]))


def probability(surprisal: float) -> float:
    """The probability of a surprisal."""
    return math.pow(10.0, -min(surprisal, MOST))


def surprisal_of(probability: float) -> float:
    """The surprisal of a probability."""
    return MOST if probability <= 0 else min(MOST, -math.log10(probability))
