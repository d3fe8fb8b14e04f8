"""Scheduled events: reading from a body, rendering (``ScheduledEvent``)."""

from __future__ import annotations

from typing import Any

from fake_es.mapping.dates import date_format
from fake_es.ml.calendars import messages
from fake_es.ml.persistence.document_shapes import Part, Shape
from fake_es.wire.date_math import UNPARSABLE_DATE
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.human import iso_instant
from fake_es.wire.json_text import Path
from fake_es.wire.numbers import whole
from fake_es.wire.object_parser import BOOLEAN, INT, STRING, Body, Field, Kind, ObjectParser, nested_list

Tree = dict[str, Any]
_ACTIONS_SINCE = (8, 16)
_ISO = "strict_date_optional_time"
# The first number above the range of a long.
_BEYOND = 2**63
_NEEDED = ("description", "start_time", "end_time")


def _time(value: Any, body: Body, path: Path) -> int:
    """Epoch milliseconds of a number or an ISO date."""
    try:
        number = whole(value) if isinstance(value, str) else int(value)
        instant = date_format(_ISO).parse(value) if number is None else number
    except (ValueError, OverflowError):
        instant = _BEYOND
    if not -_BEYOND <= instant < _BEYOND:
        raise IllegalArgument(UNPARSABLE_DATE.format(value=value, format=_ISO))
    return instant


_TIME = Kind(frozenset({"VALUE_NUMBER", "VALUE_STRING"}), _time)
_EVENT = ObjectParser(
    "scheduled_event",
    (
        Field("description", STRING),
        Field("start_time", _TIME),
        Field("end_time", _TIME),
        Field("skip_result", BOOLEAN, since=_ACTIONS_SINCE),
        Field("skip_model_update", BOOLEAN, since=_ACTIONS_SINCE),
        Field("force_time_shift", INT, since=_ACTIONS_SINCE),
        Field("calendar_id", STRING),
        Field("type", STRING),
    ),
)
_BODY = ObjectParser("cluster:admin/xpack/ml/calendars/events/post", (Field("events", nested_list(_EVENT)),))
_EVENT_SHAPE = Shape(
    "scheduled_event",
    *(Part(name) for name in _NEEDED),
    Part("skip_result", True, since=_ACTIONS_SINCE),
    Part("skip_model_update", True, since=_ACTIONS_SINCE),
    Part("force_time_shift", since=_ACTIONS_SINCE),
    Part("calendar_id"),
    times=("start_time", "end_time"),
)


def read_events(body: Body, calendar_id: str) -> list[Tree]:
    """Read and check the events of a body. Return them in the form in which they are stored.

    :raises ElasticsearchError: 400, an unknown or missing field, the id of another calendar, or an end before the start.
    """
    events: list[Tree] = _BODY.parse_text(body).get("events", [])
    for event in events:
        if event.get("calendar_id", calendar_id) != calendar_id:
            raise bad_request(messages.INCONSISTENT_ID.format(body=event["calendar_id"], url=calendar_id))
    if not events:
        raise bad_request(messages.NO_EVENTS)
    return [_checked(event, calendar_id) for event in events]


def _checked(event: Tree, calendar_id: str) -> Tree:
    for name in _NEEDED:
        if event.get(name) is None:
            raise bad_request(messages.FIELD_MISSING.format(field=name))
    if event["start_time"] >= event["end_time"]:
        start, end = (iso_instant(event[name]).replace(".000Z", "Z") for name in ("start_time", "end_time"))
        raise bad_request(messages.START_NOT_BEFORE_END.format(start=start, end=end))
    return {name: value for name, value in event.items() if name != "type"} | {"calendar_id": calendar_id}


def event_to_json(event: Tree, version: tuple[int, ...], human: bool, event_id: str | None = None) -> Tree:
    """An event in the form of the APIs; events of GET have an id."""
    tree = _EVENT_SHAPE.of(event, version, human)
    return tree if event_id is None else tree | {"event_id": event_id}
