"""``POST _ml/anomaly_detectors/{job_id}/_update`` (``TransportUpdateJobAction``, ``JobManager``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.config.job.analysis_limits import check_allowed
from fake_es.ml.config.job.update import apply_update, read_update, update_fields
from fake_es.ml.job_store.jobs import OPENED, Jobs
from fake_es.ml.job_store.statistics import stored_model_bytes
from fake_es.ml.jobs import messages
from fake_es.ml.jobs.capacity import max_model_memory
from fake_es.ml.jobs.rendering import rendered
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire.call import Call
from fake_es.wire.errors import bad_request
from fake_es.wire.operation import BodyUse, operation


@operation(
    "ml.update_job",
    routes=ml("POST", "/anomaly_detectors/{job_id}/_update"),
    action="cluster:admin/xpack/ml/job/update",
    guard=not_while_upgrading,
    body=BodyUse.REQUIRED,
    parse=read_update,
)
def update_job(call: Call, cluster: Cluster) -> Any:
    """Change fields of a job's configuration. Return the whole configuration."""
    job_id, jobs = call.path_parameters["job_id"], cluster.part(Jobs)
    if job_id == "_all":
        raise bad_request(messages.ONE_UPDATE_AT_A_TIME)
    job = jobs.get(job_id)
    jobs.check_groups_are_free(call.request.get("groups") or ())
    most = max_model_memory(cluster)
    check_allowed(call.request.get("analysis_limits"), most)
    tree = apply_update(
        job.config_tree(),
        call.request,
        call.version,
        opened=job.state == OPENED,
        used_memory_bytes=stored_model_bytes(cluster, job),
        most_memory_bytes=most,
    )
    jobs.save(job, tree)
    if job.task is not None and job.task.process is not None:
        job.task.process.configuration_changed()
    audit(cluster, job.id, f"Job updated: [{', '.join(update_fields(call.request))}]", call.now)
    return rendered(call, cluster, job)
