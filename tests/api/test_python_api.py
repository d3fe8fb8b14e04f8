"""What a test calls on ``FakeElasticsearch`` itself: delays, failures and the licence."""

from __future__ import annotations

import pytest

from tests.support import http

JOB = {"analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {}}


def test_delays_are_those_of_the_cluster() -> None:
    fake = http()
    fake.fake.delays.change({"close": "4m"})
    assert fake("GET", "/_fake/delays").body == {"profile": "realistic", "close": "240000ms"}


def test_a_job_fails_now() -> None:
    fake = http()
    fake("PUT", "/_ml/anomaly_detectors/x", JOB)
    fake("POST", "/_ml/anomaly_detectors/x/_open")
    fake.fake.fail("x", reason="out of memory")
    assert fake.state("x") == "failed"


def test_a_job_fails_when_it_closes_and_not_before() -> None:
    fake = http()
    fake("PUT", "/_ml/anomaly_detectors/x", JOB)
    fake("POST", "/_ml/anomaly_detectors/x/_open")
    fake.fake.fail("x", during="closing")
    assert fake.state("x") == "opened"
    assert fake("POST", "/_ml/anomaly_detectors/x/_close").status == 500
    assert fake.state("x") == "failed"


@pytest.mark.parametrize(
    ("job_id", "during", "text"),
    [
        ("y", "opened", "No known job with id 'y'"),
        ("x", "opened", r"job \[x\] has no process that could fail: it is closed"),
        ("x", "closed", r"\[during\] must be one of opening, opened, closing, not \[closed\]"),
    ],
)
def test_what_cannot_fail_is_a_value_error(job_id: str, during: str, text: str) -> None:
    fake = http()
    fake("PUT", "/_ml/anomaly_detectors/x", JOB)
    with pytest.raises(ValueError, match=text):
        fake.fake.fail(job_id, during=during)
    assert fake.state("x") == "closed"


def test_the_licence_is_changed_while_the_cluster_runs() -> None:
    fake = http()
    assert fake.fake.licence == "trial"
    fake.fake.licence = "basic"
    assert (fake.fake.licence, fake("PUT", "/_ml/anomaly_detectors/x", JOB).status) == ("basic", 403)
    fake.fake.licence = "platinum"
    assert fake("PUT", "/_ml/anomaly_detectors/x", JOB).status == 200
    fake.fake.licence = "expired"
    assert (fake.fake.licence, fake("GET", "/_license").body["license"]["status"]) == ("expired", "expired")
    fake.fake.licence = None
    assert fake.fake.licence == "trial"


def test_a_licence_that_was_deleted_is_none() -> None:
    fake = http("6.2")
    assert fake("DELETE", "/_xpack/license").status == 200
    assert fake.fake.licence is None


def test_a_licence_of_no_such_type_is_refused() -> None:
    fake = http(licence="gold")
    with pytest.raises(ValueError, match=r"unknown licence \[golden\]"):
        fake.fake.licence = "golden"
    assert fake.fake.licence == "gold"
