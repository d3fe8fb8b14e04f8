"""Whether the node can run another job (``JobNodeSelector``, ``EnableAssignmentDecider``).

The number of jobs counts, and of their memory only that of the job itself.
"""

from __future__ import annotations

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import ml_attributes
from fake_es.cluster_api.persistent_tasks import allocation_disabled
from fake_es.cluster_settings import ClusterSettings
from fake_es.ml.job_store.jobs import OPENING, Job
from fake_es.ml.jobs import capacity, messages
from fake_es.ml.jobs.persistent import NAME, JobTasks
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import IllegalState, StatusException
from fake_es.wire.sizes import size_text

_RECHECK = "cluster.persistent_tasks.allocation.recheck_interval"
_MAX_OPEN = "xpack.ml.max_open_jobs"
# Its name in 5.x, which 6.x still reads.
_MAX_RUNNING = "max_running_jobs"
_MAX_LAZY_NODES = "xpack.ml.max_lazy_ml_nodes"


def obstacle(cluster: Cluster, job: Job) -> str:
    """Why the node cannot run this job; empty if it can."""
    return _full(cluster, job) or _too_large(cluster, job)


def _full(cluster: Cluster, job: Job) -> str:
    """Why the node cannot run one more job; empty if it can.

    A real node runs 10 jobs in 5.x, 20 up to 7.12 and then 512. fake_es runs any number unless the setting is there.
    """
    settings = cluster.part(ClusterSettings)
    names = [_MAX_OPEN] if cluster.version >= (6, 0) else []
    names += [_MAX_RUNNING] if cluster.version < (7, 0) else []
    given = next((name for name in names if settings.is_set(name)), None)
    if given is None:
        return ""
    running, most = cluster.part(JobTasks).running, settings.get(given)
    if running < most:
        return ""
    said = {"running": running, "setting": names[0], "most": most}
    return messages.NODE_FULL.at(cluster.version, id=job.id, node=_node(cluster), **said)


def _too_large(cluster: Cluster, job: Job) -> str:
    """Why the job would not fit on the node even without other jobs. Up to 6.0 a node counts jobs, not their memory."""
    if cluster.version < (6, 1):
        return ""
    needed = capacity.needed_memory(cluster, job, first=cluster.part(JobTasks).running == 0)
    most = capacity.ml_memory(cluster)
    if needed <= most:
        return ""
    sizes = {"most": most, "existing": capacity.memory_of_jobs(cluster), "needed": needed}
    shown = {f"{name}_text": size_text(size) for name, size in sizes.items()}
    return messages.NODE_TOO_SMALL.at(cluster.version, id=job.id, node=_node(cluster), **sizes, **shown)


def _node(cluster: Cluster) -> str:
    attributes = "".join(f"{{{name}={value}}}" for name, value in ml_attributes(cluster.version).items())
    return f"{{{cluster.part(Node).name}}}{attributes}"


def check_enabled(cluster: Cluster) -> None:
    """Refuse to open a job while ``cluster.persistent_tasks.allocation.enable`` forbids it.

    :raises StatusException: 429; from 7.7 it names the setting (PR 52014).
    """
    explanation = allocation_disabled(cluster, NAME)
    if explanation is None:
        return
    if cluster.version < (7, 7):
        raise no_node(cluster.version, explanation)
    raise StatusException(messages.OPEN_DISABLED, status=429)


def opens_lazily(cluster: Cluster, job: Job) -> bool:
    """Whether the job may wait for a node: by its configuration, or because more nodes for ML are to be expected."""
    if job.config_tree().get("allow_lazy_open"):
        return True
    # There is one node for ML.
    return cluster.version >= (6, 5) and cluster.part(ClusterSettings).get(_MAX_LAZY_NODES) > 1


def has_no_node(job: Job) -> bool:
    """Whether a job is opening and waits for a node."""
    return job.task is not None and job.task.state == OPENING and bool(job.task.explanation)


def no_node(version: tuple[int, ...], explanation: str) -> StatusException:
    """The error for a job that no node can run: 429."""
    found_none = messages.NO_SUITABLE_NODES.format(explanation=explanation)
    if version < (7, 0):
        return StatusException(found_none, status=429)
    return StatusException(messages.NO_CAPACITY, status=429, cause=IllegalState(found_none))


def recheck_interval(cluster: Cluster) -> int:
    """Milliseconds between two attempts to assign a waiting job (a setting from 6.7)."""
    interval: TimeValue = cluster.part(ClusterSettings).get(_RECHECK)
    return interval.ms
