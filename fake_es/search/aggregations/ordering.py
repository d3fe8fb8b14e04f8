"""The order of buckets (``BucketOrder``)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.errors import InvalidAggregationPath
from fake_es.search.aggregations.paths import split_path
from fake_es.search.aggregations.registry import Definition
from fake_es.search.aggregations.results import Bucket, MultiValue, SingleBucketResult, Value
from fake_es.wire.errors import IllegalArgument, ParsingError
from fake_es.wire.java import java_text
from fake_es.wire.object_parser import ANY, Body, Field, reading

# Paths and whether each descends; the first counts most.
Order = list[tuple[str, bool]]


def _order(value: Any, body: Body) -> Order:
    """:raises ElasticsearchError: not a list of objects with one key and ``asc`` or ``desc``."""
    items = value if isinstance(value, list) else [value]
    if not items:
        raise IllegalArgument(messages.ONE_ORDER)
    return [_one(item, body.version) for item in items]


def _one(item: Any, release: tuple[int, ...]) -> tuple[str, bool]:
    if not isinstance(item, dict) or len(item) != 1:
        raise ParsingError(messages.ONE_ORDER)
    path, direction = next(iter(item.items()))
    if java_text(direction).lower() not in ("asc", "desc"):
        raise ParsingError(messages.BAD_DIRECTION.format(direction=java_text(direction)))
    # ``_term`` and ``_time`` are old names of ``_key``, removed in 8.0.
    old = release < (8, 0) and path in ("_term", "_time")
    return "_key" if old else path, java_text(direction).lower() == "desc"


ORDER = Field("order", reading(ANY, _order))


def check_order(order: Order, definition: Definition, release: tuple[int, ...]) -> None:
    """Check that each path leads to a sub-aggregation.

    :raises InvalidAggregationPath: one does not.
    """
    for path, _ in order:
        first = split_path(path)[0]
        names = {sub.name for sub in definition.subs if not sub.kind.is_pipeline}
        if first not in names and first not in ("_key", "_count"):
            raise InvalidAggregationPath(messages.BAD_ORDER_PATH.at(release, path=path, name=first), release)


def ordered(buckets: list[Bucket], order: Order, release: tuple[int, ...]) -> list[Bucket]:
    """Sort buckets; equal ones by key. Buckets without a number come last in both directions.

    :raises InvalidAggregationPath: a path leads to something other than one number.
    """
    steps = order if any(path == "_key" for path, _ in order) else [*order, ("_key", False)]
    for path, descending in reversed(steps):
        if path in _DIRECT:
            # Stable in both directions: reverse=True keeps the order of equal buckets.
            buckets = sorted(buckets, key=_DIRECT[path], reverse=descending)
        else:
            buckets = _by_number(buckets, path, release, descending=descending)
    return buckets


_DIRECT: dict[str, Callable[[Bucket], Any]] = {"_key": lambda bucket: bucket.key, "_count": lambda bucket: bucket.count}


def _by_number(buckets: list[Bucket], path: str, release: tuple[int, ...], *, descending: bool) -> list[Bucket]:
    parts = split_path(path)
    pairs = [(_number(bucket.property(parts), path, release), bucket) for bucket in buckets]
    known = [(number, bucket) for number, bucket in pairs if number == number]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [bucket for _, bucket in known] + [bucket for number, bucket in pairs if number != number]


def _number(found: Any, path: str, release: tuple[int, ...]) -> float:
    if isinstance(found, Value):
        found = math.nan if found.value is None else found.value
    elif isinstance(found, SingleBucketResult):
        found = found.count
    if isinstance(found, (int, float)):
        return float(found)
    template = messages.ORDER_NEEDS_METRIC if isinstance(found, MultiValue) else messages.ORDER_NEEDS_ONE
    raise InvalidAggregationPath(template.format(path=path), release)
