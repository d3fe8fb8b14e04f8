"""``DELETE _ml/calendars/{calendar_id}/events/{event_id}`` (``TransportDeleteCalendarEventAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.calendars import messages, store
from fake_es.ml.calendars.store import notify_jobs
from fake_es.ml.common.routes import ml
from fake_es.ml.persistence import meta_index
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.ml.persistence.names import META_INDEX
from fake_es.wire.call import Call
from fake_es.wire.errors import ResourceNotFound, bad_request
from fake_es.wire.operation import operation


@operation(
    "ml.delete_calendar_event",
    routes=ml("DELETE", "/calendars/{calendar_id}/events/{event_id}", since=(6, 2)),
    action="cluster:admin/xpack/ml/calendars/events/delete",
    guard=not_while_upgrading,
)
def delete_calendar_event(call: Call, cluster: Cluster) -> Any:
    """Delete one event of a calendar."""
    event_id = call.path_parameters["event_id"]
    calendar = store.get(cluster, call.path_parameters["calendar_id"])
    _check(meta_index.raw(cluster, event_id), event_id, calendar["calendar_id"])
    cluster.part(SystemIndices).delete(META_INDEX, event_id)
    notify_jobs(cluster, calendar["job_ids"], call.now)
    return {"acknowledged": True}


def _check(event: dict[str, Any] | None, event_id: str, calendar_id: str) -> None:
    if event is None:
        raise ResourceNotFound(messages.NO_EVENT.format(event=event_id))
    actual = event.get("calendar_id")
    if actual is None:
        raise bad_request(messages.NO_CALENDAR_OF_EVENT.format(event=event_id))
    if actual != calendar_id:
        raise bad_request(messages.OTHER_CALENDAR.format(event=event_id, actual=actual, id=calendar_id))
