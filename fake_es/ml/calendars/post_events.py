"""``POST _ml/calendars/{calendar_id}/events`` (``TransportPostCalendarEventsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.calendars import events, store
from fake_es.ml.calendars.store import notify_jobs
from fake_es.ml.common.routes import ml
from fake_es.ml.persistence import meta_index
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire.call import Call
from fake_es.wire.operation import BodyUse, operation


def _read(call: Call) -> list[dict[str, Any]]:
    return events.read_events(call.json_body(), call.path_parameters["calendar_id"])


@operation(
    "ml.post_calendar_events",
    routes=ml("POST", "/calendars/{calendar_id}/events", since=(6, 2)),
    action="cluster:admin/xpack/ml/calendars/events/post",
    guard=not_while_upgrading,
    body=BodyUse.REQUIRED,
    parse=_read,
)
def post_calendar_events(call: Call, cluster: Cluster) -> Any:
    """Add events to a calendar. Return them without their new ids."""
    calendar = store.get(cluster, call.path_parameters["calendar_id"])
    for event in call.request:
        # The server indexes them with one bulk request, item by item.
        cluster.let_in()
        meta_index.write(cluster, None, meta_index.EVENT, event)
    notify_jobs(cluster, calendar["job_ids"], call.now)
    human = call.flag("human")
    return {"events": [events.event_to_json(event, call.version, human) for event in call.request]}
