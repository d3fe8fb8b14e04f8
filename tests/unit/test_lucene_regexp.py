"""Lucene's regular expressions against the sets of texts that they stand for, and their bounds."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fake_es.patterns.lucene_regexp import ALL, COMPLEMENT, INTERVAL, RegExpError, TooComplexToDeterminize, lucene_regexp

NEWEST = (9, 5)
LONGEST = 4
TEXTS = frozenset("".join(letters) for length in range(LONGEST + 1) for letters in product("ab", repeat=length))
Language = tuple[str, frozenset[str]]


def joined(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    return frozenset(one + other for one in left for other in right if len(one + other) <= LONGEST)


def repeated(texts: frozenset[str], least: int, most: int) -> frozenset[str]:
    found, power = frozenset[str](), frozenset({""})
    for times in range(most + 1):
        found |= power if times >= least else frozenset()
        power = joined(power, texts)
    return found


def larger(smaller: some.SearchStrategy[Language]) -> some.SearchStrategy[Language]:
    two = some.tuples(smaller, smaller)
    return some.one_of(
        two.map(lambda pair: (f"({pair[0][0]})({pair[1][0]})", joined(pair[0][1], pair[1][1]))),
        two.map(lambda pair: (f"({pair[0][0]})|({pair[1][0]})", pair[0][1] | pair[1][1])),
        two.map(lambda pair: (f"({pair[0][0]})&({pair[1][0]})", pair[0][1] & pair[1][1])),
        smaller.map(lambda one: (f"~({one[0]})", TEXTS - one[1])),
        smaller.map(lambda one: (f"({one[0]})*", repeated(one[1], 0, LONGEST))),
        smaller.map(lambda one: (f"({one[0]})+", repeated(one[1], 1, LONGEST + 1))),
        smaller.map(lambda one: (f"({one[0]})?", one[1] | {""})),
        some.tuples(smaller, some.integers(0, 2), some.integers(0, 2)).map(
            lambda part: (f"({part[0][0]}){{{part[1]},{part[1] + part[2]}}}", repeated(part[0][1], part[1], part[1] + part[2]))
        ),
    )


LEAVES: list[Language] = [
    ("a", frozenset("a")), ("b", frozenset("b")), (".", frozenset("ab")), ("()", frozenset({""})), ("#", frozenset()),
    ("@", TEXTS), ("[^a]", frozenset("b")), ("[ab]", frozenset("ab")), ('"ab"', frozenset({"ab"})), ("\\a|a", frozenset("a")),
]  # fmt: skip


@given(some.recursive(some.sampled_from(LEAVES[:-1]), larger, max_leaves=6))
def test_an_expression_stands_for_a_set_of_texts(language: Language) -> None:
    expression, meant = language
    automaton = lucene_regexp(expression, NEWEST)
    assert {text for text in TEXTS if automaton.fits(text)} == meant


@given(some.integers(0, 400), some.integers(0, 400))
def test_intervals_of_numbers(low: int, high: int) -> None:
    automaton = lucene_regexp(f"<{low}-{high}>", NEWEST)
    least, most = sorted((low, high))
    fixed = len(str(low)) == len(str(high))
    assert [number for number in range(500) if automaton.fits(str(number))] == list(range(least, most + 1))
    assert automaton.fits(f"0{least}") is not fixed


@pytest.mark.parametrize(
    ("expression", "text", "release", "fits"),
    [
        ("<01-31>", "07", NEWEST, True), ("<01-31>", "7", NEWEST, False), ("~(@_foo-@)", "a_foo-b", NEWEST, False),
        ("~(@_foo-@)", "a_bar-b", NEWEST, True), ("^a$", "a", NEWEST, False), ("^a$", "^a$", NEWEST, True),
        ("~a*", "b", NEWEST, True), ("\\d", "7", (7, 9), True), ("\\d", "7", (7, 8), False), ("\\d", "d", (7, 8), True),
        ("[\\w]", "_", NEWEST, True), ("\\S", " ", NEWEST, False), ("[]a]", "]", NEWEST, True), ("a|(|b)", "|b", NEWEST, True),
        ("\\q", "q", (7, 17), True), ("a{2,1}", "a", (8, 0), False), (".", "\n", NEWEST, True), ("[.]", "x", NEWEST, False),
        ("[\\.-z]", "b", (8, 0), True), ("[\\.-z]", "b", (9, 0), False), ("\U0001f600", "\U0001f600", NEWEST, True),
    ],
)  # fmt: skip
def test_what_single_expressions_mean(expression: str, text: str, release: tuple[int, ...], fits: bool) -> None:
    assert lucene_regexp(expression, release).fits(text) is fits


@pytest.mark.parametrize(("flags", "fits"), [(ALL, True), (INTERVAL, True), (COMPLEMENT, False), (0, False)])
def test_operators_are_read_if_flags_allow_them(flags: int, fits: bool) -> None:
    assert lucene_regexp("<1-3>", NEWEST, flags).fits("2") is fits
    assert lucene_regexp("<1-3>", NEWEST, flags).fits("<1-3>") is not fits


@pytest.mark.parametrize(
    ("release", "expression", "text", "fits"),
    [((8, 0), "É", "é", False), ((9, 0), "É", "é", True), ((8, 0), "aB", "Ab", True), ((9, 0), "[a-c]", "B", False)],
)
def test_case(release: tuple[int, ...], expression: str, text: str, fits: bool) -> None:
    assert lucene_regexp(expression, release, fold=True).fits(text) is fits


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("(a", "expected ')' at position 2"), ("a)", "end-of-string expected at position 1"),
        ("a|", "unexpected end-of-string"),
        ("(" * 3000, "unexpected end-of-string"), ("(" * 3000 + "a", "expected ')' at position 3001"),
        ("[a", "expected ']' at position 2"), ("a{", "integer expected at position 2"), ("a{2", "expected '}' at position 3"),
        ("<5", "expected '>' at position 2"), ("<5>", "'5' not found"), ("<a-b>", "interval syntax error at position 4"),
        ('"ab', "expected '\"' at position 3"), ("[b-a]", "invalid range: from (98) cannot be > to (97)"),
        ("\\q", "invalid character class \\113"), ("a{3,2}", "invalid repetition range(out of order): 3..2"),
        ("a{99999999999}", 'For input string: "99999999999"'), ("\U0001f600(", "unexpected end-of-string"),
        ("\U0001f600)", "end-of-string expected at position 2"),
    ],
)  # fmt: skip
def test_broken_expressions_are_refused_as_lucene_does(expression: str, text: str) -> None:
    with pytest.raises(RegExpError) as refused:
        lucene_regexp(expression, NEWEST)
    assert str(refused.value) == text


def test_an_interval_without_the_flag_for_names() -> None:
    with pytest.raises(RegExpError, match="interval syntax error at position 2"):
        lucene_regexp("<5>", NEWEST, INTERVAL)


@pytest.mark.parametrize("expression", ["(a|b)*a(a|b){14}", "((a{100}){100}){100}", "(a?){9999}", "~((a|b)*a(a|b){14})"])
@pytest.mark.parametrize(
    ("release", "words"),
    [((7, 15), "would result in more than 10000 states."), ((7, 16), "would require more than 10000 effort.")],
)
def test_what_is_too_complex(expression: str, release: tuple[int, ...], words: str) -> None:
    with pytest.raises(TooComplexToDeterminize) as refused:
        lucene_regexp(expression, release)
    assert str(refused.value) == f"Determinizing {expression} {words}"


def test_the_bound_on_states() -> None:
    assert lucene_regexp("a{100}", NEWEST, most_states=100).fits("a" * 100)
    with pytest.raises(TooComplexToDeterminize, match="more than 100 effort"):
        lucene_regexp("a{101}", NEWEST, most_states=100)


@pytest.mark.parametrize(
    "expression", ["(x+x+)+y", "(" * 3000 + "x" + ")" * 3000, "~(" * 101 + "x" + ")" * 101, "(x|x)*" * 50 + "y"]
)
def test_matching_never_takes_long(expression: str) -> None:
    automaton = lucene_regexp(expression, NEWEST)
    assert automaton.fits("x" * 20_000) is ("~" in expression)
