"""``POST _ml/anomaly_detectors/{job_id}/_close`` (``TransportCloseJobAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.expression import tokens
from fake_es.ml.common.routes import ml
from fake_es.ml.common.waiting import HALF_AN_HOUR, TASKS_TIMED_OUT, wait_limit
from fake_es.ml.job_store.jobs import CLOSED, CLOSING, FAILED, OPENED, Job, Jobs, Task
from fake_es.ml.job_store.listeners import JobListeners
from fake_es.ml.job_store.selection import ALLOW_NO_MATCH, allow_no_match
from fake_es.ml.jobs import lifecycle, messages
from fake_es.ml.persistence.cluster_state import MlMetadata, not_while_upgrading
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue, time_text
from fake_es.wire.errors import ElasticsearchError, IllegalState, ResourceNotFound, conflict
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter


@operation(
    "ml.close_job",
    routes=ml("POST", "/anomaly_detectors/{job_id}/_close"),
    action="cluster:admin/xpack/ml/job/close",
    guard=not_while_upgrading,
    query=[
        Parameter("timeout", parameters.TIME),
        # Only the documentation of 5.4 has it; the server's source has no such parameter.
        Parameter("close_timeout", parameters.TIME, until=(6, 0)),
        Parameter("force", parameters.BOOLEAN, False),
        *ALLOW_NO_MATCH,
    ],
    body=BodyUse.PARAMETERS,
    body_since=(7, 0),
)
def close_job(call: Call, cluster: Cluster) -> Any:
    """Close the jobs that an expression matches. If one of them may not be closed, no job is closed.

    The call waits until the jobs are closed, at most for its timeout. In the server's source the timeout limits only a
    call for a job that is already closing. Here it also limits the first call, as the documentation says.
    """
    chosen = _choose_one(call, cluster) if call.version < (6, 1) else _choose(call, cluster)
    force: bool = call.params["force"]
    cluster.part(JobListeners).before_close(chosen, call.now, _timeout(call), force=force)
    if force:
        for job in chosen:
            lifecycle.force_closed(cluster, job, call.now)
    else:
        _close_in_order(call, cluster, chosen)
    return {"closed": True}


def _close_in_order(call: Call, cluster: Cluster, jobs: list[Job]) -> None:
    """Begin to close the jobs that are not closing yet, and wait for all.

    :raises ElasticsearchError: see ``_wait``; 409, a process was killed while this call closed its job. A call that only
        waited for another call's close gets no error.
    """
    if call.version < (7, 5) and jobs and cluster.part(MlMetadata).upgrade_mode:
        raise conflict(messages.CLOSE_UNASSIGNED.format(id=jobs[0].id))
    waiting = [(job, task) for job in jobs if (task := job.task) is not None]
    cluster.wait_for(lambda: not any(task.process is not None and task.process.is_busy for _, task in waiting))
    waiting = [(job, task) for job, task in waiting if job.task is task]
    begun = [(job, task) for job, task in waiting if task.state != CLOSING]
    for job, task in begun:
        lifecycle.start_closing(cluster, job, task, call.now)
    _wait(call, cluster, waiting)
    if any(task.killed for _, task in begun):
        raise conflict(messages.CLOSE_KILLED)


def _choose(call: Call, cluster: Cluster) -> list[Job]:
    """Jobs to close, from 6.1: all matching jobs that have a task.

    :raises StatusException: 409, one of them has failed and ``force`` is false.
    """
    jobs = cluster.part(Jobs).expand(call.path_parameters["job_id"], call.version, allow_no_match=allow_no_match(call))
    jobs = [job for job in jobs if job.deletion_tasks is None]
    cluster.part(JobListeners).check_may_close(jobs)
    failed = [job for job in jobs if job.state == FAILED]
    if failed and not call.params["force"]:
        reason = messages.CLOSE_FAILED.format(id=failed[0].id) if len(jobs) == 1 else messages.CLOSE_SOME_FAILED
        raise conflict(reason)
    return [job for job in jobs if job.state != CLOSED]


def _choose_one(call: Call, cluster: Cluster) -> list[Job]:
    """Jobs to close, up to 6.0: one job, or with ``_all`` all jobs that are opened or failed.

    :raises ElasticsearchError: 404, the job does not exist; 409, it is neither opened nor failed.
    """
    expression, jobs = call.path_parameters["job_id"], cluster.part(Jobs)
    if tokens(expression).everything:
        return [job for job in jobs.expand(expression, call.version) if _is_open(job)]
    job = jobs.find(expression)
    if job is None:
        raise ResourceNotFound(messages.CLOSE_UNKNOWN.at(call.version, id=expression))
    if not _is_open(job):
        raise conflict(messages.CLOSE_NOT_OPEN.format(id=job.id))
    cluster.part(JobListeners).check_may_close([job])
    return [job]


def _is_open(job: Job) -> bool:
    return job.deletion_tasks is None and job.state in (OPENED, FAILED)


def _wait(call: Call, cluster: Cluster, waiting: list[tuple[Job, Task]]) -> None:
    """Wait until the tasks have ended.

    :raises ElasticsearchError: 500, the timeout is over, although the jobs will still close; or a job failed while closing.
    """

    def closed() -> bool:
        return all(job.task is not task or task.state == FAILED for job, task in waiting)

    timeout = _timeout(call)
    if not cluster.wait_until(closed, wait_limit(timeout)):
        raise IllegalState(TASKS_TIMED_OUT.format(timeout=time_text(timeout.ms)))
    if any(job.task is task for job, task in waiting):
        raise ElasticsearchError(messages.CLOSE_PROCESS_ERROR.at(call.version))


def _timeout(call: Call) -> TimeValue:
    given = (call.params["timeout"], call.params["close_timeout"])
    return next((timeout for timeout in given if timeout is not None), HALF_AN_HOUR)
