"""Calls with ``wait_for_completion=false``: the answer is a task, which later has the result or the error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_api.tasks import Tasks
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, NotImplementedHere
from fake_es.wire.task import Task


def in_background(call: Call, cluster: Cluster, carry_out: Callable[[Call], Any]) -> dict[str, str]:
    """Start an operation as a task; returns the answer with the task's id. If the operation is refused, the task has the error.

    The server creates the task before it checks privileges and the request (``TaskManager.registerAndExecute``,
    ``TransportAction.TaskResultStoringActionListener``). The handler's answer is dropped; the handler ends the task later.

    :param carry_out: authorizes the call and runs its handler.
    :raises NotImplementedHere: the operation is not emulated.
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
    """The task of a call. If the caller waits for the call, the task starts here, and its outcome is not stored."""
    return call.task or _start(call, cluster, stored=False)


def failure(error: ElasticsearchError) -> dict[str, Any]:
    """The outcome of a failed task (``TaskResult``); unlike an answer, it has no ``root_cause``."""
    return {"error": error.entry(causes=True)}


def _start(call: Call, cluster: Cluster, *, stored: bool) -> Task:
    operation = call.endpoint.operation
    assert operation.action is not None, "an operation that is a task has an action"
    assert operation.task is not None, "an operation that is a task has a description"
    description = operation.task.format(**call.path_parameters)
    return cluster.part(Tasks).start(operation.action, description, call.now, stored=stored)
