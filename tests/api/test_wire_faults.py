"""Errors told in brief, and faults of the emulator itself: an answer in the server's shape, and a line in the log."""

from __future__ import annotations

import logging

import pytest

from tests.support import http


def broken(*_: object) -> float:
    raise KeyError("broken on purpose")


@pytest.mark.parametrize("release", ["5.4.0", "7.17", "9.5"])
def test_a_fault_is_500_and_its_traceback_is_logged(release: str, caplog: pytest.LogCaptureFixture) -> None:
    fake = http(release, delays=broken)
    fake.put("x")
    with caplog.at_level(logging.ERROR, "fake_es"):
        reply = fake.job("x", "_open")
    assert (reply.status, reply.type) == (500, "fake_es_internal_exception")
    assert reply.reason == "KeyError in fake_es, not in Elasticsearch: 'broken on purpose'"
    assert [record.name for record in caplog.records] == ["fake_es"]
    assert caplog.records[0].exc_info is not None
    assert fake("GET", "/").status == 200


def test_nothing_is_logged_of_what_the_server_refuses(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "fake_es"):
        http()("GET", "/?nonsense")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("release", "error"),
    [
        ("5.4.0", "ResourceNotFoundException[No known job with id 'x']"),
        ("8.19", "ResourceNotFoundException[No known job with id 'x']"),
        ("9.5", {"type": "resource_not_found_exception", "reason": "No known job with id 'x'"}),
    ],
)
def test_errors_without_details(release: str, error: object) -> None:
    fake = http(release, detailed_errors=False)
    reply = fake.job("x", method="GET")
    assert (reply.status, reply.body) == (404, {"error": error, "status": 404})
    traced = fake("GET", "/?error_trace")
    assert (traced.status, traced.body) == (400, {"error": "error traces in responses are disabled.", "status": 400})
    assert fake("GET", "/?error_trace=false").status == 200


def test_the_class_of_an_error_without_details_is_the_servers() -> None:
    fake = http("8.19", detailed_errors=False)
    assert fake("PUT", "/_ml/anomaly_detectors/x", b"").body["error"] == "ElasticsearchParseException[request body is required]"
    assert fake("GET", "/?nonsense").body["error"] == "No ElasticsearchException found"
