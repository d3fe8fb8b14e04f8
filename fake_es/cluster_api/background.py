"""Calls that nobody waits for: each is a task, and what comes of it, a refusal as well, is asked of that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_api.tasks import Tasks
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, NotImplementedHere
from fake_es.wire.task import Task


def in_background(call: Call, cluster: Cluster, carry_out: Callable[[Call], Any]) -> dict[str, str]:
    """Begin what a call wants; answers the id of its task, which keeps the refusal of one that comes to nothing.

    The server makes the task before it looks at privileges or at what is asked for (``TaskManager.registerAndExecute``,
    ``TransportAction.TaskResultStoringActionListener``). Nothing is kept of how a call began: the handler's answer is
    dropped, and it ends the task in its time.

    :raises NotImplementedHere: what is not emulated is said at once.
    """
    tasks = cluster.part(Tasks)
    task = call.task = _start(call, cluster, stored=True)
    try:
        carry_out(call)
    except NotImplementedHere:
        tasks.forget(task)
        raise
    except ElasticsearchError as error:
        tasks.finish(task, failure(error))
    return {"task": tasks.id_of(task)}


def own_task(call: Call, cluster: Cluster) -> Task:
    """The task that a call is on the node; that of one that is waited for begins here, and its outcome is not stored."""
    return call.task or _start(call, cluster, stored=False)


def failure(error: ElasticsearchError) -> dict[str, Any]:
    """The outcome of a task that an error has ended (``TaskResult``): without the ``root_cause`` of an answer."""
    return {"error": error.entry(causes=True)}


def _start(call: Call, cluster: Cluster, *, stored: bool) -> Task:
    operation = call.endpoint.operation
    assert operation.action is not None, "what is a task has an action"
    assert operation.task is not None, "what is a task describes it"
    description = operation.task.format(**call.path_parameters)
    return cluster.part(Tasks).start(operation.action, description, call.now, stored=stored)
