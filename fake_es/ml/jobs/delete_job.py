"""``DELETE _ml/anomaly_detectors/{job_id}`` (``TransportDeleteJobAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_api.background import own_task
from fake_es.ml.datafeeds import messages as datafeed_messages
from fake_es.ml.datafeeds.store import Datafeeds
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.jobs import lifecycle, messages
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import StatusException, conflict
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
    task="delete-job-{job_id}",
)
def delete_job(call: Call, cluster: Cluster) -> Any:
    """Delete a closed job (any, with ``force``) and all its results; a call that finds it being deleted waits as well."""
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    if job.deletion is None:
        _check_may_delete(call, job)
        _delete_datafeed(call, cluster, job)
    users_too = bool(call.params["delete_user_annotations"])
    task = own_task(call, cluster)
    lifecycle.start_deleting(cluster, job, task, call.now, users_too=users_too)
    if not call.params["wait_for_completion"]:
        return None
    cluster.wait_until(lambda: cluster.part(Jobs).find(job.id) is not job or task.error is not None)
    if task.error is not None:
        raise task.error
    return {"acknowledged": True}


def _delete_datafeed(call: Call, cluster: Cluster, job: Job) -> None:
    """Delete the datafeed of a job first, from 7.15.

    :raises StatusException: 409, up to 7.14 there is one; later, it is started, and ``force`` is not given.
    """
    datafeed = cluster.part(Datafeeds).of_job(job.id)
    if datafeed is None:
        return
    if call.version < (7, 15):
        raise conflict(datafeed_messages.JOB_HAS_DATAFEED.format(job=job.id, id=datafeed.id))
    # Datafeeds load much; most jobs have none.
    from fake_es.ml.datafeeds.delete_datafeed import delete

    try:
        delete(cluster, datafeed, call.now, force=call.params["force"])
    except StatusException as error:
        raise conflict(datafeed_messages.NOT_DELETED_WITH_JOB.format(job=job.id, id=datafeed.id), error) from None


def _check_may_delete(call: Call, job: Job) -> None:
    if job.task is not None and not call.params["force"]:
        raise conflict(messages.DELETE_NOT_CLOSED.format(id=job.id, state=job.state))
