"""Influencers: the values of influencer fields that explain an anomaly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from fake_es.ml.engine.anomalies import Anomaly
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.data_gatherer import split_columns, text_of
from fake_es.ml.engine.functions import numbers

# A value influences an anomaly if it explains at least half of it: test_the_host_to_blame_is_named.
_LEAST_SHARE = 0.5
# An excess is not divided by less than this.
_TINY = 1e-300


def find_influences(bucket: Bucket, anomaly: Anomaly, fields: Sequence[str]) -> None:
    """Write into ``anomaly`` the values of influencer fields that explain it.

    A field that splits the data always explains its series. A value of another field explains an anomaly of a count if it has
    at least half of the events above the typical number. For a mean it needs half of the deviation, for a minimum or maximum
    the extreme value.
    """
    for field in fields:
        found = _split_values(anomaly, field)
        if found is None and field in bucket.columns:
            column = bucket.columns[field]
            rows = [row for row in _rows(bucket, anomaly) if column[row] not in (None, "")]
            shares = _shares(bucket, anomaly, rows, column) if rows else {}
            found = sorted(text_of(value) for value, share in shares.items() if share >= _LEAST_SHARE)
        if found:
            anomaly.influences[field] = found


def _split_values(anomaly: Anomaly, field: str) -> list[str] | None:
    """The values of a field that splits the data; None if it does not, or has none."""
    splits = anomaly.detector.splits
    if field not in splits:
        return None
    at = splits.index(field)
    keys = [anomaly.key, *(cause.key for cause in anomaly.causes)]
    return list(dict.fromkeys(key[at] for key in keys if key[at])) or None


def _rows(bucket: Bucket, anomaly: Anomaly) -> list[int]:
    """Numbers of the rows of the anomaly's series."""
    columns = split_columns(bucket, anomaly.detector)
    wanted = [key for field, key in zip(anomaly.detector.splits, anomaly.key) if field is not None]
    chosen = list(range(bucket.rows))
    for column, key in zip(columns, wanted):
        if key or anomaly.detector.use_null:
            chosen = [row for row in chosen if text_of("" if column[row] is None else column[row]) == key]
    return chosen


def _shares(bucket: Bucket, anomaly: Anomaly, rows: list[int], column: Sequence[Any]) -> dict[Any, float]:
    """The share of the anomaly that each value explains, by kind of function."""
    field, function = anomaly.detector.field_name, anomaly.function
    if field is None or function in ("distinct_count", "info_content", "lat_long"):
        weights = [1.0 if bucket.weights is None else float(bucket.weights[row]) for row in rows]
        return _shares_of_excess([column[row] for row in rows], weights, anomaly)
    pairs = [(column[row], found[0]) for row in rows if (found := numbers((bucket.columns[field][row],)))]
    if function in ("min", "max"):
        return {value: 1.0 for value, number in pairs if number == anomaly.actual[0]}
    if function == "sum":
        return _shares_of_excess([value for value, _ in pairs], [number for _, number in pairs], anomaly)
    # Of a mean: each value's share in the sum of deviations from the typical value.
    typical = anomaly.typical[0]
    total = sum(number - typical for _, number in pairs)
    if not total:
        return {}
    sums: defaultdict[Any, float] = defaultdict(float)
    for value, number in pairs:
        sums[value] += number - typical
    return {value: deviation / total for value, deviation in sums.items()}


def _shares_of_excess(values: Sequence[Any], weights: Sequence[float], anomaly: Anomaly) -> dict[Any, float]:
    """Each value's events as a share of those above the typical number; no value explains that events are missing."""
    excess = anomaly.actual[0] - anomaly.typical[0]
    if anomaly.function in ("rare", "time", "lat_long", "distinct_count", "info_content"):
        excess = sum(weights)
    if excess <= 0:
        return {}
    sums: Counter[Any] = Counter()
    for value, weight in zip(values, weights):
        sums[value] += weight  # type: ignore[assignment]
    return {value: total / max(excess, _TINY) for value, total in sums.items()}
