"""Memory that ML may use here, and that its jobs use (``NativeMemoryCalculator``, ``MlMemoryTracker``). All in bytes."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.cluster_api.node import MACHINE_MEMORY
from fake_es.cluster_settings import ClusterSettings
from fake_es.ml.config.job.analysis_limits import memory_limit_mib
from fake_es.ml.job_store.jobs import Job, Jobs

MIB = 1024 * 1024
# What the code of the processes takes on a node that runs any, and what each takes beside its model.
NATIVE_CODE = 30 * MIB
PROCESS = 10 * MIB
# A job that was made without a limit counts as this large (the default before 6.1).
_UNLIMITED_MIB = 4096
_PERCENT = 30
_MAX_MODEL_MEMORY = "xpack.ml.max_model_memory_limit"


def max_model_memory(cluster: Cluster) -> int | None:
    """The setting that bounds the models of all jobs; None where it is not set."""
    return cluster.part(ClusterSettings).get(_MAX_MODEL_MEMORY) or None


def ml_memory(cluster: Cluster) -> int:
    """Memory of the node that ML may use."""
    percent = _PERCENT
    if cluster.version >= (6, 1):
        percent = cluster.part(ClusterSettings).get("xpack.ml.max_machine_memory_percent")
    return MACHINE_MEMORY * percent // 100


def largest_model(cluster: Cluster) -> int:
    """The largest model that would fit on the empty node and is allowed."""
    fits = max(0, ml_memory(cluster) - NATIVE_CODE - PROCESS)
    allowed = max_model_memory(cluster)
    return fits if allowed is None else min(fits, allowed)


def job_memory(job: Job) -> int:
    """Estimated memory of a job that has a task: its limit and its process."""
    limit = memory_limit_mib(job.config_tree().get("analysis_limits"))
    return (limit or _UNLIMITED_MIB) * MIB + PROCESS


def memory_of_jobs(cluster: Cluster) -> int:
    """Estimated memory of all jobs that have a task."""
    return sum(job_memory(job) for job in cluster.part(Jobs).expand("_all", cluster.version) if job.task is not None)
