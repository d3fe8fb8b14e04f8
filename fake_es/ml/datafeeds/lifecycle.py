"""The states of a datafeed and what leads from one to the next. Nothing else changes a datafeed's task.

stopped -> starting -> started -> stopping -> stopped; a forced stop from any to stopped, as does the end of its data.
"""

from __future__ import annotations

from fake_es.cluster import Cluster, Node
from fake_es.delays import JobSize
from fake_es.ml.datafeeds.persistent import DatafeedTasks
from fake_es.ml.datafeeds.run import Run
from fake_es.ml.datafeeds.store import STARTED, STOPPING, Datafeed, Task
from fake_es.ml.job_store.jobs import OPENED, Jobs
from fake_es.ml.jobs import lifecycle as job_lifecycle
from fake_es.ml.persistence.audit import audit
from fake_es.wire.errors import as_refusal


def start(cluster: Cluster, datafeed: Datafeed, now: int, begin: int, end: int | None) -> Task:
    """Create the task of a stopped datafeed that is to read from ``begin`` to ``end`` (None: on in real time)."""
    task = cluster.part(DatafeedTasks).begin(datafeed, now, begin, end, force_stop)
    delay = cluster.delays.duration("start_datafeed", datafeed.job_id, JobSize())
    task.due = cluster.timetable.plan(now + delay, _started, datafeed, task, failed=broke_down)
    return task


def _started(cluster: Cluster, at: int, datafeed: Datafeed, task: Task) -> None:
    task.state = STARTED
    audit(cluster, datafeed.job_id, f"Starting datafeed [{datafeed.id}] on node [{cluster.part(Node).name}]", at)
    task.run = Run(cluster, datafeed, task, ended, broke_down)
    task.run.begin(at)


def stop(cluster: Cluster, datafeed: Datafeed, now: int) -> None:
    """Let a datafeed finish what it is about and stop; one that is stopping already goes on doing so."""
    task = datafeed.task
    if task is None or task.state == STOPPING:
        return
    _cancel(task)
    task.state = STOPPING
    delay = cluster.delays.duration("stop_datafeed", datafeed.job_id, JobSize())
    task.due = cluster.timetable.plan(now + delay, _stopped, datafeed, task, failed=broke_down)


def broke_down(cluster: Cluster, at: int, error: Exception, datafeed: Datafeed, task: Task) -> None:
    """A planned step raised ``error``: the datafeed stops, for that reason."""
    if datafeed.task is task:
        task.error = as_refusal(error)
        ended(cluster, datafeed, task, at, reason=task.error.reason, close_job=False)


def _stopped(cluster: Cluster, at: int, datafeed: Datafeed, task: Task) -> None:
    ended(cluster, datafeed, task, at)


def force_stop(cluster: Cluster, datafeed: Datafeed, now: int) -> None:
    """Remove the task whatever its state."""
    if datafeed.task is not None:
        ended(cluster, datafeed, datafeed.task, now)


def remove_isolated(cluster: Cluster, datafeed: Datafeed, now: int) -> None:
    """Remove the task whatever its state, and leave the job to others."""
    if datafeed.task is not None:
        datafeed.task.isolated = True
        ended(cluster, datafeed, datafeed.task, now)


def ended(
    cluster: Cluster, datafeed: Datafeed, task: Task, at: int, *, reason: str | None = None, close_job: bool | None = None
) -> None:
    """Remove the task of a datafeed that has stopped.

    A job that was fed up to an end is closed, unless ``close_job`` says otherwise; ``reason`` is why the datafeed stopped
    by itself.
    """
    _cancel(task)
    datafeed.task = None
    if task.run is not None:
        task.run.finish()
        stopped = "Datafeed stopped" if reason is None else f"Datafeed stopped: {reason}"
        audit(cluster, datafeed.job_id, "Datafeed isolated" if task.isolated else stopped, at)
    if not task.isolated and (task.end is not None if close_job is None else close_job):
        # What goes wrong then is the job's affair.
        cluster.timetable.plan(at, _close_job, datafeed)


def _close_job(cluster: Cluster, at: int, datafeed: Datafeed) -> None:
    close_job(cluster, datafeed, at)


def close_job(cluster: Cluster, datafeed: Datafeed, at: int) -> None:
    """Begin to close the job of a datafeed that has stopped, if it is open."""
    job = cluster.part(Jobs).find(datafeed.job_id)
    if job is not None and job.task is not None and job.state == OPENED:
        job_lifecycle.start_closing(cluster, job, job.task, at)


def _cancel(task: Task) -> None:
    if task.due is not None:
        task.due.cancel()
        task.due = None
