"""From aggregation results to records: one record for each innermost bucket (``AggregationToJsonProcessor``)."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from fake_es.ml.datafeeds import messages
from fake_es.ml.datafeeds.extraction.extractor import Record
from fake_es.wire.errors import IllegalArgument

Tree = dict[str, Any]
ByTime = dict[int, "list[Record]"]

_NO_RESULTS = frozenset(("doc_count", "key", "key_as_string", "from", "to", "from_as_string", "to_as_string"))


class AggregationRecords:
    """Converts the results of aggregations to records.

    ``requested`` are the aggregations of the request, ``fields`` the fields that the job uses. ``source`` is the name of the
    histogram in a composite aggregation. Buckets of the histogram before ``start`` (epoch milliseconds) are skipped. Without
    ``single_buckets`` aggregations with one bucket, such as ``filter``, are skipped too, or refused if the job names them.
    """

    def __init__(
        self,
        requested: Tree,
        time_field: str,
        fields: Collection[str],
        *,
        doc_count: bool,
        start: int,
        source: str | None,
        single_buckets: bool = True,
    ) -> None:
        self._requested = requested
        self._time_field = time_field
        self._fields = fields
        self._doc_count = doc_count
        self._start = start
        self._source = source
        self._single_buckets = single_buckets
        self._records: ByTime = {}

    def take(self, results: Tree) -> ByTime:
        """The records of ``results``, by their time and in its order.

        :raises IllegalArgument: the aggregations cannot be converted to records.
        """
        self._records = {}
        self._convert(results, self._requested, 0, {})
        return dict(sorted(self._records.items()))

    def _convert(self, results: Tree, requested: Tree, count: int, path: Record) -> None:
        members = [(name, results[name], requested[name]) for name in requested if name in results]
        single = [(name, result, body) for name, result, body in members if _is_single(result)]
        if not self._single_buckets:
            named = next((name for name, _, _ in single if name in self._fields), None)
            if named is not None:
                raise IllegalArgument(messages.UNSUPPORTED_AGGREGATION.format(name=named))
            single = []
        bucketed = [(name, result, body) for name, result, body in members if "buckets" in result]
        if len(bucketed) > 1:
            raise IllegalArgument(messages.SIBLING_BUCKETS)
        row = path.copy()
        for name, result, body in self._metrics(members, single):
            self._add_metric(name, result, _kind(body), row)
        ended = not self._convert_buckets(bucketed, row)
        for _, result, body in single:
            below = _sub_aggregations(body)
            inner = {name: value for name, value in _results(result).items() if "buckets" in value or _is_single(value)}
            if inner:
                ended = False
                self._convert(inner, below, result["doc_count"], row)
        if ended:
            self._add_record(row, count)

    def _metrics(self, members: list[Any], single: list[Any]) -> Iterator[tuple[str, Tree, Tree]]:
        """Metrics of this level, and of single-bucket aggregations (such as ``filter``) on this level."""
        for name, result, body in members:
            if not _is_single(result) and "buckets" not in result:
                yield name, result, body
        for _, result, body in single:
            below = _sub_aggregations(body)
            for name, inner in _results(result).items():
                if "buckets" not in inner and not _is_single(inner):
                    yield name, inner, below.get(name, {})

    def _add_metric(self, name: str, result: Tree, kind: str, row: Record) -> None:
        if name == self._time_field:
            if kind != "max":
                raise IllegalArgument(messages.MISSING_MAX.format(field=name))
            if result["value"] is not None:
                row[name] = int(result["value"])
        elif name in self._fields:
            found = _value(name, result)
            if found is not None:
                row[name] = found

    def _convert_buckets(self, bucketed: list[tuple[str, Tree, Tree]], row: Record) -> bool:
        """Convert the buckets below this level; return False if the job uses none of them."""
        for name, result, body in bucketed:
            kind = _kind(body)
            if kind in ("date_histogram", "histogram"):
                self._histogram(name, result, body, row)
            elif kind == "composite" and self._source is not None:
                self._composite(name, result, body, row)
            elif self._is_used(name, result, body):
                for key, bucket in _buckets(result):
                    mine = {name: key} if name in self._fields else {}
                    self._convert(_results(bucket), _sub_aggregations(body), bucket["doc_count"], row | mine)
            else:
                return False
            return True
        return False

    def _histogram(self, name: str, result: Tree, body: Tree, row: Record) -> None:
        self._check_first_histogram(name, row)
        for key, bucket in _buckets(result):
            if key >= self._start:
                self._convert(_results(bucket), _sub_aggregations(body), bucket["doc_count"], row)

    def _composite(self, name: str, result: Tree, body: Tree, row: Record) -> None:
        self._check_first_histogram(name, row)
        for key, bucket in _buckets(result):
            if key[self._source] >= self._start:
                mine = {field: value for field, value in key.items() if field != self._source and field in self._fields}
                self._convert(_results(bucket), _sub_aggregations(body), bucket["doc_count"], row | mine)

    def _check_first_histogram(self, name: str, row: Record) -> None:
        if self._time_field in row:
            raise IllegalArgument(messages.SECOND_HISTOGRAM.format(name=name))

    def _is_used(self, name: str, result: Tree, body: Tree) -> bool:
        """Whether the job uses this aggregation or one below it."""
        if name in self._fields:
            return True
        first = next(iter(_buckets(result)), None)
        if first is None:
            return False
        below = _results(first[1])
        return any(
            inner in self._fields
            or ("buckets" in value and self._is_used(inner, value, _sub_aggregations(body).get(inner, {})))
            for inner, value in below.items()
        )

    def _add_record(self, row: Record, count: int) -> None:
        if not count:
            return
        if self._time_field not in row:
            raise IllegalArgument(messages.MISSING_MAX.format(field=self._time_field))
        record = {self._time_field: row[self._time_field], **row}
        if self._doc_count:
            record["doc_count"] = count
        self._records.setdefault(row[self._time_field], []).append(record)


def _kind(body: Tree) -> str:
    return next((key for key in body if key not in ("aggs", "aggregations", "meta")), "")


def _sub_aggregations(body: Tree) -> Tree:
    subs: Tree = body.get("aggregations") or body.get("aggs") or {}
    return subs


def _results(bucket: Mapping[str, Any]) -> Tree:
    return {name: value for name, value in bucket.items() if name not in _NO_RESULTS and isinstance(value, dict)}


def _is_single(result: Tree) -> bool:
    return "doc_count" in result and "buckets" not in result


def _buckets(result: Tree) -> Iterator[tuple[Any, Tree]]:
    buckets = result["buckets"]
    if isinstance(buckets, dict):
        yield from buckets.items()
    else:
        for bucket in buckets:
            yield bucket["key"], bucket


def _value(name: str, result: Tree) -> Any:
    """The value of a metric aggregation; None without a value.

    :raises IllegalArgument: it has several values, or is not a supported metric.
    """
    if "values" in result:
        values = result["values"]
        found = list(values.values()) if isinstance(values, dict) else [entry["value"] for entry in values]
        if len(found) > 1:
            raise IllegalArgument(messages.SEVERAL_PERCENTILES.format(name=name))
        return _finite(found[0])
    if "location" in result or result.get("count") == 0:
        place = result.get("location")
        return None if place is None else f"{place['lat']},{place['lon']}"
    if "value" not in result:
        raise IllegalArgument(messages.UNSUPPORTED_AGGREGATION.format(name=name))
    return _finite(result["value"])


def _finite(value: Any) -> Any:
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None
