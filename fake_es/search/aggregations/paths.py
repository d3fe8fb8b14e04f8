"""``buckets_path`` and paths of ``order``: ``outer['key']>inner.value`` (``AggregationPath``)."""

from __future__ import annotations

import math
import re
from typing import Any

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.errors import AggregationExecution, InvalidAggregationPath
from fake_es.search.aggregations.results import Bucket, MultiValue, Value
from fake_es.wire.errors import IllegalArgument

_PART = re.compile(r"(?P<name>[^\[\]]+)(?:\[(?P<key>.*)\])?")
GAP_POLICIES = ("skip", "insert_zeros", "keep_values")


def split_path(path: str) -> list[str]:
    """Split a path into names of aggregations, ``'key'`` of a bucket, and at the end perhaps the name of a value.

    :raises IllegalArgument: the path is malformed.
    """
    *outer, last = path.split(">")
    parts: list[str] = []
    for part in outer:
        parts += _keyed(part, path)
    dot = last.rfind(".") if not last.endswith("]") else -1
    if dot > 0 and "[" not in last[dot:]:
        return parts + _keyed(last[:dot], path) + [last[dot + 1 :]]
    return parts + _keyed(last, path)


def _keyed(part: str, path: str) -> list[str]:
    found = _PART.fullmatch(part)
    if found is None:
        raise IllegalArgument(f"Invalid path element [{part}] in path [{path}]")
    if found["key"] is None:
        return [found["name"]]
    key = found["key"].strip("'\"")
    quoted = found["key"][:1] in ("'", '"')
    return [found["name"], f"'{key}'" if quoted else key]


def number_at(bucket: Bucket, path: str, gap_policy: str) -> float:
    """The number at a path from a bucket (``BucketHelpers.resolveBucketValue``); NaN if the path leads nowhere.

    :raises AggregationExecution: it leads to something other than a number.
    """
    return number_below(bucket, split_path(path), gap_policy)


def number_below(bucket: Bucket, parts: list[str], gap_policy: str) -> float:
    """The same for the parts of a path; without parts it is the count."""
    try:
        found = bucket.property(parts or ["_count"])
    except InvalidAggregationPath:
        return math.nan
    value = _number(found, parts)
    counts = parts in ([], ["_count"])
    if math.isfinite(value) and (bucket.count or counts):
        return value
    if gap_policy == "insert_zeros":
        return 0.0
    return value if gap_policy == "keep_values" and math.isfinite(value) else math.nan


def _number(found: Any, parts: list[str]) -> float:
    if isinstance(found, Value):
        return math.nan if found.value is None else float(found.value)
    if isinstance(found, (int, float)):
        return float(found)
    if isinstance(found, MultiValue):
        detail = messages.MANY_VALUES.format(name=parts[-1])
    else:
        detail = messages.NOT_A_VALUE.format(found=type(found).__name__, name=parts[-1])
    raise AggregationExecution(messages.NO_NUMBER.format(found=detail))
