"""Bodies and answers that are not JSON, and what stands in place of a body."""

from __future__ import annotations

import json
from typing import Any

import cbor2
import pytest
import yaml  # type: ignore[import-untyped]

from fake_es.wire.render import Response
from tests.support import JOB, Http, http

PATH = "/_ml/anomaly_detectors/x"


def header(answer: Response, name: str) -> str | None:
    return {key.lower(): value for key, value in answer.headers}.get(name)


@pytest.mark.parametrize(("kind", "write"), [("yaml", yaml.safe_dump), ("cbor", cbor2.dumps), ("json", json.dumps)])
def test_a_job_in_any_format(kind: str, write: Any) -> None:
    fake, body = http(), write(JOB)
    answer = fake.raw("PUT", PATH, body if isinstance(body, bytes) else body.encode(), content_type=f"application/{kind}")
    assert (answer.status, header(answer, "content-type")) == (200, f"application/{kind}")
    assert fake("GET", PATH).body["jobs"][0]["analysis_config"]["detectors"][0]["function"] == "metric"


@pytest.mark.parametrize(("kind", "read"), [("yaml", yaml.safe_load), ("cbor", cbor2.loads)])
def test_an_answer_in_the_format_asked_for(kind: str, read: Any) -> None:
    fake = http()
    plain = fake("GET", "/").body
    for answer in (fake.raw("GET", f"/?format={kind}"), fake.raw("GET", "/", accept=f"application/{kind}")):
        assert (read(answer.body), header(answer, "content-type")) == (plain, f"application/{kind}")


def test_the_parameter_beats_the_header_and_what_is_unknown_is_skipped() -> None:
    fake = http()
    assert header(fake.raw("GET", "/?format=json", accept="application/yaml"), "content-type") == "application/json"
    assert header(fake.raw("GET", "/?format=telex", accept="application/yaml"), "content-type") == "application/yaml"
    assert header(fake.raw("GET", "/?format=yaml", accept="text/plain"), "content-type") == "application/yaml"


@pytest.mark.parametrize(
    ("release", "accept", "given"),
    [
        ("7.17", "application/json", "application/json; charset=UTF-8"),
        ("7.17", "application/yaml", "application/yaml"),
        (
            "8.19",
            "application/vnd.elasticsearch+yaml; compatible-with=8",
            "application/vnd.elasticsearch+yaml;compatible-with=8",
        ),
        ("8.19", "application/x-ndjson", "application/json"),
    ],
)
def test_the_type_of_an_answer(release: str, accept: str, given: str) -> None:
    assert header(http(release).raw("GET", "/", accept=accept), "content-type") == given


def test_yaml_is_laid_out_as_jackson_does() -> None:
    answer = http().raw("GET", "/_ml/anomaly_detectors?format=yaml")
    assert answer.body == b"---\ncount: 0\njobs: []\n"
    fake = http("9.5")
    fake.put("x")
    shown = fake.raw("GET", PATH + "?format=yaml&filter_path=count,jobs.job_id,jobs.analysis_config.detectors").body.decode()
    assert shown.startswith(
        '---\ncount: 1\njobs:\n- job_id: "x"\n  analysis_config:\n    detectors:\n    - detector_description: "'
    )


def test_errors_are_in_the_format_asked_for_as_well() -> None:
    answer = http().raw("GET", PATH + "?format=yaml")
    assert answer.status == 404
    assert yaml.safe_load(answer.body)["error"]["type"] == "resource_not_found_exception"


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("yaml", b"a: &x [1]\nb: *x", "aliases are not supported"),
        ("yaml", b"a: [", "while parsing"),
        ("yaml", b"{" * 5000, "nesting depth"),
        ("cbor", b"\xa1\x61", ""),
        ("cbor", b"\x81" * 5000, ""),
        ("cbor", cbor2.dumps({"a": {1, 2}}), ""),
    ],
)
def test_what_cannot_be_read_is_refused(kind: str, body: bytes, said: str) -> None:
    reply = http()("PUT", PATH, body, content_type=f"application/{kind}", accept="application/json")
    assert (reply.status, reply.type) == (400, "parse_exception")
    assert reply.reason.startswith(f"Failed to parse content of type [{kind}]")
    assert said in reply.reason


def test_smile_is_read_and_written_by_nothing() -> None:
    fake = http()
    reply = fake("PUT", PATH, b":)\n", content_type="application/smile", accept="application/json")
    assert (reply.status, reply.reason) == (406, "Content-Type header [application/smile] is not supported")
    assert fake("PUT", PATH + "?format=smile", JOB).status == 406
    assert fake("GET", PATH).status == 404


def test_lines_are_json() -> None:
    reply = http()("POST", "/_bulk", b"a: b", content_type="application/yaml", accept="application/json")
    assert reply.status == 406
    assert reply.reason == "Content-Type [YAML] does not support stream parsing. Use JSON or SMILE instead"


def buckets(fake: Http, query: str) -> Any:
    fake.put("x")
    return fake("GET", f"{{ml}}/anomaly_detectors/x/results/buckets?{query}")


@pytest.mark.parametrize(
    ("release", "query", "status", "said"),
    [
        ("8.15", "source={}", 500, "source and source_content_type parameters are required"),
        ("8.16", "source={}", 400, "Validation Failed: 1: source and source_content_type parameters are required;"),
        ("9.5", "source_content_type=application/json", 400,
         "Validation Failed: 1: source and source_content_type parameters are required;"),
        ("9.5", "source={}&source_content_type=text/plain", 400,
         "Validation Failed: 1: Unknown value for source_content_type [text/plain];"),
        ("9.5", "source={}&source_content_type=telex", 400, "invalid Content-Type header [telex]"),
    ],
)  # fmt: skip
def test_a_source_needs_its_type(release: str, query: str, status: int, said: str) -> None:
    reply = buckets(http(release), query)
    assert (reply.status, reply.reason) == (status, said)


@pytest.mark.parametrize(
    ("release", "query"),
    [
        ("5.4.0", "source={}"),
        ("9.5", "source={}&source_content_type=application/json"),
        ("9.5", "source=desc:%20true&source_content_type=application/yaml"),
    ],
)
def test_a_source_in_place_of_a_body(release: str, query: str) -> None:
    assert buckets(http(release), query).status == 200


def test_5_x_guesses_and_says_that_it_will_not_always() -> None:
    answer = http("5.4.0").raw("PUT", "/_xpack/ml/anomaly_detectors/x", json.dumps(JOB).encode())
    assert answer.status == 200
    assert "Content type detection for rest requests is deprecated." in (header(answer, "warning") or "")


def test_bytes_that_are_no_utf_8_are_no_json() -> None:
    reply = http()("PUT", PATH, json.dumps(JOB).encode().replace(b"airline", b"air\xffline"))
    assert (reply.status, reply.type) == (400, "x_content_parse_exception")
    assert "Invalid UTF-8 start byte 0xff" in reply.reason


def test_a_line_is_no_longer_than_4096_bytes() -> None:
    fake = http()
    fitting = "/?filter_path=" + "x" * (4096 - len("GET /?filter_path= HTTP/1.1"))
    assert fake("GET", fitting).status == 200
    reply = fake("GET", fitting + "x")
    assert (reply.status, reply.type) == (400, "too_long_http_line_exception")
    assert reply.reason == "An HTTP line is larger than 4096 bytes."
