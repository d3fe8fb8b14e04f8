"""Records of a bucket to the series of a detector."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from fake_es.ml.engine.analysis import Detector
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.functions import Feature, weighted_mean, within

# Partition, by and over value of a series; an empty text where the detector has no such field.
Key = tuple[str, str, str]
WHOLE: Key = ("", "", "")


def split_columns(bucket: Bucket, detector: Detector) -> list[Sequence[Any]]:
    """The columns of a detector's split fields that are set."""
    return [bucket.columns[field] for field in detector.splits if field is not None]


def _key_maker(detector: Detector) -> Callable[[Any], Key | None]:
    """The function that makes the key of a row's raw values; None if one is missing and null is no value of its own.

    An empty text is as good as none (``CAnomalyJob::fieldValue``).
    """
    places = [at for at, field in enumerate(detector.splits) if field is not None]
    one = places[0] if len(places) == 1 else None

    def make(raw: Any) -> Key | None:
        key = ["", "", ""]
        for at, value in ((one, raw),) if one is not None else zip(places, raw):
            if (value is None or value == "") and not detector.use_null:
                return None
            key[at] = value if type(value) is str else "" if value is None else text_of(value)
        return key[0], key[1], key[2]

    return make


def text_of(value: Any) -> str:
    """A field's value as results show it: JSON's own words for booleans."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rows(columns: list[Sequence[Any]]) -> Iterable[Any]:
    """Raw keys of the rows: the value itself if there is only one column, for speed."""
    return columns[0] if len(columns) == 1 else zip(*columns)


def counts(bucket: Bucket, detector: Detector) -> dict[Key, float]:
    """Events of each series in the bucket."""
    columns = split_columns(bucket, detector)
    if not columns:
        return {WHOLE: float(bucket.count)} if bucket.rows else {}
    found: Counter[Any] = Counter()
    if bucket.weights is None:
        found.update(_rows(columns))
    else:
        for raw, events in zip(_rows(columns), bucket.weights):
            found[raw] += events
    return _merged(detector, found, float)


def _merged(detector: Detector, found: dict[Any, Any], take: Any) -> dict[Key, Any]:
    series: dict[Key, Any] = {}
    make = _key_maker(detector)
    for raw, value in found.items():
        key = make(raw)
        if key is not None:
            series[key] = series[key] + take(value) if key in series else take(value)
    return series


def values(bucket: Bucket, detector: Detector, column: Iterable[Any]) -> dict[Key, list[Any]]:
    """The values of ``column`` by series."""
    columns = split_columns(bucket, detector)
    if not columns:
        return {WHOLE: list(column)} if bucket.rows else {}
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for raw, value in zip(_rows(columns), column):
        groups[raw].append(value)
    return _merged(detector, groups, list)


class Gathered(NamedTuple):
    """What a detector looks at in a bucket; series without records are not in it.

    :param values: for each feature its value in each series that has one.
    :param measurements: of how many it is made, for features of which that matters; of one where it is not said.
    """

    values: list[dict[Key, float]]
    measurements: dict[Key, float]


def features(bucket: Bucket, detector: Detector, wanted: Sequence[Feature]) -> Gathered:
    """The features of each series."""
    if detector.field_name is None:
        found = counts(bucket, detector)
        return Gathered([found for _ in wanted], {})
    if bucket.weights is not None and wanted[0].name == "mean":
        return _weighted(bucket, detector)
    groups = values(bucket, detector, bucket.columns[detector.field_name])
    measurements = {}
    # Where there are as many series as rows each has one.
    if len(groups) < bucket.rows and any(feature.is_average for feature in wanted):
        measurements = {key: float(len(group) - group.count(None)) for key, group in groups.items()}
    return Gathered([_computed(feature, groups) for feature in wanted], measurements)


def _weighted(bucket: Bucket, detector: Detector) -> Gathered:
    pairs = values(bucket, detector, zip(bucket.columns[detector.field_name or ""], bucket.weights or ()))
    computed = {key: weighted_mean(found) for key, found in pairs.items()}
    measurements = {key: float(sum(weight for value, weight in found if value is not None)) for key, found in pairs.items()}
    return Gathered([{key: within(value) for key, value in computed.items() if value is not None}], measurements)


def _computed(feature: Feature, groups: dict[Key, list[Any]]) -> dict[Key, float]:
    compute = feature.compute
    assert compute is not None, "a function of a field computes something"
    computed = {key: compute(found) for key, found in groups.items()}
    return {key: within(value) for key, value in computed.items() if value is not None}
