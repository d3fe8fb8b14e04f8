"""``GET _ml/anomaly_detectors[/{job_id}]/_stats`` (``TransportGetJobsStatsAction``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.forecasts.store import stats_of, summed_up
from fake_es.ml.job_store import timing_stats
from fake_es.ml.job_store.jobs import Job, Jobs, Task
from fake_es.ml.job_store.selection import ALLOW_NO_MATCH, allow_no_match
from fake_es.ml.job_store.statistics import stored_counts, stored_size_stats, stored_timing
from fake_es.ml.jobs.persistent import JobTasks
from fake_es.ml.persistence.cluster_state import assigned_node
from fake_es.wire.call import Call
from fake_es.wire.operation import operation

_FORECASTS_SINCE = (6, 4)


@operation(
    "ml.get_job_stats",
    routes=[*ml("GET", "/anomaly_detectors/_stats"), *ml("GET", "/anomaly_detectors/{job_id}/_stats")],
    action="cluster:monitor/xpack/ml/job/stats/get",
    query=ALLOW_NO_MATCH,
)
def get_job_stats(call: Call, cluster: Cluster) -> Any:
    """State and counts of the jobs that an expression matches, without jobs that are being deleted."""
    stats = stats_of_jobs(call, cluster)
    return {"count": len(stats), "jobs": stats}


def stats_of_jobs(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """Statistics of the jobs that the path of a call matches.

    :raises ResourceNotFound: see ``Jobs.expand``.
    """
    expression = call.path_parameters.get("job_id")
    found = cluster.part(Jobs).expand(expression, call.version, allow_no_match=allow_no_match(call))
    jobs = [job for job in found if job.deletion_tasks is None]
    forecasts = stats_of(cluster, jobs) if call.version >= _FORECASTS_SINCE else {}
    return [_stats(call, cluster, job, forecasts.get(job.id, ())) for job in jobs]


def _stats(call: Call, cluster: Cluster, job: Job, forecasts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    task = job.task
    process = task.process if task is not None else None
    counts = process.counts if process is not None else stored_counts(cluster, job)
    stats: dict[str, Any] = {"job_id": job.id, "data_counts": counts.to_json()}
    stats["model_size_stats"] = process.size_stats(call.now) if process else stored_size_stats(cluster, job)
    if call.version >= _FORECASTS_SINCE:
        stats["forecasts_stats"] = summed_up(forecasts)
    stats["state"] = job.state
    if task is not None:
        stats |= _assignment(call, cluster, task)
    if call.version >= timing_stats.SINCE:
        stats["timing_stats"] = (process.timing if process else stored_timing(cluster, job)).to_json()
    return stats


def _assignment(call: Call, cluster: Cluster, task: Task) -> dict[str, Any]:
    """Fields about the node and the opening, which only a job with a task has."""
    node, explanation = cluster.part(JobTasks).assignment(task)
    shown: dict[str, Any] = {"node": assigned_node(cluster)} if node is not None else {}
    shown["assignment_explanation"] = explanation
    if task.process is not None:
        shown["open_time"] = f"{(call.now - task.opened_at) // 1000}s"
    return shown
