"""``POST _ml/anomaly_detectors/{job_id}/_reset`` (``TransportResetJobAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents.cluster.tasks import Task, Tasks
from fake_es.ml.audit import audit
from fake_es.ml.jobs import messages, results_index
from fake_es.ml.jobs.store import CLOSED, Job, Jobs
from fake_es.ml.jobs.stored import stored_size
from fake_es.ml.metadata import MlMetadata
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import conflict
from fake_es.wire.operation import ml, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/ml/job/reset"
# What the server itself has set in a job's configuration by running it.
_CLEARED = ("model_snapshot_id", "model_snapshot_min_version", "finished_time", "blocked")


@operation(
    "ml.reset_job",
    routes=ml("POST", "/anomaly_detectors/{job_id}/_reset", since=(7, 14)),
    action=_ACTION,
    query=[
        Parameter("wait_for_completion", parameters.BOOLEAN, True),
        Parameter("delete_user_annotations", parameters.BOOLEAN, False, since=(8, 7)),
    ],
)
def reset_job(call: Call, cluster: Cluster) -> Any:
    """Delete all that a closed job has learnt and written; a call that finds it being reset waits as well."""
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    _check_may_reset(cluster, job)
    task = job.resetting or _start(call, cluster, job)
    if not call.params["wait_for_completion"]:
        task.stored = True
        return {"task": cluster.part(Tasks).id_of(task)}
    cluster.wait_until(lambda: job.resetting is not task)
    if job.blocked not in (None, "reset"):
        raise conflict(messages.RESET_BLOCKED.format(reason=job.blocked))
    return {"acknowledged": True}


def _check_may_reset(cluster: Cluster, job: Job) -> None:
    if cluster.part(MlMetadata).upgrade_mode:
        raise conflict(messages.RESET_UPGRADING)
    if job.state != CLOSED:
        raise conflict(messages.RESET_NOT_CLOSED)
    if job.blocked not in (None, "reset"):
        raise conflict(messages.RESET_BLOCKED.format(reason=job.blocked))


def _start(call: Call, cluster: Cluster, job: Job) -> Task:
    """Block the job; its data are gone when their time has come."""
    tasks = cluster.part(Tasks)
    task = job.resetting = tasks.start(_ACTION, f"reset-job-{job.id}", call.now)
    job.change({"blocked": {"reason": "reset", "task_id": tasks.id_of(task)}})
    delay = cluster.delays.duration("reset", job.id, stored_size(cluster, job))
    cluster.timetable.plan(call.now + delay, _finished, job, task, bool(call.params["delete_user_annotations"]))
    return task


def _finished(cluster: Cluster, at: int, job: Job, task: Task, users_too: bool) -> None:
    """End the reset; one that a deletion has overtaken does nothing."""
    is_current = job.resetting is task
    if is_current:
        results_index.clear(cluster, job, users_too=users_too)
        job.resetting = job.size_stats_id = None
        job.change(dict.fromkeys(_CLEARED))
        audit(cluster, job.id, messages.AUDIT_RESET, at)
    cluster.part(Tasks).finish(task, {"response": {"acknowledged": is_current}})
