"""Base classes of pipelines: their paths, gap policies, formats, and positions in the tree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.formats import RAW, DecimalFormat, Format
from fake_es.search.aggregations.paths import GAP_POLICIES, number_at
from fake_es.search.aggregations.registry import Aggregation, Definition, Pipeline, Siblings
from fake_es.search.aggregations.results import Bucket, Buckets, Result, Value
from fake_es.wire.errors import IllegalArgument, ParsingError
from fake_es.wire.object_parser import ANY, STRING, Body, Field, reading, token

_ORDERED = frozenset({"histogram", "date_histogram"})


def _paths(value: Any, body: Body) -> dict[str, str]:
    if isinstance(value, dict):
        return {name: str(path) for name, path in value.items()}
    if isinstance(value, list):
        if not value or not all(isinstance(path, str) for path in value):
            raise ParsingError(f"Unexpected token {token(value[0] if value else value)} in [buckets_path]")
        return {"_value": str(value[0])} if len(value) == 1 else {f"_value{at}": str(path) for at, path in enumerate(value)}
    return {"_value": str(value)}


def _gap_policy(value: str, body: Body) -> str:
    if value.lower() not in GAP_POLICIES:
        known = ", ".join(GAP_POLICIES)
        raise IllegalArgument(f"Invalid gap policy: [{value}], accepted values: [{known}]")
    return value.lower()


BUCKETS_PATH = Field("buckets_path", reading(ANY, _paths))
GAPS = Field("gap_policy", reading(STRING, _gap_policy))
OPTIONS = (BUCKETS_PATH, Field("format", STRING), GAPS)


class PathPipeline(Pipeline):
    """A pipeline with ``buckets_path``, ``gap_policy`` and ``format``."""

    def prepare(self, definition: Definition) -> None:
        self.kind = definition.kind.name
        if "buckets_path" not in self.options:
            raise IllegalArgument(f"Required [buckets_path] for {self.kind} aggregation [{self.name}]")
        self.gap_policy: str = self.options.get("gap_policy", "skip")
        form = self.options.get("format")
        self.format: Format = DecimalFormat(form) if form else RAW

    @property
    def path(self) -> str:
        """The only path.

        :raises IllegalArgument: there are several.
        """
        paths = list(self.paths(self.options).values())
        if len(paths) != 1:
            raise IllegalArgument(messages.ONE_PATH.format(name=self.name))
        return paths[0]

    def number(self, bucket: Bucket) -> float:
        """The number at the path from a bucket; NaN in a gap."""
        return number_at(bucket, self.path, self.gap_policy)

    def add(self, bucket: Bucket, result: Result | float) -> None:
        """Add the result of this pipeline to a bucket."""
        added = result if isinstance(result, Result) else Value("simple_value", result, self.format)
        added.meta = self.meta
        bucket.results[self.name] = added


class ParentPipeline(PathPipeline):
    """A pipeline that adds a result to the buckets of the aggregation around it."""

    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        check_parent(definition)

    def apply(self, parent: Buckets) -> None:
        self.run(parent.buckets)

    def run(self, buckets: list[Bucket]) -> None:
        """Add results to the buckets."""
        raise NotImplementedError

    @classmethod
    def refusals(cls, definition: Definition, siblings: Siblings, release: tuple[int, ...]) -> Iterable[str]:
        arguments = {"kind": definition.kind.name, "name": definition.name}
        if definition.parent is None:
            yield messages.NEEDS_PARENT.format(**arguments)


class HistogramPipeline(ParentPipeline):
    """A parent pipeline that compares neighbouring buckets, and so needs a histogram with its empty buckets."""

    @classmethod
    def refusals(cls, definition: Definition, siblings: Siblings, release: tuple[int, ...]) -> Iterable[str]:
        yield from super().refusals(definition, siblings, release)
        arguments = {"kind": definition.kind.name, "name": definition.name}
        if len(cls.paths(definition.options)) != 1:
            yield messages.ONE_PATH.format(**arguments)
        parent = definition.parent
        if parent is None:
            return
        if parent.kind.name not in _ORDERED:
            yield messages.NEEDS_HISTOGRAM.format(**arguments)
        elif parent.options.get("min_doc_count", 0) != 0:
            yield messages.NEEDS_EMPTY_BUCKETS.format(**arguments)


def check_parent(definition: Definition) -> None:
    """Check that the aggregation around a parent pipeline has several buckets (``BucketScriptPipelineAggregator.reduce``).

    :raises IllegalArgument: it has only one.
    """
    parent = definition.parent
    if parent is not None and not is_multi(parent):
        found = "Internal" + "".join(word.capitalize() for word in parent.kind.name.split("_"))
        raise IllegalArgument(messages.NEEDS_MULTI.format(found=found, name=definition.name))


def is_multi(definition: Definition) -> bool:
    """Whether an aggregation makes several buckets."""
    return issubclass(definition.kind.implementation, Aggregation) and definition.kind.implementation.multi
