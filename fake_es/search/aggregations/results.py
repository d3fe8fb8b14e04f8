"""Results of aggregations. They can be sorted, looked up by a path, and written as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.errors import InvalidAggregationPath
from fake_es.search.aggregations.formats import RAW, Format

Results = dict[str, "Result"]


def results_to_json(results: Results, *, typed: bool) -> dict[str, Any]:
    """The JSON of results by name; with ``typed`` the names contain the type, as in ``sterms#name``."""
    return {f"{result.type}#{name}" if typed else name: result.to_json(typed) for name, result in results.items()}


class Result:
    """The result of one aggregation; ``type`` is its name in typed keys, ``meta`` is copied from the request."""

    type: str
    meta: dict[str, Any] | None = None

    def to_json(self, typed: bool) -> dict[str, Any]:
        """The JSON of the result."""
        body = self.body(typed)
        return body if self.meta is None else {"meta": self.meta, **body}

    def body(self, typed: bool) -> dict[str, Any]:
        """The same without ``meta``."""
        raise NotImplementedError

    def property(self, path: Sequence[str]) -> Any:
        """Follow ``path`` from here to a number, a result, or a list of them.

        :raises InvalidAggregationPath: the path leads nowhere.
        """
        if not path:
            return self
        raise InvalidAggregationPath(messages.NO_PROPERTY.format(name=path[0], bucket=self.type), (99,))


@dataclass
class Value(Result):
    """A single number; None if no document has a value."""

    type: str
    value: float | int | None
    format: Format = RAW
    extra: dict[str, Any] = field(default_factory=dict)

    def body(self, typed: bool) -> dict[str, Any]:
        known = self.value is not None and math.isfinite(self.value)
        body: dict[str, Any] = {"value": self.value if known else None}
        if known and self.format is not RAW:
            body["value_as_string"] = self.format.text(self.value)
        return {**body, **self.extra}

    def property(self, path: Sequence[str]) -> Any:
        if not path:
            return self
        if list(path) == ["value"]:
            return math.nan if self.value is None else self.value
        return self.extra[path[0]] if path[0] in self.extra else super().property(path)


@dataclass
class MultiValue(Result):
    """Several numbers: ``numbers`` by the names that paths use, and ``json`` as the response contains them."""

    type: str
    numbers: dict[str, float | None]
    json: dict[str, Any]

    def body(self, typed: bool) -> dict[str, Any]:
        return self.json

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
    """One bucket. Buckets are sorted by ``key`` and found by ``text``, the key as text.

    In the JSON, ``fields`` are before ``doc_count``, ``fields_after`` behind it.
    """

    key: Any
    text: str
    count: int
    results: Results
    fields: dict[str, Any] = field(default_factory=dict)
    fields_after: dict[str, Any] = field(default_factory=dict)

    def to_json(self, typed: bool) -> dict[str, Any]:
        """The JSON of the bucket."""
        return {**self.fields, "doc_count": self.count, **self.fields_after, **results_to_json(self.results, typed=typed)}

    def property(self, path: Sequence[str]) -> Any:
        """Follow a path from the bucket: to ``_count``, ``_key``, or into its results.

        :raises InvalidAggregationPath: the path leads nowhere.
        """
        return follow(path, self.results, self.count, self.key, self.text)


def follow(path: Sequence[str], results: Results, count: int, key: Any = None, bucket: str = "") -> Any:
    """Follow a path from a bucket with these ``results``; ``count`` is the number of its documents, ``bucket`` its name.

    :raises InvalidAggregationPath: the path leads nowhere.
    """
    name = path[0]
    if name == "_count":
        return count
    if name == "_key":
        return key
    if name not in results:
        raise InvalidAggregationPath(messages.NO_PROPERTY.format(name=name, bucket=bucket), (99,))
    return results[name].property(path[1:])


@dataclass
class SingleBucketResult(Result):
    """One bucket without a key."""

    type: str
    count: int
    results: Results

    def body(self, typed: bool) -> dict[str, Any]:
        return {"doc_count": self.count, **results_to_json(self.results, typed=typed)}

    def property(self, path: Sequence[str]) -> Any:
        return follow(path, self.results, self.count, bucket=self.type) if path else self


@dataclass
class Buckets(Result):
    """Buckets in their order. In the JSON, ``fields`` are before them; with ``keyed`` they are an object by their texts."""

    type: str
    buckets: list[Bucket]
    keyed: bool = False
    fields: dict[str, Any] = field(default_factory=dict)
    format: Format = RAW

    def body(self, typed: bool) -> dict[str, Any]:
        if self.keyed:
            return {**self.fields, "buckets": {bucket.text: bucket.to_json(typed) for bucket in self.buckets}}
        return {**self.fields, "buckets": [bucket.to_json(typed) for bucket in self.buckets]}

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
        """The bucket with this key; None if there is none."""
        return next((bucket for bucket in self.buckets if bucket.text == text), None)
