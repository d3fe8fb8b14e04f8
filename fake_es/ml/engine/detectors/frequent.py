"""``exclude_frequent``: values so common that a detector does not report them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.ml.engine.analysis import Detector
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.data_gatherer import Key, counts

# Share of buckets above which a value is frequent (SModelParams: s_ExcludePersonFrequency).
_FREQUENT = 0.1
# Buckets before which no value is frequent: two buckets in twenty are the first that are a tenth and no accident.
_LEAST_BUCKETS = 20
_KINDS: dict[str | None, tuple[str, ...]] = {"all": ("by", "over"), "by": ("by",), "over": ("over",)}
_PLACE_IN_KEY = {"by": 1, "over": 2}
# Kind of the field, partition and value.
_Value = tuple[str, str, str]


class FrequentValues:
    """Number of buckets with each by or over value of a partition. Counts nothing unless ``exclude_frequent`` is set.

    Partitions are never frequent: the setting has no such choice.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        fields = {"by": detector.by_field_name, "over": detector.over_field_name}
        self._kinds = [kind for kind in _KINDS.get(detector.exclude_frequent, ()) if fields[kind] is not None]
        self._buckets_with: dict[_Value, int] = {}
        self._buckets = 0

    def __contains__(self, key: Key) -> bool:
        """Whether a series has a frequent value."""
        if not self._kinds or self._buckets < _LEAST_BUCKETS:
            return False
        return any(self._buckets_with.get(value, 0) > _FREQUENT * self._buckets for value in self._values(key))

    def _values(self, key: Key) -> Sequence[_Value]:
        return [(kind, key[0], key[_PLACE_IN_KEY[kind]]) for kind in self._kinds]

    def learn(self, bucket: Bucket) -> None:
        """Count the values of a finished bucket."""
        if not self._kinds:
            return
        self._buckets += 1
        for value in {value for key in counts(bucket, self._detector) for value in self._values(key)}:
            self._buckets_with[value] = self._buckets_with.get(value, 0) + 1

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [self._buckets, [[*value, buckets] for value, buckets in sorted(self._buckets_with.items())]]

    def restore(self, state: list[Any]) -> None:
        """Take over what :meth:`state` returned."""
        self._buckets, entries = state
        self._buckets_with = {(kind, partition, value): buckets for kind, partition, value, buckets in entries}
