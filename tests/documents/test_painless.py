"""Scripts: the stated set of Painless, with Java's arithmetic, and what lies beyond."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_es.script import ScriptError, read_script
from fake_es.wire.errors import IllegalArgument, NotImplementedHere


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("7 / 2", 3),
        ("-7 / 2", -3),
        ("-7 % 3", -1),
        ("7 / 2.0", 3.5),
        ("1.0 / 0", math.inf),
        ("(double) 7 / 2", 3.5),
        ("(int) 2.9", 2),
        ("1 + 'a' + true + null", "1atruenull"),
        ("1 < 2 && !(2 <= 1) || false", True),
        ("1 == 1.0", True),
        ("1 > 2 ? 'x' : 2 > 1 ? 'y' : 'z'", "y"),
        ("null ?: 5", 5),
        ("Math.max(1, 2) + Math.sqrt(9)", 5.0),
        ("Math.round(2.5)", 3),
        ("Math.round(-2.5)", -2),
        ("Math.PI > 3", True),
        ("'Tea'.toLowerCase() + 'tea'.length()", "tea3"),
        ("1e3 + 2L + 3f", 1005.0),
        ("return 4;", 4),
        ("int x = 4; x = x + 1; return x * 2", 10),
        ("if (1 > 2) { return 'a' } else if (2 > 1) { return 'b' } return 'c'", "b"),
        ("/* one */ 1 // two", 1),
        ("'it\\'s'", "it's"),
    ],
)
def test_expressions(source: str, value: Any) -> None:
    found = read_script(source)()
    assert (found, type(found)) == (value, type(value))


def test_params_by_both_spellings() -> None:
    script = read_script({"source": "params.a + params['b'] + (params.c == null ? 0 : 100)", "params": {"a": 1}})
    assert script({"b": 2}) == 3
    assert read_script("params.containsKey('a')")({"a": 1}) is True


def test_doc_values() -> None:
    values = {"price": [2.0, 3.0], "shop": ["Tea"], "none": []}
    script = read_script("doc['none'].size() == 0 ? doc['price'].value * doc.price.length : doc['none'].value", names=("doc",))
    assert script.on(values.__getitem__) == 4.0
    assert read_script("doc['price'][1]", names=("doc",)).on(values.__getitem__) == 3.0
    assert read_script("doc.containsKey('shop')", names=("doc",)).on(values.__getitem__) is True


@given(st.integers(-(10**6), 10**6), st.integers(-1000, 1000).filter(bool))
def test_division_of_whole_numbers_is_towards_nought(left: int, right: int) -> None:
    script = read_script("params.a / params.b * params.b + params.a % params.b")
    assert script({"a": left, "b": right}) == left
    assert abs(read_script("params.a / params.b")({"a": left, "b": right})) == abs(left) // abs(right)


@pytest.mark.parametrize(
    ("source", "type_"),
    [
        ("1 / 0", "arithmetic_exception"),
        ("params.a + 1", "null_pointer_exception"),
        ("params.a.length()", "null_pointer_exception"),
        ("true + 1", "class_cast_exception"),
        ("1 && true", "class_cast_exception"),
        ("'a'.size()", "illegal_argument_exception"),
        ("'a'.substring('b')", "illegal_argument_exception"),
    ],
)
def test_scripts_that_fail(source: str, type_: str) -> None:
    with pytest.raises(ScriptError) as caught:
        read_script(source)()
    assert caught.value.status == 400
    assert caught.value.metadata == {"script_stack": [source, "^---- HERE"], "script": source, "lang": "painless"}
    assert caught.value.cause is not None
    assert caught.value.cause.type == type_


@pytest.mark.parametrize(
    "source",
    [
        "for (;;) {}",
        "x + 1",
        "new ArrayList()",
        "1 +",
        "Math.random2(1)",
        "'a'.codePointAt(0)",
        "x = 1",
        "(1",
        "#",
        "{ 1",
        "(" * 500,
        "-" * 499 + "1",
        "1" + " + 1" * 1000,
    ],
)
def test_what_lies_beyond_is_named(source: str) -> None:
    with pytest.raises(NotImplementedHere) as caught:
        read_script(source)
    assert caught.value.reason == f"script [{source}] is not implemented here"


@pytest.mark.parametrize("tree", [{"lang": "expression", "source": "1"}, {"id": "stored"}])
def test_other_languages_and_stored_scripts_are_not_here(tree: Any) -> None:
    with pytest.raises(NotImplementedHere):
        read_script(tree)


@pytest.mark.parametrize("tree", [{}, 5, [], {"source": 1}])
def test_a_script_has_a_source(tree: Any) -> None:
    with pytest.raises(IllegalArgument):
        read_script(tree)


def test_inline_went_with_7() -> None:
    assert read_script({"inline": "1"}, version=(6, 8))() == 1
    with pytest.raises(IllegalArgument):
        read_script({"inline": "1"}, version=(7, 0))


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        ("getHour()", 13),
        ("hour", 13),
        ("getHourOfDay()", 13),
        ("getMinute() * 100 + doc['at'].value.getSecond()", 305),
        ("getMinuteOfDay()", 783),
        ("getDayOfWeek().getValue()", 4),
        ("getDayOfWeekEnum().toString()", "THURSDAY"),
        ("dayOfWeekEnum.value", 4),
        ("getDayOfMonth()", 23),
        ("getDayOfYear()", 82),
        ("getMonthValue() + doc['at'].value.getMonthOfYear()", 6),
        ("year", 2017),
        ("getNano()", 7_000_000),
        ("getMillisOfSecond()", 7),
        ("toInstant().toEpochMilli()", 1490274185007),
        ("millis", 1490274185007),
        ("toEpochSecond()", 1490274185),
        ("isAfter(doc['before'].value)", True),
        ("isBefore(doc['before'].value)", False),
    ],
)
def test_dates(asked: str, value: Any) -> None:
    values = {"at": [1490274185007], "before": [-1]}
    found = read_script(f"doc['at'].value.{asked}", names=("doc",)).on(values.__getitem__, lambda field: True)
    assert (found, type(found)) == (value, type(value))


def test_only_dates_have_hours() -> None:
    script = read_script("doc['price'].value.getHour()", names=("doc",))
    with pytest.raises(ScriptError) as refused:
        script.on(lambda field: [3])
    assert "getHour] not found" in str(refused.value.cause)
    with pytest.raises(NotImplementedHere):
        read_script("doc['at'].value.withZoneSameInstant(1)", names=("doc",))
