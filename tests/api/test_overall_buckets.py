"""Buckets that sum up those of several jobs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.stored import HOUR, START, emulator, store
from tests.support import Http

MINUTE = 60_000
SPANS = {"a": "60m", "b": "30m", "c": "17m"}


@pytest.fixture
def fake() -> Http:
    """Jobs with different spans; in the third hour their highest scores are 20, 40 and 60."""
    fake = emulator()
    for job_id, span in SPANS.items():
        config = {"bucket_span": span, "detectors": [{"function": "count"}]}
        fake.put(job_id, {"analysis_config": config, "data_description": {}, "groups": ["all-of-them"]})
    put(fake, "a", (0, 30), (120, 20))
    put(fake, "b", (120, 40), (150, 10))
    put(fake, "c", (136, 60), (170, 5, True))
    return fake


def put(fake: Http, job_id: str, *buckets: tuple[Any, ...]) -> None:
    """Store buckets: minutes after START, score, whether interim."""
    store(
        fake,
        *(
            {
                "result_type": "bucket",
                "timestamp": START + minutes * MINUTE,
                "anomaly_score": score,
                "bucket_span": 60,
                "is_interim": bool(interim),
            }
            for minutes, score, *interim in buckets
        ),
        job_id=job_id,
    )


def overall(fake: Http, query: str = "", jobs: str = "_all", body: Any = None) -> list[tuple[int, float]]:
    """Hours after START and scores."""
    reply = fake.job(jobs, f"results/overall_buckets{query}", body, method="GET" if body is None else "POST")
    assert reply.status == 200, reply.body
    assert reply.body["count"] == len(reply.body["overall_buckets"])
    return [((bucket["timestamp"] - START) // HOUR, bucket["overall_score"]) for bucket in reply.body["overall_buckets"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [(0, 30.0), (1, 0.0), (2, 60.0)]),
        ("?top_n=2", [(0, 30.0), (1, 0.0), (2, 50.0)]),
        ("?top_n=3", [(0, 30.0), (1, 0.0), (2, 40.0)]),
        ("?top_n=9", [(0, 30.0), (1, 0.0), (2, 40.0)]),
        ("?overall_score=31", [(2, 60.0)]),
        ("?bucket_span=3h", [(0, 60.0)]),
        ("?bucket_span=3h&top_n=2", [(0, 50.0)]),
        (f"?start={START + 1}", [(2, 60.0)]),
        (f"?end={START + 2 * HOUR + 1}", [(0, 30.0)]),
        (f"?start={START + 5 * HOUR}", []),
    ],
)
def test_scores(fake: Http, query: str, expected: list[tuple[int, float]]) -> None:
    assert overall(fake, query) == expected


@pytest.mark.parametrize(
    ("jobs", "expected"),
    [("a,b", [(0, 30.0), (1, 0.0), (2, 40.0)]), ("c*", [(2, 60.0)]), ("all-of-them", [(0, 30.0), (1, 0.0), (2, 60.0)])],
)
def test_which_jobs(fake: Http, jobs: str, expected: list[tuple[int, float]]) -> None:
    assert overall(fake, "?bucket_span=1h", jobs) == expected


def test_a_body_in_place_of_parameters(fake: Http) -> None:
    body = {"top_n": 2, "bucket_span": "3h", "overall_score": 50, "exclude_interim": True}
    assert overall(fake, body=body) == [(0, 50.0)]


def test_an_overall_bucket(fake: Http) -> None:
    query = f"?start={START + 2 * HOUR}&top_n=2"
    assert fake.job("_all", f"results/overall_buckets{query}", method="GET").body["overall_buckets"] == [
        {
            "timestamp": START + 2 * HOUR,
            "bucket_span": 3600,
            "overall_score": 50.0,
            "jobs": [
                {"job_id": "a", "max_anomaly_score": 20.0},
                {"job_id": "b", "max_anomaly_score": 40.0},
                {"job_id": "c", "max_anomaly_score": 60.0},
            ],
            "is_interim": True,
            "result_type": "overall_bucket",
        }
    ]


def test_interim_buckets_can_be_left_out(fake: Http) -> None:
    reply = fake.job("_all", "results/overall_buckets?exclude_interim=true", method="GET")
    assert [bucket["is_interim"] for bucket in reply.body["overall_buckets"]] == [False, False, False]


@pytest.mark.parametrize(
    ("jobs", "query", "status", "reason"),
    [
        ("_all", "?bucket_span=59m", 400, "Param [bucket_span] must be greater or equal to the max bucket_span [60m]"),
        ("_all", "?top_n=0", 400, "[topN] parameter must be positive, found [0]"),
        ("_all", "?start=soon", 400, "Query param [start] with value [soon] cannot be parsed as a date"),
        ("z", "", 404, "No known job with id 'z'"),
        ("z*", "?allow_no_match=false", 404, "No known job with id 'z*'"),
    ],
)
def test_refusals(fake: Http, jobs: str, query: str, status: int, reason: str) -> None:
    reply = fake.job(jobs, f"results/overall_buckets{query}", method="GET")
    assert reply.status == status
    assert reason in reply.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"top_n": 0}, "[topN] parameter must be positive, found [0]"),
        ({"end": "soon"}, "Query param [end] with value [soon] cannot be parsed as a date or converted to a number (epoch)."),
    ],
)
def test_bodies_that_are_refused(fake: Http, body: dict[str, Any], reason: str) -> None:
    reply = fake.job("_all", "results/overall_buckets", body)
    assert (reply.status, reply.type) == (400, "x_content_parse_exception")
    assert reply.body["error"]["caused_by"]["reason"] == reason


def test_no_job_at_all(fake: Http) -> None:
    assert overall(fake, jobs="z*") == []


def test_there_are_no_more_than_ten_thousand(fake: Http) -> None:
    put(fake, "a", *((hour * 60, 1) for hour in range(3, 13_003, 100)))
    reply = fake.job("_all", "results/overall_buckets", method="GET")
    assert (reply.status, reply.type) == (400, "status_exception")
    assert reply.reason.startswith("Unable to return more than [10000] results; please use parameters [start] and [end]")
    assert len(overall(fake, "?overall_score=1.5")) == 2


def test_a_long_silence_is_not_filled(fake: Http) -> None:
    """The server looks at a thousand spans at a time, and a histogram of nothing has no cells."""
    put(fake, "a", (60 * 1_000_000, 1))
    assert overall(fake) == [(0, 30.0), (1, 0.0), (2, 60.0), (1_000_000, 1.0)]
