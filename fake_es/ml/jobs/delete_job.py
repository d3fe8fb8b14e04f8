"""``DELETE _ml/anomaly_detectors/{job_id}`` (``TransportDeleteJobAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.jobs import lifecycle, messages
from fake_es.ml.jobs.store import Job, Jobs
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import conflict
from fake_es.wire.operation import ml, operation
from fake_es.wire.parameters import Parameter


@operation(
    "ml.delete_job",
    routes=ml("DELETE", "/anomaly_detectors/{job_id}"),
    action="cluster:admin/xpack/ml/job/delete",
    query=[
        Parameter("force", parameters.BOOLEAN, False, since=(5, 5)),
        Parameter("wait_for_completion", parameters.BOOLEAN, True, since=(6, 5)),
        Parameter("delete_user_annotations", parameters.BOOLEAN, False, since=(8, 7)),
        Parameter("timeout", parameters.TIME),
        Parameter("master_timeout", parameters.TIME),
    ],
)
def delete_job(call: Call, cluster: Cluster) -> Any:
    """Delete a closed job (any, with ``force``) and all its results; a call that finds it being deleted waits as well."""
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    if job.deletion is None:
        _check_may_delete(call, job)
        task_id = lifecycle.start_deleting(cluster, job, call.now)
        if not call.params["wait_for_completion"]:
            return {"task": task_id}
    cluster.wait_until(lambda: cluster.part(Jobs).find(job.id) is not job)
    return {"acknowledged": True}


def _check_may_delete(call: Call, job: Job) -> None:
    if job.task is not None and not call.params["force"]:
        raise conflict(messages.DELETE_NOT_CLOSED.format(id=job.id, state=job.state))
