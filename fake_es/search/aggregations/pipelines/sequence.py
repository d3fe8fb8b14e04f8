"""``derivative``, ``cumulative_sum`` and ``serial_diff``: parent pipelines over neighbouring buckets."""

from __future__ import annotations

import math

from fake_es.search.aggregations.pipelines.base import OPTIONS, HistogramPipeline
from fake_es.search.aggregations.registry import Definition, aggregation
from fake_es.search.aggregations.results import Bucket, Value
from fake_es.search.aggregations.rounding import CALENDAR_UNITS
from fake_es.wire.durations import parse_time_value
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import INT, STRING, Field

# The mean length of calendar units in milliseconds (java.time.temporal.ChronoUnit, IsoFields).
_UNIT_MS = {
    "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000, "M": 2_629_746_000, "q": 7_889_238_000,
    "y": 31_556_952_000,
}  # fmt: skip


@aggregation("derivative", *OPTIONS, Field("unit", STRING))
class Derivative(HistogramPipeline):
    """The difference of each bucket to the one before; with ``unit`` also per unit of time."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        unit = self.options.get("unit")
        self._unit: float | None = None
        if unit in CALENDAR_UNITS:
            self._unit = _UNIT_MS[CALENDAR_UNITS[unit]]
        elif unit is not None:
            self._unit = parse_time_value(unit, "DerivativePipelineAggregationBuilder.unit", self.context.release).ms

    def run(self, buckets: list[Bucket]) -> None:
        numbers = [self.number(bucket) for bucket in buckets]
        for before, bucket, last, number in zip(buckets, buckets[1:], numbers, numbers[1:]):
            self.add(bucket, self._result(number - last, bucket.key - before.key))

    def _result(self, difference: float, distance: float) -> Value:
        if self._unit is None:
            return Value("derivative", difference, self.format)
        normalized = difference / (distance / self._unit)
        finite = normalized if math.isfinite(normalized) else None
        return Value("derivative", difference, self.format, {"normalized_value": finite})


@aggregation("cumulative_sum", *OPTIONS)
class CumulativeSum(HistogramPipeline):
    """The sum of this bucket and all before it."""

    def run(self, buckets: list[Bucket]) -> None:
        total = 0.0
        for bucket in buckets:
            number = self.number(bucket)
            total += number if math.isfinite(number) else 0.0
            self.add(bucket, total)


@aggregation("serial_diff", *OPTIONS, Field("lag", INT))
class SerialDifference(HistogramPipeline):
    """The difference of each bucket to the one ``lag`` positions before."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        self._lag = self.options.get("lag", 1)
        if self._lag <= 0:
            raise IllegalArgument("[lag] must be a positive integer: [" + self.name + "]")

    def run(self, buckets: list[Bucket]) -> None:
        numbers = [self.number(bucket) for bucket in buckets]
        for bucket, number, before in zip(buckets[self._lag :], numbers[self._lag :], numbers):
            difference = number - before
            if difference == difference:
                self.add(bucket, difference)
