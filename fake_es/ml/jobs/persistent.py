"""Persistent tasks of jobs, as the cluster state and the task APIs show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_api.persistent_tasks import PersistentTask, PersistentTasks
from fake_es.ml.job_store.jobs import OPENING, Job, Jobs, Task
from fake_es.ml.persistence.cluster_state import MlMetadata

NAME = "xpack/ml/job"

Cancel = Callable[[Cluster, Job, int], None]


def _cancelled(cluster: Cluster, job: Job, cancel: Cancel) -> None:
    cancel(cluster, job, cluster.clock.now())


class JobTasks:
    """Creates the tasks of jobs and lists them (``OpenJobAction.TASK_NAME``)."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._cancel: Cancel | None = None
        # Number of jobs that the node runs.
        self.running = 0
        cluster.part(PersistentTasks).provide(self._persistent)

    def begin(self, job: Job, now: int, cancel: Cancel) -> Task:
        """Create the task of a job. ``cancel(cluster, job, now)`` is called if a client cancels the task."""
        self._cancel = cancel
        allocation = self._cluster.part(PersistentTasks).next_allocation_id()
        job.task = Task(allocation, self._cluster.ids.number(), now)
        return job.task

    def take_room(self, task: Task) -> None:
        """Assign a task to the node."""
        task.explanation = ""
        task.takes_room = True
        self.running += 1

    def leave_room(self, task: Task) -> None:
        """Remove a task from the node."""
        self.running -= task.takes_room
        task.takes_room = False

    def assignment(self, task: Task) -> tuple[str | None, str]:
        """Id of the node that runs a task, or None and an explanation."""
        return (None, task.explanation) if task.explanation else self._cluster.part(MlMetadata).assignment()

    def _all(self) -> Iterator[tuple[Job, Task]]:
        for job in self._cluster.part(Jobs).expand("_all", self._cluster.version):
            if job.task is not None:
                yield job, job.task

    def _persistent(self) -> Iterator[PersistentTask]:
        for job, task in self._all():
            node, explanation = self.assignment(task)
            cancel = partial(_cancelled, self._cluster, job, self._cancel) if self._cancel is not None else None
            about = (f"job-{job.id}", NAME, self._params(job), _state(task), task.allocation_id)
            yield PersistentTask(*about, node, explanation, task.number, task.started, cancel)

    def _params(self, job: Job) -> dict[str, Any]:
        # From 6.6 the cluster state does not contain the job, so the task does.
        config = {"job": job.config_tree()} if self._cluster.version >= (6, 6) else {}
        return {"job_id": job.id, **config}


def _state(task: Task) -> dict[str, Any] | None:
    """``JobTaskState``; None until the node starts the task."""
    if task.state == OPENING:
        return None
    state: dict[str, Any] = {"state": task.state, "allocation_id": task.allocation_id}
    return state if task.reason is None else state | {"reason": task.reason}
