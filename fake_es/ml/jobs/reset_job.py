"""``POST _ml/anomaly_detectors/{job_id}/_reset`` (``TransportResetJobAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_api.background import failure, own_task
from fake_es.cluster_api.tasks import Tasks
from fake_es.ml.common.routes import ml
from fake_es.ml.job_store import results_index
from fake_es.ml.job_store.jobs import CLOSED, Job, Jobs
from fake_es.ml.job_store.statistics import stored_size
from fake_es.ml.jobs import messages
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.cluster_state import MlMetadata
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, as_refusal, conflict
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter
from fake_es.wire.task import Task

# Fields of the configuration that the server sets when the job runs.
_CLEARED = ("model_snapshot_id", "model_snapshot_min_version", "finished_time", "blocked")


@operation(
    "ml.reset_job",
    routes=ml("POST", "/anomaly_detectors/{job_id}/_reset", since=(7, 14)),
    action="cluster:admin/xpack/ml/job/reset",
    query=[
        Parameter("wait_for_completion", parameters.BOOLEAN, True),
        Parameter("delete_user_annotations", parameters.BOOLEAN, False, since=(8, 7)),
    ],
    task="job-{job_id}",
)
def reset_job(call: Call, cluster: Cluster) -> Any:
    """Delete the model and the results of a closed job. A second call waits for the same reset."""
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    _check_may_reset(cluster, job)
    task = own_task(call, cluster)
    if job.reset_tasks is None:
        _start(call, cluster, job, task)
    else:
        job.reset_tasks.append(task)
    if not call.params["wait_for_completion"]:
        return None
    resetting = job.reset_tasks
    cluster.wait_until(lambda: job.reset_tasks is not resetting)
    if task.error is not None:
        raise task.error
    _check_not_overtaken(job)
    return {"acknowledged": True}


def _check_may_reset(cluster: Cluster, job: Job) -> None:
    if cluster.part(MlMetadata).upgrade_mode:
        raise conflict(messages.RESET_UPGRADING)
    if job.state != CLOSED:
        raise conflict(messages.RESET_NOT_CLOSED)
    _check_not_overtaken(job)


def _check_not_overtaken(job: Job) -> None:
    if job.blocked not in (None, "reset"):
        raise conflict(messages.RESET_BLOCKED.format(reason=job.blocked))


def _start(call: Call, cluster: Cluster, job: Job, task: Task) -> None:
    """Block the job and plan the deletion of its data."""
    job.reset_tasks = [task]
    job.change({"blocked": {"reason": "reset", "task_id": cluster.part(Tasks).id_of(task)}})
    delay = cluster.delays.duration("reset", job.id, stored_size(cluster, job))
    users_too = bool(call.params["delete_user_annotations"])
    cluster.timetable.plan(call.now + delay, _finished, job, job.reset_tasks, users_too, failed=_failed)


def _finished(cluster: Cluster, at: int, job: Job, resetting: list[Task], users_too: bool) -> None:
    """End the reset and the tasks that wait for it. Delete nothing if the job is being deleted."""
    is_current = job.reset_tasks is resetting
    if is_current:
        results_index.clear(cluster, job, users_too=users_too)
        job.reset_tasks = job.size_stats_id = None
        job.change(dict.fromkeys(_CLEARED))
        audit(cluster, job.id, messages.AUDIT_RESET, at)
    tasks, (first, *others) = cluster.part(Tasks), resetting
    tasks.finish(first, {"response": {"acknowledged": is_current}})
    for other in others:
        tasks.finish(other, _found_after(cluster, job.id))


def _failed(cluster: Cluster, at: int, error: Exception, job: Job, resetting: list[Task], users_too: bool) -> None:
    """End the tasks of a failed reset with the error. The job remains blocked and can be reset again."""
    if job.reset_tasks is resetting:
        job.reset_tasks = None
    for task in resetting:
        cluster.part(Tasks).fail(task, as_refusal(error))


def _found_after(cluster: Cluster, job_id: str) -> dict[str, Any]:
    """The result of a call that waited for another call's reset; it checks the job again.

    Source: ``TransportResetJobAction.resetIfJobIsStillBlockedOnReset``.
    """
    try:
        _check_not_overtaken(cluster.part(Jobs).get(job_id))
    except ElasticsearchError as error:
        return failure(error)
    return {"response": {"acknowledged": True}}
