"""``PUT _ml/calendars/{calendar_id}`` (``TransportPutCalendarAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.calendars import messages, store
from fake_es.ml.calendars.store import notify_jobs
from fake_es.ml.common.routes import ml
from fake_es.ml.config import messages as config_messages
from fake_es.ml.config.ids import MOST_CHARACTERS, is_valid_id
from fake_es.ml.persistence import meta_index
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument, bad_request, check_failures
from fake_es.wire.object_parser import STRING, STRINGS, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation

_CALENDAR = ObjectParser(
    "calendar",
    (Field("calendar_id", STRING), Field("job_ids", STRINGS), Field("description", STRING), Field("type", STRING)),
)


def _read(call: Call) -> dict[str, Any]:
    url = call.path_parameters["calendar_id"]
    found = _CALENDAR.parse_text(call.json_body()) if call.body.strip() else {}
    if found.get("calendar_id", url) != url:
        raise IllegalArgument(messages.INCONSISTENT_ID.format(body=found["calendar_id"], url=url))
    _check_id(url, call.version)
    description = {"description": found["description"]} if "description" in found else {}
    return {"calendar_id": url, "job_ids": found.get("job_ids", []), **description}


def _check_id(calendar_id: str, version: tuple[int, ...]) -> None:
    failures = []
    if calendar_id == store.ALL_JOBS:
        failures.append(messages.RESERVED)
    if not is_valid_id(calendar_id):
        failures.append(config_messages.INVALID_ID.at(version, field="calendar_id", id=calendar_id))
    if len(calendar_id) > MOST_CHARACTERS:
        failures.append(config_messages.ID_TOO_LONG)
    check_failures(failures)


@operation(
    "ml.put_calendar",
    routes=ml("PUT", "/calendars/{calendar_id}", since=(6, 2)),
    action="cluster:admin/xpack/ml/calendars/put",
    guard=not_while_upgrading,
    body=BodyUse.OPTIONAL,
    parse=_read,
)
def put_calendar(call: Call, cluster: Cluster) -> Any:
    """Create a calendar. Its jobs need not exist."""
    calendar: dict[str, Any] = call.request
    if meta_index.raw(cluster, store.document_id(calendar["calendar_id"])) is not None:
        raise bad_request(messages.EXISTS.format(id=calendar["calendar_id"]))
    store.save(cluster, calendar)
    notify_jobs(cluster, calendar["job_ids"], call.now)
    return store.calendar_to_json(calendar)
