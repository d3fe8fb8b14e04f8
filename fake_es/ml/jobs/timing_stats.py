"""How long the buckets of a job took (``TimingStats``); times in milliseconds."""

from __future__ import annotations

from typing import Any

# The release that brought them.
SINCE = (7, 3)
# Weight of the newest bucket in the exponential average (TimingStats.ALPHA).
_ALPHA = 0.01
_HOUR_MS = 3_600_000


class TimingStats:
    """Counted from the buckets as they are written; optional figures are left out until there is a bucket."""

    def __init__(self, job_id: str, stored: dict[str, Any] | None = None) -> None:
        stored = stored or {}
        self._job_id = job_id
        self._count: int = stored.get("bucket_count", 0)
        self._total: float = stored.get("total_bucket_processing_time_ms", 0.0)
        self._least: float | None = stored.get("minimum_bucket_processing_time_ms")
        self._most: float | None = stored.get("maximum_bucket_processing_time_ms")
        self._average: float = stored.get("exponential_average_bucket_processing_time_ms", 0.0)
        self._per_hour: float = stored.get("exponential_average_bucket_processing_time_per_hour_ms", 0.0)

    def add(self, bucket: dict[str, Any]) -> None:
        """Count a finished bucket."""
        spent = float(bucket["processing_time_ms"])
        self._average = spent if self._count == 0 else (1 - _ALPHA) * self._average + _ALPHA * spent
        self._per_hour = self._average * _HOUR_MS / (bucket["bucket_span"] * 1000)
        self._count += 1
        self._total += spent
        self._least = spent if self._least is None else min(self._least, spent)
        self._most = spent if self._most is None else max(self._most, spent)

    def to_json(self) -> dict[str, Any]:
        """``timing_stats`` as job statistics show them."""
        shown: dict[str, Any] = {
            "job_id": self._job_id,
            "bucket_count": self._count,
            "total_bucket_processing_time_ms": self._total,
        }
        if self._count:
            shown |= {
                "minimum_bucket_processing_time_ms": self._least,
                "maximum_bucket_processing_time_ms": self._most,
                "average_bucket_processing_time_ms": self._total / self._count,
                "exponential_average_bucket_processing_time_ms": self._average,
            }
        return shown | {"exponential_average_bucket_processing_time_per_hour_ms": self._per_hour}
