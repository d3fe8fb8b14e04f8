"""Suite files of both dialects, and files that cannot be read: file, line and what is wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from textwrap import dedent

import pytest

from fake_es.verify.parse import parse_suite, read_suite
from fake_es.verify.suite import Check, Do, Store
from fake_es.verify.yaml_text import SuiteError

SUITE = """\
---
teardown:
  - do: {ml.delete_job: {job_id: a, ignore: [404, 409]}}
---
requires: {stack: true, serverless: false}
---
"First test":
  - skip: {features: [headers]}
  - requires: {cluster_features: gte_v8.0.0, reason: of old}
  - do:
      headers: {Authorization: Basic eDp5}
      node_selector: {version: current}
      ml.get_jobs:
        job_id: [a, b]
  - match: {count: 2}
  - match: {jobs.0.id: a, jobs.1.id: b}
  - set: {jobs.0.id: id}
---
setup:
---
second:
  - is_true: ''
"""


def test_a_suite_is_told_apart_by_its_keys() -> None:
    suite = parse_suite(SUITE, "a.yml")
    assert suite.for_clients
    assert [(each.name, each.place.line) for each in suite.sections] == [("First test", 7), ("second", 21)]
    assert [step.api for step in suite.teardown.steps if isinstance(step, Do)] == ["ml.delete_job"]
    assert suite.setup.steps == ()


def test_steps_have_their_lines_and_their_values() -> None:
    first = parse_suite(SUITE, "a.yml").sections[0]
    do, *rest = first.steps
    assert isinstance(do, Do)
    assert (do.place.line, do.api, do.parameters) == (10, "ml.get_jobs", {"job_id": ["a", "b"]})
    assert do.headers == {"Authorization": "Basic eDp5"}
    checks = [(each.place.line, each.field, each.expected) for each in rest if isinstance(each, Check)]
    assert checks == [(15, "count", 2), (16, "jobs.0.id", "a"), (16, "jobs.1.id", "b")]
    assert isinstance(rest[-1], Store)


def test_what_is_required_comes_before_what_is_skipped() -> None:
    first = parse_suite(SUITE, "a.yml").sections[0]
    assert [(each.block, each.kind, each.reason) for each in first.conditions] == [
        ("requires", "cluster_features", "of old"),
        ("skip", "features", ""),
    ]


def test_ignored_statuses() -> None:
    step = parse_suite(SUITE, "a.yml").teardown.steps[0]
    assert isinstance(step, Do)
    assert step.ignore == {404, 409}


def test_scalars_are_typed_as_the_server_types_them() -> None:
    body = "{a: no, b: 2014-05-29, c: 12:30:45, d: 010, e: 1e3, f: .5, g: -7, h: ~, i: True, j: '1', k: 1.0, l: null, m: 0x1}"
    step = parse_suite(f"t:\n- do: {{info: {{body: {body}}}}}", "a.yml").sections[0].steps[0]
    assert isinstance(step, Do)
    typed = {"a": "no", "b": "2014-05-29", "c": "12:30:45", "d": 10, "e": 1000.0, "f": 0.5, "g": -7}
    assert step.parameters["body"] == typed | {"h": None, "i": True, "j": "1", "k": 1.0, "l": None, "m": "0x1"}
    assert isinstance(step.parameters["body"]["k"], float)


BROKEN = [
    ("t:\n- do: {info: [}\n", 2, "this is no YAML: "),
    ("", 1, "the file holds no test"),
    ("setup:\n- do: {info: {}}", 1, "the file holds no test"),
    ("a: []\nb: []", 1, "expected a mapping of one entry, found 2"),
    ("- a", 1, "expected a mapping, found a list"),
    ("a: []\n---\na: []", 3, "duplicate test [a]"),
    ("a:\n- do: {info: {a: 1, a: 2}}", 2, "duplicate key [a]"),
    ("a:\n  b: 1", 2, "expected a list of steps, found a mapping"),
    ("a: text", 1, "expected a list of steps, found [text]"),
    ("a:\n- do: {info: {}}\n- jump: {}", 3, "unknown step [jump]"),
    ("a:\n- do: {info: {}}\n  match: {}", 2, "expected a mapping of one entry, found 2"),
    ("a:\n- do: {}", 2, "expected one API call, found 0"),
    ("a:\n- do: {catch: missing, info: {}, ml.info: {}}", 2, "expected one API call, found 2"),
    ("a:\n- do: {info: }", 2, "expected a mapping, found nothing"),
    ("a:\n- do:\n    info: {}\n    catch: nothing", 4, "catch value [nothing] not supported"),
    ("a:\n- do:\n    info: {}\n    headers: text", 4, "expected a mapping, found [text]"),
    ("a:\n- is_true: [a]", 2, "expected text, found a list"),
    ("a:\n- match: a", 2, "expected a mapping, found [a]"),
    ("a:\n- set: {a: {}}", 2, "expected text, found a mapping"),
    ("a: &x [*x]", 1, "the file nests without end"),
    ("a:\n- do: {info: {}}\n- skip: {features: x}", 3, "[skip] must come before the steps"),
    ("a:\n- skip:\n    version: ' - 7.0.0'", 3, "[skip] needs a reason"),
    ("a:\n- skip: {version: 7, reason: x}", 2, "[7] is no range of releases such as '7.0.0 - 7.9.99'"),
    ("a:\n- skip: {moon: full, reason: x}", 2, "unknown condition [moon] in [skip]"),
    ("a:\n- requires: {version: all, reason: x}", 2, "unknown condition [version] in [requires]"),
    ("a:\n- skip: {capabilities: [x], reason: x}", 2, "expected a mapping, found [x]"),
]


@pytest.mark.parametrize(("text", "line", "says"), BROKEN)
def test_what_is_wrong_and_where(text: str, line: int, says: str) -> None:
    with pytest.raises(SuiteError) as caught:
        parse_suite(dedent(text), "dir/a.yml")
    assert str(caught.value).startswith(f"dir/a.yml:{line}: {says}")


def test_a_file_is_named_in_results_as_it_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("t:\n- do: {info: {}}\n")
    suite = read_suite(file, "ml/a")
    assert suite.path == "ml/a"
    assert str(suite.sections[0].steps[0].place) == f"{file}:2"


def test_without_pyyaml_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(ImportError, match=r"pip install fake-es\[verify\]"):
        parse_suite("t: []", "a.yml")


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "a.yml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SuiteError, match="the file cannot be read"):
        read_suite(file)
