"""Names and parameters of APIs to requests."""

from __future__ import annotations

import json

import pytest

from fake_es.verify.outcome import Outcome
from tests.verify.scripted import Asked, asked_by, run_steps


def sent(call: str, version: str = "9.5") -> tuple[str, str]:
    asked = asked_by(f"- do: {{{call}}}", version=version)[0]
    return asked.method, asked.target.replace("error_trace=true&", "").replace("?error_trace=true", "")


@pytest.mark.parametrize(
    ("call", "method", "target"),
    [
        ("info: {}", "GET", "/"),
        ("ping: {}", "HEAD", "/"),
        ("ml.get_jobs: {}", "GET", "/_ml/anomaly_detectors"),
        ("ml.get_jobs: {job_id: a}", "GET", "/_ml/anomaly_detectors/a"),
        ("ml.get_jobs: {job_id: [a, 'b*']}", "GET", "/_ml/anomaly_detectors/a,b*"),
        ("ml.get_jobs: {job_id: 'a/b c#ü'}", "GET", "/_ml/anomaly_detectors/a%2Fb%20c%23%C3%BC"),
        ("ml.close_job: {job_id: a, force: true}", "POST", "/_ml/anomaly_detectors/a/_close?force=true"),
        ("ml.close_job: {job_id: a, timeout: 30s}", "POST", "/_ml/anomaly_detectors/a/_close?timeout=30s"),
        ("ml.get_buckets: {job_id: a}", "GET", "/_ml/anomaly_detectors/a/results/buckets"),
        ("ml.get_buckets: {job_id: a, body: {desc: true}}", "POST", "/_ml/anomaly_detectors/a/results/buckets"),
        ("ml.get_buckets: {job_id: a, timestamp: 12}", "GET", "/_ml/anomaly_detectors/a/results/buckets/12"),
        (
            "ml.get_jobs: {filter_path: 'jobs.job_id,-x', pretty: true}",
            "GET",
            "/_ml/anomaly_detectors?filter_path=jobs.job_id,-x&pretty=true",
        ),
        ("security.put_user: {username: a, body: {}}", "PUT", "/_security/user/a"),
    ],
)
def test_path_method_and_query(call: str, method: str, target: str) -> None:
    assert sent(call) == (method, target)


@pytest.mark.parametrize(
    ("version", "target"),
    [("5.4.0", "/_xpack/ml"), ("6.8", "/_xpack/ml"), ("7.0.0", "/_ml"), ("8.19", "/_ml")],
)
def test_paths_are_those_of_the_release_and_never_deprecated(version: str, target: str) -> None:
    assert sent("ml.get_jobs: {job_id: a}", version) == ("GET", f"{target}/anomaly_detectors/a")


def test_parameters_are_those_of_the_release() -> None:
    call = "- do: {ml.close_job: {job_id: a, allow_no_match: true}}"
    assert run_steps(call, version="9.5").outcome is Outcome.PASSED
    refused = run_steps(call, version="6.8")
    assert refused.reason == "parameter [allow_no_match] not supported by [ml.close_job]"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("ml.close_job: {}", "no path of the API [ml.close_job] takes the parameters []"),
        ("ml.close_job: {job_id: a, x: 1, y: 2}", "parameter [x, y] not supported by [ml.close_job]"),
        ("ml.put_job: {job_id: a}", "body is required by [ml.put_job]"),
        ("info: {body: {}}", "body is not supported by [info]"),
    ],
)
def test_parameters_that_are_refused(call: str, says: str) -> None:
    assert run_steps(f"- do: {{{call}}}").reason == says


def test_error_traces_are_asked_for_unless_told_otherwise() -> None:
    assert asked_by("- do: {info: {}}")[0].target == "/?error_trace=true"
    assert asked_by("- do: {info: {error_trace: false}}")[0].target == "/?error_trace=false"


def posted(body: str) -> Asked:
    return asked_by(f"- do:\n    ml.post_data:\n      job_id: a\n      body: {body}")[0]


JSON, LINES = "application/json", "application/x-ndjson"


@pytest.mark.parametrize(
    ("body", "media_type", "data"),
    [
        ("{a: 1, b: [x, ü]}", JSON, '{"a":1,"b":["x","ü"]}'),
        ("{}", JSON, "{}"),
        ("'{\"a\": 1}'", JSON, '{"a":1}'),
        ("[{a: 1}, {a: 2}]", LINES, '{"a":1}\n{"a":2}\n'),
        ("[{a: 1}]", LINES, '{"a":1}\n'),
        ("['{\"a\": 1}', {a: 2}]", LINES, '{"a":1}\n{"a":2}\n'),
        ('\'{"a": 1} {"a": 2}\'', LINES, '{"a":1}\n{"a":2}\n'),
        ('|\n        {"a": 1}\n        {"a":\n          2}', LINES, '{"a":1}\n{"a":2}\n'),
        ("'time,x'", JSON, "time,x"),
        ("'[1]'", JSON, "[1]"),
        ("'{\"a\": '", JSON, '{"a": '),
    ],
)
def test_bodies(body: str, media_type: str, data: str) -> None:
    asked = posted(body)
    assert (asked.headers["content-type"], asked.body.decode()) == (media_type, data)


def test_a_media_type_of_the_tests_own() -> None:
    asked = asked_by("- do: {headers: {Content-Type: text/plain}, ml.post_data: {job_id: a, body: {}}}")[0]
    assert asked.headers == {"content-type": "text/plain"}


def test_flow_mappings_may_end_with_a_comma() -> None:
    assert json.loads(posted("{\n        a: 1,\n      }").body) == {"a": 1}
