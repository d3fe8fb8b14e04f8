"""Results of aggregations: what can be ordered, looked up by a path, and shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.errors import InvalidAggregationPath
from fake_es.search.aggregations.formats import RAW, Format

Results = dict[str, "Result"]


def show_results(results: Results, *, typed: bool) -> dict[str, Any]:
    """The body of ``aggregations``; with ``typed`` each name bears its type: ``sterms#name``."""
    return {f"{result.type}#{name}" if typed else name: result.show(typed) for name, result in results.items()}


class Result:
    """What one aggregation found; ``type`` is its name in typed keys, ``meta`` what the request asked to hand back."""

    type: str
    meta: dict[str, Any] | None = None

    def show(self, typed: bool) -> dict[str, Any]:
        """The result as JSON."""
        body = self.body(typed)
        return body if self.meta is None else {"meta": self.meta, **body}

    def body(self, typed: bool) -> dict[str, Any]:
        """The same without ``meta``."""
        raise NotImplementedError

    def property(self, path: Sequence[str]) -> Any:
        """What ``path`` leads to from here: a number, a result, or a list of them.

        :raises InvalidAggregationPath: nothing.
        """
        if not path:
            return self
        raise InvalidAggregationPath(messages.NO_PROPERTY.format(name=path[0], bucket=self.type), (99,))


@dataclass
class Value(Result):
    """A single number; None is one that no document gave."""

    type: str
    value: float | int | None
    format: Format = RAW
    extra: dict[str, Any] = field(default_factory=dict)

    def body(self, typed: bool) -> dict[str, Any]:
        known = self.value is not None and math.isfinite(self.value)
        shown: dict[str, Any] = {"value": self.value if known else None}
        if known and self.format is not RAW:
            shown["value_as_string"] = self.format.text(self.value)
        return {**shown, **self.extra}

    def property(self, path: Sequence[str]) -> Any:
        if not path:
            return self
        if list(path) == ["value"]:
            return math.nan if self.value is None else self.value
        return self.extra[path[0]] if path[0] in self.extra else super().property(path)


@dataclass
class Figures(Result):
    """Several numbers by name; ``shown`` is the JSON of them."""

    type: str
    numbers: dict[str, float | None]
    shown: dict[str, Any]

    def body(self, typed: bool) -> dict[str, Any]:
        return self.shown

    def property(self, path: Sequence[str]) -> Any:
        if not path:
            return self
        name = ".".join(path)
        if name not in self.numbers:
            return super().property(path)
        number = self.numbers[name]
        return math.nan if number is None else number


@dataclass(slots=True)
class Bucket:
    """One bucket: ``key`` as it is ordered, ``text`` as it is written, ``shown`` the fields in front of its count."""

    key: Any
    text: str
    count: int
    results: Results
    shown: dict[str, Any] = field(default_factory=dict)
    behind: dict[str, Any] = field(default_factory=dict)

    def show(self, typed: bool) -> dict[str, Any]:
        """The bucket as JSON."""
        return {**self.shown, "doc_count": self.count, **self.behind, **show_results(self.results, typed=typed)}

    def property(self, path: Sequence[str]) -> Any:
        """``_count``, ``_key``, or what the path leads to below the bucket.

        :raises InvalidAggregationPath: nothing.
        """
        return below(self.results, path, self.count, self.key, self.text)


def below(results: Results, path: Sequence[str], count: int, key: Any = None, place: str = "") -> Any:
    """What ``path`` leads to from a bucket of ``count`` documents.

    :raises InvalidAggregationPath: nothing.
    """
    name = path[0]
    if name == "_count":
        return count
    if name == "_key":
        return key
    if name not in results:
        raise InvalidAggregationPath(messages.NO_PROPERTY.format(name=name, bucket=place), (99,))
    return results[name].property(path[1:])


@dataclass
class Single(Result):
    """One bucket without a key."""

    type: str
    count: int
    results: Results

    def body(self, typed: bool) -> dict[str, Any]:
        return {"doc_count": self.count, **show_results(self.results, typed=typed)}

    def property(self, path: Sequence[str]) -> Any:
        return below(self.results, path, self.count, place=self.type) if path else self


@dataclass
class Buckets(Result):
    """Buckets in their order; ``front`` are the fields before them, ``keyed`` shows them by their texts."""

    type: str
    buckets: list[Bucket]
    keyed: bool = False
    front: dict[str, Any] = field(default_factory=dict)
    format: Format = RAW
    after: bool = False

    def body(self, typed: bool) -> dict[str, Any]:
        if self.keyed:
            return {**self.front, "buckets": {bucket.text: bucket.show(typed) for bucket in self.buckets}}
        return {**self.front, "buckets": [bucket.show(typed) for bucket in self.buckets]}

    def property(self, path: Sequence[str]) -> Any:
        if not path:
            return self
        if path[0] == "_bucket_count":
            return len(self.buckets)
        if path[0].startswith("'"):
            bucket = self.at(path[0].strip("'"))
            if bucket is None:
                raise InvalidAggregationPath(f"Cannot find an key [{path[0]}] in [{self.type}]", (99,))
            return bucket.property(path[1:])
        return [bucket.property(path) for bucket in self.buckets]

    def at(self, text: str) -> Bucket | None:
        """The bucket of that key."""
        return next((bucket for bucket in self.buckets if bucket.text == text), None)
