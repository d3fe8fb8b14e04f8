"""Each kind of assertion: values it holds for, and values it must not hold for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fake_es.verify.outcome import Outcome
from fake_es.verify.parse import parse_suite
from fake_es.verify.runner import Runner
from fake_es.version import parse_version
from tests.verify.scripted import Script, reply, run_steps

CALL = "- do: {info: {}}\n"

HOLD: list[tuple[str, Any]] = [
    ("match: {a: 1}", 1),
    ("match: {a: 1}", 1.0),
    ("match: {a: text}", "text"),
    ("match: {a: null}", None),
    ("match: {a: {b: [1, {c: x}]}}", {"b": [1.0, {"c": "x"}]}),
    ("match: {a: []}", []),
    ("match: {a: /^b.*d$/}", "bcd"),
    ("match: {a: '/ b c /'}", "abcd"),
    ("match: {a: '/x [ab ]y/'}", "xay"),
    ("match: {a: '2014-05-29'}", "2014-05-29"),
    ("match: {a: 2014-05-29}", "2014-05-29"),
    ("match: {a: no}", "no"),
    ("is_true: a", True),
    ("is_true: a", "text"),
    ("is_true: a", []),
    ("is_true: a", {}),
    ("is_true: a", 0.0),
    ("is_false: a", None),
    ("is_false: a", False),
    ("is_false: a", 0),
    ("is_false: a", ""),
    ("is_false: a", "FALSE"),
    ("exists: a", False),
    ("not_exists: a", None),
    ("gt: {a: 1}", 1.5),
    ("gte: {a: 1}", 1),
    ("lt: {a: 2}", 1),
    ("lt: {a: b}", "a"),
    ("lte: {a: 2}", 2.0),
    ("length: {a: 3}", "abc"),
    ("length: {a: 2}", [1, 2]),
    ("length: {a: 1}", {"b": 1}),
    ("contains: {a: {b: 1}}", [{"c": 1}, {"b": 1, "d": 2}]),
    ("contains: {a: ell}", "hello"),
    ("close_to: {a: {value: 1.0, error: 0.1}}", 1.05),
    ("is_after: {a: '2020-01-01T00:00:00Z'}", "2020-01-01T00:00:00.001Z"),
    ("matches_in_any_order: {a: [1, /b/]}", ["abc", 1]),
]

FAIL: list[tuple[str, Any]] = [
    ("match: {a: 1}", 2),
    ("match: {a: 1}", "1"),
    ("match: {a: 1}", True),
    ("match: {a: true}", 1),
    ("match: {a: null}", False),
    ("match: {a: text}", None),
    ("match: {a: {b: 1}}", {"b": 1, "c": 2}),
    ("match: {a: {b: 1}}", {}),
    ("match: {a: [1, 2]}", [2, 1]),
    ("match: {a: [1]}", [1, 2]),
    ("match: {a: [true]}", [1]),
    ("match: {a: /b$/}", "bc"),
    ("match: {a: /1/}", 1),
    ("match: {a: '/(/'}", "("),
    ("is_true: a", None),
    ("is_true: a", "false"),
    ("is_true: a", 0),
    ("is_false: a", []),
    ("is_false: a", {}),
    ("is_false: a", "no"),
    ("exists: a", None),
    ("not_exists: a", False),
    ("gt: {a: 1}", 1),
    ("gte: {a: 1}", 0),
    ("gte: {a: 1}", None),
    ("gte: {a: 1}", "2"),
    ("gt: {a: 0}", True),
    ("lt: {a: 2}", 2),
    ("lte: {a: 2}", 3),
    ("length: {a: 2}", "abc"),
    ("length: {a: 1}", 1),
    ("length: {a: 0}", None),
    ("contains: {a: {b: 1}}", [{"b": 2}]),
    ("contains: {a: {b: 1}}", {"b": 1}),
    ("contains: {a: x}", ["x"]),
    ("contains: {a: 1}", "1"),
    ("close_to: {a: {value: 1.0, error: 0.1}}", 1.2),
    ("close_to: {a: 1}", 1),
    ("is_after: {a: '2020-01-01T00:00:00Z'}", "2020-01-01T00:00:00Z"),
    ("is_after: {a: '2020-01-01T00:00:00Z'}", "later"),
    ("matches_in_any_order: {a: [1, 1]}", [1, 2]),
    ("matches_in_any_order: {a: [1]}", [1, 1]),
]


@pytest.mark.parametrize(("step", "value"), HOLD)
def test_holds(step: str, value: Any) -> None:
    result = run_steps(f"{CALL}- {step}", reply({"a": value}))
    assert result.outcome is Outcome.PASSED, result


@pytest.mark.parametrize(("step", "value"), FAIL)
def test_fails_at_its_line(step: str, value: Any) -> None:
    result = run_steps(f"{CALL}- {step}", reply({"a": value}))
    assert result.outcome is Outcome.FAILED
    assert str(result.place) == "suite.yml:3"


@pytest.mark.parametrize("kind", ["is_true", "exists"])
def test_an_absent_field_fails(kind: str) -> None:
    assert run_steps(f"{CALL}- {kind}: b.c.d", reply({"a": 1})).outcome is Outcome.FAILED


def test_the_failure_shows_both_values() -> None:
    result = run_steps(f"{CALL}- match: {{a.b: [1, x]}}", reply({"a": {"b": None}}))
    assert result.reason == '[a.b] must match [1, "x"], but is null'


def test_a_long_value_is_cut() -> None:
    result = run_steps(f"{CALL}- match: {{a: 1}}", reply({"a": "x" * 100_000}))
    assert len(result.reason) < 3000


PATHS: list[tuple[str, Any, Any]] = [
    ("a.b.0.c", {"a": {"b": [{"c": 1}]}}, 1),
    ("'1.x'", [{"x": 1}, {"x": 2}], 2),
    ("a\\.b.c", {"a.b": {"c": 3}}, 3),
    (".a", {"a": 4}, 4),
    ("''", {"a": 5}, {"a": 5}),
    ("$body", {"a": 6}, {"a": 6}),
    ("$body.a", {"a": 7}, 7),
    ("a.b.c", {"a": None}, None),
    ("nodes._arbitrary_key_", {"nodes": {"n1": {}}}, "n1"),
]


@pytest.mark.parametrize(("path", "body", "value"), PATHS)
def test_paths(path: str, body: Any, value: Any) -> None:
    result = run_steps(f"{CALL}- match: {{{path}: {json.dumps(value)}}}", reply(body))
    assert result.outcome is Outcome.PASSED, result


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("a.b", {"a": [1]}, "[b] was not numeric"),
        ("a.1", {"a": [1]}, "[1] was out of bounds"),
        ("a.b", {"a": "text"}, "no object found for [b] within [text]"),
        ("a._arbitrary_key_", {"a": {}}, "no key to choose from"),
    ],
)
def test_paths_that_lead_nowhere_fail_even_where_absence_is_expected(path: str, body: Any, says: str) -> None:
    result = run_steps(f"{CALL}- is_false: {path}", reply(body))
    assert result.outcome is Outcome.FAILED
    assert says in result.reason


def test_below_a_text_there_is_nothing() -> None:
    assert (
        run_steps(f"{CALL}- is_false: a\n- match: {{$body: /one/}}\n- is_true: ''", reply("one two")).outcome is Outcome.PASSED
    )


def test_eventually() -> None:
    steps = """
    - eventually:
        - do: {info: {}}
        - match: {state: done}
    - is_true: state
    """
    assert (
        run_steps(steps, reply({"state": "busy"}), reply({"state": "busy"}), reply({"state": "done"})).outcome is Outcome.PASSED
    )


def test_what_does_not_happen_eventually() -> None:
    passed: list[float] = []
    suite = parse_suite("t:\n- eventually:\n  - do: {info: {}}\n  - match: {state: done}\n", "suite.yml")
    runner = Runner(Script(reply({"state": "busy"})), version=parse_version("9.5"), pause=passed.append)
    [result] = runner.run(suite)
    assert (result.outcome, result.place.line) == (Outcome.FAILED, 2)
    assert '[state] must match "done", but is "busy"' in result.reason
    assert sum(passed) == pytest.approx(10.0)
    assert passed == sorted(passed[:-1]) + passed[-1:]


def test_an_api_that_is_unknown_within_eventually() -> None:
    result = run_steps("- eventually:\n  - do: {ml.no_such: {}}\n")
    assert (result.outcome, result.reason) == (Outcome.SKIPPED, "unknown API: ml.no_such")
