"""Tails of distributions, as decimal logarithms: they stay exact where probabilities themselves are zero.

A *surprise* is -log10 of a probability: 0 for a certain event, 3 for one in a thousand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

_LN10 = math.log(10)
_HALF_LOG_TAU = 0.5 * math.log(2 * math.pi)
# No event is more surprising: the least probability that a double can hold.
MOST = 307.0


def normal_tail(deviation: float) -> float:
    """Surprise of a standard normal variable above ``deviation``."""
    if deviation < 30:
        return -math.log10(max(0.5 * math.erfc(deviation / math.sqrt(2)), 1e-300))
    return (0.5 * deviation * deviation + _HALF_LOG_TAU + math.log(deviation)) / _LN10


def student_tail(t: float, freedom: float) -> float:
    """Surprise of a Student variable above ``t`` (Wallace's transformation to a normal one, within a factor of two)."""
    bent = math.sqrt(freedom * math.log1p(t * t / freedom)) * (8 * freedom + 1) / (8 * freedom + 3)
    return normal_tail(math.copysign(bent, t))


def student_constant(freedom: float) -> float:
    """Natural logarithm of the factor before Student's density."""
    return math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - 0.5 * math.log(freedom * math.pi)


def student_mean_deviation(freedom: float) -> float:
    """Mean absolute value of a Student variable; ``freedom`` above 1."""
    return (
        2 * math.sqrt(freedom / math.pi) * math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / (freedom - 1)
    )


def count_density(count: float, mean: float, dispersion: float) -> float:
    """Natural logarithm of the chance of exactly ``count`` events: Poisson, or negative binomial if more dispersed.

    ``dispersion`` is variance by mean, at least 1.
    """
    excess = dispersion - 1
    if excess < 0.01:
        return count * math.log(mean) - mean - math.lgamma(count + 1)
    size = max(mean / excess, 1e-12)
    shape = math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
    return shape - size * math.log(dispersion) + count * math.log(excess / dispersion)


def count_tail(count: float, mean: float, dispersion: float, upper: bool) -> float:
    """Surprise of ``count`` events or more (or fewer, if not ``upper``): the sum bounded by a geometric one."""
    count = math.ceil(count) if upper else math.floor(count)
    here = count_density(count, mean, dispersion)
    if not upper and count == 0:
        return min(MOST, -here / _LN10)
    there = count_density(count + 1 if upper else count - 1, mean, dispersion)
    ratio = math.exp(min(there - here, -1e-9))
    return max(0.0, min(MOST, (-here + math.log1p(-ratio)) / _LN10))


def mixture(parts: Sequence[tuple[float, float]]) -> float:
    """Surprise of a mixture: ``parts`` are natural logarithms of weights, which need not sum to 1, and surprises."""
    whole = _log_sum([weight for weight, _ in parts])
    tail = _log_sum([weight - surprise * _LN10 for weight, surprise in parts])
    return max(0.0, min(MOST, (whole - tail) / _LN10))


def beyond_chance(found: float, chance: float) -> float:
    """As much of ``found`` as is beyond what chance alone makes of it, ordinarily ``chance``: nothing, or nearly all of it."""
    return found * (1.0 - (chance / found) ** 2) if abs(found) > chance else 0.0


def _log_sum(logs: Sequence[float]) -> float:
    top = max(logs)
    return top + math.log(sum([math.exp(log - top) for log in logs]))


def probability(surprise: float) -> float:
    """The probability behind a surprise."""
    return math.pow(10.0, -min(surprise, MOST))


def surprise_of(chance: float) -> float:
    """The surprise of a probability."""
    return MOST if chance <= 0 else min(MOST, -math.log10(chance))
