"""Errors told in brief, and faults of the emulator itself: an answer in the server's shape, and a line in the log."""

from __future__ import annotations

import json
import logging

import pytest

from fake_es.clock import VirtualClock
from tests.support import JOB, http


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
    shown = http("9.0", detailed_errors=False)("GET", "/?nonsense").body["error"]
    assert shown == {"type": "illegal_argument_exception", "reason": "request [/] contains unrecognized parameter: [nonsense]"}


@pytest.mark.parametrize(
    ("release", "api", "verb"),
    [("8.16", 8, None), ("8.17", 8, "will change"), ("9.0", 9, None), ("9.0", 8, "has changed"), ("9.5", 8, "has changed")],
)
def test_errors_without_details_warn_that_their_form_changes(release: str, api: int, verb: str | None) -> None:
    fake = http(release, detailed_errors=False)
    reply = fake("GET", "/_ml/anomaly_detectors/x", accept=f"application/vnd.elasticsearch+json;compatible-with={api}")
    assert isinstance(reply.body["error"], str) is (api == 8)
    warned = reply.headers.get("warning", "")
    assert (f"The JSON format of non-detailed errors {verb} in Elasticsearch 9.0" in warned) if verb else not warned


@pytest.mark.parametrize("release", ["6.2", "7.10"])
@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("nonsense", "invalid Content-Type header [nonsense]"),
        ("application/json\napplication/json", "only one Content-Type header should be provided"),
    ],
)
def test_up_to_7_10_a_content_type_that_is_none(release: str, header: str, said: str) -> None:
    reply = http(release)("GET", "/_nowhere/at/all", content_type=header)
    assert (reply.status, reply.type) == (400, "content_type_header_exception")
    assert reply.reason == f"java.lang.IllegalArgumentException: {said}"
    assert reply.body["error"]["caused_by"] == {"type": "illegal_argument_exception", "reason": said}


@pytest.mark.parametrize("target", ["/_xpack/ml/anomaly_detectors/x", "/_xpack/ml/anomaly_detectors/X"])
def test_up_to_6_6_a_warning_ends_with_the_date_of_the_clock(target: str) -> None:
    """Whether it comes with an answer or with a refusal."""
    fake = http("5.4.0", clock=VirtualClock(start="2021-03-15T07:31:04Z"))
    answer = fake.raw("PUT", target, json.dumps(JOB).encode())
    warning = next(value for name, value in answer.headers if name == "Warning")
    assert warning.startswith(f'299 Elasticsearch-5.4.0-{fake.fake.version.build_hash} "Content type detection')
    assert warning.endswith('." "Mon, 15 Mar 2021 07:31:04 GMT"')
