"""Filters: their life, and what they do to the jobs whose rules name them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.test_calendars import audit
from tests.spec.answering import checked
from tests.spec.validator import needs_specification
from tests.support import JOB, RELEASES, Http, Reply, http

HOUR = 3600
START = 1_403_481_600


def put(fake: Http, filter_id: str, body: Any) -> Reply:
    return fake("PUT", f"{{ml}}/filters/{filter_id}", body)


def get(fake: Http, rest: str = "") -> Any:
    return fake("GET", "{ml}/filters" + rest).body


def update(fake: Http, filter_id: str, body: Any) -> Reply:
    return fake("POST", f"{{ml}}/filters/{filter_id}/_update", body)


def job_with(filter_id: str, filter_type: str = "include") -> dict[str, Any]:
    """A job that says nothing of what a filter lists."""
    rule = {"actions": ["skip_result"], "scope": {"host": {"filter_id": filter_id, "filter_type": filter_type}}}
    detector = {"function": "count", "by_field_name": "host", "custom_rules": [rule]}
    return {**JOB, "analysis_config": {"bucket_span": "1h", "detectors": [detector]}}


@pytest.mark.parametrize("release", RELEASES)
def test_the_life_of_a_filter(release: str) -> None:
    fake = http(release)
    assert get(fake) == {"count": 0, "filters": []}
    made = put(fake, "safe", {"items": ["b", "a", "b", "*.org"]})
    shown = {"filter_id": "safe", "items": ["*.org", "a", "b"]}
    assert (made.status, made.body) == (200, shown if fake.fake.version >= (6, 3) else {"acknowledged": True})
    assert get(fake, "/safe") == {"count": 1, "filters": [shown]}
    assert fake("DELETE", "{ml}/filters/safe").body == {"acknowledged": True}
    gone = fake("DELETE", "{ml}/filters/safe")
    assert (gone.status, gone.reason) == (404, "Could not delete filter with ID [safe] because it does not exist")


@pytest.mark.parametrize(
    ("filter_id", "body", "kind", "reason"),
    [
        ("Big", {"items": []}, "status_exception", "Invalid filter_id; 'Big' can contain lowercase alphanumeric"),
        ("x", {"filter_id": "y", "items": []}, "illegal_argument_exception", "Inconsistent filter_id; 'y' specified in the"),
        ("x", {"description": "no items"}, "illegal_argument_exception", "[items] must not be null."),
        ("x", {"items": [], "colour": 1}, "x_content_parse_exception", "[1:15] [ml_filter] unknown field [colour]"),
        (
            "x",
            {"items": [str(number) for number in range(10_001)]},
            "status_exception",
            "Filter [x] contains too many items; up to [10,000] items are allowed",
        ),
    ],
)
def test_filters_that_cannot_be(filter_id: str, body: Any, kind: str, reason: str) -> None:
    fake = http()
    reply = put(fake, filter_id, body)
    assert (reply.status, reply.type) == (400, kind)
    assert reply.reason.startswith(reason)
    assert get(fake)["count"] == 0


def test_a_name_is_taken_from_6_4_on_and_before_replaces() -> None:
    fake = http("9.5")
    put(fake, "x", {"items": ["a"]})
    again = put(fake, "x", {"items": ["b"]})
    assert (again.status, again.type) == (400, "resource_already_exists_exception")
    assert again.reason == "A filter with id [x] already exists"
    old = http("6.3")
    put(old, "x", {"items": ["a"]})
    assert put(old, "x", {"items": ["b"]}).body == {"filter_id": "x", "items": ["b"]}
    assert put(old, "y", {"items": [], "description": "later"}).status == 400


def test_updates() -> None:
    fake = http()
    missing = update(fake, "x", {"add_items": ["a"]})
    assert (missing.status, missing.type) == (404, "index_not_found_exception")
    put(fake, "x", {"items": ["a", "b"]})
    assert update(fake, "y", {"add_items": ["a"]}).reason == "No filter with id [y] exists"
    assert update(fake, "x", {}).body == {"filter_id": "x", "items": ["a", "b"]}
    absent = update(fake, "x", {"add_items": ["c"], "remove_items": ["d"]})
    assert (absent.status, absent.reason) == (400, "Cannot remove item [d] as it is not present in filter [x]")
    changed = update(fake, "x", {"description": "X", "add_items": ["c"], "remove_items": ["c", "a"]})
    assert changed.body == {"filter_id": "x", "description": "X", "items": ["b"]}
    assert get(fake, "/x")["filters"] == [changed.body]
    assert update(fake, "x", {"remove_items": ["b"]}).body == {"filter_id": "x", "description": "X", "items": []}


def test_pages_and_expressions() -> None:
    fake = http()
    for name in ("a-1", "a-2", "b"):
        put(fake, name, {"items": []})
    page = get(fake, "?from=1&size=1")
    assert (page["count"], [found["filter_id"] for found in page["filters"]]) == (3, ["a-2"])
    assert get(fake, "/a-*,b")["count"] == get(fake, "/_all")["count"] == 3
    missing = fake("GET", "{ml}/filters/c")
    assert (missing.status, missing.reason) == (404, "Unable to find filter [c]")
    assert fake("GET", "{ml}/filters?size=-1").reason == "Parameter [size] cannot be < 0"
    old = http("6.8")
    assert old("GET", "{ml}/filters/c").reason == "Could not find requested filters"
    assert "incompatible with [filter_id]" in old("GET", "{ml}/filters/c?size=1").reason


@needs_specification
def test_answers_of_the_newest_release() -> None:
    fake = checked("9.5")
    put(fake, "x", {"items": ["a"], "description": "X"})
    update(fake, "x", {"add_items": ["b"]})
    get(fake)
    fake("DELETE", "{ml}/filters/x")
    assert len(fake.seen) == 4


# --- jobs


def test_a_filter_that_jobs_use_stays() -> None:
    fake = http()
    put(fake, "safe", {"items": ["a"]})
    fake.put("j", job_with("safe"))
    fake.put("k", job_with("safe"))
    fake.put("l", job_with("other"))
    used = fake("DELETE", "{ml}/filters/safe")
    assert (used.status, used.reason) == (409, "Cannot delete filter [safe] currently used by jobs [j, k]")
    fake.job("j", method="DELETE")
    fake.job("k", method="DELETE")
    assert fake("DELETE", "{ml}/filters/safe").status == 200


def feed(fake: Http, hours: range, burst: int = 300) -> None:
    """Ten records an hour of two hosts; in the last hour but one ``burst`` of each."""
    lines = [
        json.dumps({"time": START + hour * HOUR + number, "host": host})
        for hour in hours
        for number in range(burst if hour == hours[-2] else 10)
        for host in ("web", "db")
    ]
    assert fake.job("j", "_data", "\n".join(lines)).status == 202


def anomalous(fake: Http) -> set[str]:
    found = fake("GET", "{ml}/anomaly_detectors/j/results/records?record_score=50&size=1000").body["records"]
    return {record["by_field_value"] for record in found}


@pytest.mark.parametrize(("filter_type", "left"), [("include", {"web"}), ("exclude", {"db"})])
def test_rules_look_things_up(filter_type: str, left: set[str]) -> None:
    fake = http("9.5")
    put(fake, "safe", {"items": ["d*"]})
    fake.put("j", job_with("safe", filter_type))
    fake.job("j", "_open")
    feed(fake, range(72))
    assert anomalous(fake) == left


def test_an_open_job_is_told_of_a_changed_filter() -> None:
    fake = http("9.5")
    put(fake, "safe", {"items": []})
    fake.put("j", job_with("safe"))
    fake.job("j", "_open")
    feed(fake, range(48))
    assert anomalous(fake) == {"web", "db"}
    update(fake, "safe", {"add_items": ["web", "db"]})
    update(fake, "safe", {"add_items": ["mail"], "remove_items": ["web"]})
    update(fake, "safe", {"description": "nothing else"})
    feed(fake, range(48, 120), burst=2000)
    found = fake("GET", f"{{ml}}/anomaly_detectors/j/results/records?start={(START + 60 * HOUR) * 1000}").body
    assert {record["by_field_value"] for record in found["records"]} == {"web"}
    told = [message for message in audit(fake, "j") if message.startswith("Filter")]
    assert told == [
        "Filter [safe] has been modified; added items: ['db', 'web']",
        "Filter [safe] has been modified; added items: ['mail'], removed items: ['web']",
    ]
