"""Which tests are run where: ``skip``, ``requires`` and the clients' ``requires``."""

from __future__ import annotations

import pytest

from fake_es.operations import all_operations
from fake_es.verify.outcome import Outcome
from tests.verify.scripted import Script, reply, run

STEP = "- do: {info: {}}\n"


def outcome(block: str, version: str = "9.5", script: Script | None = None) -> Outcome:
    return run(f"t:\n- {block}\n{STEP}", version=version, script=script).outcome


@pytest.mark.parametrize(
    ("value", "run_on", "skipped_on"),
    [
        ("' - 7.9.99'", ["7.10.2", "9.5"], ["5.4.0", "7.9.3"]),
        ("'8.0.0 - '", ["7.17", "5.6"], ["8.0.0", "9.5"]),
        ("'6.8.0 - 7.1.1'", ["6.7.2", "7.2.0"], ["6.8.0", "7.1.1"]),
        ("'7.0.0-7.0.0'", ["7.0.1"], ["7.0.0"]),
        ("'5.4.0 - 5.4.1, 6.0 - 6.0'", ["5.4.2", "6.1.0"], ["5.4.1", "6.0.1"]),
        ("all", [], ["5.4.0", "9.5"]),
    ],
)
def test_ranges_of_releases(value: str, run_on: list[str], skipped_on: list[str]) -> None:
    block = f"skip: {{version: {value}, reason: r}}"
    assert [outcome(block, version) for version in run_on] == [Outcome.PASSED] * len(run_on)
    assert [outcome(block, version) for version in skipped_on] == [Outcome.SKIPPED] * len(skipped_on)


@pytest.mark.parametrize(
    "block",
    [
        "skip: {features: [headers, close_to]}",
        "skip: {os: debian-8, reason: r}",
        "skip: {cluster_features: unknown, reason: r}",
        "skip: {cluster_features: [gte_v99.0.0], reason: r}",
        "skip: {known_issues: [{cluster_feature: gte_v8.1.0, fixed_by: gte_v8.2.0}], reason: r}",
        "requires: {test_runner_features: contains}",
        "requires: {cluster_features: [gte_v8.12.2, gte_v7.0.0], reason: r}",
    ],
)
def test_run(block: str) -> None:
    assert outcome(block) is Outcome.PASSED


@pytest.mark.parametrize(
    "block",
    [
        "skip: {features: always_skip}",
        "skip: {features: [headers, no_xpack]}",
        "skip: {awaits_fix: 'https://example.org/1'}",
        "skip: {cluster_features: [unknown, gte_v9.0.0], reason: r}",
        "skip: {known_issues: [{cluster_feature: gte_v8.1.0, fixed_by: gte_v99.0.0}], reason: r}",
        "requires: {test_runner_features: [contains, telepathy]}",
        "requires: {cluster_features: [gte_v8.0.0, unknown], reason: r}",
    ],
)
def test_not_run_and_nothing_is_sent(block: str) -> None:
    script = Script()
    assert outcome(block, script=script) is Outcome.SKIPPED
    assert script.asked == []


@pytest.mark.parametrize(
    ("supported", "requires", "skip"),
    [
        ({"supported": True}, Outcome.PASSED, Outcome.SKIPPED),
        ({"supported": False}, Outcome.SKIPPED, Outcome.PASSED),
        ({"supported": None}, Outcome.SKIPPED, Outcome.SKIPPED),
        ("no handler found", Outcome.SKIPPED, Outcome.SKIPPED),
    ],
)
def test_capabilities_are_asked_of_the_cluster(supported: object, requires: Outcome, skip: Outcome) -> None:
    wanted = "{capabilities: [{path: /_ml/info, capabilities: [a, b]}], reason: r}"
    script = Script(reply(supported), reply({}))
    assert outcome(f"requires: {wanted}", script=script) is requires
    assert script.asked[0].target == "/_capabilities?method=GET&path=%2F_ml%2Finfo&capabilities=a%2Cb"
    assert outcome(f"skip: {wanted}", script=Script(reply(supported), reply({}))) is skip


def test_the_reason_and_its_line_are_told() -> None:
    result = run(f"t:\n- skip: {{version: all, reason: too slow}}\n{STEP}")
    assert str(result) == "suite.yml:2: [suite.yml/t] skipped: not for releases [all]: too slow"


@pytest.mark.parametrize("part", ["setup", "teardown"])
def test_what_setup_and_teardown_ask_for_holds_for_the_test(part: str) -> None:
    assert run(f"{part}:\n- skip: {{features: x}}\n---\nt:\n{STEP}").outcome is Outcome.SKIPPED


@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        ("{stack: true, serverless: true}", Outcome.PASSED),
        ("{serverless: false, stack: true}", Outcome.PASSED),
        ("{stack: false, serverless: true}", Outcome.SKIPPED),
        ("{stack: true, feature_flag: new}", Outcome.SKIPPED),
    ],
)
def test_the_clients_dialect(requires: str, expected: Outcome) -> None:
    assert run(f"requires: {requires}\n---\nt:\n{STEP}").outcome is expected


def test_a_test_of_an_unknown_api_is_not_run() -> None:
    result = run(f"t:\n{STEP}- do: {{ml.dance: {{}}}}\n")
    assert (result.outcome, result.reason, result.place.line) == (Outcome.SKIPPED, "unknown API: ml.dance", 3)


def test_a_test_of_an_api_that_came_later_is_not_run() -> None:
    steps = "t:\n- do: {ml.forecast: {job_id: a}}\n"
    assert run(steps, version="5.4.0").reason == "unknown API: ml.forecast"


def test_a_test_of_an_api_that_is_not_emulated_is_not_run() -> None:
    lacking = [each.name for each in all_operations() if not each.supported]
    if not lacking:
        pytest.skip("everything is emulated")
    result = run(f"t:\n{STEP}---\nteardown:\n- do: {{{lacking[-1]}: {{}}}}\n")
    assert (result.outcome, result.reason) == (Outcome.SKIPPED, f"not emulated yet: {lacking[-1]}")


def test_a_test_that_meets_what_is_not_emulated_is_given_up() -> None:
    error = {"type": "fake_es_not_implemented_exception", "reason": "[span] queries"}
    result = run(f"t:\n{STEP}", reply({"error": error, "status": 501}, 501))
    assert (result.outcome, result.reason) == (Outcome.SKIPPED, "not emulated yet: [span] queries")
