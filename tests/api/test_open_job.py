"""Opening a job: ``POST .../_open``."""

from __future__ import annotations

import threading

import pytest

from fake_es import VirtualClock
from tests.api.test_close_job import closing, failed, opened
from tests.support import http


@pytest.mark.parametrize(("release", "node"), [("5.4.0", False), ("6.8", False), ("7.7", False), ("7.8", True), ("9.5", True)])
def test_the_answer_names_the_node_from_7_8(release: str, node: bool) -> None:
    fake = http(release)
    fake.put("x")
    body = fake.job("x", "_open").body
    assert body["opened"] is True
    assert ("node" in body) == node
    if node:
        assert body["node"] == fake.stats("x")["node"]["id"]


def test_an_unknown_job() -> None:
    reply = http("9.5").job("nope", "_open")
    assert (reply.status, reply.type, reply.reason) == (404, "resource_not_found_exception", "No known job with id 'nope'")


@pytest.mark.parametrize("release", ["5.4.0", "6.8", "9.5"])
def test_a_job_that_has_a_task_is_open_already(release: str) -> None:
    for fake in (opened(release), closing(release), failed(release)):
        reply = fake.job("x", "_open")
        assert (reply.status, reply.type) == (409, "status_exception")
        assert reply.reason == "Cannot open job [x] because it has already been opened"


@pytest.mark.parametrize(
    ("release", "status", "kind"), [("5.4.0", 500, "exception"), ("7.17", 500, "exception"), ("9.5", 408, "status_exception")]
)
def test_a_timeout_leaves_the_job_opening(release: str, status: int, kind: str) -> None:
    fake = http(release, delays={"open": "2m"})
    fake.put("x")
    reply = fake.job("x", "_open?timeout=30s")
    assert (reply.status, reply.type, reply.reason) == (status, kind, "Opening job [x] timed out after [30s]")
    assert fake.state("x") == "opening"
    assert fake.job("x", "_open").status == 409
    fake.fake.clock.advance("90s")
    assert fake.state("x") == "opened"


def test_an_opening_job_has_a_node_but_no_open_time() -> None:
    fake = http("9.5", delays={"open": "2m"})
    fake.put("x")
    fake.job("x", "_open", {"timeout": "1s"})
    stats = fake.stats("x")
    assert "node" in stats
    assert "open_time" not in stats
    fake.fake.clock.advance("2m")
    assert fake.stats("x")["open_time"] == "1s"


def test_a_negative_timeout_is_none() -> None:
    fake = http("9.5", delays={"open": "10d"})
    fake.put("x")
    assert fake.job("x", "_open?timeout=-1").body["opened"] is True


def test_an_opening_job_can_be_closed_and_the_one_who_opens_it_is_told() -> None:
    fake = http("9.5", clock=VirtualClock(auto=False), delays={"open": "2m"})
    fake.put("x")
    replies = []
    opener = threading.Thread(target=lambda: replies.append(fake.job("x", "_open")))
    opener.start()
    while fake.state("x") != "opening":
        pass
    assert fake.job("x", "_close").body == {"closed": True}
    opener.join(5)
    assert (replies[0].status, replies[0].reason) == (409, "The job has been closed while waiting to be opened")
    assert fake.state("x") == "closed"


def test_a_job_that_fails_while_opening() -> None:
    fake = http("9.5")
    fake.put("x")
    fake("POST", "/_fake/jobs/x/_fail", {"during": "opening", "reason": "no room"})
    reply = fake.job("x", "_open")
    assert (reply.status, reply.type) == (500, "exception")
    assert reply.reason == "Unexpected job state [failed] with reason [no room] while waiting for job to be opened"
    assert fake.state("x") == "failed"
    old = http("5.4.0")
    old.put("x")
    old("POST", "/_fake/jobs/x/_fail", {"during": "opening"})
    assert old.job("x", "_open").body == {"opened": False}


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"during": "sleeping"}, 400, "[during] must be one of opening, opened, closing, not [sleeping]"),
        ({"why": "x"}, 400, "unknown setting [why]: there are during, reason"),
        ({}, 409, "job [x] has no process that could fail: it is closed"),
    ],
)
def test_failing_a_job_has_its_own_refusals(body: dict[str, str], status: int, said: str) -> None:
    fake = http()
    fake.put("x")
    reply = fake("POST", "/_fake/jobs/x/_fail", body)
    assert (reply.status, reply.reason) == (status, said)
    assert fake("POST", "/_fake/jobs/nope/_fail").status == 404
