"""The tables of jobs and datafeeds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.answering import checked
from tests.spec.validator import needs_specification
from tests.support import JOB, Http, http

JOBS, DATAFEEDS = "/_cat/ml/anomaly_detectors", "/_cat/ml/datafeeds"
RECORD = '{"time": 1403481600, "airline": "AAL", "responsetime": 1}'


def with_jobs(release: str | None = None) -> Http:
    """Jobs "a", open and fed, and "b", closed and with a datafeed."""
    fake = http(release)
    fake.put("a")
    fake.put("b", {**JOB, "data_description": {"time_field": "time"}})
    fake.job("a", "_open")
    fake.job("a", "_data", RECORD)
    fake("PUT", "{ml}/datafeeds/f", {"job_id": "b", "indices": ["flights"]})
    return fake


def rows(fake: Http, path: str) -> Any:
    return fake("GET", f"{path}{'&' if '?' in path else '?'}format=json").body


def test_jobs() -> None:
    fake = with_jobs()
    shown = fake("GET", JOBS + "?v=true").body.splitlines()
    assert shown[0].split() == [
        "id", "state", "data.processed_records", "model.bytes", "model.memory_status", "forecasts.total", "buckets.count",
    ]  # fmt: skip
    assert [line.split()[:3] for line in shown[1:]] == [["a", "opened", "1"], ["b", "closed", "0"]]
    assert rows(fake, JOBS + "/a?h=id,dlr,mml,node.name,ot") == [
        {
            "id": "a",
            "dlr": "Mon Jun 23 00:00:00 UTC 2014",
            "mml": "1gb",
            "node.name": "node-1",
            "ot": "0s",
        }
    ]
    assert rows(fake, JOBS + "/b?h=node.id,opened_time,btmin") == [{"node.id": None, "opened_time": None, "btmin": None}]
    assert rows(fake, JOBS + "?h=id&s=state") == [{"id": "b"}, {"id": "a"}]
    assert rows(fake, JOBS + "/a?h=mml&bytes=mb") == [{"mml": "1024"}]


def test_datafeeds() -> None:
    fake = with_jobs()
    assert rows(fake, DATAFEEDS) == [{"id": "f", "state": "stopped", "buckets.count": "0", "search.count": "0"}]
    assert rows(fake, DATAFEEDS + "/f?h=sba,st,ni") == [{"sba": "0.0", "st": "0s", "ni": None}]


@pytest.mark.parametrize(
    ("path", "reason"), [(JOBS, "No known job with id 'nope'"), (DATAFEEDS, "No datafeed with id [nope] exists")]
)
def test_what_is_not_there(path: str, reason: str) -> None:
    fake = with_jobs()
    assert fake("GET", f"{path}/nope").reason == reason
    assert rows(fake, f"{path}/nope*") == []
    assert fake("GET", f"{path}/nope*?allow_no_match=false").status == 404
    assert http("7.6")("GET", path).status in (400, 405)


@needs_specification
@pytest.mark.parametrize(("path", "api"), [(JOBS, "cat.ml_jobs"), (DATAFEEDS, "cat.ml_datafeeds")])
def test_answers_of_the_newest_release(path: str, api: str) -> None:
    fake = checked("9.5")
    fake.put("b", {**JOB, "data_description": {"time_field": "time"}})
    fake("PUT", "{ml}/datafeeds/f", {"job_id": "b", "indices": ["flights"]})
    assert len(rows(fake, path)) == 1
    assert fake.seen[api] == 1
