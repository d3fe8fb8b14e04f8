"""``histogram``, and the base class that it shares with ``date_histogram``."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable
from typing import Any, ClassVar, TypeVar

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import Document, Documents
from fake_es.search.aggregations.formats import RAW
from fake_es.search.aggregations.ordering import ORDER, Order, check_order, ordered
from fake_es.search.aggregations.registry import Aggregation, Definition, aggregation
from fake_es.search.aggregations.results import Bucket, Buckets, Result
from fake_es.search.aggregations.values import FORMATTED, NUMERIC, SCALAR, Read, Values, grouped
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.numbers import LONG_MAX, double_of
from fake_es.wire.object_parser import BOOLEAN, DOUBLE, LONG, Field, ObjectParser, nested

_BOUNDS = ObjectParser("bounds", (Field("min", SCALAR), Field("max", SCALAR)))
SHARED = (
    *FORMATTED, ORDER, Field("keyed", BOOLEAN), Field("min_doc_count", LONG), Field("extended_bounds", nested(_BOUNDS)),
    Field("hard_bounds", nested(_BOUNDS), since=(7, 10)),
)  # fmt: skip
_Group = TypeVar("_Group", list[Document], int)
Bounds = tuple[float | None, float | None]


class AnyHistogram(Aggregation):
    """Buckets at regular distances; empty ones between them too, unless ``min_doc_count`` is above 0."""

    multi = True
    # Hard bounds: LongBounds exclude their upper end, DoubleBounds include it.
    excludes_upper: ClassVar[bool] = False

    def prepare(self, definition: Definition) -> None:
        self.kind = definition.kind.name
        self.values = Values(definition, self.options, self.context, NUMERIC)
        if self.values.is_histogram and definition.subs:
            raise IllegalArgument(messages.NO_SUBS_OF_HISTOGRAMS)
        self.prepare_interval(definition)
        self._least = self.options.get("min_doc_count", 0)
        if self._least < 0:
            raise IllegalArgument(messages.MIN_DOC_COUNT.format(count=self._least, name=self.name))
        self._order: Order = self.options.get("order", [("_key", False)])
        check_order(self._order, definition, self.context.release)
        self._extended = self._bounds("extended_bounds")
        self._hard = self._bounds("hard_bounds")

    def prepare_interval(self, definition: Definition) -> None:
        """Read the interval and offset.

        :raises ElasticsearchError: the interval is missing or wrong.
        """
        raise NotImplementedError

    def key_of(self, value: Any) -> float:
        """The key of the bucket of a value."""
        raise NotImplementedError

    def keys_between(self, first: Any, last: Any) -> Iterable[Any]:
        """All keys from ``first`` to ``last``, both included.

        :raises TooManyBuckets: more than the cluster allows.
        """
        raise NotImplementedError

    def bound(self, value: Any) -> float:
        """Parse a bound.

        :raises ElasticsearchError: it cannot be parsed.
        """
        raise NotImplementedError

    def collect(self, documents: Documents) -> Result:
        buckets = self._counted_buckets(documents) if self.values.is_histogram else self._buckets(documents)
        if self._order != [("_key", False)]:
            buckets = ordered(buckets, self._order, self.context.release)
        return self.with_pipelines(
            Buckets(self.kind, buckets, keyed=self.options.get("keyed", False), format=self.values.format)
        )

    def _buckets(self, documents: Documents) -> list[Bucket]:
        groups = self._with_empty(self._within(grouped(self.context.paced(documents), self._keys(self.values.of))), [])
        return [
            self.bucket(key, self._text(key), groups[key], self._key_fields(key))
            for key in self.context.paced(sorted(groups))
            if len(groups[key]) >= self._least
        ]

    def _counted_buckets(self, documents: Documents) -> list[Bucket]:
        """The buckets of a field of type ``histogram``: its counts count as documents (``HistoBackedHistogramAggregator``)."""
        counts: dict[Any, int] = {}
        for value, count in self.values.counted(documents).counts.items():
            key = self.key_of(value)
            counts[key] = counts.get(key, 0) + count
        counts = self._with_empty(self._within(counts), 0)
        return [
            Bucket(key, self._text(key), counts[key], {}, self._key_fields(key))
            for key in sorted(counts)
            if counts[key] >= self._least
        ]

    def _with_empty(self, groups: dict[Any, _Group], empty: _Group) -> dict[Any, _Group]:
        if self._least == 0:
            for key in self._all_keys(groups):
                groups.setdefault(key, empty)
        return groups

    def _keys(self, of: Read) -> Read:
        key_of = self.key_of

        def keys(document: Document) -> list[Any]:
            return [key_of(value) for value in of(document)]

        return keys

    def _within(self, groups: dict[Any, _Group]) -> dict[Any, _Group]:
        low, high = self._hard
        if low is not None:
            groups = {key: members for key, members in groups.items() if key >= low}
        if high is not None:
            fits = operator.lt if self.excludes_upper else operator.le
            groups = {key: members for key, members in groups.items() if fits(key, high)}
        return groups

    def _all_keys(self, groups: dict[Any, _Group]) -> Iterable[Any]:
        low, high = self._extended
        ends = list(groups)
        ends += [self.key_of(end) for end in (low, high) if end is not None]
        if not groups and (low is None or high is None):
            return ()
        return self.keys_between(min(ends), max(ends))

    def _bounds(self, option: str) -> Bounds:
        given = self.options.get(option, {})
        low, high = (None if given.get(end) is None else self.bound(given[end]) for end in ("min", "max"))
        if low is not None and high is not None and low > high:
            raise IllegalArgument(messages.BOUNDS_CROSSED.format(bounds=option, low=low, high=high, name=self.name))
        return low, high

    def _key_fields(self, key: Any) -> dict[str, Any]:
        return {"key": key} if self.values.format is RAW else {"key_as_string": self._text(key), "key": key}

    def _text(self, key: Any) -> str:
        return self.values.format.text(key)


@aggregation("histogram", *SHARED, Field("interval", DOUBLE), Field("offset", DOUBLE))
class Histogram(AnyHistogram):
    """Buckets of width ``interval``; they start at its multiples, moved by ``offset``."""

    def prepare_interval(self, definition: Definition) -> None:
        self._interval: float = self.options.get("interval", 0.0)
        if not self._interval > 0 or not math.isfinite(self._interval):
            raise IllegalArgument(messages.INTERVAL_POSITIVE.format(name=self.name))
        offset = self.options.get("offset", 0.0)
        self._offset = offset % self._interval if math.isfinite(offset) else math.nan

    def key_of(self, value: Any) -> float:
        return _floor((value - self._offset) / self._interval) * self._interval + self._offset

    def keys_between(self, first: float, last: float) -> Iterable[float]:
        low = _floor((first - self._offset) / self._interval + 0.5)
        high = _floor((last - self._offset) / self._interval + 0.5)
        if not low <= high or math.isinf(high - low):
            # Java makes no steps if an end is NaN, and infinitely many if one is infinite.
            self.check_bucket_limit(LONG_MAX)
            return ()
        self.check_bucket_limit(int(high - low) + 1)
        return [(low + step) * self._interval + self._offset for step in range(int(high - low) + 1)]

    def bound(self, value: Any) -> float:
        found = double_of(value)
        if not math.isfinite(found):
            raise IllegalArgument(messages.BOUND_NOT_FINITE.format(value=value, name=self.name))
        return found


def _floor(number: float) -> float:
    """Java's ``Math.floor``: infinities and NaN stay what they are."""
    return float(math.floor(number)) if math.isfinite(number) else number
