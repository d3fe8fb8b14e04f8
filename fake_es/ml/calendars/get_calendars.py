"""``GET _ml/calendars[/{calendar_id}]`` (``TransportGetCalendarsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.calendars import messages, store
from fake_es.ml.common.paging import PAGE, page_given, page_of
from fake_es.ml.common.routes import ml
from fake_es.ml.persistence import meta_index
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation
from fake_es.wire.operation import BodyUse, operation


@operation(
    "ml.get_calendars",
    routes=[
        route
        for path in ("/calendars", "/calendars/{calendar_id}")
        for method in ("GET", "POST")
        for route in ml(method, path, since=(6, 2))
    ],
    action="cluster:monitor/xpack/ml/calendars/get",
    query=PAGE,
    body=BodyUse.PARAMETERS,
)
def get_calendars(call: Call, cluster: Cluster) -> Any:
    """Calendars that an expression matches, or a page of all calendars, by id."""
    expression = call.path_parameters.get("calendar_id")
    if expression is not None and page_given(call):
        raise ActionRequestValidation(messages.ID_AND_PAGE)
    found = meta_index.by_expression(cluster, meta_index.CALENDAR, "calendar_id", expression, page_of(call), store.unknown)
    return {"count": found.total, "calendars": [store.calendar_to_json(calendar) for calendar in found.sources]}
