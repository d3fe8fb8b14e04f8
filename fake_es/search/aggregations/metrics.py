"""Metrics of one field: min, max, avg, sum, counts, stats, weighted_avg."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import Documents
from fake_es.search.aggregations.errors import AggregationExecution
from fake_es.search.aggregations.formats import RAW, DecimalFormat, Format
from fake_es.search.aggregations.registry import Aggregation, Definition, aggregation
from fake_es.search.aggregations.results import MultiValue, Result, Value
from fake_es.search.aggregations.values import FIELD, FORMATTED, NUMERIC, Counted, Values
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import ANY, DOUBLE, STRING, Field, ObjectParser, nested


def total_of(values: Iterable[float]) -> float:
    """The sum; infinite if it is too large for a double."""
    numbers = list(values)
    try:
        return math.fsum(numbers)
    except OverflowError:
        return float(sum(map(float, numbers)))


def _weighted(values: Counted) -> float:
    return total_of(value * count for value, count in values.counts.items())


class Metric(Aggregation):
    """One number from the values of a field."""

    leaf = True
    accepts: ClassVar[frozenset[str] | None] = NUMERIC

    def prepare(self, definition: Definition) -> None:
        self.kind = definition.kind.name
        self.values = Values(definition, self.options, self.context, self.accepts)

    def collect(self, documents: Documents) -> Result:
        if self.values.is_histogram:
            return Value(self.kind, self.measure_counted(self.values.counted(documents)), self.values.format)
        return Value(self.kind, self.measure(self.values.all(documents)), self.values.format)

    def measure(self, values: list[Any]) -> float | int | None:
        """The number for these values; None means null."""
        raise NotImplementedError

    def measure_counted(self, values: Counted) -> float | int | None:
        """The number for the values of a field of type ``histogram``."""
        return self.measure(list(values.counts))


@aggregation("min", *FORMATTED)
class Minimum(Metric):
    """The smallest value."""

    def measure(self, values: list[Any]) -> float | None:
        return float(min(values)) if values else None


@aggregation("max", *FORMATTED)
class Maximum(Metric):
    """The greatest value."""

    def measure(self, values: list[Any]) -> float | None:
        return float(max(values)) if values else None


@aggregation("avg", *FORMATTED)
class Mean(Metric):
    """The mean of the values."""

    def measure(self, values: list[Any]) -> float | None:
        return total_of(values) / len(values) if values else None

    def measure_counted(self, values: Counted) -> float | None:
        return _weighted(values) / len(values) if values else None


@aggregation("sum", *FORMATTED)
class Sum(Metric):
    """The sum of the values; 0 without values."""

    def measure(self, values: list[Any]) -> float:
        return total_of(values)

    def measure_counted(self, values: Counted) -> float:
        return _weighted(values)


@aggregation("value_count", *FORMATTED)
class ValueCount(Metric):
    """How many values there are."""

    accepts = None

    def collect(self, documents: Documents) -> Result:
        values = self.values
        return Value(self.kind, len(values.counted(documents) if values.is_histogram else values.all(documents)))


@aggregation("cardinality", *FIELD, Field("precision_threshold", ANY), Field("rehash", ANY), Field("execution_hint", STRING))
class Cardinality(Metric):
    """The number of different values. It is exact; the server estimates it above ``precision_threshold``."""

    accepts = None

    def collect(self, documents: Documents) -> Result:
        return Value(self.kind, len(set(self.values.all(documents))))


@aggregation(
    "median_absolute_deviation", *FORMATTED, Field("compression", DOUBLE), Field("execution_hint", STRING), since=(6, 6)
)
class MedianAbsoluteDeviation(Metric):
    """The median of the distances from the median."""

    def measure(self, values: list[Any]) -> float | None:
        if not values:
            return None
        middle = _median(values)
        return _median([abs(value - middle) for value in values])


def _median(values: Sequence[Any]) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def stats_of(values: Sequence[Any], kind: str, form: Format = RAW) -> MultiValue:
    """``count``, ``min``, ``max``, ``avg`` and ``sum``, with texts if there is a format (``InternalStats``)."""
    total = total_of(values)
    some: dict[str, float | None] = {"min": None, "max": None, "avg": None}
    if values:
        some = {"min": float(min(values)), "max": float(max(values)), "avg": total / len(values)}
    numbers: dict[str, float | None] = {"count": len(values), **some, "sum": total}
    json: dict[str, Any] = {name: _json_number(number) for name, number in numbers.items()}
    if values and form is not RAW:
        json |= {f"{name}_as_string": form.text(number) for name, number in numbers.items() if name != "count"}
    return MultiValue(kind, numbers, json)


def extended_stats_of(
    values: Sequence[Any], kind: str, sigma: float, release: tuple[int, ...], form: Format = RAW
) -> MultiValue:
    """``stats`` with squares, variances and deviations (``InternalExtendedStats``).

    ``sigma`` is the distance of the bounds from the mean, in standard deviations.
    """
    stats = stats_of(values, kind, form)
    spread = _spread(values, sigma)
    if release < (7, 9):
        spread = {name: number for name, number in spread.items() if not name.endswith(("_population", "_sampling"))}
    numbers = {name: number if number is not None and math.isfinite(number) else None for name, number in spread.items()}
    single = {name: _json_number(number) for name, number in spread.items() if not name.startswith("std_deviation_bounds.")}
    bounds = {name.partition(".")[2]: _json_number(number) for name, number in spread.items() if "." in name}
    texts: dict[str, Any] = {}
    if values and form is not RAW:
        texts = {f"{name}_as_string": _text(number, form) for name, number in single.items()}
        texts["std_deviation_bounds_as_string"] = {side: _text(bound, form) for side, bound in bounds.items()}
    body = {**stats.json, **single, "std_deviation_bounds": bounds, **texts}
    return MultiValue(kind, {**stats.numbers, **numbers}, body)


def _text(number: Any, form: Format) -> str:
    return number if isinstance(number, str) else form.text(number)


def _spread(values: Sequence[Any], sigma: float) -> dict[str, float | None]:
    names = ("variance", "variance_population", "variance_sampling", "std_deviation", "std_deviation_population",
             "std_deviation_sampling")  # fmt: skip
    sides = ("upper", "lower", "upper_population", "lower_population", "upper_sampling", "lower_sampling")
    if not values:
        return dict.fromkeys(("sum_of_squares", *names, *(f"std_deviation_bounds.{side}" for side in sides)))
    count, total = len(values), total_of(values)
    squares = total_of(float(value) * float(value) for value in values)
    difference = squares - total * total / count
    population = max(0.0, difference / count) if difference == difference else math.nan
    sampling = population * count / (count - 1) if count > 1 else math.nan
    wide, narrow = math.sqrt(sampling), math.sqrt(population)
    found: dict[str, float | None] = dict(zip(names, (population, population, sampling, narrow, narrow, wide)))
    mean = total / count
    for side in sides:
        away = sigma * (wide if side.endswith("sampling") else narrow)
        found[f"std_deviation_bounds.{side}"] = mean - away if side.startswith("lower") else mean + away
    return {"sum_of_squares": float(squares), **found}


def _json_number(number: float | None) -> float | str | None:
    # JSON has no NaN and no infinity: the server writes them as texts.
    if number is None or math.isfinite(number):
        return number
    return "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"


@aggregation("stats", *FORMATTED)
class Stats(Metric):
    """Count, min, max, avg and sum."""

    def collect(self, documents: Documents) -> Result:
        return stats_of(self.values.all(documents), self.kind, self.values.format)


@aggregation("extended_stats", *FORMATTED, Field("sigma", DOUBLE))
class ExtendedStats(Metric):
    """``stats`` with squares, variances and deviations."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        self.sigma = self.options.get("sigma", 2.0)
        if self.sigma < 0:
            raise IllegalArgument(f"[sigma] must be greater than or equal to 0. Found [{self.sigma}] in [{self.name}]")

    def collect(self, documents: Documents) -> Result:
        values = self.values.all(documents)
        return extended_stats_of(values, self.kind, self.sigma, self.context.release, self.values.format)


_PART = ObjectParser("weighted_avg", FIELD)


@aggregation(
    "weighted_avg", Field("value", nested(_PART)), Field("weight", nested(_PART)), Field("format", STRING),
    Field("value_type", STRING), since=(6, 4),
)  # fmt: skip
class WeightedMean(Aggregation):
    """The mean of a field's values, weighted by another field."""

    leaf = True

    def prepare(self, definition: Definition) -> None:
        for part in ("value", "weight"):
            if part not in self.options:
                raise IllegalArgument(f"Required [{part}]")
        self._value = Values(definition, self.options["value"], self.context, NUMERIC)
        self._weight = Values(definition, self.options["weight"], self.context, NUMERIC)
        self._format = DecimalFormat(self.options["format"]) if "format" in self.options else RAW

    def collect(self, documents: Documents) -> Result:
        total = total_weight = 0.0
        for document in self.context.paced(documents):
            values, weights = self._value.of(document), self._weight.of(document)
            if not values or not weights:
                continue
            if len(weights) > 1:
                raise AggregationExecution(messages.MANY_WEIGHTS)
            total += total_of(values) * weights[0]
            total_weight += len(values) * weights[0]
        return Value("weighted_avg", total / total_weight if total_weight else None, self._format)
