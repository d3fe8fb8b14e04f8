"""Persistent tasks: work that is in the cluster state, and so survives its node (``PersistentTasksCustomMetadata``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_api.tasks import Tasks
from fake_es.cluster_settings import ClusterSettings
from fake_es.wire.task import Task

_ENABLE = "cluster.persistent_tasks.allocation.enable"
_NOT_ALLOWED = (
    "persistent task [{name}] cannot be assigned [no persistent task assignments are allowed due to cluster settings]"
)

Provider = Callable[[], Iterable["PersistentTask"]]


def allocation_disabled(cluster: Cluster, name: str) -> str | None:
    """Why no node gets a new task of kind ``name``, such as ``xpack/ml/job``; None if one may.

    Source: ``EnableAssignmentDecider``, from 6.3 (PR 29137).
    """
    if cluster.version < (6, 3) or cluster.part(ClusterSettings).get(_ENABLE) != "none":
        return None
    return _NOT_ALLOWED.format(name=name)


@dataclass(frozen=True, slots=True)
class PersistentTask:
    """One persistent task; ``name`` is its kind (``xpack/ml/job``), ``executor_node`` the id of its node, None without one.

    With a ``number`` it is also a task of its node, since ``started`` (epoch milliseconds).
    """

    id: str
    name: str
    params: dict[str, Any] | None
    state: dict[str, Any] | None
    allocation_id: int
    executor_node: str | None
    explanation: str = ""
    number: int | None = None
    started: int = 0
    on_cancel: Callable[[], None] | None = None

    def shown(self, version: tuple[int, ...]) -> dict[str, Any]:
        """The task as the cluster state shows it."""
        work: dict[str, Any] = {} if self.params is None else {"params": self.params}
        if self.state is not None:
            work["state" if version >= (6, 3) else "status"] = self.state
        shown: dict[str, Any] = {
            "id": self.id,
            "task": {self.name: work},
            "allocation_id": self.allocation_id,
            "assignment": {"executor_node": self.executor_node, "explanation": self.explanation},
        }
        if self.state is not None:
            shown["allocation_id_on_last_status_update"] = self.allocation_id
        return shown


class PersistentTasks:
    """All persistent tasks of a cluster, collected from providers. Those with a node are also tasks of this node."""

    def __init__(self, cluster: Cluster) -> None:
        self._version = cluster.version
        self._providers: list[Provider] = []
        self._last_allocation_id = 0
        cluster.part(Tasks).provide(self._on_node)

    def provide(self, provider: Provider) -> None:
        """Add a provider: it is called for its tasks whenever tasks are listed."""
        self._providers.append(provider)

    def next_allocation_id(self) -> int:
        """A new allocation id; a task gets one each time it is assigned to a node."""
        self._last_allocation_id += 1
        return self._last_allocation_id

    def all(self) -> list[PersistentTask]:
        """All tasks, sorted by id."""
        return sorted((task for provider in self._providers for task in provider()), key=lambda task: task.id)

    def _on_node(self) -> Iterator[Task]:
        for task in self.all():
            if task.number is not None and task.executor_node is not None:
                yield Task(
                    task.number,
                    f"{task.name}[c]",
                    task.id,
                    task.started,
                    type="persistent",
                    parent=f"cluster:{task.allocation_id}",
                    on_cancel=task.on_cancel,
                )

    def shown(self) -> dict[str, Any]:
        """``metadata.persistent_tasks`` of the cluster state."""
        return {
            "last_allocation_id": self._last_allocation_id,
            "tasks": [task.shown(self._version) for task in self.all()],
        }
