"""Memory that ML may use, and that its jobs use, in bytes (``NativeMemoryCalculator``, ``MlMemoryTracker``)."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.cluster_api.node import MACHINE_MEMORY
from fake_es.cluster_settings import ClusterSettings
from fake_es.ml.job_store.jobs import Job, Jobs

MIB = 1024 * 1024
# Memory of the code of all processes on a node, and the additional memory of each process besides its model.
NATIVE_CODE = 30 * MIB
PROCESS = 10 * MIB
# Assumed limit of a job without ``model_memory_limit`` (the default before 6.1).
_UNLIMITED_MIB = 4096
_PERCENT = 30
_MAX_MODEL_MEMORY = "xpack.ml.max_model_memory_limit"


def max_model_memory(cluster: Cluster) -> int | None:
    """Upper limit for the model of any job (``xpack.ml.max_model_memory_limit``); None if it is not set, and before 6.0."""
    if cluster.version < (6, 0):
        return None
    return cluster.part(ClusterSettings).get(_MAX_MODEL_MEMORY) or None


def ml_memory(cluster: Cluster) -> int:
    """Memory of the node that ML may use."""
    percent = _PERCENT
    if cluster.version >= (6, 1):
        percent = cluster.part(ClusterSettings).get("xpack.ml.max_machine_memory_percent")
    return MACHINE_MEMORY * percent // 100


def largest_model(cluster: Cluster) -> int:
    """The largest model that is allowed and fits on a node without jobs."""
    fits = max(0, ml_memory(cluster) - NATIVE_CODE - PROCESS)
    allowed = max_model_memory(cluster)
    return fits if allowed is None else min(fits, allowed)


def job_memory(job: Job) -> int:
    """Estimated memory of a job that has a task: its model memory limit plus its process."""
    return (job.memory_limit or _UNLIMITED_MIB) * MIB + PROCESS


def needed_memory(cluster: Cluster, job: Job, *, first: bool) -> int:
    """Estimated memory that the node must have free for a job; ``first``: it is the only one on the node.

    Up to 7.4 a process counts as 100 MiB (PR 47516).
    """
    limit = job.memory_limit or _UNLIMITED_MIB
    if cluster.version < (7, 5):
        return (limit + 100) * MIB
    return limit * MIB + PROCESS + (NATIVE_CODE if first else 0)


def memory_of_jobs(cluster: Cluster) -> int:
    """Estimated memory of all jobs that have a task."""
    return sum(job_memory(job) for job in cluster.part(Jobs).expand("_all", cluster.version) if job.task is not None)
