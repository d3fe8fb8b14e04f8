"""``GET _ml/calendars/{calendar_id}/events`` (``TransportGetCalendarEventsAction``, ``ScheduledEventsQueryBuilder``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.calendars import events, messages, store
from fake_es.ml.common.expression import by_token
from fake_es.ml.common.paging import DATES, PAGE, Page, page_of
from fake_es.ml.common.routes import ml
from fake_es.ml.job_store.jobs import Jobs, unknown_job
from fake_es.ml.persistence import meta_index
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]
_ALL = "_all"


@operation(
    "ml.get_calendar_events",
    routes=ml("GET", "/calendars/{calendar_id}/events", since=(6, 2)),
    action="cluster:monitor/xpack/ml/calendars/events/get",
    query=[*PAGE, *DATES, Parameter("job_id", parameters.TEXT)],
    body=BodyUse.PARAMETERS,
)
def get_calendar_events(call: Call, cluster: Cluster) -> Any:
    """Events of a calendar, or of all calendars of a job or group; ordered by start and description."""
    expression, job_id, page = call.path_parameters["calendar_id"], call.params["job_id"], page_of(call)
    if job_id is not None and expression != _ALL:
        raise ActionRequestValidation(messages.JOB_NEEDS_ALL)
    meta_index.by_expression(cluster, meta_index.CALENDAR, "calendar_id", expression, None, store.unknown)
    filters = by_token("calendar_id", expression) if job_id is None else _of_job(call, cluster, job_id)
    return _answer(call, cluster, [*filters, *_times(call)], page)


def _answer(call: Call, cluster: Cluster, filters: list[Tree], page: Page) -> Tree:
    found = meta_index.search(cluster, meta_index.EVENT, filters, ("start_time", "description"), page)
    human = call.flag("human")
    listed = [events.event_to_json(event, call.version, human, event_id) for event_id, event in found.by_id.items()]
    return {"count": found.total, "events": listed}


def _of_job(call: Call, cluster: Cluster, job_id: str) -> list[Tree]:
    """Filters for the events of the calendars of a job and its groups, or of a group.

    :raises ResourceNotFound: there is no job or group with this name.
    """
    jobs = cluster.part(Jobs)
    job = jobs.find(job_id)
    if job is None and not jobs.is_group(job_id):
        raise unknown_job(job_id)
    named = [job_id] if job is None else [job.id, *job.groups]
    calendars = [calendar["calendar_id"] for calendar in store.calendars_of(cluster, named)]
    return [{"terms": {"calendar_id": calendars}}]


def _times(call: Call) -> list[Tree]:
    """Filters for events that end after ``start`` and begin before ``end``."""
    bounds = (("end_time", "gt", call.params["start"]), ("start_time", "lt", call.params["end"]))
    return [{"range": {field: {bound: value}}} for field, bound, value in bounds if value]
