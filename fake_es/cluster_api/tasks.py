"""The tasks of the node: those that run, and the stored outcomes of those that have ended (``TaskManager``).

An operation that takes time starts a task here and finishes it. A room can also register a provider, which is called whenever
tasks are listed; persistent tasks are registered like this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import matches_node
from fake_es.patterns.wildcards import simple_match
from fake_es.wire.errors import ElasticsearchError
from fake_es.wire.task import Task

Provider = Callable[[], Iterable[Task]]
# Number of stored outcomes; older ones are dropped. A real cluster stores all in the index ``.tasks``.
STORED = 1000


class Tasks:
    """The tasks of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._running: dict[int, Task] = {}
        self._ended: dict[int, Task] = {}
        self._providers: list[Provider] = []

    def provide(self, provider: Provider) -> None:
        """Add a provider: it is called for its tasks whenever tasks are listed."""
        self._providers.append(provider)

    def start(self, action: str, description: str, now: int, **details: Any) -> Task:
        """Start a task at ``now``; ``details`` are further fields of ``Task``."""
        task = Task(self._cluster.ids.number(), action, description, now, **details)
        self._running[task.number] = task
        return task

    def finish(self, task: Task, outcome: dict[str, Any]) -> None:
        """End a task. Its outcome, ``{"response": ...}`` or ``{"error": ...}``, is stored if the task is ``stored``."""
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
        """End tasks without storing an outcome."""
        for task in tasks:
            self._running.pop(task.number, None)

    def id_of(self, task: Task) -> str:
        """The id of a task in the API: ``<node>:<number>``."""
        return f"{self._cluster.part(Node).id}:{task.number}"

    def running(self) -> Iterator[Task]:
        """All running tasks; those of the providers last."""
        yield from list(self._running.values())
        for provider in self._providers:
            yield from provider()

    def find(self, number: int) -> Task | None:
        """The task with that number, if it runs or its outcome is stored."""
        ended = self._ended.get(number)
        return ended or next((task for task in self.running() if task.number == number), None)

    def matching(self, *, actions: str | None = None, nodes: str | None = None, parent: str | None = None) -> list[Task]:
        """Running tasks with an action that matches ``actions`` (patterns), on ``nodes``, with the parent ``parent``."""
        if not matches_node(self._cluster, nodes):
            return []
        patterns = actions.split(",") if actions else ["*"]
        return [
            task
            for task in self.running()
            if any(simple_match(task.action, pattern) for pattern in patterns) and parent in (None, task.parent)
        ]
