"""What ``catch``, ``ignore`` and the warning settings of a call accept, and what they must not."""

from __future__ import annotations

import pytest

from fake_es.verify.outcome import Outcome
from tests.verify.scripted import asked_by, reply, run, run_steps

NOT_OPEN = {"type": "status_exception", "reason": "job [a] is not open"}
CONFLICT = {"error": {"root_cause": [NOT_OPEN], **NOT_OPEN}, "status": 409}


def called(catch: str, status: int, body: object = None) -> Outcome:
    return run_steps(f"- do: {{catch: '{catch}', info: {{}}}}", reply(body, status)).outcome


@pytest.mark.parametrize(
    ("catch", "status"),
    [
        ("bad_request", 400),
        ("unauthorized", 401),
        ("forbidden", 403),
        ("missing", 404),
        ("request_timeout", 408),
        ("conflict", 409),
        ("gone", 410),
        ("unavailable", 503),
    ],
)
def test_each_name_is_one_status(catch: str, status: int) -> None:
    statuses = (200, 400, 401, 403, 404, 408, 409, 410, 429, 500, 503)
    assert [each for each in statuses if called(catch, each) is Outcome.PASSED] == [status]


def test_request_is_any_error_without_a_name_of_its_own() -> None:
    statuses = (200, 400, 401, 403, 404, 405, 408, 409, 410, 429, 500, 503)
    assert [each for each in statuses if called("request", each) is Outcome.PASSED] == [405, 429, 500, 503]


@pytest.mark.parametrize(
    "pattern",
    ["/status_exception/", "/job \\[a\\] is not open/", "/type=status_exception, reason=job/", "/root_cause=\\[\\{type=\\w+,/"],
)
def test_a_pattern_is_sought_in_the_error_as_the_servers_runner_writes_it(pattern: str) -> None:
    assert called(pattern, 409, CONFLICT) is Outcome.PASSED


@pytest.mark.parametrize(
    ("pattern", "status", "body"),
    [
        ("/resource_not_found/", 409, CONFLICT),
        ("/status_exception/", 200, CONFLICT),
        ("/409/", 409, CONFLICT),
        ("/JOB/", 409, CONFLICT),
        ("/null/", 409, {"error": None}),
        ("/text/", 500, "text"),
        ("/*/", 409, CONFLICT),
    ],
)
def test_a_pattern_that_is_not_found_fails(pattern: str, status: int, body: object) -> None:
    assert called(pattern, status, body) is Outcome.FAILED


def test_an_error_that_is_a_mere_text_can_be_matched() -> None:
    assert called("/no handler/", 400, {"error": "no handler found", "status": 400}) is Outcome.PASSED


def test_an_error_that_nobody_expects_fails_and_is_shown() -> None:
    result = run_steps("- do: {info: {}}", reply(CONFLICT, 409))
    assert result.outcome is Outcome.FAILED
    assert result.reason.startswith("expected [2xx] but [info] returned [409] {")
    assert "is not open" in result.reason


def test_a_success_where_an_error_is_expected_fails() -> None:
    result = run_steps("- do: {catch: missing, info: {}}", reply({}))
    assert result.reason == "expected [404] but [info] returned [200] {}"


def test_a_caught_error_is_the_answer() -> None:
    steps = "- do: {catch: conflict, info: {}}\n- match: {error.type: status_exception}\n- match: {$body.status: 409}"
    assert run_steps(steps, reply(CONFLICT, 409)).outcome is Outcome.PASSED


@pytest.mark.parametrize("ignore", ["404", "[404]", "'400,404'", "[400, 404]"])
def test_ignored_statuses_are_no_errors_and_are_not_sent(ignore: str) -> None:
    asked = asked_by(f"- do: {{info: {{ignore: {ignore}}}}}", reply({}, 404))
    assert "ignore" not in asked[0].target


def test_other_statuses_are_not_ignored() -> None:
    assert run_steps("- do: {info: {ignore: 404}}", reply({}, 403)).outcome is Outcome.FAILED


@pytest.mark.parametrize("call", ["ml.close_job: {job_id: a, x: 1}", "ml.close_job: {}", "ml.put_job: {job_id: a}"])
def test_param_expects_that_nothing_can_be_sent(call: str) -> None:
    assert asked_by(f"- do: {{catch: param, {call}}}") == []
    assert run_steps(f"- do: {{{call}}}").outcome is Outcome.FAILED


def test_param_fails_for_parameters_that_are_valid() -> None:
    result = run_steps("- do: {catch: param, ml.close_job: {job_id: a}}")
    assert result.reason == "expected the parameters of [ml.close_job] to be refused, but they are valid"


def warned(settings: str, *headers: str) -> Outcome:
    return run_steps(f"- do: {{info: {{}}{settings}}}", reply({}, warning=list(headers))).outcome


OLD = '299 Elasticsearch-9.5.1-abc "[old] is deprecated"'
QUOTED = '299 Elasticsearch-6.8.0-abc "field [\\"x\\"] is old" "Mon, 01 Jan 2018 00:00:00 GMT"'


@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        ("", []),
        (", warnings: ['[old] is deprecated']", [OLD]),
        (", warnings: ['field [\"x\"] is old']", [QUOTED]),
        (", warnings_regex: ['.*deprecated']", [OLD]),
        (", allowed_warnings: ['[old] is deprecated']", [OLD]),
        (", allowed_warnings: ['[old] is deprecated']", []),
        (", allowed_warnings_regex: ['.*']", [OLD, QUOTED]),
        (", warnings: ['[old] is deprecated'], allowed_warnings_regex: ['field.*']", [f"{OLD}, {QUOTED}"]),
    ],
)
def test_warnings_that_are_named(settings: str, headers: list[str]) -> None:
    assert warned(settings, *headers) is Outcome.PASSED


@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        ("", [OLD]),
        (", warnings: ['[old] is deprecated']", []),
        (", warnings: ['[old]']", [OLD]),
        (", warnings_regex: ['deprecated']", [OLD]),
        (", warnings_regex: ['.*deprecated']", []),
        (", allowed_warnings: ['other']", [OLD]),
        (", allowed_warnings_regex: ['.*']", ['199 - "other"']),
        (", warnings: ['[old] is deprecated']", [OLD, QUOTED]),
    ],
)
def test_warnings_that_are_missing_or_too_many(settings: str, headers: list[str]) -> None:
    assert warned(settings, *headers) is Outcome.FAILED


def test_the_clients_tests_do_not_look_at_warnings_unless_they_name_them() -> None:
    suite = "requires: {stack: true}\n---\ntest:\n- do: {info: {}%s}\n"
    answer = reply({}, warning=[OLD])
    assert run(suite % "", answer).outcome is Outcome.PASSED
    assert run(suite % ", warnings: [other]", answer).outcome is Outcome.FAILED
