"""Persistent tasks of datafeeds, as the cluster state and the task APIs show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_api.persistent_tasks import PersistentTask, PersistentTasks
from fake_es.ml.datafeeds.store import STARTING, Datafeed, Datafeeds, Task
from fake_es.ml.persistence.cluster_state import MlMetadata

NAME = "xpack/ml/datafeed"

Cancel = Callable[[Cluster, Datafeed, int], None]


def _cancelled(cluster: Cluster, datafeed: Datafeed, cancel: Cancel) -> None:
    cancel(cluster, datafeed, cluster.clock.now())


class DatafeedTasks:
    """Creates the tasks of datafeeds and lists them (``StartDatafeedAction.TASK_NAME``)."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._cancel: Cancel | None = None
        cluster.part(PersistentTasks).provide(self._persistent)

    def begin(self, datafeed: Datafeed, now: int, start: int, end: int | None, cancel: Cancel) -> Task:
        """Create the task of a datafeed. ``cancel(cluster, datafeed, now)`` is called if a client cancels the task."""
        self._cancel = cancel
        allocation = self._cluster.part(PersistentTasks).next_allocation_id()
        datafeed.task = Task(allocation, self._cluster.ids.number(), now, start, end)
        return datafeed.task

    def assignment(self, task: Task) -> tuple[str | None, str]:
        """Id of the node that has a task, and why none has it."""
        return (None, task.explanation) if task.explanation else self._cluster.part(MlMetadata).assignment()

    def _all(self) -> Iterator[tuple[Datafeed, Task]]:
        for datafeed in self._cluster.part(Datafeeds).running():
            if datafeed.task is not None:
                yield datafeed, datafeed.task

    def _persistent(self) -> Iterator[PersistentTask]:
        for datafeed, task in self._all():
            node, explanation = self.assignment(task)
            params = self._params(datafeed, task)
            # A task has no state before the node starts it.
            state = None if task.state == STARTING else {"state": task.state}
            cancel = partial(_cancelled, self._cluster, datafeed, self._cancel) if self._cancel is not None else None
            about = (f"datafeed-{datafeed.id}", NAME, params, state, task.allocation_id)
            yield PersistentTask(*about, node, explanation, task.number, task.began, cancel)

    def _params(self, datafeed: Datafeed, task: Task) -> dict[str, Any]:
        params: dict[str, Any] = {"datafeed_id": datafeed.id, "start": str(task.start)}
        if task.end is not None:
            params["end"] = str(task.end)
        if self._cluster.version >= (6, 6):
            params |= {"job_id": datafeed.job_id, "indices": datafeed.tree()["indices"]}
        return params
