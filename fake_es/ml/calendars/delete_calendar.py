"""``DELETE _ml/calendars/{calendar_id}`` (``TransportDeleteCalendarAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.calendars import store
from fake_es.ml.calendars.store import notify_jobs
from fake_es.ml.common.routes import ml
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire.call import Call
from fake_es.wire.operation import operation


@operation(
    "ml.delete_calendar",
    routes=ml("DELETE", "/calendars/{calendar_id}", since=(6, 2)),
    action="cluster:admin/xpack/ml/calendars/delete",
    guard=not_while_upgrading,
)
def delete_calendar(call: Call, cluster: Cluster) -> Any:
    """Delete a calendar and its events."""
    calendar = store.get(cluster, call.path_parameters["calendar_id"])
    store.delete(cluster, calendar["calendar_id"])
    notify_jobs(cluster, calendar["job_ids"], call.now)
    return {"acknowledged": True}
