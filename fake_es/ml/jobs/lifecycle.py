"""The states of a job and the transitions between them. No other module changes a job's task.

closed -> opening -> opened -> closing -> closed. Opening, opened and closing jobs may fail. A forced close leads from any
state to closed.
"""

from __future__ import annotations

from functools import partial

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.persistent_tasks import allocation_disabled
from fake_es.cluster_api.tasks import Tasks
from fake_es.ml.calendars.store import remove_job
from fake_es.ml.forecasts.store import Forecasts
from fake_es.ml.job_store import results_index
from fake_es.ml.job_store.jobs import CLOSING, FAILED, OPENED, OPENING, Job, Jobs, Task
from fake_es.ml.job_store.process import JobProcess
from fake_es.ml.job_store.statistics import stored_size
from fake_es.ml.jobs import assignment, messages
from fake_es.ml.jobs.persistent import NAME, JobTasks
from fake_es.ml.jobs.process import Autodetect
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.cluster_state import MlMetadata
from fake_es.timetable import next_turn
from fake_es.wire.errors import ElasticsearchError, as_refusal
from fake_es.wire.task import Task as NodeTask


def start_opening(cluster: Cluster, job: Job, now: int) -> Task:
    """Create the task of a closed job. The job is opened after the delay of opening."""
    task = _begin(cluster, job, now)
    _take_up(cluster, job, task, now)
    return task


def start_waiting(cluster: Cluster, job: Job, now: int) -> None:
    """Create the task of a closed job that the node cannot run now. The node is checked again at intervals."""
    task = _begin(cluster, job, now)
    _wait_for_room(cluster, job, task, now, messages.AWAITING_LAZY)


def _begin(cluster: Cluster, job: Job, now: int) -> Task:
    if cluster.version >= (6, 6):
        job.change({"finished_time": None})
    return cluster.part(JobTasks).begin(job, now, force_closed)


def _wait_for_room(cluster: Cluster, job: Job, task: Task, now: int, explanation: str) -> None:
    task.explanation = explanation
    at = next_turn(now, assignment.recheck_interval(cluster), cluster.clock.now())
    task.due = cluster.timetable.plan(at, _recheck, job, task, failed=broke_down)


def _recheck(cluster: Cluster, at: int, job: Job, task: Task) -> None:
    disabled = allocation_disabled(cluster, NAME)
    if disabled or assignment.obstacle(cluster, job):
        _wait_for_room(cluster, job, task, at, disabled or messages.AWAITING_LAZY)
    else:
        _take_up(cluster, job, task, at)


def _take_up(cluster: Cluster, job: Job, task: Task, now: int) -> None:
    """Assign the job to the node and begin to open it."""
    cluster.part(JobTasks).take_room(task)
    audit(cluster, job.id, f"Opening job on node [{cluster.part(Node).name}]", now)
    delay = cluster.delays.duration("open", job.id, stored_size(cluster, job))
    task.due = cluster.timetable.plan(now + delay, _opened, job, task, failed=broke_down)


def _opened(cluster: Cluster, at: int, job: Job, task: Task) -> None:
    """Finish opening a job. If its stored documents cannot be read, the job is closed again."""
    if _fails(cluster, job, OPENING, at):
        return
    cluster.part(Forecasts).fail_unfinished(job)
    try:
        task.process = Autodetect(cluster, job, at, partial(broke_down, job=job, task=task))
    except ElasticsearchError as error:
        task.refusal = error
        remove_task(cluster, job)
        return
    task.opened_at = at
    task.state = OPENED
    task.due = None


def start_closing(cluster: Cluster, job: Job, task: Task, now: int, *, reason: str = "close job (api)") -> None:
    """Begin to close an opening or opened job. A job without a process is closed at once.

    In upgrade mode a job is closed at once too: its process ended when upgrade mode began, and wrote its model.
    """
    audit(cluster, job.id, "Job is closing", now)
    if task.process is None or cluster.part(MlMetadata).upgrade_mode:
        if task.process is not None:
            job.change(task.process.end(now))
        remove_task(cluster, job)
        return
    task.state = CLOSING
    task.reason = reason
    delay = cluster.delays.duration("close", job.id, task.process.size())
    task.due = cluster.timetable.plan(now + delay, _closed, job, task, failed=broke_down)


def _closed(cluster: Cluster, at: int, job: Job, task: Task) -> None:
    if task.process is not None and task.process.is_busy:
        # The licence has expired during an upload.
        task.due = cluster.timetable.plan(cluster.clock.now() + 1, _closed, job, task, failed=broke_down)
    elif not _fails(cluster, job, CLOSING, at):
        assert task.process is not None, "what closes in its time has a process"
        finish(job, task.process, at)
        remove_task(cluster, job)


def finish(job: Job, process: JobProcess, at: int) -> None:
    """End a process in order: write the final results and the model, and finalize the job."""
    job.change({**process.end(at), "finished_time": at})


def force_closed(cluster: Cluster, job: Job, now: int) -> None:
    """Remove the task in any state and kill the process. Everything it learnt after its last snapshot is lost.

    Up to 6.0 the process ends in order, after the answer.
    """
    audit(cluster, job.id, "Job is closing (forced)", now)
    process = job.task.process if job.task is not None else None
    if process is not None and cluster.version < (6, 1):
        finish(job, process, now)
    _kill(cluster, job)


def _kill(cluster: Cluster, job: Job) -> None:
    """Remove the task in any state, marked as killed for a call that waits for the close."""
    if job.task is not None:
        job.task.killed = True
    remove_task(cluster, job)


def remove_task(cluster: Cluster, job: Job) -> None:
    """Remove the task, so that the job is closed."""
    task, job.task = job.task, None
    if task is not None:
        _stop(cluster, task)


def _stop(cluster: Cluster, task: Task) -> None:
    """Stop the process of a task and cancel its next step."""
    cluster.part(JobTasks).leave_room(task)
    if task.due is not None:
        task.due.cancel()
    if task.process is not None:
        task.process.stop()


def fail(cluster: Cluster, job: Job, reason: str, at: int) -> None:
    """Mark a job with a task as failed because its process died. The task remains."""
    task = job.task
    assert task is not None, "only a job with a task can fail"
    _stop(cluster, task)
    task.state, task.reason, task.process, task.due = FAILED, reason, None, None
    audit(cluster, job.id, reason, at, "error")


def broke_down(cluster: Cluster, at: int, error: Exception, job: Job, task: Task) -> None:
    """Mark a job as failed because a planned step raised ``error`` (``AutodetectProcessManager.closeJob``)."""
    if job.task is task:
        fail(cluster, job, as_refusal(error).reason or type(error).__name__, at)


def _fails(cluster: Cluster, job: Job, state: str, at: int) -> bool:
    """Carry out the failure that a test planned for this state. Return whether there was one."""
    if job.planned_failure is None or job.planned_failure[0] != state:
        return False
    reason, job.planned_failure = job.planned_failure[1], None
    fail(cluster, job, reason, at)
    return True


def start_deleting(cluster: Cluster, job: Job, task: NodeTask, now: int, *, users_too: bool = False) -> None:
    """Begin to delete a job. After the delay of deletion the job is removed and ``task`` ends.

    If the job is already being deleted, ``task`` ends with that deletion, and the parameters of the first call apply
    (``TransportDeleteJobAction.listenersByJobId``). A running reset is abandoned.

    :param users_too: whether to delete annotations of users as well.
    """
    if job.deletion_tasks is None:
        job.deletion_tasks = [task]
        _begin_deletion(cluster, job, now, cluster.part(Tasks).id_of(task), users_too)
    else:
        job.deletion_tasks.append(task)


def _begin_deletion(cluster: Cluster, job: Job, now: int, task_id: str, users_too: bool) -> None:
    audit(cluster, job.id, f"Deleting job by task with id '{task_id}'", now)
    size = stored_size(cluster, job)
    _kill(cluster, job)
    job.reset_tasks = None
    at = now + cluster.delays.duration("delete", job.id, size)
    cluster.timetable.plan(at, _deleted, job, users_too, failed=_not_deleted)
    if cluster.version >= (7, 14):
        job.change({"deleting": True, "blocked": {"reason": "delete", "task_id": task_id}})
    elif cluster.version >= (7, 0):
        job.change({"deleting": True})


def _deleted(cluster: Cluster, at: int, job: Job, users_too: bool) -> None:
    results_index.clear(cluster, job, users_too=users_too)
    results_index.release(cluster, job)
    remove_job(cluster, job.id)
    cluster.part(Jobs).remove(job)
    audit(cluster, job.id, "Job deleted", at)
    for task in job.deletion_tasks or ():
        cluster.part(Tasks).finish(task, {"response": {"acknowledged": True}})


def _not_deleted(cluster: Cluster, at: int, error: Exception, job: Job, users_too: bool) -> None:
    """End the tasks of a failed deletion with the error. The job can be deleted again."""
    tasks, job.deletion_tasks = job.deletion_tasks or (), None
    for task in tasks:
        cluster.part(Tasks).fail(task, as_refusal(error))
