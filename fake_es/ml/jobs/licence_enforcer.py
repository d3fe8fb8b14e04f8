"""The end of running jobs when the licence no longer allows machine learning (``InvalidLicenseEnforcer``)."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.licence.licence import Licence
from fake_es.ml.job_store.jobs import OPENED, OPENING, Job, Jobs, Task
from fake_es.ml.job_store.listeners import JobListeners
from fake_es.ml.jobs import lifecycle

_REASON = "invalid license"


def watch(cluster: Cluster) -> None:
    """Stop datafeeds and close jobs when the licence expires or a licence without ML replaces it."""
    cluster.part(Licence).listen(_enforce)


def _enforce(cluster: Cluster, at: int) -> None:
    if cluster.part(Licence).allows("ml"):
        return
    cluster.part(JobListeners).licence_ended(at)
    for job in cluster.part(Jobs).expand("_all", cluster.version):
        if job.task is not None and job.state in (OPENED, OPENING):
            cluster.timetable.carry_out(cluster, at, _close, job, job.task, failed=lifecycle.broke_down)


def _close(cluster: Cluster, at: int, job: Job, task: Task) -> None:
    lifecycle.start_closing(cluster, job, task, at, reason=_REASON)
