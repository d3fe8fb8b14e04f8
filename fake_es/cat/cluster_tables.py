"""``_cat/health``, ``nodes``, ``nodeattrs``, ``master``, ``plugins`` and ``tasks`` (``RestHealthAction`` and others)."""

from __future__ import annotations

from typing import Any

from fake_es.cat.cells import EPOCH, TIMESTAMP, clock_time, stamp
from fake_es.cat.operation import LOCAL, cat, cat_routes
from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import HOST, JVM_MEMORY, MACHINE_MEMORY, attributes, http_address, role_letters
from fake_es.cluster_api.node_info import plugins as plugins_of
from fake_es.cluster_api.tasks import Tasks
from fake_es.cluster_api.tasks_api import listed
from fake_es.indices import shard_health
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.parameters import Parameter
from fake_es.wire.tables import Column, Millis, Size
from fake_es.wire.task import Task

_HALF = 50
_PID = 1


def _port(node: Node) -> str:
    return node.transport_address.rpartition(":")[2]


def _hidden(name: str, *aliases: str, right: bool = False, description: str = "not available") -> Column:
    return Column(name, aliases, description, default=False, right=right)


def _number(name: str, *aliases: str, description: str = "not available", since: tuple[int, ...] = (0,)) -> Column:
    return Column(name, aliases, description, right=True, since=since)


@cat(
    "cat.health",
    routes=cat_routes("/health"),
    action="cluster:monitor/health",
    columns=(
        EPOCH,
        TIMESTAMP,
        Column("cluster", ("cl",), "cluster name"),
        Column("status", ("st",), "health status"),
        _number("node.total", "nt", "nodeTotal", description="total number of nodes"),
        _number("node.data", "nd", "nodeData", description="number of nodes that can store data"),
        _number("shards", "t", "sh", "shards.total", "shardsTotal", description="total number of shards"),
        _number("pri", "p", "shards.primary", "shardsPrimary", description="number of primary shards"),
        _number("relo", "r", "shards.relocating", "shardsRelocating", description="number of relocating nodes"),
        _number("init", "i", "shards.initializing", "shardsInitializing", description="number of initializing nodes"),
        _number("unassign", "u", "shards.unassigned", "shardsUnassigned", description="number of unassigned shards"),
        _number("unassign.pri", "up", "shards.unassigned.primary", "shardsUnassignedPrimary", since=(8, 16)),
        _number("pending_tasks", "pt", "pendingTasks", description="number of pending tasks"),
        _number("max_task_wait_time", "mtwt", "maxTaskWaitTime", description="wait time of longest task pending"),
        _number("active_shards_percent", "asp", "activeShardsPercent", description="active number of shards in percent"),
    ),
    query=LOCAL,
)
def health(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """The health of the cluster, in one row."""
    indices = shard_health.all_indices(cluster)
    counts = shard_health.counts(indices)
    row = {
        "cluster": cluster.settings.cluster_name,
        "status": shard_health.status_of(indices),
        "node.total": 1,
        "node.data": 1,
        "shards": counts["active_shards"],
        "pri": counts["active_primary_shards"],
        "relo": 0,
        "init": 0,
        "unassign": counts["unassigned_shards"],
        "unassign.pri": 0,
        "pending_tasks": 0,
        "max_task_wait_time": "-",
        "active_shards_percent": f"{shard_health.active_percent(indices):.1f}%",
    }
    return [stamp(call.now) | row]


@cat(
    "cat.nodes",
    routes=cat_routes("/nodes"),
    action="cluster:monitor/state",
    columns=(
        _hidden("id", "id", "nodeId", description="unique node id"),
        _hidden("pid", "p", description="process id"),
        Column("ip", ("i",), "ip address"),
        _hidden("port", "po", description="bound transport port"),
        _hidden("http_address", "http", description="bound http address"),
        _hidden("version", "v", description="es version"),
        _hidden("flavor", "f", description="es distribution flavor"),
        _hidden("type", "t", description="es distribution type"),
        _hidden("build", "b", description="es build hash"),
        _hidden("heap.current", "hc", "heapCurrent", right=True, description="used heap"),
        _number("heap.percent", "hp", "heapPercent", description="used heap ratio"),
        _hidden("heap.max", "hm", "heapMax", right=True, description="max configured heap"),
        _hidden("ram.current", "rc", "ramCurrent", right=True, description="used machine memory"),
        _number("ram.percent", "rp", "ramPercent", description="used machine memory ratio"),
        _hidden("ram.max", "rm", "ramMax", right=True, description="total machine memory"),
        _number("cpu", description="recent cpu usage"),
        _number("load_1m", "l", description="1m load avg"),
        _number("load_5m", "l", description="5m load avg"),
        _number("load_15m", "l", description="15m load avg"),
        Column("node.role", ("r", "role", "nodeRole"), "the letters of the node's roles"),
        Column("master", ("m",), "*:current master"),
        Column("name", ("n",), "node name"),
    ),
    query=[
        *LOCAL,
        Parameter("full_id", parameters.BOOLEAN, False),
        Parameter("include_unloaded_segments", parameters.BOOLEAN, False, since=(7, 2)),
    ],
)
def nodes(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """The node. The figures of its machine are made up."""
    node, build = cluster.part(Node), call.version.describe()
    row = {
        "id": node.id if call.params["full_id"] else node.id[:4],
        "pid": _PID,
        "ip": HOST,
        "port": _port(node),
        "http_address": http_address(call),
        "version": str(call.version),
        "flavor": build.get("build_flavor"),
        "type": build.get("build_type"),
        "build": build["build_hash"],
        "heap.current": Size(JVM_MEMORY * _HALF // 100),
        "heap.percent": _HALF,
        "heap.max": Size(JVM_MEMORY),
        "ram.current": Size(MACHINE_MEMORY * _HALF // 100),
        "ram.percent": _HALF,
        "ram.max": Size(MACHINE_MEMORY),
        "cpu": 5,
        **dict.fromkeys(("load_1m", "load_5m", "load_15m"), "0.50"),
        "node.role": role_letters(cluster),
        "master": "*",
        "name": node.name,
    }
    return [row]


@cat(
    "cat.nodeattrs",
    routes=cat_routes("/nodeattrs"),
    action="cluster:monitor/state",
    columns=(
        Column("node", ("name",), "node name"),
        _hidden("id", "id", "nodeId", description="unique node id"),
        _hidden("pid", "p", description="process id"),
        Column("host", ("h",), "host name"),
        Column("ip", ("i",), "ip address"),
        _hidden("port", "po", description="bound transport port"),
        Column("attr", ("attr.name",), "attribute description"),
        Column("value", ("attr.value",), "attribute value"),
    ),
    query=LOCAL,
)
def node_attributes(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """The attributes of the node, one in each row.

    ``full_id`` is refused: the server reads it only after it has checked for unknown parameters (``RestNodeAttrsAction``).
    """
    node = cluster.part(Node)
    row = {
        "node": node.name,
        "id": node.id[:4],
        "pid": _PID,
        "host": HOST,
        "ip": HOST,
        "port": _port(node),
    }
    return [row | {"attr": name, "value": value} for name, value in attributes(cluster).items()]


@cat(
    "cat.master",
    routes=cat_routes("/master"),
    action="cluster:monitor/state",
    columns=(
        Column("id", (), "node id"),
        Column("host", ("h",), "host name"),
        Column("ip", (), "ip address "),
        Column("node", ("n",), "node name"),
    ),
    query=LOCAL,
)
def master(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """The master node: the only node."""
    node = cluster.part(Node)
    return [{"id": node.id, "host": HOST, "ip": HOST, "node": node.name}]


@cat(
    "cat.plugins",
    routes=cat_routes("/plugins"),
    action="cluster:monitor/state",
    columns=(
        _hidden("id", description="unique node id"),
        Column("name", ("n",), "node name"),
        Column("component", ("c",), "component"),
        Column("version", ("v",), "component version"),
        _hidden("description", "d", description="plugin details"),
    ),
    query=[*LOCAL, Parameter("include_bootstrap", parameters.BOOLEAN, False, since=(7, 11))],
)
def plugins(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """Plugins of the node."""
    node = cluster.part(Node)
    return [
        {
            "id": node.id,
            "name": node.name,
            "component": plugin["name"],
            "version": plugin["version"],
            "description": plugin["description"],
        }
        for plugin in plugins_of(cluster)
    ]


_TASK_COLUMNS = (
    _hidden("id", description="id of the task with the node"),
    Column("action", ("ac",), "task action"),
    Column("task_id", ("ti",), "unique task id"),
    Column("parent_task_id", ("pti",), "parent task id"),
    Column("type", ("ty",), "task type"),
    Column("start_time", ("start",), "start time in ms"),
    TIMESTAMP,
    _hidden("running_time_ns", description="running time ns"),
    Column("running_time", ("time",), "running time"),
    _hidden("node_id", "ni", description="unique node id"),
    Column("ip", ("i",), "ip address"),
    _hidden("port", "po", description="bound transport port"),
    Column("node", ("n",), "node name"),
    _hidden("version", "v", description="es version"),
)
_DESCRIPTION = Column("description", ("desc",), "task action")


@cat(
    "cat.tasks",
    routes=cat_routes("/tasks"),
    action="cluster:monitor/tasks/lists",
    columns=lambda call: (*_TASK_COLUMNS, _DESCRIPTION) if call.params["detailed"] else _TASK_COLUMNS,
    query=[
        Parameter("actions", parameters.TEXT),
        Parameter("nodes", parameters.TEXT),
        Parameter("parent_task_id", parameters.TEXT),
        Parameter("detailed", parameters.BOOLEAN, False),
        Parameter("timeout", parameters.TIME),
        Parameter("wait_for_completion", parameters.BOOLEAN, False),
    ],
)
def tasks(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """Running tasks, with those of this request."""
    found = listed(call, cluster)
    return [_task(call, cluster, task) for task in found]


def _task(call: Call, cluster: Cluster, task: Task) -> dict[str, Any]:
    node = cluster.part(Node)
    running = task.running_ms(call.now)
    return {
        "id": task.number,
        "action": task.action,
        "task_id": cluster.part(Tasks).id_of(task),
        "parent_task_id": task.parent or "-",
        "type": task.type,
        "start_time": task.started,
        "timestamp": clock_time(task.started),
        "running_time_ns": running * 1_000_000,
        "running_time": Millis(running),
        "node_id": node.id[:4],
        "ip": HOST,
        "port": _port(node),
        "node": node.name,
        "version": str(call.version),
        "description": task.description,
    }
