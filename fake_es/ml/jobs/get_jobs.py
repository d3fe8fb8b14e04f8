"""``GET _ml/anomaly_detectors[/{job_id}]`` (``TransportGetJobsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.job_store.selection import ALLOW_NO_MATCH, allow_no_match
from fake_es.ml.jobs.rendering import rendered_source
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter
from fake_es.wire.render import dumps, encoded_list

_GENERATED = frozenset({
    "job_type", "job_version", "create_time", "finished_time", "model_snapshot_id", "model_snapshot_min_version",
    "deleting", "blocked", "datafeed_config",
})  # fmt: skip


@operation(
    "ml.get_jobs",
    routes=[*ml("GET", "/anomaly_detectors"), *ml("GET", "/anomaly_detectors/{job_id}")],
    action="cluster:monitor/xpack/ml/job/get",
    query=[*ALLOW_NO_MATCH, Parameter("exclude_generated", parameters.BOOLEAN, False, since=(7, 11))],
)
def get_jobs(call: Call, cluster: Cluster) -> Any:
    """Configurations of the jobs that an expression matches, including jobs that are being deleted."""
    expression = call.path_parameters.get("job_id")
    jobs = cluster.part(Jobs).expand(expression, call.version, allow_no_match=allow_no_match(call))
    if call.params["exclude_generated"]:
        sources = [dumps(_exported(job)) for job in jobs]
    else:
        sources = [rendered_source(call, cluster, job) for job in jobs]
    return encoded_list(len(jobs), "jobs", sources)


def _exported(job: Job) -> dict[str, Any]:
    tree = {name: value for name, value in job.config_tree().items() if name not in _GENERATED}
    if "custom_settings" in tree:
        tree["custom_settings"] = {key: value for key, value in tree["custom_settings"].items() if key != "created_by"}
    return tree
