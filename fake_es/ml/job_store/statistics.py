"""Stored statistics of a job: data counts, model size, timing (``JobResultsProvider``)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fake_es.cluster import Cluster
from fake_es.delays import JobSize
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.job_store.data_counts import DataCounts, from_document
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.job_store.timing_stats import TimingStats
from fake_es.ml.persistence import names
from fake_es.ml.persistence.document_shapes import epoch_ms
from fake_es.ml.persistence.field_kinds import COUNT, TIME
from fake_es.wire.object_parser import STRING, Field, ObjectParser


def _get(cluster: Cluster, job: Job, document_id: str) -> dict[str, Any] | None:
    return cluster.part(SystemIndices).get(job.results_index, document_id)


def stored_counts(cluster: Cluster, job: Job) -> DataCounts:
    """Stored data counts; zeros for a job that never got data."""
    return from_document(job.id, _counts(cluster, job), cluster.version)


def _counts(cluster: Cluster, job: Job) -> dict[str, Any] | None:
    """The document with a job's data counts, also one of 5.4: that with the latest record counts."""
    found = [_get(cluster, job, names.data_counts_id(job.id, version)) for version in names.BOTH_IDS]
    known = [document for document in found if document is not None]
    if len(known) < 2:
        return known[0] if known else None
    times = [epoch_ms(document.get("latest_record_timestamp")) for document in known]
    latest = [time if isinstance(time, int) else -1 for time in times]
    return known[latest.index(max(latest))]


def stored_timing(cluster: Cluster, job: Job) -> TimingStats:
    """Stored timing statistics; zeros for a job without buckets."""
    return TimingStats(job.id, _get(cluster, job, names.timing_stats_id(job.id)), cluster.version)


def stored_size_stats(cluster: Cluster, job: Job) -> dict[str, Any]:
    """The latest stored ``model_size_stats``; zeros for a job without any.

    :raises ElasticsearchError: 400, the document cannot be parsed.
    """
    stored = _last_size_stats(cluster, job)
    found = {} if stored is None else SIZE_STATS.parse_document(stored, cluster.version)
    return size_stats(cluster, job.id, found, found.get("log_time", cluster.clock.now()), found.get("timestamp"))


def _last_size_stats(cluster: Cluster, job: Job) -> dict[str, Any] | None:
    return None if job.size_stats_id is None else _get(cluster, job, job.size_stats_id)


def stored_model_bytes(cluster: Cluster, job: Job) -> int:
    """The latest stored size of the model in bytes; 0 for a job without any."""
    stored = _last_size_stats(cluster, job)
    return 0 if stored is None else _size(stored.get("model_bytes"))


def stored_size(cluster: Cluster, job: Job) -> JobSize:
    """The size of a closed job."""
    model, counts = stored_model_bytes(cluster, job), _counts(cluster, job)
    if counts is None:
        return JobSize(model)
    return JobSize(model, _size(counts.get("processed_record_count")), _size(counts.get("bucket_count")))


def _size(value: Any) -> int:
    """A size in bytes; 0 for an invalid value. Only durations depend on it, so a broken document is not refused."""
    return value if type(value) is int and value > 0 else 0


def size_stats(cluster: Cluster, job_id: str, model: dict[str, Any], now: int, latest_bucket: int | None) -> dict[str, Any]:
    """``model_size_stats`` of a model at the time ``now``; times are epoch milliseconds."""
    stats: dict[str, Any] = {"job_id": job_id, "result_type": "model_size_stats"}
    for name, default in _shown_in(cluster.version):
        value = model.get(name, default)
        if value is not None:
            stats[name] = value
    stats["log_time"] = now
    if latest_bucket is not None:
        stats["timestamp"] = latest_bucket
    return stats


@lru_cache(maxsize=64)
def _shown_in(version: tuple[int, ...]) -> tuple[tuple[str, Any], ...]:
    """Fields of ``model_size_stats`` in a release, in order, with their default values."""
    defaults = _SIZES | _CATEGORIES
    return tuple((name, defaults.get(name)) for name, since in _SHOWN.items() if version >= since)


_SIZES: dict[str, Any] = {
    "model_bytes": 0, "total_by_field_count": 0, "total_over_field_count": 0, "total_partition_field_count": 0,
    "bucket_allocation_failures_count": 0, "memory_status": "ok",
}  # fmt: skip
_CATEGORIES: dict[str, Any] = {
    "categorized_doc_count": 0, "total_category_count": 0, "frequent_category_count": 0, "rare_category_count": 0,
    "dead_category_count": 0, "failed_category_count": 0, "categorization_status": "ok",
}  # fmt: skip
# The fields in order, and the first release that has each.
_SHOWN: dict[str, tuple[int, int]] = {
    "model_bytes": (5, 4), "peak_model_bytes": (7, 9), "model_bytes_exceeded": (7, 2), "model_bytes_memory_limit": (7, 2),
    "output_memory_allocator_bytes": (8, 15),
    **{name: (5, 4) for name in _SIZES if name != "model_bytes"},
    **dict.fromkeys(_CATEGORIES, (7, 7)), "failed_category_count": (7, 8),
}  # fmt: skip
# The parser of such documents.
SIZE_STATS = ObjectParser(
    "model_size_stats",
    (
        Field("job_id", STRING),
        Field("result_type", STRING),
        *(Field(name, STRING if name.endswith("_status") else COUNT) for name in _SHOWN),
        Field("log_time", TIME),
        Field("timestamp", TIME),
    ),
    required=("job_id",),
    lenient=True,
)
