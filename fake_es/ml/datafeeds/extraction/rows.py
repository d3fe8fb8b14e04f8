"""From aggregations to records: one for each path to a bucket without buckets below it (``AggregationToJsonProcessor``)."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from fake_es.ml.datafeeds import messages
from fake_es.ml.datafeeds.extraction.page import Record
from fake_es.wire.errors import IllegalArgument

Tree = dict[str, Any]
ByTime = dict[int, "list[Record]"]

_NO_RESULTS = frozenset(("doc_count", "key", "key_as_string", "from", "to", "from_as_string", "to_as_string"))


class Rows:
    """Takes results of aggregations apart. ``asked`` are the aggregations of the request, ``fields`` the names that the
    job uses; buckets of the histogram (or of its ``source`` in a composite) before ``start`` are passed over.
    """

    def __init__(
        self, asked: Tree, time_field: str, fields: Collection[str], *, doc_count: bool, start: int, source: str | None
    ) -> None:
        self._asked = asked
        self._time_field = time_field
        self._fields = fields
        self._doc_count = doc_count
        self._start = start
        self._source = source
        self._rows: ByTime = {}

    def take(self, results: Tree) -> ByTime:
        """The records of ``results`` by their time, in its order.

        :raises IllegalArgument: aggregations that make no records.
        """
        self._rows = {}
        self._level(results, self._asked, 0, {})
        return dict(sorted(self._rows.items()))

    def _level(self, results: Tree, asked: Tree, count: int, path: Record) -> None:
        members = [(name, results[name], asked[name]) for name in asked if name in results]
        single = [(name, result, body) for name, result, body in members if _is_single(result)]
        branches = [(name, result, body) for name, result, body in members if "buckets" in result]
        if len(branches) > 1:
            raise IllegalArgument(messages.SIBLING_BUCKETS)
        row = path.copy()
        for name, result, body in self._leaves(members, single):
            self._leaf(name, result, _kind(body), row)
        ended = not self._follow(branches, row)
        for _, result, body in single:
            below = _subs(body)
            inner = {name: value for name, value in _results(result).items() if "buckets" in value or _is_single(value)}
            if inner:
                ended = False
                self._level(inner, below, result["doc_count"], row)
        if ended:
            self._write(row, count)

    def _leaves(self, members: list[Any], single: list[Any]) -> Iterator[tuple[str, Tree, Tree]]:
        """What is no bucket: on this level, and in buckets without keys on it."""
        for name, result, body in members:
            if not _is_single(result) and "buckets" not in result:
                yield name, result, body
        for _, result, body in single:
            below = _subs(body)
            for name, inner in _results(result).items():
                if "buckets" not in inner and not _is_single(inner):
                    yield name, inner, below.get(name, {})

    def _leaf(self, name: str, result: Tree, kind: str, row: Record) -> None:
        if name == self._time_field:
            if kind != "max":
                raise IllegalArgument(messages.MISSING_MAX.format(field=name))
            if result["value"] is not None:
                row[name] = int(result["value"])
        elif name in self._fields:
            found = _value(name, result)
            if found is not None:
                row[name] = found

    def _follow(self, branches: list[tuple[str, Tree, Tree]], row: Record) -> bool:
        """Go into the buckets of this level; False if there are none that matter."""
        for name, result, body in branches:
            kind = _kind(body)
            if kind in ("date_histogram", "histogram"):
                self._histogram(name, result, body, row)
            elif kind == "composite" and self._source is not None:
                self._composite(name, result, body, row)
            elif self._matters(name, result, body):
                for key, bucket in _buckets(result):
                    mine = {name: key} if name in self._fields else {}
                    self._level(_results(bucket), _subs(body), bucket["doc_count"], row | mine)
            else:
                return False
            return True
        return False

    def _histogram(self, name: str, result: Tree, body: Tree, row: Record) -> None:
        self._check_only(name, row)
        for key, bucket in _buckets(result):
            if key >= self._start:
                self._level(_results(bucket), _subs(body), bucket["doc_count"], row)

    def _composite(self, name: str, result: Tree, body: Tree, row: Record) -> None:
        self._check_only(name, row)
        for key, bucket in _buckets(result):
            if key[self._source] >= self._start:
                mine = {field: value for field, value in key.items() if field != self._source and field in self._fields}
                self._level(_results(bucket), _subs(body), bucket["doc_count"], row | mine)

    def _check_only(self, name: str, row: Record) -> None:
        if self._time_field in row:
            raise IllegalArgument(messages.SECOND_HISTOGRAM.format(name=name))

    def _matters(self, name: str, result: Tree, body: Tree) -> bool:
        """Whether there is a name below it, or its own, that the job uses."""
        if name in self._fields:
            return True
        first = next(iter(_buckets(result)), None)
        if first is None:
            return False
        below = _results(first[1])
        return any(
            inner in self._fields or ("buckets" in value and self._matters(inner, value, _subs(body).get(inner, {})))
            for inner, value in below.items()
        )

    def _write(self, row: Record, count: int) -> None:
        if not count:
            return
        if self._time_field not in row:
            raise IllegalArgument(messages.MISSING_MAX.format(field=self._time_field))
        record = {self._time_field: row[self._time_field], **row}
        if self._doc_count:
            record["doc_count"] = count
        self._rows.setdefault(row[self._time_field], []).append(record)


def _kind(body: Tree) -> str:
    return next((key for key in body if key not in ("aggs", "aggregations", "meta")), "")


def _subs(body: Tree) -> Tree:
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
    """The one value of a metric; None if it has none.

    :raises IllegalArgument: it has several, or is none.
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
