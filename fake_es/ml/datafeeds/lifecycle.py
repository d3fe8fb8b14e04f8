"""The states of a datafeed and the transitions between them. Only this module and ``ending`` change a datafeed's task.

stopped -> starting -> started -> stopping -> stopped. A forced stop leads from any state to stopped; so do the end time
and a failed step.
"""

from __future__ import annotations

from fake_es.cluster import Cluster, Node
from fake_es.delays import JobSize
from fake_es.ml.datafeeds import messages
from fake_es.ml.datafeeds.ending import broke_down, ended
from fake_es.ml.datafeeds.extraction.extractor import Extractor
from fake_es.ml.datafeeds.persistent import DatafeedTasks
from fake_es.ml.datafeeds.run import Run
from fake_es.ml.datafeeds.store import STARTED, STOPPING, Datafeed, Task
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.jobs.assignment import has_no_node
from fake_es.ml.persistence.audit import audit
from fake_es.timetable import Steps


def start(cluster: Cluster, datafeed: Datafeed, extractor: Extractor, now: int, begin: int, end: int | None) -> Task:
    """Create the task of a stopped datafeed. It starts when its job has a node, after the delay of starting.

    ``extractor`` reads from ``begin`` to ``end`` (epoch milliseconds); without ``end`` the datafeed continues in real time.
    """
    task = cluster.part(DatafeedTasks).begin(datafeed, now, begin, end, force_stop)
    _assign(cluster, now, datafeed, task, extractor)
    return task


def _assign(cluster: Cluster, at: int, datafeed: Datafeed, task: Task, extractor: Extractor) -> None:
    """Assign the task to the node of the job. If the job has none, try again when the job is checked again."""
    job = cluster.part(Jobs).find(datafeed.job_id)
    waiting = job.task if job is not None and has_no_node(job) else None
    task.explanation = "" if waiting is None else messages.AWAITING_JOB
    if waiting is not None and waiting.due is not None:
        task.due = cluster.timetable.plan(waiting.due.at, _assign, datafeed, task, extractor, failed=_not_started)
        return
    delay = cluster.delays.duration("start_datafeed", datafeed.job_id, JobSize())
    task.due = cluster.timetable.plan(at + delay, _started, datafeed, task, extractor, failed=_not_started)


def _started(cluster: Cluster, at: int, datafeed: Datafeed, task: Task, extractor: Extractor) -> Steps:
    task.state = STARTED
    audit(cluster, datafeed.job_id, f"Starting datafeed [{datafeed.id}] on node [{cluster.part(Node).name}]", at)
    task.run = Run(cluster, datafeed, task, extractor)
    return task.run.until_over(task.run.begin(at))


def _not_started(cluster: Cluster, at: int, error: Exception, datafeed: Datafeed, task: Task, extractor: Extractor) -> None:
    broke_down(cluster, at, error, datafeed, task)


def stop(cluster: Cluster, datafeed: Datafeed, now: int) -> None:
    """Stop a datafeed after its current step. Do nothing if it is stopping already."""
    task = datafeed.task
    if task is None or task.state == STOPPING:
        return
    if task.due is not None and not task.due.has_begun:
        task.due.cancel()
    task.state = STOPPING
    delay = cluster.delays.duration("stop_datafeed", datafeed.job_id, JobSize())
    task.due = cluster.timetable.plan(now + delay, _stopped, datafeed, task, failed=broke_down)


def _stopped(cluster: Cluster, at: int, datafeed: Datafeed, task: Task) -> None:
    # The step that it finished may have ended it.
    if datafeed.task is task:
        # Up to 9.3 the job of a datafeed with an end time is closed too (pull request 145283).
        ended(cluster, datafeed, task, at, close_job=False if cluster.version >= (9, 4) else None)


def force_stop(cluster: Cluster, datafeed: Datafeed, now: int) -> None:
    """Remove the task of a datafeed in any state."""
    if datafeed.task is not None:
        ended(cluster, datafeed, datafeed.task, now)


def remove_isolated(cluster: Cluster, datafeed: Datafeed, now: int) -> None:
    """Remove the task of a datafeed in any state, and leave its job open."""
    if datafeed.task is not None:
        datafeed.task.isolated = True
        ended(cluster, datafeed, datafeed.task, now)
