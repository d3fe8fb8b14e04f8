"""Timing statistics of a datafeed's searches (``DatafeedTimingStats``). All times are milliseconds."""

from __future__ import annotations

import math
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.job_store.jobs import Job

_HOUR_MS = 3_600_000


def document_id(job_id: str) -> str:
    """Id of the document with the timing statistics in the job's results index."""
    return f"{job_id}_datafeed_timing_stats"


class DatafeedTiming:
    """Counts of searches and buckets, and search times, over all runs.

    The search time per hour of data is an exponential average, in which the newest hour has the highest weight.
    """

    def __init__(self, job_id: str, stored: dict[str, Any] | None = None) -> None:
        stored = stored or {}
        context = stored.get("exponential_average_calculation_context", {})
        self._job_id = job_id
        self._searches: int = stored.get("search_count", 0)
        self._buckets: int = stored.get("bucket_count", 0)
        self._total: float = stored.get("total_search_time_ms", 0.0)
        self._this_hour: float = context.get("incremental_metric_value_ms", 0.0)
        self._latest: int | None = context.get("latest_timestamp")
        self._before: float | None = context.get("previous_exponential_average_ms")

    def searched(self, spent: float) -> None:
        """Count a search that took ``spent`` milliseconds."""
        self._searches += 1
        self._total += spent
        self._this_hour += spent

    def fed(self, buckets: int, latest: int | None) -> None:
        """Count the buckets that the records of a search finished.

        :param latest: time of the latest record so far (epoch milliseconds).
        """
        self._buckets += buckets
        if latest is None:
            return
        if self._latest is not None and latest >= self._latest - self._latest % _HOUR_MS + _HOUR_MS:
            self._before, self._this_hour = self._per_hour(), 0.0
        self._latest = latest if self._latest is None else max(latest, self._latest)

    def _per_hour(self) -> float:
        if self._before is None or self._latest is None:
            return self._this_hour
        weight = math.exp(-(self._latest % _HOUR_MS) / _HOUR_MS)
        return weight * self._before + (1 - weight) * self._this_hour

    def to_json(self) -> dict[str, Any]:
        """``timing_stats`` of the datafeed statistics."""
        shown: dict[str, Any] = {
            "job_id": self._job_id,
            "search_count": self._searches,
            "bucket_count": self._buckets,
            "total_search_time_ms": self._total,
        }
        if self._buckets:
            shown["average_search_time_per_bucket_ms"] = self._total / self._buckets
        return shown | {"exponential_average_search_time_per_hour_ms": self._per_hour()}

    def document(self) -> dict[str, Any]:
        """The statistics in the form in which they are stored."""
        context = {
            "incremental_metric_value_ms": self._this_hour,
            "latest_timestamp": self._latest,
            "previous_exponential_average_ms": self._before,
        }
        kept = {name: value for name, value in context.items() if value is not None}
        stored = {"result_type": "datafeed_timing_stats", **self.to_json(), "exponential_average_calculation_context": kept}
        return {
            name: value for name, value in stored.items() if not name.startswith(("average_", "exponential_average_search"))
        }


def read_timing(cluster: Cluster, job: Job) -> DatafeedTiming:
    """The stored timing of all runs so far; zeros without any run."""
    return DatafeedTiming(job.id, cluster.part(SystemIndices).get(job.results_index, document_id(job.id)))
