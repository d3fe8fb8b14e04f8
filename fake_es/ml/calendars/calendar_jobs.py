"""``PUT`` and ``DELETE _ml/calendars/{calendar_id}/jobs/{job_id}`` (``TransportUpdateCalendarJobAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.calendars import messages, store
from fake_es.ml.calendars.store import notify_jobs
from fake_es.ml.common.routes import ml
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire.call import Call
from fake_es.wire.errors import bad_request
from fake_es.wire.operation import operation

_PATH = "/calendars/{calendar_id}/jobs/{job_id}"
_ACTION = "cluster:admin/xpack/ml/calendars/jobs/update"


def _named(call: Call) -> list[str]:
    """The jobs and groups of the path; they need not exist."""
    return [name.strip() for name in call.path_parameters["job_id"].split(",") if name.strip()]


def _change(call: Call, cluster: Cluster, calendar: dict[str, Any], job_ids: list[str]) -> Any:
    changed = {**calendar, "job_ids": job_ids}
    store.save(cluster, changed)
    notify_jobs(cluster, _named(call), call.now)
    return store.calendar_to_json(changed)


@operation("ml.put_calendar_job", routes=ml("PUT", _PATH, since=(6, 2)), action=_ACTION, guard=not_while_upgrading)
def put_calendar_job(call: Call, cluster: Cluster) -> Any:
    """Add jobs or groups to a calendar. Return the whole calendar."""
    calendar = store.get(cluster, call.path_parameters["calendar_id"])
    return _change(call, cluster, calendar, list(dict.fromkeys([*calendar["job_ids"], *_named(call)])))


@operation("ml.delete_calendar_job", routes=ml("DELETE", _PATH, since=(6, 2)), action=_ACTION, guard=not_while_upgrading)
def delete_calendar_job(call: Call, cluster: Cluster) -> Any:
    """Remove jobs or groups from a calendar, which must contain all of them."""
    calendar, gone = store.get(cluster, call.path_parameters["calendar_id"]), _named(call)
    for name in gone:
        if name not in calendar["job_ids"]:
            raise bad_request(messages.NOT_IN_CALENDAR.format(job=name, id=calendar["calendar_id"]))
    return _change(call, cluster, calendar, [name for name in calendar["job_ids"] if name not in gone])
