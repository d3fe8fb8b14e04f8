"""``/_tasks`` (``RestListTasksAction``, ``RestGetTaskAction``, ``RestCancelTasksAction``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import attributes, header, roles
from fake_es.cluster_api.tasks import Tasks
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ResourceNotFound, Timeout
from fake_es.wire.operation import Route, operation
from fake_es.wire.parameters import Parameter
from fake_es.wire.task import Task

LIST_ACTION = "cluster:monitor/tasks/lists"

MALFORMED_ID = "malformed task id {id}"
NOT_RUNNING = "task [{id}] isn't running and hasn't stored its results"
OTHER_NODE = "task [{id}] belongs to the node [{node}] which isn't part of the cluster and there is no record of the task"
NOT_FOUND = "task [{id}] is not found"
CANNOT_CANCEL = "task [{id}] doesn't support cancellation"
TIMED_OUT = "Timed out waiting for completion of [{task}]"
BAD_GROUPING = "[group_by] must be one of [nodes], [parents] or [none] but was [{value}]"
NODE_FAILED = "Failed node [{node}]"

_HALF_A_MINUTE = TimeValue(30, "s")
_CHOICE = (
    Parameter("actions", parameters.TEXT),
    Parameter("nodes", parameters.TEXT),
    Parameter("parent_task_id", parameters.TEXT),
    Parameter("group_by", parameters.TEXT, "nodes"),
)
_WAIT = (Parameter("wait_for_completion", parameters.BOOLEAN, False), Parameter("timeout", parameters.TIME, _HALF_A_MINUTE))


@operation(
    "tasks.list",
    routes=[Route("GET", "/_tasks")],
    action=LIST_ACTION,
    query=[*_CHOICE, *_WAIT, Parameter("detailed", parameters.BOOLEAN, False)],
)
def list_tasks(call: Call, cluster: Cluster) -> Any:
    """Running tasks, with those of this request. With ``wait_for_completion``, wait until the others end."""
    _check_grouping(call)
    found = listed(call, cluster)
    failure = _wait(call, cluster, found) if call.params["wait_for_completion"] else None
    return _grouped(call, cluster, found, detailed=call.params["detailed"], failure=failure)


def listed(call: Call, cluster: Cluster) -> list[Task]:
    """The tasks that a call selects, with the two tasks of the call itself."""
    tasks = cluster.part(Tasks)
    patterns, nodes, parent = call.params["actions"], call.params["nodes"], _parent(call)
    own = tasks.start(LIST_ACTION, "", call.now)
    child = tasks.start(LIST_ACTION + "[n]", "", call.now, type="direct", parent=tasks.id_of(own))
    found = tasks.matching(actions=patterns, nodes=nodes, parent=parent)
    tasks.forget(own, child)
    return found


def _parent(call: Call) -> str | None:
    parent: str | None = call.params["parent_task_id"]
    if parent:
        _parse_id(parent)
    return parent or None


@operation("tasks.get", routes=[Route("GET", "/_tasks/{task_id}")], action="cluster:monitor/task/get", query=_WAIT)
def get_task(call: Call, cluster: Cluster) -> Any:
    """One task, if it runs or its outcome is stored. With ``wait_for_completion``, wait until it ends."""
    task, waits = _known_task(call, cluster), call.params["wait_for_completion"]
    if waits and _wait(call, cluster, [task]):
        raise _timed_out(call, cluster, task)
    return {
        "completed": waits or task.outcome is not None,
        "task": describe(cluster, task, call.now, detailed=True),
        **(task.outcome or {}),
    }


def _known_task(call: Call, cluster: Cluster) -> Task:
    task_id = call.path_parameters["task_id"]
    node, number = _parse_id(task_id)
    if node != cluster.part(Node).id:
        raise ResourceNotFound(OTHER_NODE.format(id=task_id, node=node))
    task = cluster.part(Tasks).find(number)
    if task is None:
        raise ResourceNotFound(NOT_RUNNING.format(id=task_id))
    return task


def _parse_id(task_id: str) -> tuple[str, int]:
    node, colon, number = task_id.partition(":")
    if not colon or not re.fullmatch(r"\d{1,19}", number, re.ASCII):
        raise IllegalArgument(MALFORMED_ID.format(id=task_id))
    return node, int(number)


@operation(
    "tasks.cancel",
    routes=[Route("POST", "/_tasks/_cancel"), Route("POST", "/_tasks/{task_id}/_cancel")],
    action="cluster:admin/tasks/cancel",
    query=[*_CHOICE, Parameter("wait_for_completion", parameters.BOOLEAN, False, since=(7, 8))],
)
def cancel_tasks(call: Call, cluster: Cluster) -> Any:
    """Cancel tasks. If the task in the path cannot be cancelled, the answer has status 200 and a ``node_failures``."""
    _check_grouping(call)
    task_id = call.path_parameters.get("task_id")
    if task_id is None:
        found = cluster.part(Tasks).matching(actions=call.params["actions"], nodes=call.params["nodes"], parent=_parent(call))
        found = [task for task in found if task.on_cancel is not None]
        return _grouped(call, cluster, _cancel(found))
    try:
        return _grouped(call, cluster, _cancel([_cancellable(cluster, task_id)]))
    except ElasticsearchError as failure:
        return _grouped(call, cluster, [], failure=failure)


def _cancellable(cluster: Cluster, task_id: str) -> Task:
    node, number = _parse_id(task_id)
    task = cluster.part(Tasks).find(number) if node == cluster.part(Node).id else None
    if task is None or task.outcome is not None:
        raise ResourceNotFound(NOT_FOUND.format(id=task_id))
    if task.on_cancel is None:
        raise IllegalArgument(CANNOT_CANCEL.format(id=task_id))
    return task


def _cancel(tasks: list[Task]) -> list[Task]:
    for task in tasks:
        task.cancelled = True
        if task.on_cancel is not None:
            task.on_cancel()
    return tasks


def _wait(call: Call, cluster: Cluster, tasks: Sequence[Task]) -> ElasticsearchError | None:
    """Wait until the tasks have ended; returns the error of a timeout, else None."""
    part = cluster.part(Tasks)
    own = [task for task in tasks if task.action.startswith(LIST_ACTION)]

    def ended() -> bool:
        running = {task.number for task in part.running()}
        return not any(task.number in running for task in tasks if task not in own)

    timeout: TimeValue = call.params["timeout"]
    if cluster.wait_until(ended, timeout.ms if timeout.ms >= 0 else None):
        return None
    return _timed_out(call, cluster, tasks[0])


def _timed_out(call: Call, cluster: Cluster, task: Task) -> ElasticsearchError:
    described = f"Task{{id={task.number}, type='{task.type}', action='{task.action}', description='{task.description}'}}"
    return Timeout(TIMED_OUT.format(task=described), status=429 if call.version >= (8, 15) else 500)


def describe(cluster: Cluster, task: Task, now: int, *, detailed: bool = False) -> dict[str, Any]:
    """A task as ``TaskInfo`` shows it; description and status only if ``detailed``."""
    shown: dict[str, Any] = {
        "node": cluster.part(Node).id,
        "id": task.number,
        "type": task.type,
        "action": task.action,
    }
    if detailed and task.status is not None:
        shown["status"] = task.status
    if detailed:
        shown["description"] = task.description
    shown |= {
        "start_time_in_millis": task.started,
        "running_time_in_nanos": task.running_ms(now) * 1_000_000,
        "cancellable": task.on_cancel is not None,
    }
    if task.on_cancel is not None and cluster.version >= (7, 15):
        shown["cancelled"] = task.cancelled
    if task.parent is not None:
        shown["parent_task_id"] = task.parent
    if cluster.version >= (6, 2):
        shown["headers"] = {}
    return shown


def _check_grouping(call: Call) -> None:
    if call.params["group_by"] not in ("nodes", "parents", "none"):
        raise IllegalArgument(BAD_GROUPING.format(value=call.params["group_by"]))


def _grouped(
    call: Call, cluster: Cluster, tasks: list[Task], *, detailed: bool = False, failure: ElasticsearchError | None = None
) -> dict[str, Any]:
    failures = {"node_failures": [_node_failure(cluster, failure)]} if failure is not None else {}
    entries = {cluster.part(Tasks).id_of(task): describe(cluster, task, call.now, detailed=detailed) for task in tasks}
    grouping = call.params["group_by"]
    if grouping == "none":
        return {**failures, "tasks": list(entries.values())}
    if grouping == "parents":
        return {**failures, "tasks": _by_parent(entries)}
    return {**failures, "nodes": _by_node(cluster, entries)}


def _node_failure(cluster: Cluster, failure: ElasticsearchError) -> dict[str, Any]:
    node = cluster.part(Node).id
    reason = NODE_FAILED.format(node=node)
    return {"type": "failed_node_exception", "reason": reason, "node_id": node, "caused_by": failure.entry(causes=True)}


def _by_parent(entries: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Tasks as trees: a task is among the ``children`` of its parent, if the parent is listed."""
    roots = {}
    for task_id, entry in entries.items():
        parent = entries.get(entry.get("parent_task_id", ""))
        if parent is None:
            roots[task_id] = entry
        else:
            parent.setdefault("children", []).append(entry)
    return roots


def _by_node(cluster: Cluster, entries: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if not entries:
        return {}
    node = header(cluster) | {"ip": cluster.part(Node).transport_address, "roles": roles(cluster)}
    return {cluster.part(Node).id: {**node, "attributes": attributes(cluster), "tasks": entries}}
