"""Timing statistics of a job: how long its buckets took (``TimingStats``). All times are milliseconds."""

from __future__ import annotations

from typing import Any

from fake_es.ml.persistence.field_kinds import COUNT
from fake_es.wire.object_parser import DOUBLE, STRING, Field, ObjectParser

# The first release that has timing statistics.
SINCE = (7, 3)
# Weight of the newest bucket in the exponential average (TimingStats.ALPHA).
_ALPHA = 0.01
_HOUR_MS = 3_600_000
_DOCUMENT = ObjectParser(
    "timing_stats",
    (
        Field("job_id", STRING),
        Field("bucket_count", COUNT),
        Field("total_bucket_processing_time_ms", DOUBLE),
        Field("minimum_bucket_processing_time_ms", DOUBLE),
        Field("maximum_bucket_processing_time_ms", DOUBLE),
        Field("average_bucket_processing_time_ms", DOUBLE),
        Field("exponential_average_bucket_processing_time_ms", DOUBLE),
        Field("exponential_average_bucket_processing_time_per_hour_ms", DOUBLE),
    ),
    required=("job_id", "bucket_count"),
    lenient=True,
)


class TimingStats:
    """Statistics over all finished buckets. Without a bucket the optional values are left out.

    :raises ElasticsearchError: 400, the document ``source`` cannot be parsed.
    """

    _count = 0
    _total = 0.0
    _least: float | None = None
    _most: float | None = None
    _average = 0.0
    _per_hour = 0.0

    def __init__(self, job_id: str, source: dict[str, Any] | None, version: tuple[int, ...]) -> None:
        self._job_id = job_id
        # Total and hourly average are of 7.4 (pull requests 44125 and 44683).
        self._short = version < (7, 4)
        if source is not None:
            self._restore(_DOCUMENT.parse_document(source, version))

    def _restore(self, stored: dict[str, Any]) -> None:
        self._count = stored["bucket_count"]
        average = stored.get("average_bucket_processing_time_ms", 0.0)
        self._total = stored.get("total_bucket_processing_time_ms", self._count * average)
        self._least = stored.get("minimum_bucket_processing_time_ms")
        self._most = stored.get("maximum_bucket_processing_time_ms")
        self._average = stored.get("exponential_average_bucket_processing_time_ms", 0.0)
        self._per_hour = stored.get("exponential_average_bucket_processing_time_per_hour_ms", 0.0)

    def add(self, bucket: dict[str, Any]) -> None:
        """Add a finished bucket."""
        spent = float(bucket["processing_time_ms"])
        self._average = spent if self._count == 0 else (1 - _ALPHA) * self._average + _ALPHA * spent
        self._per_hour = self._average * _HOUR_MS / (bucket["bucket_span"] * 1000)
        self._count += 1
        self._total += spent
        self._least = spent if self._least is None else min(self._least, spent)
        self._most = spent if self._most is None else max(self._most, spent)

    def to_json(self) -> dict[str, Any]:
        """``timing_stats`` of the job statistics."""

        shown: dict[str, Any] = {"job_id": self._job_id, "bucket_count": self._count}
        if not self._short:
            shown["total_bucket_processing_time_ms"] = self._total
        if self._count:
            shown |= {
                **({} if self._least is None else {"minimum_bucket_processing_time_ms": self._least}),
                **({} if self._most is None else {"maximum_bucket_processing_time_ms": self._most}),
                "average_bucket_processing_time_ms": self._total / self._count,
                "exponential_average_bucket_processing_time_ms": self._average,
            }
        if not self._short:
            shown["exponential_average_bucket_processing_time_per_hour_ms"] = self._per_hour
        return shown
