"""``GET /_xpack/usage`` (``MachineLearningUsageTransportAction``). Of all X-Pack features only ML has usage here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.licence.licence import Licence
from fake_es.ml.datafeeds.store import Datafeeds
from fake_es.ml.forecasts.store import stats_of, summed_up
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.job_store.statistics import stored_size_stats
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import Route, operation
from fake_es.wire.parameters import Parameter

_NONE = {"max": 0, "sum": 0, "min": 0}
_NO_DOCUMENTS = {"num_docs_processed": _NONE, "pipelines": {"count": 0}, "num_failures": _NONE, "time_ms": _NONE}


@operation(
    "xpack.usage",
    routes=[Route("GET", "/_xpack/usage")],
    action="cluster:monitor/xpack/usage",
    query=[Parameter("master_timeout", parameters.TIME)],
)
def usage(call: Call, cluster: Cluster) -> Any:
    """Usage of the X-Pack features."""
    security = cluster.settings.security
    enabled = cluster.settings.ml
    ml: dict[str, Any] = {"available": cluster.part(Licence).allows("ml"), "enabled": enabled}
    if call.version >= (5, 5):
        ml |= (
            {"jobs": _jobs(call, cluster), "datafeeds": _datafeeds(call, cluster)} if enabled else {"jobs": {}, "datafeeds": {}}
        )
    if call.version >= (6, 5):
        ml["node_count"] = int(enabled)
    models = _of_models(call.version)
    ml |= models if enabled else {name: {} for name in models}
    return {"security": {"available": True, "enabled": security}, "ml": ml}


def _of_models(version: tuple[int, ...]) -> dict[str, Any]:
    """Usage of data frame analytics and trained models. fake_es has none, so all counts are 0."""
    shown: dict[str, Any] = {}
    if version >= (7, 3):
        shown["data_frame_analytics_jobs"] = {"_all": {"count": 0}}
    if version >= (7, 10):
        memory = {"peak_usage_bytes": _statistics([])}
        shown["data_frame_analytics_jobs"] |= {"analysis_counts": {}, "memory_usage": memory}
    if version >= (7, 6):
        shown["inference"] = {"ingest_processors": {"_all": _NO_DOCUMENTS}, "trained_models": {"_all": {"count": 0}}}
    if version >= (8, 0):
        none = _statistics([])
        shown["inference"]["deployments"] = {
            "count": 0, "inference_counts": none, "model_sizes_bytes": none, "time_ms": {"avg": 0.0},
        }  # fmt: skip
    return shown


def _jobs(call: Call, cluster: Cluster) -> dict[str, Any]:
    """Statistics of all jobs, then of the jobs in each state."""
    jobs = cluster.part(Jobs).expand("_all", call.version)
    by_state: dict[str, list[Job]] = {}
    for job in jobs:
        by_state.setdefault(job.state, []).append(job)
    return {name: _entry(call, cluster, group) for name, group in {"_all": jobs, **by_state}.items()}


def _datafeeds(call: Call, cluster: Cluster) -> dict[str, Any]:
    """The number of all datafeeds, then of the datafeeds in each state."""
    states = [datafeed.state(call.version) for datafeed in cluster.part(Datafeeds).expand("_all", call.version)]
    return {"_all": {"count": len(states)}} | {state: {"count": states.count(state)} for state in dict.fromkeys(states)}


def _entry(call: Call, cluster: Cluster, jobs: Sequence[Job]) -> dict[str, Any]:
    configs = [job.config_tree() for job in jobs]
    entry: dict[str, Any] = {
        "count": len(jobs),
        "detectors": _statistics([len(config["analysis_config"]["detectors"]) for config in configs]),
    }
    if call.version >= (7, 2):
        entry["created_by"] = _created_by(configs)
    entry["model_size"] = _statistics([_model_bytes(call, cluster, job) for job in jobs])
    if call.version >= (6, 4):
        forecasts = stats_of(cluster, jobs)
        mine = [forecasts[job.id] for job in jobs if job.id in forecasts]
        entry["forecasts"] = summed_up([forecast for each in mine for forecast in each], len(mine))
    return entry


def _model_bytes(call: Call, cluster: Cluster, job: Job) -> int:
    process = job.task.process if job.task is not None else None
    stats = process.size_stats(call.now) if process is not None else stored_size_stats(cluster, job)
    return int(stats["model_bytes"])


def _created_by(configs: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many jobs each tool created, according to ``created_by`` in the custom settings."""
    counts: dict[str, int] = {}
    for config in configs:
        creator = str((config.get("custom_settings") or {}).get("created_by", "unknown")).replace("-", "_")
        counts[creator] = counts.get(creator, 0) + 1
    return counts


def _statistics(values: Sequence[int]) -> dict[str, float]:
    """Minimum, maximum, average and total (``StatsAccumulator.asMap``)."""
    total = float(sum(values))
    least, most = (float(min(values)), float(max(values))) if values else (0.0, 0.0)
    return {"total": total, "min": least, "avg": total / len(values) if values else 0.0, "max": most}
