"""``/_cluster/health`` (``TransportClusterHealthAction``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices import shard_health
from fake_es.indices.access import indices_of
from fake_es.indices.parameters import active_shard_count
from fake_es.indices.shard_health import IndexHealth
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import IllegalArgument, NumberFormat
from fake_es.wire.java import FOR_INPUT_STRING
from fake_es.wire.operation import Route, operation
from fake_es.wire.parameters import Parameter

UNKNOWN_STATUS = "unknown cluster health status [{value}]"
BAD_LEVEL = "level must be one of [cluster, indices, shards] but was [{value}]"
BAD_EVENTS = "No enum constant org.elasticsearch.common.Priority.{value}"

_WORST_LAST = ("green", "yellow", "red")
_EVENTS = ("IMMEDIATE", "URGENT", "HIGH", "NORMAL", "LOW", "LANGUID")
_NODES = re.compile(r"(>=|<=|>|<|ge\(|le\(|gt\(|lt\()?(\d{1,9})\)?", re.ASCII)
_COMPARE: dict[str, Callable[[int], bool]] = {
    "": lambda wanted: wanted == 1,
    ">=": lambda wanted: wanted <= 1,
    "<=": lambda wanted: wanted >= 1,
    ">": lambda wanted: wanted < 1,
    "<": lambda wanted: wanted > 1,
}
_SPELT = {"ge(": ">=", "le(": "<=", "gt(": ">", "lt(": "<"}

_QUERY = (
    Parameter("level", parameters.TEXT, "cluster"),
    Parameter("timeout", parameters.TIME, TimeValue(30, "s")),
    Parameter("master_timeout", parameters.TIME),
    Parameter("local", parameters.BOOLEAN, False),
    Parameter("wait_for_status", parameters.TEXT),
    Parameter("wait_for_nodes", parameters.TEXT, ""),
    Parameter("wait_for_events", parameters.TEXT),
    Parameter("wait_for_active_shards", parameters.TEXT, "0"),
    Parameter("wait_for_no_relocating_shards", parameters.BOOLEAN, False),
    Parameter("wait_for_no_initializing_shards", parameters.BOOLEAN, False, since=(6, 2)),
    Parameter("expand_wildcards", parameters.TEXT, since=(7, 0)),
    Parameter("return_200_for_cluster_health_timeout", parameters.BOOLEAN, False, since=(7, 16), until=(9, 0)),
)


@operation(
    "cluster.health",
    routes=[Route("GET", "/_cluster/health"), Route("GET", "/_cluster/health/{index}")],
    action="cluster:monitor/health",
    query=_QUERY,
)
def health(call: Call, cluster: Cluster) -> Any:
    """The health of the shards. Waits for the conditions in the request; answers 408 with the report after a timeout."""
    _check(call)
    expression = call.path_parameters.get("index")
    conditions = _conditions(call)

    def fulfilled() -> bool:
        indices = shard_health.chosen_indices(indices_of(call, cluster), expression)
        return indices is not None and all(condition(indices) for condition in conditions)

    timeout: TimeValue = call.params["timeout"]
    in_time = cluster.wait_until(fulfilled, timeout.ms)
    indices = shard_health.chosen_indices(indices_of(call, cluster), expression)
    report = summary(cluster, indices, timed_out=not in_time)
    if call.params["level"] != "cluster":
        report["indices"] = {index.name: _detailed(call, index) for index in indices or ()}
    late = not in_time and not call.params["return_200_for_cluster_health_timeout"]
    return Answer(408 if late else 200, report)


def _check(call: Call) -> None:
    params = call.params
    if params["level"] not in ("cluster", "indices", "shards"):
        raise IllegalArgument(BAD_LEVEL.format(value=params["level"]))
    status = params["wait_for_status"]
    if status is not None and status.lower() not in _WORST_LAST:
        raise IllegalArgument(UNKNOWN_STATUS.format(value=status.upper()))
    events = params["wait_for_events"]
    if events is not None and events.upper() not in _EVENTS:
        raise IllegalArgument(BAD_EVENTS.format(value=events.upper()))


def _conditions(call: Call) -> list[Callable[[list[IndexHealth]], bool]]:
    params = call.params
    conditions = []
    if params["wait_for_status"] is not None:
        allowed = _WORST_LAST[: _WORST_LAST.index(params["wait_for_status"].lower()) + 1]
        conditions.append(lambda indices: shard_health.status_of(indices) in allowed)
    if params["wait_for_nodes"]:
        enough = _enough_nodes(params["wait_for_nodes"])
        conditions.append(lambda indices: enough)
    conditions.append(_enough_shards(params["wait_for_active_shards"]))
    return conditions


def _enough_nodes(expression: str) -> bool:
    found = _NODES.fullmatch(expression)
    if found is None:
        raise NumberFormat(FOR_INPUT_STRING.format(text=expression))
    comparison = found[1] or ""
    return _COMPARE[_SPELT.get(comparison, comparison)](int(found[2]))


def _enough_shards(wanted: str) -> Callable[[list[IndexHealth]], bool]:
    least = active_shard_count(wanted)
    if least is None:
        return lambda indices: shard_health.status_of(indices) == "green"
    return lambda indices: shard_health.counts(indices)["active_shards"] >= least


def summary(cluster: Cluster, indices: list[IndexHealth] | None, *, timed_out: bool = False) -> dict[str, Any]:
    """The report of level ``cluster``; None for indices that do not exist: then the status is red."""
    found = indices or []
    return {
        "cluster_name": cluster.settings.cluster_name,
        "status": "red" if indices is None else shard_health.status_of(found),
        "timed_out": timed_out,
        "number_of_nodes": 1,
        "number_of_data_nodes": 1,
        **shard_health.reported_counts(found, cluster.version),
        "delayed_unassigned_shards": 0,
        "number_of_pending_tasks": 0,
        "number_of_in_flight_fetch": 0,
        "task_max_waiting_in_queue_millis": 0,
        "active_shards_percent_as_number": shard_health.active_percent(found),
    }


def _detailed(call: Call, index: IndexHealth) -> dict[str, Any]:
    shown = index.to_json(call.version)
    if call.params["level"] == "shards":
        one = IndexHealth(index.index, 1, index.replicas)
        state = {"status": one.status, "primary_active": True, **shard_health.reported_counts([one], call.version)}
        del state["active_primary_shards"]
        shown["shards"] = {str(number): state for number in range(index.primaries)}
    return shown
