"""``GET _ml/datafeeds[/{datafeed_id}]/_stats`` (``TransportGetDatafeedsStatsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.datafeeds import timing
from fake_es.ml.datafeeds.persistent import DatafeedTasks
from fake_es.ml.datafeeds.selection import ALLOW_NO_MATCH, datafeeds_of
from fake_es.ml.datafeeds.store import Datafeed, Task
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.persistence.cluster_state import assigned_node
from fake_es.wire.call import Call
from fake_es.wire.human import iso_instant
from fake_es.wire.operation import operation


@operation(
    "ml.get_datafeed_stats",
    routes=[*ml("GET", "/datafeeds/_stats"), *ml("GET", "/datafeeds/{datafeed_id}/_stats")],
    action="cluster:monitor/xpack/ml/datafeeds/stats/get",
    query=ALLOW_NO_MATCH,
)
def get_datafeed_stats(call: Call, cluster: Cluster) -> Any:
    """State and search times of the datafeeds that an expression matches."""
    stats = [datafeed_stats(cluster, datafeed, human=call.flag("human")) for datafeed in datafeeds_of(call, cluster)]
    return {"count": len(stats), "datafeeds": stats}


def datafeed_stats(cluster: Cluster, datafeed: Datafeed, *, human: bool = False) -> dict[str, Any]:
    """Statistics of one datafeed, with the fields of the release."""
    version, task = cluster.version, datafeed.task
    stats: dict[str, Any] = {"datafeed_id": datafeed.id, "state": datafeed.state(version)}
    if task is not None:
        node, explanation = cluster.part(DatafeedTasks).assignment(task)
        stats |= {} if node is None else {"node": assigned_node(cluster)}
        stats["assignment_explanation"] = explanation
    job = cluster.part(Jobs).find(datafeed.job_id)
    if version >= (7, 4) and job is not None:
        feeding = task.run.feeding if task is not None and task.run is not None else None
        stats["timing_stats"] = (timing.read_timing(cluster, job) if feeding is None else feeding.timing).to_json()
    if version >= (7, 14) and task is not None:
        stats["running_state"] = _running_state(task, version, human)
    return stats


def _running_state(task: Task, version: tuple[int, ...], human: bool) -> dict[str, Any]:
    run = task.run
    state: dict[str, Any] = {
        "real_time_configured": task.end is None,
        "real_time_running": run is not None and run.in_real_time,
    }
    interval = run.feeding.interval if run is not None and run.feeding is not None else None
    if version >= (8, 1) and interval is not None:
        shown: dict[str, Any] = {}
        for name, instant in zip(("start", "end"), interval):
            shown |= ({name: iso_instant(instant)} if human else {}) | {f"{name}_ms": instant}
        state["search_interval"] = shown
    return state
