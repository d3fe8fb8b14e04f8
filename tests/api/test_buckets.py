"""Reading a job's buckets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.test_post_data import HOUR, START, feeding, lines, record
from tests.support import Http

FIRST = START * 1000


@pytest.fixture
def fake() -> Http:
    """Job "x" has five finished buckets with 1 to 5 events and an interim one with 6."""
    return filled()


def filled(release: str = "9.5") -> Http:
    fake = feeding(release)
    records = [record(hour * HOUR + second) for hour in range(6) for second in range(hour + 1)]
    fake.job("x", "_data", lines(*records))
    fake.job("x", "_flush?calc_interim=true")
    return fake


def counts(fake: Http, query: str = "", body: Any = None) -> list[int]:
    reply = fake.job("x", f"results/buckets{query}", body, method="POST" if body is not None else "GET")
    assert reply.status == 200, reply.body
    return [bucket["event_count"] for bucket in reply.body["buckets"]]


def test_a_bucket(fake: Http) -> None:
    assert fake.job("x", f"results/buckets/{FIRST}", method="GET").body == {
        "count": 1,
        "buckets": [
            {
                "job_id": "x",
                "timestamp": FIRST,
                "anomaly_score": 0.0,
                "bucket_span": 3600,
                "initial_anomaly_score": 0.0,
                "event_count": 1,
                "is_interim": False,
                "bucket_influencers": [],
                "processing_time_ms": 1,
                "result_type": "bucket",
                "event": {"ingested": fake.fake.clock.now()},
            }
        ],
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("?exclude_interim=true", [1, 2, 3, 4, 5]),
        ("?from=1&size=2", [2, 3]),
        ("?size=0", []),
        ("?desc", [6, 5, 4, 3, 2, 1]),
        ("?sort=event_count&desc=true&size=1", [6]),
        ("?sort=no_such_field", [1, 2, 3, 4, 5, 6]),
        (f"?start={FIRST + 1}&end={FIRST + 3 * HOUR * 1000}", [2, 3]),
        ("?start=2014-06-23T04:00:00Z", [5, 6]),
        ("?end=2014-06-23||%2B1h", [1]),
        ("?anomaly_score=0.1", []),
        ("?expand=true", [1, 2, 3, 4, 5, 6]),
        (f"/{FIRST + HOUR * 1000}", [2]),
        (f"?timestamp={FIRST}", [1]),
    ],
)
def test_which_buckets(fake: Http, query: str, found: list[int]) -> None:
    assert counts(fake, query) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"page": {"from": 4, "size": 1}}, [5]),
        ({"start": str(FIRST + 4 * HOUR * 1000), "exclude_interim": True}, [5]),
        ({"sort": "event_count", "desc": True, "page": {"size": 2}}, [6, 5]),
        ({"timestamp": "2014-06-23T01:00:00Z"}, [2]),
        ({"start": None, "end": None}, [1, 2, 3, 4, 5, 6]),
        ({}, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_which_buckets_by_a_body(fake: Http, body: Any, found: list[int]) -> None:
    assert counts(fake, body=body) == found


def test_the_count_is_of_all_that_fit(fake: Http) -> None:
    assert fake.job("x", "results/buckets?size=2", method="GET").body["count"] == 6


def test_readable_times(fake: Http) -> None:
    bucket = fake.job("x", f"results/buckets/{FIRST}?human", method="GET").body["buckets"][0]
    assert bucket["timestamp_string"] == "2014-06-23T00:00:00.000Z"


def test_buckets_counted_their_records_in_5_x() -> None:
    bucket = filled("5.6").job("x", f"results/buckets/{FIRST}", method="GET").body["buckets"][0]
    assert bucket["record_count"] == 0


@pytest.mark.parametrize(
    ("query", "status", "kind", "reason"),
    [
        ("/1", 404, "resource_not_found_exception", "Could not find requested buckets"),
        ("/1?start=5", 400, "illegal_argument_exception", "Param [start] is incompatible with [timestamp]."),
        ("/1?size=5", 400, "illegal_argument_exception", "Param [from, size] is incompatible with [timestamp]."),
        ("?from=-1", 400, "illegal_argument_exception", "Parameter [from] cannot be < 0"),
        ("?size=-1", 400, "illegal_argument_exception", "Parameter [size] cannot be < 0"),
        ("?size=some", 400, "illegal_argument_exception", "Failed to parse int parameter [size] with value [some]"),
        (
            "?anomaly_score=x",
            400,
            "illegal_argument_exception",
            "Failed to parse double parameter [anomaly_score] with value [x]",
        ),
        ("?from=9999&size=2", 400, "search_phase_execution_exception", "all shards failed"),
        ("?start=soon", 400, "search_phase_execution_exception", "all shards failed"),
        ("?page=1", 400, "illegal_argument_exception", "contains unrecognized parameter: [page]"),
    ],
)
def test_refusals(fake: Http, query: str, status: int, kind: str, reason: str) -> None:
    reply = fake.job("x", f"results/buckets{query}", method="GET")
    assert (reply.status, reply.type) == (status, kind)
    assert reason in reply.reason


def test_what_a_failed_search_says(fake: Http) -> None:
    reply = fake.job("x", "results/buckets?from=9999&size=2", method="GET")
    root = reply.body["error"]["root_cause"][0]
    assert root["type"] == "illegal_argument_exception"
    assert root["reason"].startswith(
        "Result window is too large, from + size must be less than or equal to: [10000] but was [10001]."
    )


def test_pages_were_bounded_by_name_up_to_6_2() -> None:
    reply = filled("6.2").job("x", "results/buckets?from=9999&size=2", method="GET")
    assert reply.reason == "The sum of parameters [from] and [size] cannot be higher than 10000."


_NAME = "[cluster:monitor/xpack/ml/job/results/buckets/get]"
_TIMESTAMP_SECOND = "Param [timestamp] is incompatible with [from,size,start,end,anomaly_score]"


@pytest.mark.parametrize(
    ("body", "reason", "cause"),
    [
        ({"from": 1}, f"[1:2] {_NAME} unknown field [from]", None),
        ({"page": {"colour": 1}}, f"[1:11] {_NAME} failed to parse field [page]", "[1:11] [page] unknown field [colour]"),
        ({"start": 5}, f"[1:11] {_NAME} start doesn't support values of type: VALUE_NUMBER", None),
        ({"start": "1", "timestamp": "5"}, f"[1:29] {_NAME} failed to parse field [timestamp]", _TIMESTAMP_SECOND),
        (
            {"timestamp": "5", "page": {"from": 1}},
            f"[1:38] {_NAME} failed to parse field [page]",
            "Param [from, size] is incompatible with [timestamp].",
        ),
        (
            {"timestamp": "5", "end": "1"},
            f"[1:27] {_NAME} failed to parse field [end]",
            "Param [end] is incompatible with [timestamp].",
        ),
    ],
)
def test_bodies_that_are_refused(fake: Http, body: Any, reason: str, cause: str | None) -> None:
    reply = fake.job("x", "results/buckets", body)
    assert (reply.status, reply.type, reply.reason) == (400, "x_content_parse_exception", reason)
    assert reply.body["error"].get("caused_by", {}).get("reason") == cause


def test_the_path_comes_after_the_body(fake: Http) -> None:
    reply = fake.job("x", "results/buckets/5", {"start": "1"})
    assert (reply.status, reply.type, reply.reason) == (400, "illegal_argument_exception", _TIMESTAMP_SECOND)


@pytest.mark.parametrize("job_id", ["nope", "_all", "x*", "x,x"])
def test_buckets_are_of_one_job(fake: Http, job_id: str) -> None:
    reply = fake.job(job_id, "results/buckets", method="GET")
    assert (reply.status, reply.reason) == (404, f"No known job with id '{job_id}'")
