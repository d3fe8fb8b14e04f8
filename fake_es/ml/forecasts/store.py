"""Forecasts as documents, and running forecasts (``ForecastRequestStats``). Times are epoch milliseconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.document import leaves
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.forecasts import messages
from fake_es.ml.job_store import results_index
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.job_store.process import JobProcess
from fake_es.ml.persistence import names
from fake_es.ml.persistence.field_kinds import COUNT
from fake_es.ml.persistence.result_ids import values_id
from fake_es.wire.errors import as_refusal
from fake_es.wire.object_parser import DOUBLE, STRING, STRINGS, Field, ObjectParser

Tree = dict[str, Any]
_STATS = "model_forecast_request_stats"
STATS_KIND = {"term": {"result_type": _STATS}}
_DOCUMENT = ObjectParser(
    _STATS,
    (
        Field("job_id", STRING),
        Field("forecast_id", STRING),
        Field("result_type", STRING),
        Field("processed_record_count", COUNT),
        Field("forecast_messages", STRINGS),
        Field("timestamp", COUNT),
        *(Field(f"forecast_{name}_timestamp", COUNT) for name in ("start", "end", "create", "expiry")),
        Field("forecast_progress", DOUBLE),
        Field("processing_time_ms", COUNT),
        Field("forecast_status", STRING),
        Field("forecast_memory_bytes", COUNT),
    ),
    required=("job_id", "forecast_id"),
    lenient=True,
)
STARTED, FINISHED, FAILED = "started", "finished", "failed"


class Forecasts:
    """Ids of the running forecasts of each job."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._running: dict[str, set[str]] = {}

    def start(self, job: Job, process: JobProcess, stats: Tree, points: list[Tree], now: int, delay: int) -> None:
        """Store the statistics of a started forecast. Its ``points`` are stored ``delay`` milliseconds after ``now``."""
        self._running.setdefault(job.id, set()).add(stats["forecast_id"])
        _write_stats(self._cluster, job, stats)
        self._cluster.timetable.plan(now + delay, _finished, job, process, stats, points, failed=_failed)

    def ended(self, job_id: str, forecast_id: str) -> None:
        """Remove a forecast that has ended from the running ones."""
        self._running.get(job_id, set()).discard(forecast_id)

    def fail_unfinished(self, job: Job) -> None:
        """Mark unfinished forecasts of an earlier process as failed; called when the next process starts."""
        for forecast_id in sorted(self._running.pop(job.id, ())):
            document_id = names.forecast_stats_id(job.id, forecast_id)
            stats = self._cluster.part(SystemIndices).get(job.results_index, document_id)
            if stats is not None:
                changes = {"forecast_status": FAILED, "forecast_messages": [messages.KILLED]}
                _write_stats(self._cluster, job, stats | changes)


def _finished(cluster: Cluster, at: int, job: Job, process: JobProcess, stats: Tree, points: list[Tree]) -> None:
    """Store the points of a forecast, unless its process has ended."""
    if job.task is None or job.task.process is not process:
        return
    for point in points:
        results_index.write(cluster, job, point_id(point), point)
    cluster.part(Forecasts).ended(job.id, stats["forecast_id"])
    spent = at - stats["forecast_create_timestamp"]
    changes = {"forecast_status": FINISHED, "forecast_progress": 1.0, "processing_time_ms": spent}
    _write_stats(cluster, job, stats | changes | {"processed_record_count": len(points)})


def _failed(
    cluster: Cluster, at: int, error: Exception, job: Job, process: JobProcess, stats: Tree, points: list[Tree]
) -> None:
    """Mark a forecast as failed because its points could not be stored."""
    cluster.part(Forecasts).ended(job.id, stats["forecast_id"])
    changes = {"forecast_status": FAILED, "forecast_messages": [as_refusal(error).reason]}
    _write_stats(cluster, job, stats | changes)


def _write_stats(cluster: Cluster, job: Job, stats: Tree) -> None:
    results_index.write(cluster, job, names.forecast_stats_id(job.id, stats["forecast_id"]), stats)


def point_id(point: Tree) -> str:
    """Id of the document of one point (``Forecast.getId``)."""
    splits = values_id(*(point.get(f"{kind}_field_value") for kind in ("by", "over", "partition")))
    parts = (point["job_id"], "model_forecast", point["forecast_id"], point["timestamp"], point["bucket_span"])
    return "_".join(map(str, (*parts, point["detector_index"], splits)))


def read_stats(source: Mapping[str, Any], version: tuple[int, ...]) -> Tree:
    """Parse the document of a forecast's statistics.

    :raises ElasticsearchError: 400, the document cannot be parsed.
    """
    return _DOCUMENT.parse_document(source, version)


def stats_of(cluster: Cluster, jobs: Sequence[Job]) -> dict[str, list[Tree]]:
    """Stored statistics of forecasts by job id. Jobs without forecasts are left out."""
    documents, found = cluster.part(SystemIndices), dict[str, list[Tree]]()
    for index in sorted({job.results_index for job in jobs}):
        for document in documents.having(index, "result_type", _STATS):
            found.setdefault(str(document.source.get("job_id")), []).append(document.source)
    return found


def summed_up(forecasts: Sequence[Tree], jobs: int | None = None) -> Tree:
    """``forecasts_stats`` of some forecasts (``ForecastStats``).

    The server aggregates stored documents, so a field may have several values or none.

    :param jobs: number of jobs that have forecasts; None for the forecasts of one job.
    """
    forecasted = min(len(forecasts), 1) if jobs is None else jobs
    summed: Tree = {"total": len(forecasts), "forecasted_jobs": forecasted}
    if not forecasts:
        return summed
    fields = {
        "memory_bytes": "forecast_memory_bytes",
        "records": "processed_record_count",
        "processing_time_ms": "processing_time_ms",
    }
    for name, field in fields.items():
        summed[name] = _statistics([float(value) for forecast in forecasts for value in leaves(forecast.get(field), "")])
    status = Counter(str(name) for forecast in forecasts for name in leaves(forecast.get("forecast_status", "ok"), ""))
    return summed | {"status": dict(status)}


def _statistics(values: Iterable[float]) -> dict[str, float]:
    found = list(values) or [0.0]
    total = sum(found)
    return {"total": total, "min": min(found), "avg": total / len(found), "max": max(found)}
