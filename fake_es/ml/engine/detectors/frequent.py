"""``exclude_frequent``: values so common that a detector is not to report them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.ml.engine.analysis import Detector
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.gather import Key, counts

# Share of buckets beyond which a value is frequent (SModelParams: s_ExcludePersonFrequency).
_FREQUENT = 0.1
# Buckets before which nobody can be said to be frequent.
_LEAST_BUCKETS = 20
_KINDS: dict[str | None, tuple[str, ...]] = {"all": ("by", "over"), "by": ("by",), "over": ("over",)}
_PLACES = {"by": 1, "over": 2}
# Kind of the field, partition and value.
_Value = tuple[str, str, str]


class Frequent:
    """In how many buckets each by or over value of a partition was there; counts nothing unless it is asked for.

    A partition is never frequent: there is no such choice.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        fields = {"by": detector.by_field_name, "over": detector.over_field_name}
        self._kinds = [kind for kind in _KINDS.get(detector.exclude_frequent, ()) if fields[kind] is not None]
        self._times: dict[_Value, int] = {}
        self._buckets = 0

    def __contains__(self, key: Key) -> bool:
        """Whether a series is one of a frequent value."""
        if not self._kinds or self._buckets < _LEAST_BUCKETS:
            return False
        return any(self._times.get(value, 0) > _FREQUENT * self._buckets for value in self._values(key))

    def _values(self, key: Key) -> Sequence[_Value]:
        return [(kind, key[0], key[_PLACES[kind]]) for kind in self._kinds]

    def learn(self, bucket: Bucket) -> None:
        """Count the values of a finished bucket."""
        if not self._kinds:
            return
        self._buckets += 1
        for value in {value for key in counts(bucket, self._detector) for value in self._values(key)}:
            self._times[value] = self._times.get(value, 0) + 1

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [self._buckets, [[*value, times] for value, times in sorted(self._times.items())]]

    def restore(self, state: list[Any]) -> None:
        """Take up what :meth:`state` left."""
        self._buckets, entries = state
        self._times = {(kind, partition, value): times for kind, partition, value, times in entries}
