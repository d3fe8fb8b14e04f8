"""Deleting and resetting without waiting: the answer names a task, and a refusal is found there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.secured import Secured
from tests.support import JOB, Http, http

DELETE, RESET = ("DELETE", ""), ("POST", "/_reset")
UNWAITED = "?wait_for_completion=false"
BOTH = [
    ("6.5", DELETE, "cluster:admin/xpack/ml/job/delete", "delete-job-x"),
    ("7.17", DELETE, "cluster:admin/xpack/ml/job/delete", "delete-job-x"),
    ("9.5", DELETE, "cluster:admin/xpack/ml/job/delete", "delete-job-x"),
    ("7.14", RESET, "cluster:admin/xpack/ml/job/reset", "job-x"),
    ("9.5", RESET, "cluster:admin/xpack/ml/job/reset", "job-x"),
]


def target(way: tuple[str, str]) -> tuple[str, str]:
    method, action = way
    return method, f"{{ml}}/anomaly_detectors/x{action}{UNWAITED}"


def outcome(fake: Http, way: tuple[str, str]) -> Any:
    """What is told of the task of a call that does not wait, as soon as it has been answered."""
    reply = fake(*target(way))
    assert (reply.status, list(reply.body)) == (200, ["task"])
    return fake("GET", f"/_tasks/{reply.body['task']}").body


@pytest.mark.parametrize(("release", "way", "action", "description"), BOTH)
def test_a_job_that_is_not_there(release: str, way: tuple[str, str], action: str, description: str) -> None:
    told = outcome(http(release), way)
    assert list(told) == ["completed", "task", "error"]
    assert (told["completed"], told["task"]["action"], told["task"]["description"]) == (True, action, description)
    assert told["error"] == {"type": "resource_not_found_exception", "reason": "No known job with id 'x'"}


@pytest.mark.parametrize(
    ("way", "reason"),
    [
        (DELETE, "Cannot delete job [x] because the job is opened"),
        (RESET, "Can only reset a job when it is closed."),
    ],
)
def test_an_open_job(way: tuple[str, str], reason: str) -> None:
    fake = http()
    fake.put("x")
    fake.job("x", "_open")
    assert outcome(fake, way)["error"] == {"type": "status_exception", "reason": reason}
    fake.fake.clock.advance("1h")
    assert fake.state("x") == "opened"
    method, path = target(way)
    assert fake(method, path.removesuffix(UNWAITED)).status == 409


def test_a_job_with_a_datafeed() -> None:
    fake = http("7.14")
    fake.put("x")
    fake("PUT", "{ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"]})
    assert outcome(fake, DELETE)["error"]["reason"] == "Cannot delete job [x] because datafeed [d] refers to it"
    assert fake.job("x", method="GET").body["count"] == 1


@pytest.mark.parametrize(("release", "way", "action", "description"), BOTH)
def test_a_privilege_that_is_missing(release: str, way: tuple[str, str], action: str, description: str) -> None:
    fake = Secured(release)
    fake.by("manage_ml", "PUT", "{ml}/anomaly_detectors/x", JOB)
    reply = fake.by("monitor_ml", *target(way))
    assert (reply.status, list(reply.body)) == (200, ["task"])
    told = fake.by("monitor", "GET", f"/_tasks/{reply.body['task']}").body
    assert (told["completed"], told["task"]["description"]) == (True, description)
    assert told["error"]["type"] == "security_exception"
    assert told["error"]["reason"].startswith(f"action [{action}] is unauthorized for user [monitor_ml]")
    fake.fake.clock.advance("1h")
    shown = fake.by("monitor_ml", "GET", "{ml}/anomaly_detectors/x").body
    assert (shown["count"], shown["jobs"][0].keys() & {"blocked", "deleting"}) == (1, set())


@pytest.mark.parametrize("way", [DELETE, RESET])
def test_what_is_refused_before_there_is_a_task(way: tuple[str, str]) -> None:
    fake = Secured()
    assert fake(*target(way)).status == 401
    method, path = target(way)
    assert fake.by("manage_ml", method, f"{path}&wat=1").status == 400
    assert fake.by("monitor", "GET", "/_tasks?actions=*job/*").body == {"nodes": {}}
