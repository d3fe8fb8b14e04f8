"""Values kept from one step and put into another."""

from __future__ import annotations

import base64
import json

import pytest

from fake_es.verify.outcome import Outcome
from tests.verify.scripted import asked_by, reply, run, run_steps

ANSWER = reply({"id": "a/b", "count": 3, "nested": {"list": [{"name": "x"}]}, "x": {"name": "by key"}, "name": "$name"})
KEEP = "- do: {info: {}}\n- set: {id: id, count: n, nested: nested}\n- set: {nested.list.0.name: name}\n"


def test_in_path_and_query() -> None:
    asked = asked_by(KEEP + "- do: {ml.get_jobs: {job_id: $id, exclude_generated: '${n}${name}'}}", ANSWER)
    assert asked[1].target == "/_ml/anomaly_detectors/a%2Fb?error_trace=true&exclude_generated=3x"


def test_in_bodies_with_their_type_and_in_keys() -> None:
    body = "{a: $n, b: 'n=${n}', c: [$nested], '${name}${n}': 1, $name: 2, d: $nested.list.0.name, e: '\\${n}'}"
    asked = asked_by(KEEP + f"- do: {{ml.put_job: {{job_id: j, body: {body}}}}}", ANSWER)
    sent = {"a": 3, "b": "n=3", "c": [{"list": [{"name": "x"}]}], "x3": 1, "x": 2, "d": "x", "e": "${n}"}
    assert json.loads(asked[1].body) == sent


def test_as_the_text_of_a_list() -> None:
    asked = asked_by(KEEP + "- do: {ml.put_job: {job_id: j, body: {a: 'is ${nested.list}'}}}", ANSWER)
    assert json.loads(asked[1].body) == {"a": "is [{name=x}]"}


def test_in_a_body_that_is_a_text_after_it_was_read() -> None:
    asked = asked_by(KEEP + '- do: {ml.put_job: {job_id: j, body: \'{"a": "$id"}\'}}', ANSWER)
    assert json.loads(asked[1].body) == {"a": "a/b"}


def test_in_headers() -> None:
    asked = asked_by(KEEP + "- do: {headers: {Authorization: 'ApiKey ${id}', X-Name: $name}, info: {}}", ANSWER)
    assert asked[1].headers == {"authorization": "ApiKey a/b", "x-name": "x"}


@pytest.mark.parametrize(
    "step",
    [
        "match: {$n: 3}",
        "match: {$nested.list.0.name: x}",
        "match: {count: $n}",
        "match: {nested: $nested}",
        "match: {$body.count: $n}",
        "match: {'${name}': x}",
        "match: {x.name: by key}",
        "length: {$body: 5}",
        "is_true: $n",
    ],
)
def test_in_assertions(step: str) -> None:
    result = run_steps(KEEP + f"- {step}", ANSWER)
    assert result.outcome is Outcome.PASSED, result


@pytest.mark.parametrize("path", ["list.$zero.x", "list.0.$node", "list.${zero}.${node}", "$body.list.0.x"])
def test_as_a_part_of_a_path(path: str) -> None:
    steps = "- do: {info: {}}\n- set: {zero: zero, node: node}\n" + f"- match: {{'{path}': 1}}"
    assert run_steps(steps, reply({"zero": 0, "node": "x", "list": [{"x": 1}]})).outcome is Outcome.PASSED


@pytest.mark.parametrize("step", ["match: {$unknown: 1}", "match: {count: $unknown}", "is_false: $unknown"])
def test_what_was_not_kept_fails(step: str) -> None:
    result = run_steps(KEEP + f"- {step}", ANSWER)
    assert result.outcome is Outcome.FAILED
    assert result.reason == "stashed value not found for key [unknown]"


def test_nothing_can_be_kept_too() -> None:
    assert run_steps("- do: {info: {}}\n- set: {absent: a}\n- match: {$a: null}").outcome is Outcome.PASSED


def test_two_keys_that_become_one_fail() -> None:
    result = run_steps(KEEP + "- do: {ml.put_job: {job_id: j, body: {x: 1, $name: 2}}}", ANSWER)
    assert result.reason == "two keys become [x] when stashed values are put in"


def test_the_position_of_an_expected_value() -> None:
    answer = reply({"a": {"b.c": ["first", "b\\.c.1"]}})
    assert run_steps("- do: {info: {}}\n- match: {a: {b.c: [first, $_path]}}", answer).outcome is Outcome.PASSED


def test_credentials_from_two_fields() -> None:
    steps = "- do: {info: {}}\n- transform_and_set: {key: '#base64EncodeCredentials(id,nested.list.0.name)'}\n"
    asked = asked_by(steps + "- do: {headers: {Authorization: 'ApiKey ${key}'}, info: {}}", ANSWER)
    assert asked[1].headers["authorization"] == f"ApiKey {base64.b64encode(b'a/b:x').decode()}"


@pytest.mark.parametrize(("expression", "value"), [("#base64Encode(a:b)", "YTpi"), ("as it is", "as it is")])
def test_other_transformations(expression: str, value: str) -> None:
    steps = f"- do: {{info: {{}}}}\n- transform_and_set: {{x: '{expression}'}}\n- match: {{$x: '{value}'}}"
    assert run_steps(steps).outcome is Outcome.PASSED


def test_what_the_setup_keeps_is_gone_in_the_test() -> None:
    suite = "setup:\n- do: {info: {}}\n- set: {id: id}\n- match: {$id: a/b}\n---\ntest:\n- match: {$id: a/b}\n"
    result = run(suite, ANSWER)
    assert result.outcome is Outcome.FAILED
    assert result.place.line == 7


def test_the_headers_that_were_sent_are_kept() -> None:
    steps = "- do: {headers: {X-Opaque-Id: '1'}, info: {}}\n- match: {$request_headers: {x-opaque-id: '1'}}"
    assert run_steps(steps).outcome is Outcome.PASSED
