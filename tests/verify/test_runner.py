"""A test from its setup to the clean-up, most of them against a live emulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fake_es import FakeElasticsearch
from fake_es.verify.cleanup import reset_fake
from fake_es.verify.connection import Connection, HttpConnection, Reply
from fake_es.verify.outcome import Failed, Outcome, Result
from fake_es.verify.parse import parse_suite
from fake_es.verify.report import summary
from fake_es.verify.requests import Request
from fake_es.verify.runner import Runner
from fake_es.version import UnknownVersionError
from tests.verify.scripted import Script, reply, run

JOB = "{analysis_config: {detectors: [{function: count}]}, data_description: {time_field: time}}"
PUT = f"- do: {{ml.put_job: {{job_id: a, body: {JOB}}}}}\n"
LIFE = f"""\
setup:
{PUT}---
teardown:
- do: {{ml.delete_job: {{job_id: a}}}}
---
"opens and closes":
- do: {{ml.open_job: {{job_id: a}}}}
- is_true: opened
- do: {{ml.close_job: {{job_id: a}}}}
- match: {{closed: true}}
- do: {{catch: missing, ml.close_job: {{job_id: b}}}}
- match: {{error.type: resource_not_found_exception}}
- do: {{catch: "/No known job with id 'b'/", ml.get_jobs: {{job_id: b}}}}
---
"fails":
- match: {{count: 1}}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with FakeElasticsearch().serve() as url:
        yield url


@pytest.fixture
def connection(server: str) -> Iterator[HttpConnection]:
    with HttpConnection(server) as opened:
        yield opened
        reset_fake(opened)


def results(connection: Connection, text: str, **settings: object) -> list[Result]:
    runner = Runner(connection, cleanup=reset_fake, **settings)  # type: ignore[arg-type]
    return list(runner.run(parse_suite(text, "life.yml")))


def jobs(connection: Connection) -> int:
    count: int = connection.send("GET", "/_ml/anomaly_detectors", {}).body["count"]
    return count


def test_a_suite_against_a_live_server(connection: HttpConnection) -> None:
    passed, failed = results(connection, LIFE)
    assert passed.outcome is Outcome.PASSED, passed
    assert failed.outcome is Outcome.FAILED
    assert (failed.test, str(failed.place)) == ("life.yml/fails", "life.yml:17")
    assert jobs(connection) == 0


@pytest.mark.parametrize("version", ["5.4.0", "6.8", "7.17", "8.19"])
def test_the_release_is_asked_of_the_cluster(version: str) -> None:
    fake = FakeElasticsearch(version)
    with fake.serve() as url, HttpConnection(url) as opened:
        runner = Runner(opened, cleanup=reset_fake)
        assert runner.version == fake.version
        assert next(runner.run(parse_suite(LIFE, "life.yml"))).outcome is Outcome.PASSED


def test_after_each_test_the_cluster_is_cleaned(connection: HttpConnection) -> None:
    suite = f"one:\n{PUT}---\ntwo:\n{PUT}- is_true: nothing\n---\nthree:\n{PUT}"
    outcomes = [result.outcome for result in results(connection, suite)]
    assert outcomes == [Outcome.PASSED, Outcome.FAILED, Outcome.PASSED]


def test_without_a_clean_up_everything_stays(connection: HttpConnection) -> None:
    list(Runner(connection).run(parse_suite(f"one:\n{PUT}", "a.yml")))
    assert jobs(connection) == 1


def test_the_teardown_follows_a_failure_of_setup_or_test() -> None:
    for part in ("setup", "t"):
        script = Script(reply({}, 500), reply({}))
        suite = f"{part}:\n- do: {{ml.get_jobs: {{}}}}\n---\nt2:\n- do: {{info: {{}}}}\n---\nteardown:\n- do: {{ping: {{}}}}\n"
        result = run(suite, script=script)
        assert result.reason.startswith("expected [2xx] but [ml.get_jobs] returned [500]")
        assert [each.method for each in script.asked] == ["GET", "HEAD"]


def test_a_failing_teardown_fails_a_test_that_passed() -> None:
    suite = "teardown:\n- do: {ml.get_jobs: {}}\n---\nt:\n- do: {info: {}}\n"
    result = run(suite, reply({}), reply({}, 409))
    assert (result.outcome, result.place.line) == (Outcome.FAILED, 2)
    assert result.reason.startswith("teardown: expected [2xx]")


def test_a_failing_teardown_hides_no_failure_of_the_test() -> None:
    suite = "teardown:\n- do: {ml.get_jobs: {}}\n---\nt:\n- do: {info: {}}\n"
    result = run(suite, reply({}, 409))
    assert result.place.line == 5


def test_a_failing_clean_up_fails_the_test() -> None:
    def refuse(connection: Connection) -> None:
        raise Failed("no")

    result = run("t:\n- do: {info: {}}\n", cleanup=refuse)
    assert (result.outcome, result.reason) == (Outcome.FAILED, "clean-up: no")


def test_a_head_request_is_true_or_false() -> None:
    for status, step in ((200, "is_true"), (404, "is_false")):
        result = run(f"t:\n- do: {{ping: {{}}}}\n- {step}: ''\n", reply(status < 400, status))
        assert result.outcome is Outcome.PASSED, result


def test_an_observer_hears_of_accepted_answers_alone(connection: HttpConnection) -> None:
    heard: list[tuple[str, str, int]] = []

    def observe(api: str, request: Request, answer: Reply) -> None:
        heard.append((api, request.method, answer.status))

    results(connection, LIFE.partition('---\n"fails"')[0], observer=observe)
    assert heard == [
        ("ml.put_job", "PUT", 200),
        ("ml.open_job", "POST", 200),
        ("ml.close_job", "POST", 200),
        ("ml.close_job", "POST", 404),
        ("ml.get_jobs", "GET", 404),
        ("ml.delete_job", "DELETE", 200),
    ]


def test_an_observer_can_object(connection: HttpConnection) -> None:
    def object_(api: str, request: Request, answer: Reply) -> None:
        assert answer.status == 201, "not a 201"

    (result,) = results(connection, "t:\n- do: {info: {}}\n", observer=object_)
    assert result.outcome is Outcome.FAILED
    assert result.reason.startswith("not a 201")


def test_a_cluster_that_is_none() -> None:
    with pytest.raises(Failed, match="does not say which release it is: hello"):
        Runner(Script(reply("hello")))


def test_a_cluster_of_an_unknown_release() -> None:
    with pytest.raises(UnknownVersionError):
        Runner(Script(reply({"version": {"number": "2.4.0"}})))


def test_a_snapshot_of_a_known_release() -> None:
    assert Runner(Script(reply({"version": {"number": "8.19.0-SNAPSHOT"}}))).version == (8, 19, 0)


def test_a_summary_counts_and_gives_reasons(connection: HttpConnection) -> None:
    suite = f"{LIFE}---\nx:\n- skip: {{features: x}}\n---\ny:\n- skip: {{features: x}}\n"
    *failures, skips, counts = summary(results(connection, suite))
    assert failures == ["life.yml:17: [life.yml/fails] failed: [count] must match 1, but is null"]
    assert skips == "skipped 2: unknown features of the runner [x]"
    assert counts == "1 passed, 1 failed, 2 skipped"
