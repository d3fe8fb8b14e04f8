"""What each detector function computes from the records of a bucket, and on which side it is anomalous."""

from __future__ import annotations

import math
import statistics
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

# Computes one number from the values of a field in a bucket; None if there is nothing to compute it from.
Compute = Callable[[Sequence[Any]], float | None]


class Feature(NamedTuple):
    """One number that is modelled for each series.

    :param name: ``function_description`` of its records.
    :param compute: how it is computed from values; None for functions that do not look at values.
    :param empty: its value in a bucket without records; None if such a bucket has no value.
    :param model: ``model_feature`` of its model plot.
    :param is_count: its values are counts, until one is seen that is no whole number.
    :param is_average: it scatters the more, the fewer values it is made of (``model_t::varianceScale``).
    """

    name: str
    compute: Compute | None
    empty: float | None
    model: str
    is_count: bool = False
    is_average: bool = False


class Function(NamedTuple):
    """A detector function: its features, the side that is anomalous (-1 low, 0 both, 1 high), and the kind of model."""

    features: tuple[Feature, ...]
    side: int = 0
    kind: str = "value"


# Larger values are replaced by this one: its squares and sums are finite, and 32-bit tables of seasons can hold it.
LARGEST = 1e30


def within(number: float) -> float:
    """``number``, or the nearest one that is not larger than :data:`LARGEST`."""
    return number if -LARGEST <= number <= LARGEST else math.copysign(LARGEST, number)


def numbers(values: Iterable[Any]) -> list[float]:
    """The finite numbers among ``values``."""
    found = []
    for value in values:
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            continue
        if math.isfinite(number):
            found.append(within(number))
    return found


def _of_numbers(reduce: Callable[[list[float]], float]) -> Compute:
    def compute(values: Sequence[Any]) -> float | None:
        found = numbers(values)
        return reduce(found) if found else None

    return compute


def _mean(found: list[float]) -> float:
    return sum(found) / len(found)


def _variance(found: list[float]) -> float:
    middle = _mean(found)
    return sum((value - middle) ** 2 for value in found) / len(found)


def weighted_mean(pairs: Iterable[tuple[Any, float]]) -> float | None:
    """Mean of values, each with its weight; None without values."""
    total = weight = 0.0
    for value, number in pairs:
        for found in numbers((value,)):
            total, weight = total + found * number, weight + number
    return total / weight if weight > 0 else None


def distinct(values: Sequence[Any]) -> float | None:
    """How many different values there are."""
    return float(len({value for value in values if value not in (None, "")}))


def information(values: Sequence[Any]) -> float | None:
    """Bytes of the different values when they are compressed."""
    texts = sorted({str(value) for value in values if value not in (None, "")})
    return float(len(zlib.compress("".join(texts).encode("utf-8", "surrogatepass"), 6))) if texts else None


COUNT = Feature("count", None, 0.0, "'count per bucket by person'", is_count=True)
NON_ZERO = COUNT._replace(empty=None, model="'non-zero count per bucket by person'")
_DISTINCT = Feature("distinct_count", distinct, 0.0, "'unique count per bucket by person'", is_count=True)
_INFORMATION = Feature("info_content", information, None, "'information content of value per bucket by person'")
_MEAN = Feature("mean", _of_numbers(_mean), None, "'arithmetic mean value by person'", is_average=True)
_MEDIAN = Feature("median", _of_numbers(statistics.median), None, "'median value by person'", is_average=True)
_MIN = Feature("min", _of_numbers(min), None, "'minimum value by person'")
_MAX = Feature("max", _of_numbers(max), None, "'maximum value by person'")
_SUM = Feature("sum", _of_numbers(math.fsum), 0.0, "'bucket sum by person'", is_count=True)
_NON_NULL_SUM = _SUM._replace(empty=None, model="'bucket non-null sum by person'")
_VARP = Feature("varp", _of_numbers(_variance), None, "'variance of values by person'", is_average=True)
_TIME = Feature("time", None, None, "'time-of-day per bucket by person'")
_WHERE = Feature("lat_long", None, None, "'mean lat/long by person'")
_RARE = Feature("rare", None, None, "'indicator per bucket of person'")

_SIDED = {
    "count": COUNT, "non_zero_count": NON_ZERO, "distinct_count": _DISTINCT, "info_content": _INFORMATION,
    "mean": _MEAN, "avg": _MEAN, "median": _MEDIAN, "sum": _SUM, "non_null_sum": _NON_NULL_SUM, "varp": _VARP,
    "min": _MIN, "max": _MAX,
}  # fmt: skip
FUNCTIONS: dict[str, Function] = {
    prefix + name: Function((feature,), side)
    for prefix, side in (("", 0), ("low_", -1), ("high_", 1))
    for name, feature in _SIDED.items()
} | {
    "metric": Function((_MEAN, _MIN, _MAX)),
    "time_of_day": Function((_TIME,), kind="time_of_day"),
    "time_of_week": Function((_TIME._replace(model="'time-of-week per bucket by person'"),), kind="time_of_week"),
    "lat_long": Function((_WHERE,), kind="lat_long"),
    "rare": Function((_RARE,), kind="rare"),
    "freq_rare": Function((_RARE,), kind="freq_rare"),
}
