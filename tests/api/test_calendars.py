"""Calendars, their jobs and their events, and what the events do to an open job."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.spec.answering import checked
from tests.spec.validator import needs_specification
from tests.support import JOB, Http, Reply, http

RELEASES = ("6.2", "6.8", "7.17", "8.19", "9.5")
HOUR = 3600
START = 1_403_481_600
COUNTING = {**JOB, "analysis_config": {"bucket_span": "1h", "detectors": [{"function": "count"}]}}


def put(fake: Http, calendar: str, body: Any = None) -> Reply:
    return fake("PUT", f"{{ml}}/calendars/{calendar}", body)


def get(fake: Http, rest: str = "") -> Any:
    return fake("GET", "{ml}/calendars" + rest).body


def post_events(fake: Http, calendar: str, *events: dict[str, Any]) -> Reply:
    return fake("POST", f"{{ml}}/calendars/{calendar}/events", {"events": list(events)})


def event(description: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    """An event from one hour after the start of the data to another."""
    return {
        "description": description,
        "start_time": (START + start * HOUR) * 1000,
        "end_time": (START + end * HOUR) * 1000,
        **more,
    }


def listed(fake: Http, rest: str) -> list[str]:
    return [found["description"] for found in get(fake, rest)["events"]]


def audit(fake: Http, job_id: str) -> list[str]:
    """Messages left about a job."""
    body = {"query": {"term": {"job_id": job_id}}, "size": 100}
    hits = fake("GET", "/.ml-notifications*/_search", body).body["hits"]["hits"]
    return [hit["_source"]["message"] for hit in hits]


@pytest.mark.parametrize("release", RELEASES)
def test_the_life_of_a_calendar(release: str) -> None:
    fake = http(release)
    assert get(fake) == {"count": 0, "calendars": []}
    made = put(fake, "holidays", {"job_ids": ["a", "some-group"], "description": "Days off"})
    assert (made.status, made.body) == (
        200,
        {"calendar_id": "holidays", "job_ids": ["a", "some-group"], "description": "Days off"},
    )
    assert put(fake, "empty").body == {"calendar_id": "empty", "job_ids": []}
    assert get(fake, "/holidays") == {"count": 1, "calendars": [made.body]}
    assert [calendar["calendar_id"] for calendar in get(fake, "/_all")["calendars"]] == ["empty", "holidays"]
    added = fake("PUT", "{ml}/calendars/holidays/jobs/b,a").body
    assert added == {**made.body, "job_ids": ["a", "some-group", "b"]}
    assert fake("DELETE", "{ml}/calendars/holidays/jobs/a,b").body["job_ids"] == ["some-group"]
    assert fake("DELETE", "{ml}/calendars/holidays").body == {"acknowledged": True}
    assert get(fake)["count"] == 1


def test_calendars_came_with_6_2() -> None:
    assert put(http("6.1"), "x").status in (400, 405)


@pytest.mark.parametrize(
    ("calendar", "reasons"),
    [
        ("_all", ["1: Cannot create a Calendar with the reserved name [_all];", "2: Invalid calendar_id; '_all' can contain"]),
        ("Big", ["1: Invalid calendar_id; 'Big' can contain lowercase alphanumeric (a-z and 0-9), hyphens or underscores;"]),
        ("x" * 65, ["1: The job id cannot contain more than 64 characters.;"]),
    ],
)
def test_names_that_no_calendar_may_bear(calendar: str, reasons: list[str]) -> None:
    fake = http()
    reply = put(fake, calendar)
    assert (reply.status, reply.type) == (400, "action_request_validation_exception")
    assert all(reason in reply.reason for reason in reasons)
    assert get(fake)["count"] == 0


def test_refusals_of_calendars() -> None:
    fake = http()
    put(fake, "x", {"job_ids": ["a"]})
    again = put(fake, "x")
    assert (again.status, again.type) == (400, "status_exception")
    assert again.reason == "Cannot create calendar with id [x] as it already exists"
    other = put(fake, "y", {"calendar_id": "z"})
    assert other.reason == "Inconsistent calendar_id; 'z' specified in the body differs from 'y' specified as a URL argument"
    assert put(fake, "y", {"colour": "red"}).reason == "[1:2] [calendar] unknown field [colour]"
    absent = fake("DELETE", "{ml}/calendars/x/jobs/a,b")
    assert (absent.status, absent.reason) == (400, "Cannot remove [b] as it is not present in calendar [x]")
    assert get(fake, "/x")["calendars"] == [{"calendar_id": "x", "job_ids": ["a"]}]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("DELETE", ""), ("PUT", "/jobs/a"), ("DELETE", "/jobs/a"), ("GET", "/events"), ("DELETE", "/events/e")],
)
def test_a_calendar_that_is_not_there(method: str, path: str) -> None:
    reply = http()(method, f"{{ml}}/calendars/nope{path}")
    assert (reply.status, reply.type, reply.reason) == (404, "resource_not_found_exception", "No calendar with id [nope]")


def test_pages_and_expressions() -> None:
    fake = http()
    for name in ("a-1", "a-2", "b"):
        put(fake, name)
    page = get(fake, "?from=1&size=1")
    assert (page["count"], [calendar["calendar_id"] for calendar in page["calendars"]]) == (3, ["a-2"])
    assert fake("POST", "{ml}/calendars", {"page": {"from": 2, "size": 5}}).body["calendars"][0]["calendar_id"] == "b"
    assert get(fake, "/a-*,b")["count"] == 3
    assert fake("GET", "{ml}/calendars/b,c*").reason == "No calendar with id [c*]"
    both = fake("GET", "{ml}/calendars/b?size=1")
    assert (both.status, both.reason) == (
        400,
        "Validation Failed: 1: Params [from, size] are incompatible with [calendar_id].;",
    )
    assert http("6.8")("GET", "{ml}/calendars/*").status == 404


def test_events_are_kept_with_ids_and_go_with_their_calendar() -> None:
    fake = http("8.15")
    put(fake, "x")
    put(fake, "y")
    posted = post_events(fake, "x", event("second", 2, 3), event("first", 1, 5, calendar_id="x"))
    assert posted.body["events"][1] == event("first", 1, 5, calendar_id="x")
    assert "event_id" not in posted.body["events"][0]
    post_events(fake, "y", {"description": "other", "start_time": "2014-06-23T00:00:00Z", "end_time": "1403485200001"})
    found = get(fake, "/x/events")
    assert (found["count"], listed(fake, "/x/events")) == (2, ["first", "second"])
    assert listed(fake, "/_all/events") == ["other", "first", "second"]
    human = get(fake, "/x/events?human=true&size=1")["events"][0]
    assert human["start_time_string"] == "2014-06-23T01:00:00.000Z"
    event_id = found["events"][0]["event_id"]
    wrong = fake("DELETE", f"{{ml}}/calendars/y/events/{event_id}")
    assert wrong.status == 400
    assert wrong.reason == f"Event [{event_id}] has calendar_id [x] which does not match the request calendar_id [y]"
    assert fake("DELETE", f"{{ml}}/calendars/x/events/{event_id}").body == {"acknowledged": True}
    assert fake("DELETE", f"{{ml}}/calendars/x/events/{event_id}").reason == f"No event with id [{event_id}]"
    fake("DELETE", "{ml}/calendars/x")
    assert listed(fake, "/_all/events") == ["other"]


def test_events_of_a_time_and_of_a_job() -> None:
    fake = http()
    put(fake, "x", {"job_ids": ["j"]})
    put(fake, "y", {"job_ids": ["g"]})
    put(fake, "z")
    post_events(fake, "x", event("one", 0, 2), event("two", 2, 4))
    post_events(fake, "y", event("three", 4, 6))
    post_events(fake, "z", event("four", 6, 8))
    times = {hour: (START + hour * HOUR) * 1000 for hour in range(9)}
    assert listed(fake, f"/x/events?start={times[2]}") == ["two"]
    assert listed(fake, f"/_all/events?end={times[2]}") == ["one"]
    assert listed(fake, f"/_all/events?start={times[1]}&end={times[5]}") == ["one", "two", "three"]
    fake.put("j", {**JOB, "groups": ["g"]})
    assert listed(fake, "/_all/events?job_id=j") == ["one", "two", "three"]
    assert listed(fake, "/_all/events?job_id=g") == ["three"]
    assert fake("GET", "{ml}/calendars/_all/events?job_id=k").reason == "No known job with id 'k'"
    assert "If job_id is used calendar_id must be '_all'" in fake("GET", "{ml}/calendars/x/events?job_id=j").reason
    assert fake("GET", "{ml}/calendars/x/events?start=soon").status == 400


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"events": []}, "At least 1 event is required"),
        ({}, "At least 1 event is required"),
        ({"events": [{"start_time": 1, "end_time": 2}]}, "Field [description] cannot be null"),
        ({"events": [{"description": "x", "end_time": 2}]}, "Field [start_time] cannot be null"),
        ({"events": [{"description": "x", "start_time": 1}]}, "Field [end_time] cannot be null"),
        (
            {"events": [{"description": "x", "start_time": 1000, "end_time": 1000}]},
            "Event start time [1970-01-01T00:00:01Z] must come before end time [1970-01-01T00:00:01Z]",
        ),
        (
            {"events": [{"description": "x", "start_time": 1, "end_time": 2, "calendar_id": "y"}]},
            "Inconsistent calendar_id; 'y' specified in the body differs from 'nope' specified as a URL argument",
        ),
    ],
)
def test_events_that_cannot_be_are_refused_before_the_calendar_is_looked_for(body: Any, reason: str) -> None:
    reply = http()("POST", "{ml}/calendars/nope/events", body)
    assert (reply.status, reply.type, reply.reason) == (400, "status_exception", reason)


def test_event_fields_are_read_strictly() -> None:
    fake = http("8.15")
    wrongs: list[dict[str, Any]] = [
        {"event_id": "e"},
        {"skip_result": True},
        {"start_time": "soon"},
        {"end_time": []},
        {"end_time": 10**30},
    ]
    for wrong in wrongs:
        reply = fake("POST", "{ml}/calendars/nope/events", {"events": [{**event("x", 0, 1), **wrong}]})
        assert reply.status == 400
    assert http("9.5")("POST", "{ml}/calendars/nope/events", {"events": [event("x", 0, 1, skip_result=True)]}).status == 404


@needs_specification
def test_answers_of_the_newest_release() -> None:
    fake = checked("9.5")
    put(fake, "x", {"job_ids": ["j"], "description": "X"})
    fake("PUT", "{ml}/calendars/x/jobs/k")
    fake("DELETE", "{ml}/calendars/x/jobs/k")
    posted = post_events(fake, "x", event("e", 0, 1, force_time_shift=3600), event("f", 0, 1, skip_model_update=False))
    assert [sorted(found) for found in posted.body["events"]] == [
        ["calendar_id", "description", "end_time", "force_time_shift", "skip_model_update", "skip_result", "start_time"],
        ["calendar_id", "description", "end_time", "skip_model_update", "skip_result", "start_time"],
    ]
    event_id = get(fake, "/x/events")["events"][0]["event_id"]
    fake("DELETE", f"{{ml}}/calendars/x/events/{event_id}")
    get(fake)
    fake("DELETE", "{ml}/calendars/x")
    assert len(fake.seen) == 8


def test_a_deleted_job_leaves_its_calendars() -> None:
    fake = http()
    fake.put("j")
    put(fake, "x", {"job_ids": ["j", "k"]})
    put(fake, "y", {"job_ids": ["k"]})
    fake.job("j", method="DELETE")
    assert [calendar["job_ids"] for calendar in get(fake)["calendars"]] == [["k"], ["k"]]


# --- open jobs


def feed(fake: Http, hours: range, burst: int | None = None) -> None:
    """Ten records for every hour, three hundred in the hour ``burst``."""
    records = [
        json.dumps({"time": START + hour * HOUR + number}) for hour in hours for number in range(300 if hour == burst else 10)
    ]
    assert fake.job("j", "_data", "\n".join(records)).status == 202


def bucket(fake: Http, hour: int) -> Any:
    return fake("GET", f"{{ml}}/anomaly_detectors/j/results/buckets/{(START + hour * HOUR) * 1000}").body["buckets"][0]


def records(fake: Http) -> list[int]:
    """Hours that have records."""
    found = fake("GET", "{ml}/anomaly_detectors/j/results/records?size=1000").body["records"]
    return sorted((record["timestamp"] // 1000 - START) // HOUR for record in found if record["record_score"] > 50)


@pytest.mark.parametrize("calendar_for", ["j", "g", "_all"])
def test_nothing_is_anomalous_during_an_event(calendar_for: str) -> None:
    fake = http("9.5")
    put(fake, "x", {"job_ids": [calendar_for]})
    post_events(fake, "x", event("Sale", 60, 61))
    fake.put("j", {**COUNTING, "groups": ["g"]})
    fake.job("j", "_open")
    feed(fake, range(72), burst=60)
    assert bucket(fake, 60)["scheduled_events"] == ["Sale"]
    assert "scheduled_events" not in bucket(fake, 59) or bucket(fake, 59)["scheduled_events"] == []
    assert 60 not in records(fake)


def test_without_an_event_the_same_data_is_anomalous() -> None:
    fake = http("9.5")
    fake.put("j", COUNTING)
    fake.job("j", "_open")
    feed(fake, range(72), burst=60)
    assert 60 in records(fake)


def test_an_open_job_is_told_of_an_event() -> None:
    fake = http("9.5")
    fake.put("j", COUNTING)
    fake.put("k", COUNTING)
    fake.job("j", "_open")
    feed(fake, range(48))
    put(fake, "x", {"job_ids": ["j", "k"]})
    post_events(fake, "x", event("Sale", 60, 61))
    feed(fake, range(48, 72), burst=60)
    assert bucket(fake, 60)["scheduled_events"] == ["Sale"]
    assert 60 not in records(fake)
    assert audit(fake, "j").count("Updated calendars in running process") == 2
    assert "Updated calendars in running process" not in audit(fake, "k")


def test_a_job_that_joins_a_group_while_it_is_open_has_the_groups_events() -> None:
    fake = http("9.5")
    put(fake, "x", {"job_ids": ["g"]})
    post_events(fake, "x", event("Sale", 60, 61))
    fake.put("j", COUNTING)
    fake.job("j", "_open")
    feed(fake, range(48))
    fake.job("j", "_update", {"groups": ["g"]})
    feed(fake, range(48, 72), burst=60)
    assert bucket(fake, 60)["scheduled_events"] == ["Sale"]
