"""``moving_fn``: a function of the buckets in a moving window (``MovingFunctions``)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from fake_es.script import read_script
from fake_es.search.aggregations.pipelines.base import OPTIONS, HistogramPipeline
from fake_es.search.aggregations.registry import Definition, aggregation
from fake_es.search.aggregations.results import Bucket
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import ANY, INT, Field

_Numbers = Sequence[float]


def _unweighted(values: _Numbers) -> float:
    return math.fsum(values) / len(values) if values else math.nan


def _linear(values: _Numbers) -> float:
    # The server too starts the sum of the weights at 1 (MovingFunctions.linearWeightedAvg).
    weights = 1 + len(values) * (len(values) + 1) / 2
    return math.fsum(value * weight for weight, value in enumerate(values, 1)) / weights if values else math.nan


def _ewma(values: _Numbers, alpha: float) -> float:
    if not values:
        return math.nan
    mean = values[0]
    for value in values[1:]:
        mean = alpha * value + (1 - alpha) * mean
    return mean


def _deviation(values: _Numbers, mean: float) -> float:
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values)) if values else math.nan


_FUNCTIONS: dict[str, Callable[..., float]] = {
    "max": lambda values: max(values, default=math.nan),
    "min": lambda values: min(values, default=math.nan),
    "sum": math.fsum,
    "stdDev": _deviation,
    "unweightedAvg": _unweighted,
    "linearWeightedAvg": _linear,
    "ewma": _ewma,
}


@aggregation("moving_fn", *OPTIONS, Field("window", INT), Field("shift", INT), Field("script", ANY), since=(6, 4))
class MovingFunction(HistogramPipeline):
    """A script over the numbers of the ``window`` buckets before this one; ``shift`` moves the window forward."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        for option in ("script", "window"):
            if option not in self.options:
                raise IllegalArgument(f"Required [{option}]")
        self._window, self._shift = self.options["window"], self.options.get("shift", 0)
        if self._window <= 0:
            raise IllegalArgument("[window] must be a positive, non-zero integer.")
        library = {"MovingFunctions": _FUNCTIONS}
        self._script = read_script(self.options["script"], names=("values",), library=library, version=self.context.release)

    def run(self, buckets: list[Bucket]) -> None:
        pairs = [(bucket, self.number(bucket)) for bucket in buckets]
        known = [(bucket, number) for bucket, number in pairs if number == number]
        numbers = [number for _, number in known]
        for place, (bucket, _) in enumerate(known):
            start = max(0, place - self._window + self._shift)
            end = max(0, place + self._shift)
            self.add(bucket, float(self._script.number(values=numbers[start:end])))
