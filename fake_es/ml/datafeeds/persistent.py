"""The tasks of datafeeds as the cluster shows them: in its state, and among the tasks of its node."""

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
    """Gives datafeeds their tasks and shows them; ``StartDatafeedAction.TASK_NAME`` is the kind of all of them."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._cancel: Cancel | None = None
        cluster.part(PersistentTasks).provide(self._persistent)

    def begin(self, datafeed: Datafeed, now: int, start: int, end: int | None, cancel: Cancel) -> Task:
        """Give a datafeed its task; ``cancel(cluster, datafeed, now)`` is what happens when a client cancels it."""
        self._cancel = cancel
        allocation = self._cluster.part(PersistentTasks).next_allocation_id()
        datafeed.task = Task(allocation, self._cluster.ids.number(), now, start, end)
        return datafeed.task

    def _all(self) -> Iterator[tuple[Datafeed, Task]]:
        for datafeed in self._cluster.part(Datafeeds).running():
            if datafeed.task is not None:
                yield datafeed, datafeed.task

    def _persistent(self) -> Iterator[PersistentTask]:
        node, explanation = self._cluster.part(MlMetadata).assignment()
        for datafeed, task in self._all():
            params = self._params(datafeed, task)
            # There is no state until a node has taken the task up.
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
