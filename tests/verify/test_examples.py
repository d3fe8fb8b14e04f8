"""Examples of answers held against answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fake_es.verify.examples import compare, differences, read_example
from fake_es.verify.outcome import Failed, Place
from fake_es.verify.suite import Closeness, Example
from fake_es.verify.varying import Varying, default_varying, read_varying

EXACT, FIGURES, NAMES = Closeness.EXACT, Closeness.FIGURES_VARY, Closeness.NAMES_AND_TYPES


def differing(expected: Any, actual: Any, closeness: Closeness = EXACT, varying: Varying | None = None) -> list[str]:
    return [".".join(found.path) for found in differences(expected, actual, closeness, varying or default_varying())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": $body.x, "b": [$x]}', {"a": "$body.x", "b": ["$x"]}),
        ('{$key: 1, "$": "a, $b"}', {"$key": 1, "$": "a, $b"}),
        ('{"a": ...}', {"a": "..."}),
        ('{"a": 1, ...}', {"a": 1, "...": "..."}),
        ('{"a": 1\n...\n"b": 2}', {"a": 1, "...": "...", "b": 2}),
        ("[1, ..., 3]", [1, "...", 3]),
        ("[{} ...]", [{}, "..."]),
        ("{...}", {"...": "..."}),
        ('{"a": [\u2026], "b": "x...y",}', {"a": ["..."], "b": "x...y"}),
    ],
)
def test_what_an_example_may_be(text: str, expected: Any) -> None:
    assert read_example(text, elisions=True) == expected


@pytest.mark.parametrize("text", ['{"a": ...}', '{"a": 1,}', "", "{", '{"a": <x>}'])
def test_what_is_no_example(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        read_example(text, elisions=False)


@pytest.mark.parametrize(
    ("expected", "actual", "closeness", "paths"),
    [
        ({"a": 1}, {"a": 1.0}, EXACT, []),
        ({"a": 1}, {"a": 2}, EXACT, ["a"]),
        ({"a": 1}, {"a": 2}, NAMES, []),
        ({"a": 1}, {"a": "1"}, NAMES, ["a"]),
        ({"a": 1}, {"a": True}, NAMES, ["a"]),
        ({"a": None}, {"a": 0}, NAMES, ["a"]),
        ({"a": 1}, {}, NAMES, ["a"]),
        ({}, {"a": 1}, NAMES, ["a"]),
        ({"a": {"b": [{"c": 1}]}}, {"a": {"b": [{"d": 1}]}}, NAMES, ["a.b.0.c", "a.b.0.d"]),
        ([1, 2], [1, 2, 3], EXACT, ["2"]),
        ([1, 2], [1], EXACT, ["1"]),
        ([1, 2], [2, 1], EXACT, ["0", "1"]),
        ([{"a": 1}], [{"a": 1}, {"a": 2}], EXACT, ["1"]),
        ([{"a": 1}], [{"a": 1}, {"a": 2}], FIGURES, []),
        ([{"a": 1}], [], FIGURES, ["0"]),
        (["a"], ["a", "b"], FIGURES, ["1"]),
        ([1], [1, 2], NAMES, []),
        ({"create_time": 1}, {"create_time": 2}, EXACT, []),
        ({"create_time": 1}, {"create_time": "2"}, EXACT, ["create_time"]),
        ({"anomaly_score": 1.5}, {"anomaly_score": 2}, EXACT, ["anomaly_score"]),
        ({"anomaly_score": 1.5}, {"anomaly_score": 2}, FIGURES, []),
        ({"job_id": "a"}, {"job_id": "b"}, FIGURES, ["job_id"]),
        ({"nodes": {"x": {"name": "n"}}}, {"nodes": {"y": {"name": "m"}}}, EXACT, []),
        ({"nodes": {"x": {"name": "n"}}}, {"nodes": {"y": {}}}, EXACT, ["nodes.x.name"]),
        ({"node": {"attributes": {"a": "1"}}}, {"node": {"attributes": {}}}, EXACT, []),
        ({"error": {"type": "x"}}, {"error": {"type": "x", "stack_trace": "..."}}, EXACT, []),
        ({"a": "...", "b": 1}, {"a": {"deep": 1}, "b": 1}, FIGURES, []),
        ({"a": 1, "...": "..."}, {"a": 1, "b": 2}, FIGURES, []),
        ([1, "..."], [1, 2, 3], FIGURES, []),
        ("text", "text", EXACT, []),
        ({"a": 1}, "text", EXACT, [""]),
    ],
)
def test_what_differs(expected: Any, actual: Any, closeness: Closeness, paths: list[str]) -> None:
    assert differing(expected, actual, closeness) == paths


def test_a_difference_is_shown_with_the_lines_of_the_page() -> None:
    text = '{\n  "a": {\n    "b": 1\n  },\n  "c": true\n}\n'
    example = Example(Place("page", 10), text)
    with pytest.raises(Failed) as failure:
        compare(example, read_example(text, elisions=False), {"a": {"b": 2}, "d": None}, default_varying())
    assert str(failure.value).splitlines()[1:] == [
        "  page:12: a.b", "    - 1", "    + 2",
        "  page:14: c", "    - true",
        "  page:10: d", "    + null",
    ]  # fmt: skip


def test_many_differences_are_counted() -> None:
    example = Example(Place("page", 1), "[]")
    with pytest.raises(Failed, match="and 88 more"):
        compare(example, [], list(range(100)), default_varying())


def test_a_text() -> None:
    compare(Example(Place("page", 1), ""), "/ a \\s+ b /", "x a   b", default_varying())
    with pytest.raises(Failed, match="must match"):
        compare(Example(Place("page", 1), ""), "/ a \\s+ b /", "ab", default_varying())


def test_a_table_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "varying.json"
    file.write_text('{"values": ["x.b"]}')
    varying = read_varying(file)
    assert differing({"x": [{"b": 1}], "b": 1}, {"x": [{"b": 2}], "b": 2}, varying=varying) == ["b"]
    for broken in ('{"vales": []}', "[]", '{"values": "a"}', '{"values": [1]}', "{"):
        file.write_text(broken)
        with pytest.raises(ValueError, match=r"\w"):
            read_varying(file)
