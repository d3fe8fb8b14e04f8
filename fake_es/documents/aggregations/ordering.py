"""The order of buckets (``BucketOrder``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.documents.aggregations import messages
from fake_es.documents.aggregations.errors import InvalidAggregationPath
from fake_es.documents.aggregations.paths import split_path
from fake_es.documents.aggregations.registry import Definition
from fake_es.documents.aggregations.results import Bucket, Value
from fake_es.wire.errors import IllegalArgument, ParsingError
from fake_es.wire.object_parser import ANY, Body, Field, reading

# Path and whether it descends, the weightiest first.
Order = list[tuple[str, bool]]
_KEYS = frozenset({"_key", "_term", "_time"})


def _order(value: Any, body: Body) -> Order:
    """:raises ElasticsearchError: no list of single-key objects with ``asc`` or ``desc``."""
    items = value if isinstance(value, list) else [value]
    if not items:
        raise IllegalArgument(messages.ONE_ORDER)
    return [_one(item, body.version) for item in items]


def _one(item: Any, release: tuple[int, ...]) -> tuple[str, bool]:
    if not isinstance(item, dict) or len(item) != 1:
        raise ParsingError(messages.ONE_ORDER)
    path, direction = next(iter(item.items()))
    if str(direction).lower() not in ("asc", "desc"):
        raise ParsingError(messages.BAD_DIRECTION.format(direction=direction))
    # The old names of the key went with 8.0.
    old = release < (8, 0) and path in ("_term", "_time")
    return "_key" if old else path, str(direction).lower() == "desc"


ORDER = Field("order", reading(ANY, _order))


def check_order(order: Order, definition: Definition, release: tuple[int, ...]) -> None:
    """Refuse an order by what is not there.

    :raises InvalidAggregationPath: a path does not lead to a sub-aggregation.
    """
    for path, _ in order:
        first = split_path(path)[0]
        names = {sub.name for sub in definition.subs if not sub.kind.is_pipeline}
        if first not in names and first not in ("_key", "_count"):
            raise InvalidAggregationPath(messages.BAD_ORDER_PATH.at(release, path=path, name=first), release)


def ordered(buckets: list[Bucket], order: Order) -> list[Bucket]:
    """Buckets in that order, ties by key; those without a number come last either way."""
    steps = order if any(path == "_key" for path, _ in order) else [*order, ("_key", False)]
    for path, descending in reversed(steps):
        buckets = _sorted(buckets, path, descending=descending)
    return buckets


def _sorted(buckets: list[Bucket], path: str, *, descending: bool) -> list[Bucket]:
    if path == "_key":
        return sorted(buckets, key=lambda bucket: bucket.key, reverse=descending)
    if path == "_count":
        # Stable both ways: reverse=True keeps equal ones in their order.
        return sorted(buckets, key=lambda bucket: bucket.count, reverse=descending)
    value = _value_at(path)
    pairs = [(value(bucket), bucket) for bucket in buckets]
    known = [(number, bucket) for number, bucket in pairs if number == number]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [bucket for _, bucket in known] + [bucket for number, bucket in pairs if number != number]


def _value_at(path: str) -> Callable[[Bucket], float]:
    parts = split_path(path)

    def value(bucket: Bucket) -> float:
        found = bucket.property(parts)
        if isinstance(found, Value):
            found = found.value
        elif not isinstance(found, (int, float)):
            found = getattr(found, "count", None)
        return float("nan") if found is None else float(found)

    return value
