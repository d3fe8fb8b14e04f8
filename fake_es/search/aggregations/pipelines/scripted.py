"""``bucket_script``, ``bucket_selector`` and ``bucket_sort``: parent pipelines that compute, filter and sort."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from typing import Any

from fake_es.script import read_script
from fake_es.search.aggregations.paths import number_at
from fake_es.search.aggregations.pipelines.base import BUCKETS_PATH, GAPS, OPTIONS, ParentPipeline, check_parent
from fake_es.search.aggregations.registry import Definition, Pipeline, Siblings, aggregation
from fake_es.search.aggregations.results import Bucket, Buckets
from fake_es.wire.errors import IllegalArgument, ParsingError
from fake_es.wire.java import java_text
from fake_es.wire.object_parser import ANY, INT, Body, Field, reading


class _Scripted(ParentPipeline):
    def prepare(self, definition: Definition) -> None:
        super().prepare(definition)
        if "script" not in self.options:
            raise IllegalArgument("Required [script]")
        # Up to 6.x the numbers are also variables, not only in ``params``.
        names = tuple(self.paths(self.options)) if self.context.release < (7, 0) else ()
        self._script = read_script(self.options["script"], names=names, version=self.context.release)
        self._names = names

    def numbers(self, bucket: Bucket) -> dict[str, float]:
        """The numbers at the paths from a bucket, by their names."""
        return {name: number_at(bucket, path, self.gap_policy) for name, path in self.paths(self.options).items()}

    def value(self, numbers: dict[str, float]) -> Any:
        """The result of the script for these numbers."""
        return self._script(numbers, **(numbers if self._names else {}))


@aggregation("bucket_script", *OPTIONS, Field("script", ANY))
class BucketScript(_Scripted):
    """A number for each bucket, computed from other numbers of the bucket."""

    def run(self, buckets: list[Bucket]) -> None:
        for bucket in buckets:
            numbers = self.numbers(bucket)
            if self.gap_policy == "skip" and not all(map(math.isfinite, numbers.values())):
                continue
            value = self.value(numbers)
            if value is not None:
                self.add(bucket, float(self._script.as_number(value)))


@aggregation("bucket_selector", BUCKETS_PATH, GAPS, Field("script", ANY))
class BucketSelector(_Scripted):
    """Keeps only buckets for which a script returns true."""

    def apply(self, parent: Buckets) -> None:
        parent.buckets = [bucket for bucket in parent.buckets if self.value(self.numbers(bucket)) is True]


def _sort(value: Any, body: Body) -> list[tuple[str, bool]]:
    return [_sort_key(item) for item in (value if isinstance(value, list) else [value])]


def _sort_key(item: Any) -> tuple[str, bool]:
    if isinstance(item, str):
        return item, False
    if not isinstance(item, dict) or len(item) != 1:
        raise ParsingError("[bucket_sort] sort must be a name or an object with one name")
    path, options = next(iter(item.items()))
    direction = options.get("order", "asc") if isinstance(options, dict) else options
    if direction not in ("asc", "desc"):
        raise IllegalArgument(f"Unknown SortOrder [{java_text(direction)}]")
    return path, direction == "desc"


@aggregation("bucket_sort", Field("sort", reading(ANY, _sort)), Field("from", INT), Field("size", INT), GAPS, since=(6, 1))
class BucketSort(Pipeline):
    """Sorts the buckets and keeps one page of them."""

    def prepare(self, definition: Definition) -> None:
        check_parent(definition)
        self._from, self._size = self.options.get("from", 0), self.options.get("size")
        if self._from < 0:
            raise IllegalArgument(f"[from] must be a non-negative integer: [{self._from}]")
        if self._size is not None and self._size <= 0:
            raise IllegalArgument(f"[size] must be a positive integer: [{self._size}]")

    @staticmethod
    def paths(options: dict[str, Any]) -> dict[str, str]:
        return {path: path for path, _ in options.get("sort", ())}

    @classmethod
    def refusals(cls, definition: Definition, siblings: Siblings, release: tuple[int, ...]) -> Iterable[str]:
        name = definition.name
        if definition.parent is None:
            yield f"bucket_sort aggregation [{name}] must be declared inside of another aggregation"
        if not {"sort", "size", "from"} & definition.options.keys():
            yield f"[{name}] is configured to perform nothing. Please set either of [sort, size, from] to use bucket_sort"

    def apply(self, parent: Buckets) -> None:
        buckets = parent.buckets
        keys: list[tuple[str, bool]] = self.options.get("sort", [])
        if keys:
            buckets = [bucket for bucket in buckets if any(self._known(path, bucket) for path, _ in keys)]
        for path, descending in reversed(keys):
            having = [bucket for bucket in buckets if self._known(path, bucket)]
            without = [bucket for bucket in buckets if not self._known(path, bucket)]
            having.sort(key=partial(self._value, path), reverse=descending)
            buckets = having + without
        end = None if self._size is None else self._from + self._size
        parent.buckets = buckets[self._from : end]

    def _known(self, path: str, bucket: Bucket) -> bool:
        return not math.isnan(self._value(path, bucket)) if path != "_key" else True

    def _value(self, path: str, bucket: Bucket) -> Any:
        if path == "_key":
            return bucket.key
        return number_at(bucket, path, self.options.get("gap_policy", "skip"))
