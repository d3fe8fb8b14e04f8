"""The journal: what the code under test has asked is recorded, found, asserted and exported, through every door."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

from fake_es import FakeElasticsearch
from tests.support import JOB, Http, http


def used() -> Http:
    """A job that was created, opened, closed twice, and one request that was refused."""
    fake = http("9.5", delays="none")
    fake.put("x")
    fake.job("x", "_open")
    fake.job("x", "_close?timeout=5s")
    fake.job("x", "_close", {"force": True})
    fake.job("y", "_open")
    return fake


def test_a_call_is_recorded_with_its_answer() -> None:
    fake = used().fake
    first, last = fake.calls[0], fake.calls[-1]
    assert (first.operation, first.method, first.path) == ("ml.put_job", "PUT", "/_ml/anomaly_detectors/x")
    assert (first.json(), first.status, first.reason) == (JOB, 200, None)
    assert (last.operation, last.status, last.reason) == ("ml.open_job", 404, "No known job with id 'y'")
    assert [call.number for call in fake.calls] == [1, 2, 3, 4, 5]
    assert fake.calls[2].query == {"timeout": "5s"}
    assert str(last) == "#5 POST /_ml/anomaly_detectors/y/_open -> 404 (ml.open_job): No known job with id 'y'"


def test_times_are_those_of_the_clock() -> None:
    fake = http("9.5", delays={"open": "2m"})
    fake.put("x")
    before = fake.fake.clock.now()
    fake.job("x", "_open")
    call = fake.fake.calls[-1]
    assert (call.at, call.took) == (before, 120_000)


@pytest.mark.parametrize(
    ("operation", "wanted", "numbers"),
    [
        (None, {}, [1, 2, 3, 4, 5]),
        ("ml.close_job", {}, [3, 4]),
        ("ml.*_job", {"job_id": "x"}, [1, 2, 3, 4]),
        ("ml.close_job", {"force": True}, [4]),
        ("ml.close_job", {"force": False}, []),
        ("ml.close_job", {"timeout": "5s"}, [3]),
        (None, {"status": 404}, [5]),
        (None, {"method": "PUT", "analysis_config": JOB["analysis_config"]}, [1]),
        ("bulk", {}, []),
    ],
)
def test_calls_are_found_by_operation_and_values(operation: str | None, wanted: dict[str, Any], numbers: list[int]) -> None:
    assert [call.number for call in used().fake.calls.of(operation, **wanted)] == numbers


def test_assertions_hold() -> None:
    fake = used().fake
    fake.assert_called("ml.close_job", job_id="x", force=True, times=1)
    fake.assert_called("ml.close_job")
    fake.assert_not_called("ml.delete_job")
    fake.assert_not_called("ml.close_job", job_id="y")
    fake.assert_order("ml.put_job", "ml.open_job", "ml.close_job")


def test_an_assertion_that_fails_shows_the_nearest_calls_and_what_differs() -> None:
    fake = used().fake
    with pytest.raises(AssertionError) as failed:
        fake.assert_called("ml.close_job", job_id="z", force=True)
    lines = str(failed.value).splitlines()
    assert lines[0] == "ml.close_job with job_id='z', force=True was not called. The nearest calls:"
    assert lines[1:3] == ["  #4 POST /_ml/anomaly_detectors/x/_close -> 200 (ml.close_job)", "     job_id: 'x', not 'z'"]
    assert lines[3].startswith("  #3 ")
    assert lines[5] == "     force: not given, not True"


def test_other_assertions_that_fail_say_what_was_called() -> None:
    fake = used().fake
    with pytest.raises(AssertionError, match=r"ml\.close_job was called 2 times, not 1:\n  #3 .*\n  #4 "):
        fake.assert_called("ml.close_job", times=1)
    with pytest.raises(AssertionError, match=r"ml\.open_job was called 2 times, not 0:"):
        fake.assert_not_called("ml.open_job")
    with pytest.raises(AssertionError, match=r"ml\.put_job was not called after ml\.open_job\. The calls were:\n  #1 "):
        fake.assert_order("ml.open_job", "ml.put_job")
    with pytest.raises(AssertionError, match=r"bulk was not called\. There were no calls at all\."):
        FakeElasticsearch().assert_called("bulk")


def test_a_request_that_no_route_takes_is_recorded_too() -> None:
    fake = http()
    fake("GET", "/_ml/no/such/path")
    assert (fake.fake.calls[0].operation, fake.fake.calls[0].status) == (None, 400)


def test_only_the_last_thousand_are_kept_and_only_the_beginning_of_bodies() -> None:
    fake = http()
    for _ in range(1002):
        fake("GET", "/")
    assert len(fake.fake.calls) == 1000
    assert fake.fake.calls[0].number == 3
    fake("PUT", "/i/_doc/1", {"text": "a" * 100_000})
    assert len(fake.fake.calls[-1].body) == 64 * 1024


def test_a_reset_keeps_them_and_clear_does_not() -> None:
    fake = used().fake
    fake.reset()
    assert len(fake.calls) == 5
    fake.calls.clear()
    assert list(fake.calls) == []


def test_secrets_are_masked() -> None:
    fake = http("9.5", security=True)
    user = {"password": "secret-1", "roles": ["superuser"]}
    sent = {"authorization": "Basic ZWxhc3RpYzpjaGFuZ2VtZQ==", "content_type": "application/json"}
    fake.raw("PUT", "/_security/user/bob", json.dumps(user).encode(), **sent)
    call = fake.fake.calls[-1]
    assert call.headers["authorization"] == "Basic ***"
    assert call.json() == {"password": "***", "roles": ["superuser"]}
    assert call.user == "elastic"
    assert "secret-1" not in fake.fake.calls.export("curl")


def test_each_door_has_its_name() -> None:
    fake = FakeElasticsearch("8.19")
    fake.handle("GET", "/", {})
    fake.client().info()
    with fake.serve() as url:
        requests.get(url, timeout=10)
    with fake.responses():
        requests.get("http://localhost:9200/", timeout=10)
    assert [call.door for call in fake.calls] == ["python", "client", "socket", "responses"]


def test_over_http() -> None:
    fake = used()
    shown = fake("GET", "/_fake/calls?operation=ml.close_job&size=1").body
    assert shown["count"] == 2
    assert [(call["number"], call["body"]) for call in shown["calls"]] == [(4, {"force": True})]
    asked = {"operation": "ml.close_job", "times": 1, "with": {"job_id": "x", "force": True}}
    assert fake("POST", "/_fake/calls/verify", asked).body == {"verified": True}
    assert fake("POST", "/_fake/calls/verify", {"order": ["ml.put_job", "ml.close_job"]}).body == {"verified": True}
    reply = fake("POST", "/_fake/calls/verify", {"operation": "ml.close_job"} | {"times": 3})
    assert (reply.status, reply.body["verified"]) == (200, False)
    assert reply.body["reason"].startswith("ml.close_job was called 2 times, not 3:")
    assert len(fake.fake.calls) == 5
    assert fake("DELETE", "/_fake/calls").body == {"acknowledged": True}
    assert fake("GET", "/_fake/calls").body == {"count": 0, "calls": []}


@pytest.mark.parametrize(
    "body",
    [{}, {"operation": 5}, {"operation": "x", "times": -1}, {"operation": "x", "times": True}, {"order": []}, {"a": 1}, []],
)
def test_what_cannot_be_verified_is_refused(body: Any) -> None:
    assert used()("POST", "/_fake/calls/verify", body).status == 400


def test_exports(tmp_path: Path) -> None:
    fake = used().fake
    fake.calls.clear()
    fake.handle("PUT", "/i/_doc/1", {"content-type": "application/json"}, b'{"it":"isn\'t"}')
    fake.handle("GET", "/i/_doc/1?pretty", {})
    assert fake.calls.export("console") == 'PUT /i/_doc/1\n{\n  "it": "isn\'t"\n}\n\nGET /i/_doc/1?pretty\n'
    with FakeElasticsearch().serve() as url:
        script = fake.calls.export("curl", url)
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=20)
    assert '"it" : "isn\'t"' in done.stdout
    (tmp_path / "test_exported.py").write_text(fake.calls.export("pytest"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)]
    assert subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    with pytest.raises(ValueError, match=r"unknown form \[yaml\]: curl, console, pytest"):
        fake.calls.export("yaml")


def test_exports_over_http() -> None:
    fake = used()
    assert fake("GET", "/_fake/calls/_export/console").body.startswith("PUT /_ml/anomaly_detectors/x\n{")
    assert fake("GET", "/_fake/calls/_export/pytest").body.startswith("def test_recorded_calls(fake_es):\n")
    assert fake("GET", "/_fake/calls/_export/yaml").status == 400
