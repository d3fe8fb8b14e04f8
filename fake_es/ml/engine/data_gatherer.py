"""Records of a bucket to the series of a detector (the server: ``CDataGatherer``)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from fake_es.ml.engine.analysis import Detector
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.functions import Feature, weighted_mean, within

# Partition, by and over value of a series; an empty text where the detector has no such field.
Key = tuple[str, str, str]
_NO_SPLIT: Key = ("", "", "")


def split_columns(bucket: Bucket, detector: Detector) -> list[Sequence[Any]]:
    """The columns of the fields that split the data of a detector."""
    return [bucket.columns[field] for field in detector.splits if field is not None]


def text_of(value: Any) -> str:
    """A field's value as results show it; booleans as JSON writes them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _key_maker(detector: Detector) -> Callable[[Any], Key | None]:
    """The function that makes the key of a row's raw values; None where one is missing, unless ``use_null`` is set.

    An empty text counts as missing (``CAnomalyJob::fieldValue``).
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


def _rows(columns: list[Sequence[Any]]) -> Iterable[Any]:
    """The raw values of each row; the value itself where there is one column, for speed."""
    return columns[0] if len(columns) == 1 else zip(*columns)


def _by_key(detector: Detector, found: dict[Any, Any], convert: Any) -> dict[Key, Any]:
    """What was gathered by raw values, by key: different raw values may have the same text."""
    series: dict[Key, Any] = {}
    make = _key_maker(detector)
    for raw, value in found.items():
        key = make(raw)
        if key is not None:
            series[key] = series[key] + convert(value) if key in series else convert(value)
    return series


def counts(bucket: Bucket, detector: Detector) -> dict[Key, float]:
    """Number of events of each series in the bucket."""
    columns = split_columns(bucket, detector)
    if not columns:
        return {_NO_SPLIT: float(bucket.count)} if bucket.rows else {}
    found: Counter[Any] = Counter()
    if bucket.weights is None:
        found.update(_rows(columns))
    else:
        for raw, events in zip(_rows(columns), bucket.weights):
            found[raw] += events
    return _by_key(detector, found, float)


def values(bucket: Bucket, detector: Detector, column: Iterable[Any]) -> dict[Key, list[Any]]:
    """The values of ``column`` by series."""
    columns = split_columns(bucket, detector)
    if not columns:
        return {_NO_SPLIT: list(column)} if bucket.rows else {}
    groups: defaultdict[Any, list[Any]] = defaultdict(list)
    for raw, value in zip(_rows(columns), column):
        groups[raw].append(value)
    return _by_key(detector, groups, list)


class FeatureData(NamedTuple):
    """The features of the series that have records in a bucket.

    :param values: for each feature, its value in each series that has one.
    :param measurements: of how many measurements it is made, for features where that matters. One where it is not given.
    """

    values: list[dict[Key, float]]
    measurements: dict[Key, float]


def features(bucket: Bucket, detector: Detector, wanted: Sequence[Feature]) -> FeatureData:
    """The features of each series."""
    if detector.field_name is None:
        found = counts(bucket, detector)
        return FeatureData([found for _ in wanted], {})
    if bucket.weights is not None and wanted[0].name == "mean":
        pairs = values(bucket, detector, zip(bucket.columns[detector.field_name], bucket.weights))
        means = {key: weighted_mean(group) for key, group in pairs.items()}
        numbers = {key: float(sum(weight for value, weight in group if value is not None)) for key, group in pairs.items()}
        return FeatureData([{key: within(value) for key, value in means.items() if value is not None}], numbers)
    groups = values(bucket, detector, bucket.columns[detector.field_name])
    measurements = {}
    # Where there are as many series as rows, each has one.
    if len(groups) < bucket.rows and any(feature.is_average for feature in wanted):
        measurements = {key: float(len(group) - group.count(None)) for key, group in groups.items()}
    return FeatureData([_computed(feature, groups) for feature in wanted], measurements)


def _computed(feature: Feature, groups: dict[Key, list[Any]]) -> dict[Key, float]:
    compute = feature.compute
    assert compute is not None, "a function of a field computes something"
    computed = {key: compute(found) for key, found in groups.items()}
    return {key: within(value) for key, value in computed.items() if value is not None}
