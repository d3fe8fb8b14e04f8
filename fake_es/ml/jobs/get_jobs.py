"""``GET _ml/anomaly_detectors[/{job_id}]`` (``TransportGetJobsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.config.job.job import ordered
from fake_es.ml.datafeeds.store import Datafeeds
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.jobs import messages
from fake_es.wire import parameters
from fake_es.wire.call import Call, Encoded
from fake_es.wire.human import with_time_twins
from fake_es.wire.operation import ml, operation
from fake_es.wire.parameters import Parameter
from fake_es.wire.render import dumps, encoded_list

ALLOW_NO_MATCH = (
    Parameter("allow_no_match", parameters.BOOLEAN, since=(7, 10)),
    Parameter("allow_no_jobs", parameters.BOOLEAN, since=(6, 1), until=(9, 0)),
)
_TIMES = ("create_time", "finished_time")
_GENERATED = frozenset({
    "job_type", "job_version", "create_time", "finished_time", "model_snapshot_id", "model_snapshot_min_version",
    "deleting", "blocked", "datafeed_config",
})  # fmt: skip


def allow_no_match(call: Call) -> bool:
    """Whether an expression may match nothing (default true); the name of the parameter before 7.10 earns a warning."""
    old = call.params["allow_no_jobs"]
    if old is not None and call.version >= (7, 10):
        call.warn(messages.ALLOW_NO_JOBS_DEPRECATED)
    new = call.params["allow_no_match"]
    return next((value for value in (new, old) if value is not None), True)


def shown(call: Call, cluster: Cluster, job: Job) -> Encoded:
    """A job's configuration, as the answer to ``call`` shows it."""
    return Encoded(_source(call, cluster, job))


def _source(call: Call, cluster: Cluster, job: Job) -> bytes:
    """A job's configuration, from 7.15 with that of its datafeed in it."""
    datafeed = cluster.part(Datafeeds).of_job(job.id) if call.version >= (7, 15) else None
    human = call.flag("human")
    if datafeed is None and not human:
        return job.source
    tree = job.config_tree()
    if datafeed is not None:
        tree = ordered(tree | {"datafeed_config": datafeed.tree()}, call.version)
    return dumps(with_time_twins(tree, _TIMES) if human else tree)


@operation(
    "ml.get_jobs",
    routes=[*ml("GET", "/anomaly_detectors"), *ml("GET", "/anomaly_detectors/{job_id}")],
    action="cluster:monitor/xpack/ml/job/get",
    query=[*ALLOW_NO_MATCH, Parameter("exclude_generated", parameters.BOOLEAN, False, since=(7, 11))],
)
def get_jobs(call: Call, cluster: Cluster) -> Any:
    """Configurations of the jobs an expression means, those being deleted included."""
    expression = call.path_parameters.get("job_id")
    jobs = cluster.part(Jobs).expand(expression, call.version, allow_no_match=allow_no_match(call))
    if call.params["exclude_generated"]:
        sources = [dumps(_exported(job)) for job in jobs]
    else:
        sources = [_source(call, cluster, job) for job in jobs]
    return encoded_list(len(jobs), "jobs", sources)


def _exported(job: Job) -> dict[str, Any]:
    tree = {name: value for name, value in job.config_tree().items() if name not in _GENERATED}
    if "custom_settings" in tree:
        tree["custom_settings"] = {key: value for key, value in tree["custom_settings"].items() if key != "created_by"}
    return tree
