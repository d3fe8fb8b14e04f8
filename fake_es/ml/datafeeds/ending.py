"""The end of a datafeed's run: it was stopped, reached its end time, or one of its steps failed."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.ml.datafeeds.store import Datafeed, Task
from fake_es.ml.job_store.jobs import OPENED, Jobs
from fake_es.ml.jobs import lifecycle as job_lifecycle
from fake_es.ml.persistence.audit import audit
from fake_es.wire.errors import as_refusal


def ended(
    cluster: Cluster, datafeed: Datafeed, task: Task, at: int, *, reason: str | None = None, close_job: bool | None = None
) -> None:
    """Remove the task of a datafeed that has stopped.

    :param at: time in epoch milliseconds.
    :param reason: why the datafeed stopped by itself; None if it was stopped or reached its end time.
    :param close_job: whether to close its job; None closes it if the datafeed had an end time. An isolated datafeed
        never closes its job.
    """
    cancel(task)
    datafeed.task = None
    if task.run is not None:
        task.run.finish()
        stopped = "Datafeed stopped" if reason is None else f"Datafeed stopped with reason [{reason}]"
        audit(cluster, datafeed.job_id, "Datafeed isolated" if task.isolated else stopped, at)
    if not task.isolated and (task.end is not None if close_job is None else close_job):
        # A separate step: an error in it fails the job, not the datafeed.
        cluster.timetable.plan(at, _close_job, datafeed)


def broke_down(cluster: Cluster, at: int, error: Exception, datafeed: Datafeed, task: Task) -> None:
    """Stop a datafeed because a planned step raised ``error``."""
    if datafeed.task is task:
        task.error = as_refusal(error)
        ended(cluster, datafeed, task, at, reason=task.error.reason, close_job=False)


def close_job(cluster: Cluster, datafeed: Datafeed, at: int) -> None:
    """Begin to close the job of a stopped datafeed, if the job is open."""
    job = cluster.part(Jobs).find(datafeed.job_id)
    if job is not None and job.task is not None and job.state == OPENED:
        job_lifecycle.start_closing(cluster, job, job.task, at)


def _close_job(cluster: Cluster, at: int, datafeed: Datafeed) -> None:
    close_job(cluster, datafeed, at)


def cancel(task: Task) -> None:
    """Take the next step of a task out of the timetable."""
    if task.due is not None:
        task.due.cancel()
        task.due = None
