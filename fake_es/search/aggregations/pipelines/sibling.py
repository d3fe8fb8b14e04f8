"""Sibling pipelines, over one number of each bucket of an aggregation beside them: ``avg_bucket`` and so on."""

from __future__ import annotations

import math
from collections.abc import Iterable

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.metrics import extended_stats_of, stats_of, total_of
from fake_es.search.aggregations.paths import number_below, split_path
from fake_es.search.aggregations.percentiles import DEFAULT_PERCENTS, DOUBLES, percentiles_result
from fake_es.search.aggregations.pipelines.base import OPTIONS, PathPipeline, is_multi
from fake_es.search.aggregations.registry import Definition, Siblings, aggregation
from fake_es.search.aggregations.results import Bucket, Buckets, Result, Results, SingleBucketResult, Value
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import BOOLEAN, DOUBLE, Field


class SiblingPipeline(PathPipeline):
    """One result from the numbers of a sibling's buckets; gaps are skipped."""

    def reduce(self, results: Results) -> Result:
        buckets, rest = _destination(results, split_path(self.path))
        numbers = [(bucket.text, number_below(bucket, rest, self.gap_policy)) for bucket in buckets]
        return self.combine([(text, number) for text, number in numbers if number == number])

    def combine(self, numbers: list[tuple[str, float]]) -> Result:
        """Compute the result from pairs of a bucket's key and its number."""
        raise NotImplementedError

    def apply(self, parent: Buckets) -> None:
        for bucket in parent.buckets:
            self.add(bucket, self.reduce(bucket.results))

    @classmethod
    def refusals(cls, definition: Definition, siblings: Siblings, release: tuple[int, ...]) -> Iterable[str]:
        paths = list(cls.paths(definition.options).values())
        if len(paths) != 1:
            yield messages.ONE_PATH.format(name=definition.name)
            return
        found = _goal(split_path(paths[0]), siblings, release)
        if found is None:
            yield messages.SIBLING_MISSING.format(name=definition.name, path=paths[0])
        elif not is_multi(found):
            arguments = {"name": definition.name, "found": found.kind.name, "path": paths[0]}
            yield messages.SIBLING_NOT_MULTI.at(release, **arguments)


def _goal(parts: list[str], siblings: Siblings, release: tuple[int, ...]) -> Definition | None:
    """The aggregation whose buckets are used: the first of the path, from 8.3 its first one with several buckets."""
    found = _named(parts[0], siblings)
    rest = parts[1:]
    while found is not None and rest and release >= (8, 3):
        if is_multi(found) and _is_key(rest[0]) and len(rest) > 1:
            rest = rest[1:]
        elif is_multi(found) or not found.subs:
            break
        found, rest = _named(rest[0], found.subs), rest[1:]
    return found


def _named(name: str, definitions: Siblings) -> Definition | None:
    return next((definition for definition in definitions if definition.name == name), None)


def _destination(results: Results, parts: list[str]) -> tuple[list[Bucket], list[str]]:
    """The buckets that a path leads through, and the rest of the path below each."""
    found, rest = results.get(parts[0]), parts[1:]
    while rest:
        if isinstance(found, SingleBucketResult):
            found, rest = found.results.get(rest[0]), rest[1:]
        elif isinstance(found, Buckets) and _is_key(rest[0]) and len(rest) > 1:
            bucket = found.at(rest[0].strip("'"))
            found, rest = (bucket.results.get(rest[1]) if bucket else None), rest[2:]
        else:
            break
    return (found.buckets if isinstance(found, Buckets) else []), rest


def _is_key(part: str) -> bool:
    return part.startswith("'")


@aggregation("avg_bucket", *OPTIONS)
class MeanBucket(SiblingPipeline):
    """The mean."""

    def combine(self, numbers: list[tuple[str, float]]) -> Result:
        total = total_of(number for _, number in numbers)
        return Value("simple_value", total / len(numbers) if numbers else None, self.format)


@aggregation("sum_bucket", *OPTIONS)
class SumBucket(SiblingPipeline):
    """The sum."""

    def combine(self, numbers: list[tuple[str, float]]) -> Result:
        return Value("simple_value", total_of(number for _, number in numbers), self.format)


class _Extreme(SiblingPipeline):
    def best(self, numbers: list[float]) -> float:
        """The greatest or the smallest number."""
        raise NotImplementedError

    def combine(self, numbers: list[tuple[str, float]]) -> Result:
        if not numbers:
            return Value("bucket_metric_value", None, self.format, {"keys": []})
        best = self.best([number for _, number in numbers])
        keys = [text for text, number in numbers if number == best]
        return Value("bucket_metric_value", best, self.format, {"keys": keys})


@aggregation("max_bucket", *OPTIONS)
class MaximumBucket(_Extreme):
    """The greatest number, and the keys of the buckets that have it."""

    def best(self, numbers: list[float]) -> float:
        return max(numbers)


@aggregation("min_bucket", *OPTIONS)
class MinimumBucket(_Extreme):
    """The smallest number, and the keys of the buckets that have it."""

    def best(self, numbers: list[float]) -> float:
        return min(numbers)


@aggregation("stats_bucket", *OPTIONS)
class StatsBucket(SiblingPipeline):
    """Count, min, max, avg and sum."""

    def combine(self, numbers: list[tuple[str, float]]) -> Result:
        return stats_of([number for _, number in numbers], self.kind, self.format)


@aggregation("extended_stats_bucket", *OPTIONS, Field("sigma", DOUBLE))
class ExtendedStatsBucket(SiblingPipeline):
    """``stats_bucket`` with squares, variances and deviations."""

    def combine(self, numbers: list[tuple[str, float]]) -> Result:
        sigma = self.options.get("sigma", 2.0)
        values = [number for _, number in numbers]
        return extended_stats_of(values, self.kind, sigma, self.context.release, self.format)


@aggregation("percentiles_bucket", *OPTIONS, Field("percents", DOUBLES), Field("keyed", BOOLEAN))
class PercentilesBucket(SiblingPipeline):
    """Percentiles of the numbers: the nearest one, without interpolation."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        self._percents: list[float] = list(self.options.get("percents", DEFAULT_PERCENTS))
        for percent in self._percents:
            if not 0 <= percent <= 100:
                raise IllegalArgument("[percents] must only contain non-null doubles from 0.0-100.0 inclusive")

    def combine(self, numbers: list[tuple[str, float]]) -> Result:
        ordered = sorted(number for _, number in numbers)
        found = {percent: _nearest(ordered, percent) for percent in self._percents}
        return percentiles_result(self.kind, found, self.format, keyed=self.options.get("keyed", True))


def _nearest(ordered: list[float], percent: float) -> float | None:
    return ordered[math.floor(percent / 100 * (len(ordered) - 1) + 0.5)] if ordered else None
