"""Percentiles, equal to those of the server's t-digest as long as it keeps every value (``TDigestState``)."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any

from fake_es.search.aggregations.context import Documents
from fake_es.search.aggregations.formats import RAW, Format
from fake_es.search.aggregations.metrics import Metric
from fake_es.search.aggregations.registry import Definition, aggregation
from fake_es.search.aggregations.results import MultiValue, Result
from fake_es.search.aggregations.values import FORMATTED, Counted
from fake_es.wire.errors import IllegalArgument, NumberFormat
from fake_es.wire.java import java_text
from fake_es.wire.numbers import double_of
from fake_es.wire.object_parser import ANY, BOOLEAN, OBJECT, Body, Field, reading

DEFAULT_PERCENTS = (1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0)


def _doubles(value: Any, body: Body) -> list[float]:
    items = value if isinstance(value, list) else [value]
    try:
        found = [double_of(item) for item in items]
    except NumberFormat:
        raise IllegalArgument(
            f"Failed to parse object: expecting token of type [VALUE_NUMBER] but found [{java_text(value)}]"
        ) from None
    unfit = [number for number in found if not math.isfinite(number)]
    if unfit:
        raise IllegalArgument(f"Failed to parse object: [{unfit[0]}] is not a finite number")
    return found


DOUBLES = reading(ANY, _doubles)


def quantile(ordered: Sequence[float], fraction: float, release: tuple[int, ...]) -> float:
    """The value at ``fraction`` (0 to 1) of sorted values, interpolated linearly between neighbours.

    From 7.0 to 8.8 the server uses t-digest 3.2, where value number ``i`` of ``n`` is at ``(i + 0.5) / n``. In other
    releases it is at ``i / (n - 1)``.
    """
    if isinstance(ordered, Counted) and release < (8, 9):
        return _quantile_of_centroids(ordered, fraction, release)
    position = fraction * len(ordered) - 0.5 if (7, 0) <= release < (8, 9) else fraction * (len(ordered) - 1)
    position = min(max(position, 0.0), len(ordered) - 1.0)
    low = math.floor(position)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (position - low) * (ordered[high] - ordered[low]))


def _quantile_of_centroids(values: Counted, fraction: float, release: tuple[int, ...]) -> float:
    """The same for fields of type ``histogram``: each value is a centroid of the t-digest, with its count as weight.

    Its position is the middle of its weight.
    """
    shift = 0.5 if release >= (7, 0) else 0.0
    position = fraction * (len(values) - 1 + 2 * shift)
    passed, last = 0, None
    for value, count in values.counts.items():
        middle = passed + (count - 1) / 2 + shift
        if middle >= position:
            return value if last is None else last[1] + (position - last[0]) / (middle - last[0]) * (value - last[1])
        passed, last = passed + count, (middle, value)
    return value


def rank(ordered: Sequence[float], value: float) -> float:
    """The fraction (0 to 1) of sorted values up to ``value``, interpolated linearly (``Dist.cdf``)."""
    left, right = bisect_left(ordered, value), bisect_right(ordered, value)
    if right == 0:
        return 0.0
    # The first value counts half, and so do values equal to ``value``.
    if right == len(ordered):
        return 1 - 0.5 * (right - max(left, 1)) / len(ordered)
    if left != right:
        return 0.5 * (left + right - (left > 0)) / len(ordered)
    share = (value - ordered[left - 1]) / (ordered[left] - ordered[left - 1])
    return (left - 0.5 + share) / len(ordered)


def percentiles_result(kind: str, numbers: dict[float, float | None], form: Format, *, keyed: bool) -> MultiValue:
    """A result with ``numbers`` by percent or value: an object, or a list if ``keyed`` is false."""
    by_name: dict[str, float | None] = {str(key): number for key, number in numbers.items()}
    by_name |= {str(int(key)): number for key, number in numbers.items() if key.is_integer()}
    if keyed:
        values: Any = {}
        for key, number in numbers.items():
            values[str(key)] = number
            values |= _text(f"{key}_as_string", number, form)
    else:
        values = [{"key": key, "value": number, **_text("value_as_string", number, form)} for key, number in numbers.items()]
    return MultiValue(kind, by_name, {"values": values})


def _text(name: str, number: float | None, form: Format) -> dict[str, str]:
    return {} if number is None or form is RAW else {name: form.text(number)}


class _Digest(Metric):
    """Shared by both kinds. HDR histograms are not emulated: their results are exact here, like those of t-digests."""

    def collect(self, documents: Documents) -> Result:
        values = self.values
        ordered = values.counted(documents) if values.is_histogram else sorted(values.all(documents))
        numbers = {mark: self.at(ordered, mark) if ordered else None for mark in self.marks()}
        method = "hdr" if self.options.get("hdr") is not None else "tdigest"
        return percentiles_result(f"{method}_{self.kind}", numbers, self.values.format, keyed=self.options.get("keyed", True))

    def marks(self) -> list[float]:
        """The percents or values of the request, ascending."""
        raise NotImplementedError

    def at(self, ordered: Sequence[float], mark: float) -> float:
        """The result for one percent or value."""
        raise NotImplementedError


_OPTIONS = (*FORMATTED, Field("keyed", BOOLEAN), Field("hdr", OBJECT), Field("tdigest", OBJECT))


@aggregation("percentiles", *_OPTIONS, Field("percents", DOUBLES))
class Percentiles(_Digest):
    """The values below which the given percents of all values are."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        if not self.marks():
            raise IllegalArgument("[percents] must not be empty: [" + self.name + "]")
        for percent in self.marks():
            if not 0 <= percent <= 100:
                raise IllegalArgument(f"percent must be in [0,100], got [{percent}]: [{self.name}]")

    def marks(self) -> list[float]:
        return sorted(self.options.get("percents", DEFAULT_PERCENTS))

    def at(self, ordered: Sequence[float], mark: float) -> float:
        return quantile(ordered, mark / 100, self.context.release)


@aggregation("percentile_ranks", *_OPTIONS, Field("values", DOUBLES))
class PercentileRanks(_Digest):
    """The percents of all values that are below the given values."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        if not self.options.get("values"):
            raise IllegalArgument(f"[values] must not be an empty array: [{self.name}]")

    def marks(self) -> list[float]:
        return sorted(self.options["values"])

    def at(self, ordered: Sequence[float], mark: float) -> float:
        return 100 * rank(ordered, mark)
