"""Calendars and events as documents: reading, changing, and passing them to jobs (``JobResultsProvider``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.calendars import messages
from fake_es.ml.engine.bucket_context import ScheduledEvent
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.persistence import meta_index
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.names import META_INDEX
from fake_es.search.system_search import SystemSearch
from fake_es.wire.errors import ResourceNotFound

Tree = dict[str, Any]
# An entry in a calendar's ``job_ids``: the calendar is for all jobs.
ALL_JOBS = "_all"


def document_id(calendar_id: str) -> str:
    """Id of a calendar's document (``Calendar.documentId``)."""
    return f"calendar_{calendar_id}"


def unknown(calendar_id: str) -> ResourceNotFound:
    """The error for an unknown calendar, or for an expression that matches no calendar."""
    return ResourceNotFound(messages.NO_CALENDAR.format(id=calendar_id))


def get(cluster: Cluster, calendar_id: str) -> Tree:
    """The calendar with this id.

    :raises ResourceNotFound: there is no such calendar.
    """
    found = meta_index.read(cluster, meta_index.CALENDAR, document_id(calendar_id))
    if found is None:
        raise unknown(calendar_id)
    return {**found, "job_ids": found.get("job_ids") or []}


def save(cluster: Cluster, calendar: Tree) -> None:
    """Store a calendar."""
    meta_index.write(cluster, document_id(calendar["calendar_id"]), meta_index.CALENDAR, calendar)


def delete(cluster: Cluster, calendar_id: str) -> None:
    """Delete a calendar and its events."""
    documents = cluster.part(SystemIndices)
    documents.delete(META_INDEX, document_id(calendar_id))
    wanted = [{"term": {"type": meta_index.EVENT}}, {"term": {"calendar_id": calendar_id}}]
    cluster.part(SystemSearch).delete_by_query(META_INDEX, {"bool": {"filter": wanted}})


def calendar_to_json(calendar: Tree) -> Tree:
    """A calendar in the form of the APIs."""
    description = {"description": calendar["description"]} if calendar.get("description") is not None else {}
    return {"calendar_id": calendar["calendar_id"], "job_ids": calendar.get("job_ids") or [], **description}


def calendars_of(cluster: Cluster, job_ids: Iterable[str]) -> list[Tree]:
    """Calendars that contain one of these jobs or groups, or are for all jobs."""
    return meta_index.search(
        cluster, meta_index.CALENDAR, [{"terms": {"job_ids": [*job_ids, ALL_JOBS]}}], ("calendar_id",)
    ).sources


def events_of(cluster: Cluster, job_id: str, groups: Iterable[str]) -> list[ScheduledEvent]:
    """The events of all calendars of a job, for its engine."""
    if not cluster.part(SystemIndices).exists(META_INDEX):
        return []
    calendars = [calendar["calendar_id"] for calendar in calendars_of(cluster, [job_id, *groups])]
    found = (
        meta_index.search(cluster, meta_index.EVENT, [{"terms": {"calendar_id": calendars}}], ("start_time",))
        if calendars
        else None
    )
    return [] if found is None else [_event(source) for source in found.sources]


def _event(source: Tree) -> ScheduledEvent:
    return ScheduledEvent(
        source["description"],
        source["start_time"],
        source["end_time"],
        source.get("skip_result", True),
        source.get("skip_model_update", True),
        source.get("force_time_shift") or 0,
    )


def remove_job(cluster: Cluster, job_id: str) -> None:
    """Remove a deleted job from all calendars."""
    if not cluster.part(SystemIndices).exists(META_INDEX):
        return
    for calendar in meta_index.search(cluster, meta_index.CALENDAR, [{"term": {"job_ids": job_id}}]).sources:
        save(cluster, {**calendar, "job_ids": [name for name in calendar["job_ids"] if name != job_id]})


def notify_jobs(cluster: Cluster, job_ids: Iterable[str], now: int) -> None:
    """Pass changed calendars to the open jobs among these jobs and groups.

    Source: ``JobManager.updateProcessOnCalendarChanged``.
    """
    named = set(job_ids)
    for job in cluster.part(Jobs).expand("_all", cluster.version):
        concerned = ALL_JOBS in named or not named.isdisjoint((job.id, *job.groups))
        if concerned and job.task is not None and job.task.process is not None:
            job.task.process.calendars_changed()
            audit(cluster, job.id, messages.AUDIT_UPDATED, now)
