"""``PUT _ml/anomaly_detectors/{job_id}`` (``TransportPutJobAction``, ``JobManager``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.parameters import IGNORE_THROTTLED
from fake_es.ml.common.routes import ml
from fake_es.ml.config.job.analysis_config import span_ms
from fake_es.ml.config.job.analysis_limits import limits_at_creation
from fake_es.ml.config.job.categorization import check_analyzer
from fake_es.ml.config.job.job import job_version, read_job
from fake_es.ml.job_store import results_index
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.job_store.listeners import JobListeners
from fake_es.ml.jobs import messages
from fake_es.ml.jobs.capacity import max_model_memory
from fake_es.ml.jobs.rendering import rendered
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_DAY = 86_400


@operation(
    "ml.put_job",
    routes=ml("PUT", "/anomaly_detectors/{job_id}"),
    action="cluster:admin/xpack/ml/job/put",
    guard=not_while_upgrading,
    feature="ml",
    query=[
        Parameter("allow_no_indices", parameters.BOOLEAN, since=(7, 15)),
        Parameter("expand_wildcards", parameters.TEXT, since=(7, 15)),
        IGNORE_THROTTLED._replace(since=(7, 15)),
        Parameter("ignore_unavailable", parameters.BOOLEAN, since=(7, 15)),
    ],
    body=BodyUse.REQUIRED,
    parse=read_job,
)
def put_job(call: Call, cluster: Cluster) -> Any:
    """Create a job. Return its configuration with all defaults."""
    tree: dict[str, Any] = call.request
    tree["analysis_limits"] = limits_at_creation(tree.get("analysis_limits"), call.version, max_model_memory(cluster))
    check_analyzer(tree["analysis_config"])
    _warn_of_span(call, tree["analysis_config"])
    jobs = cluster.part(Jobs)
    jobs.check_id_is_free(tree["job_id"])
    jobs.check_groups_are_free(tree.get("groups", ()))
    given = tree.pop("datafeed_config", None)
    creators = [] if given is None else cluster.part(JobListeners).prepare_datafeed(call, given, tree)
    job = Job(tree | _set_by_server(call), call.version)
    job.results_index = results_index.newest(cluster, job.results_index)
    results_index.check_left_overs(cluster, job.id, job.results_index)
    results_index.prepare(cluster, job, tree)
    jobs.add(job)
    audit(cluster, job.id, "Job created", call.now)
    for create in creators:
        create()
    return rendered(call, cluster, job)


def _warn_of_span(call: Call, config: dict[str, Any]) -> None:
    """From 8.1: warn if neither a day is a multiple of the bucket span nor the bucket span of a day (PR 82145)."""
    seconds = span_ms(config) // 1000
    if call.version >= (8, 1) and max(seconds, _DAY) % min(seconds, _DAY):
        kind = "multiple" if seconds > _DAY else "divisor"
        call.warn(messages.ODD_SPAN.format(span=config["bucket_span"], seconds=seconds, kind=kind, day=_DAY))


def _set_by_server(call: Call) -> dict[str, Any]:
    fields = {"job_type": "anomaly_detector", "create_time": call.now}
    version = job_version(call.version)
    return fields if version is None else fields | {"job_version": version}
