"""Who is to blame: the values of influencer fields that explain an anomaly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.findings import Finding
from fake_es.ml.engine.functions import numbers
from fake_es.ml.engine.gather import split_columns, text_of

# A value influences a result if it explains at least so much of it.
_LEAST_SHARE = 0.5


def find_influences(bucket: Bucket, finding: Finding, fields: Sequence[str]) -> None:
    """Name in ``finding`` the values of ``fields`` that explain it.

    A field that splits the data explains its series always. Of others, the value that has at least half of the events
    beyond the typical ones, or that the extreme or most of the deviation of the field's values come from.
    """
    for field in fields:
        found = _split_value(finding, field)
        if found is None and field in bucket.columns:
            found = _influences(bucket, finding, bucket.columns[field])
        if found:
            finding.influences[field] = found


def _split_value(finding: Finding, field: str) -> list[str] | None:
    splits = finding.detector.splits
    if field not in splits:
        return None
    at = splits.index(field)
    keys = [finding.key, *(cause.key for cause in finding.causes)]
    return list(dict.fromkeys(key[at] for key in keys if key[at])) or None


def _rows(bucket: Bucket, finding: Finding) -> list[int]:
    """Numbers of the rows that the finding is about."""
    columns = split_columns(bucket, finding.detector)
    wanted = [key for field, key in zip(finding.detector.splits, finding.key) if field is not None]
    chosen: list[int] = list(range(bucket.rows))
    for column, key in zip(columns, wanted):
        if key or finding.detector.use_null:
            chosen = [row for row in chosen if text_of("" if column[row] is None else column[row]) == key]
    return chosen


def _influences(bucket: Bucket, finding: Finding, column: Sequence[Any]) -> list[str]:
    rows = [row for row in _rows(bucket, finding) if column[row] not in (None, "")]
    if not rows:
        return []
    shares = _shares(bucket, finding, rows, column)
    return sorted(text_of(value) for value, share in shares.items() if share >= _LEAST_SHARE)


def _shares(bucket: Bucket, finding: Finding, rows: list[int], column: Sequence[Any]) -> dict[Any, float]:
    """How much of the finding each value explains, by kind of function."""
    field, function = finding.detector.field_name, finding.function
    if field is None or function in ("distinct_count", "info_content", "lat_long"):
        weights = [1.0 if bucket.weights is None else float(bucket.weights[row]) for row in rows]
        return _excess([column[row] for row in rows], weights, finding)
    pairs = [(column[row], found[0]) for row in rows if (found := numbers((bucket.columns[field][row],)))]
    if function in ("min", "max"):
        return {value: 1.0 for value, number in pairs if number == finding.actual[0]}
    if function == "sum":
        return _excess([value for value, _ in pairs], [number for _, number in pairs], finding)
    return _deviation(pairs, finding)


def _excess(values: Sequence[Any], weights: Sequence[float], finding: Finding) -> dict[Any, float]:
    """Share of each value's events in what there is above the typical; nobody is named for what is missing."""
    excess = finding.actual[0] - finding.typical[0]
    if finding.function in ("rare", "time", "lat_long", "distinct_count", "info_content"):
        excess = sum(weights)
    if excess <= 0:
        return {}
    sums: Counter[Any] = Counter()
    for value, weight in zip(values, weights):
        sums[value] += weight  # type: ignore[assignment]
    return {value: total / max(excess, 1e-300) for value, total in sums.items()}


def _deviation(pairs: list[tuple[Any, float]], finding: Finding) -> dict[Any, float]:
    """Share of each value in the sum of deviations from the typical, on the side on which the finding lies."""
    typical = finding.typical[0]
    whole = sum(number - typical for _, number in pairs)
    if not whole:
        return {}
    sums: defaultdict[Any, float] = defaultdict(float)
    for value, number in pairs:
        sums[value] += number - typical
    return {value: total / whole for value, total in sums.items()}
