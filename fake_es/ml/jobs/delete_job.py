"""``DELETE _ml/anomaly_detectors/{job_id}`` (``TransportDeleteJobAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_api.background import own_task
from fake_es.ml.common.routes import ml
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.job_store.listeners import JobListeners
from fake_es.ml.jobs import lifecycle, messages
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import conflict
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter


@operation(
    "ml.delete_job",
    routes=ml("DELETE", "/anomaly_detectors/{job_id}"),
    action="cluster:admin/xpack/ml/job/delete",
    guard=not_while_upgrading,
    query=[
        Parameter("force", parameters.BOOLEAN, False, since=(5, 5)),
        Parameter("wait_for_completion", parameters.BOOLEAN, True, since=(6, 5)),
        Parameter("delete_user_annotations", parameters.BOOLEAN, False, since=(8, 7)),
        Parameter("timeout", parameters.TIME),
        Parameter("master_timeout", parameters.TIME),
    ],
    task="delete-job-{job_id}",
)
def delete_job(call: Call, cluster: Cluster) -> Any:
    """Delete a closed job and its results; with ``force`` in any state. A second call waits for the same deletion."""
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    if job.deletion_tasks is None:
        force: bool = call.params["force"]
        if job.task is not None and not force:
            raise conflict(messages.DELETE_NOT_CLOSED.format(id=job.id, state=job.state))
        cluster.part(JobListeners).before_delete(job, call.now, force=force)
    users_too = bool(call.params["delete_user_annotations"])
    task = own_task(call, cluster)
    lifecycle.start_deleting(cluster, job, task, call.now, users_too=users_too)
    if not call.params["wait_for_completion"]:
        return None
    cluster.wait_until(lambda: cluster.part(Jobs).find(job.id) is not job or task.error is not None)
    if task.error is not None:
        raise task.error
    return {"acknowledged": True}
