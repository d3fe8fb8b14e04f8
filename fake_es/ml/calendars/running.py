"""Open jobs are told when their calendars change (``JobManager.updateProcessOnCalendarChanged``)."""

from __future__ import annotations

from collections.abc import Iterable

from fake_es.cluster import Cluster
from fake_es.ml.calendars import messages
from fake_es.ml.calendars.store import ALL_JOBS
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.persistence.audit import audit


def tell_jobs(cluster: Cluster, job_ids: Iterable[str], now: int) -> None:
    """Tell the open ones among these jobs, and members of these groups, that a calendar is another now."""
    named = set(job_ids)
    for job in cluster.part(Jobs).expand("_all", cluster.version):
        concerned = ALL_JOBS in named or not named.isdisjoint((job.id, *job.groups))
        if concerned and job.task is not None and job.task.process is not None:
            job.task.process.calendars_changed()
            audit(cluster, job.id, messages.AUDIT_UPDATED, now)
