"""What the node is busy with: tasks that run, and the answers of those that have ended (``TaskManager``).

Whoever does something that takes time either starts a task here and finishes it, or provides tasks that it can show
whenever it is asked (persistent tasks are such).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import chosen
from fake_es.patterns.wildcards import simple_match
from fake_es.wire.errors import ElasticsearchError
from fake_es.wire.task import Task

Provider = Callable[[], Iterable[Task]]
# So many outcomes are kept, the latest; a cluster has an index for them, ``.tasks``, and nothing that clears it.
STORED = 1000


class Tasks:
    """The tasks of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._running: dict[int, Task] = {}
        self._ended: dict[int, Task] = {}
        self._providers: list[Provider] = []

    def provide(self, provider: Provider) -> None:
        """Ask ``provider`` too, whenever tasks are listed."""
        self._providers.append(provider)

    def start(self, action: str, description: str, now: int, **details: Any) -> Task:
        """Register a task that begins now; ``details`` are further fields of ``Task``."""
        task = Task(self._cluster.ids.number(), action, description, now, **details)
        self._running[task.number] = task
        return task

    def finish(self, task: Task, outcome: dict[str, Any]) -> None:
        """End a task; what came of it, ``{"response": ...}`` or ``{"error": ...}``, is kept if it is to be stored."""
        task.ended = self._cluster.clock.now()
        self._running.pop(task.number, None)
        if task.stored:
            task.outcome = outcome
            self._ended[task.number] = task
        if len(self._ended) > STORED:
            del self._ended[next(iter(self._ended))]

    def fail(self, task: Task, error: ElasticsearchError) -> None:
        """End a task with an error."""
        task.error = error
        self.finish(task, {"error": error.entry(causes=True)})

    def forget(self, *tasks: Task) -> None:
        """End tasks whose outcome nobody will ask for."""
        for task in tasks:
            self._running.pop(task.number, None)

    def id_of(self, task: Task) -> str:
        """The id that clients know a task by: ``<node>:<number>``."""
        return f"{self._cluster.part(Node).id}:{task.number}"

    def running(self) -> Iterator[Task]:
        """All tasks that run, those of the providers last."""
        yield from list(self._running.values())
        for provider in self._providers:
            yield from provider()

    def find(self, number: int) -> Task | None:
        """The task of that number, running or ended with its outcome stored."""
        ended = self._ended.get(number)
        return ended or next((task for task in self.running() if task.number == number), None)

    def matching(self, *, actions: str | None = None, nodes: str | None = None, parent: str | None = None) -> list[Task]:
        """Running tasks whose action fits one of the patterns ``actions``, on ``nodes``, started by ``parent``."""
        if not chosen(self._cluster, nodes):
            return []
        patterns = actions.split(",") if actions else ["*"]
        return [
            task
            for task in self.running()
            if any(simple_match(task.action, pattern) for pattern in patterns) and parent in (None, task.parent)
        ]
