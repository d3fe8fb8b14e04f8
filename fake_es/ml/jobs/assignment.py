"""Whether the node can run another job (``JobNodeSelector``, ``EnableAssignmentDecider``).

Only the number of jobs counts, not their memory.
"""

from __future__ import annotations

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import ml_attributes
from fake_es.cluster_settings import ClusterSettings
from fake_es.ml.jobs import messages
from fake_es.ml.jobs.persistent import JobTasks
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import IllegalState, StatusException

_ENABLED = "cluster.persistent_tasks.allocation.enable"
_RECHECK = "cluster.persistent_tasks.allocation.recheck_interval"
_MAX_OPEN = "xpack.ml.max_open_jobs"


def obstacle(cluster: Cluster, job_id: str) -> str:
    """Why the node cannot run this job; empty if it can.

    A real node runs 10 jobs in 5.x, 20 up to 7.12 and then 512. fake_es runs any number unless ``xpack.ml.max_open_jobs``
    is set.
    """
    settings = cluster.part(ClusterSettings)
    if not settings.is_set(_MAX_OPEN):
        return ""
    running, most = cluster.part(JobTasks).running, settings.get(_MAX_OPEN)
    if running < most:
        return ""
    attributes = "".join(f"{{{name}={value}}}" for name, value in ml_attributes(cluster.version).items())
    node = f"{{{cluster.part(Node).name}}}{attributes}"
    return messages.NODE_FULL.at(cluster.version, id=job_id, node=node, running=running, setting=_MAX_OPEN, most=most)


def check_enabled(cluster: Cluster) -> None:
    """Refuse to open a job while ``cluster.persistent_tasks.allocation.enable`` forbids it.

    :raises StatusException: 429.
    """
    if cluster.version >= (6, 0) and cluster.part(ClusterSettings).get(_ENABLED) == "none":
        raise StatusException(messages.OPEN_DISABLED.format(setting=_ENABLED), status=429)


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
