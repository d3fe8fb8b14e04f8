"""Jobs are told when a filter of theirs changes (``JobManager.notifyFilterChanged``)."""

from __future__ import annotations

from collections.abc import Iterable

from fake_es.cluster import Cluster
from fake_es.ml.filters import messages
from fake_es.ml.filters.store import referenced_by
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.persistence.audit import audit


def users_of(cluster: Cluster, filter_id: str) -> list[Job]:
    """Jobs whose rules name a filter, by id."""
    jobs = cluster.part(Jobs).expand("_all", cluster.version)
    return [
        job
        for job in jobs
        if filter_id.encode("utf-8", "surrogatepass") in job.source and filter_id in referenced_by(job.config_tree())
    ]


def tell_jobs(cluster: Cluster, filter_id: str, added: Iterable[str], removed: Iterable[str], now: int) -> None:
    """Hand a changed filter to the processes of its jobs; from 7.0 the audit says what has changed."""
    changes = ", ".join(
        f"{what} items: [{', '.join(repr(item) for item in sorted(items))}]"
        for what, items in (("added", set(added)), ("removed", set(removed)))
        if items
    )
    if not changes:
        return
    for job in users_of(cluster, filter_id):
        process = job.task.process if job.task is not None else None
        if process is not None:
            process.filters_changed()
        if cluster.version >= (7, 0):
            audit(cluster, job.id, messages.AUDIT_MODIFIED.format(id=filter_id, changes=changes), now)
        elif process is not None:
            audit(cluster, job.id, messages.AUDIT_UPDATED.format(id=filter_id), now)
