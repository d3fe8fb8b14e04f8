"""The matcher of wildcards: what it says is what the plainest reading says, and never late."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fake_es.patterns.wildcards import overlap, simple_match, small, wildcard, wildcards

NAMES = ["".join(letters) for length in range(7) for letters in product("ab", repeat=length)]
PATTERNS = some.text("ab*", max_size=6)


def expression(pattern: str, *, single: bool, escapes: bool) -> str:
    """The same pattern as an expression of Python's."""
    pieces, characters = [], iter(pattern)
    for character in characters:
        if character == "*":
            pieces.append(".*")
        elif character == "?" and single:
            pieces.append(".")
        elif character == "\\" and escapes:
            pieces.append(re.escape(next(characters, "\\")))
        else:
            pieces.append(re.escape(character))
    return "".join(pieces)


@given(some.text("aB*?\\\n", max_size=8), some.text("aAB*?\\\n", max_size=8), some.booleans(), some.booleans(), some.booleans())
def test_patterns_mean_what_expressions_mean(pattern: str, text: str, single: bool, escapes: bool, fold: bool) -> None:
    flags = re.DOTALL | (re.IGNORECASE if fold else 0)
    meant = re.fullmatch(expression(pattern, single=single, escapes=escapes), text, flags) is not None
    assert wildcard(pattern, single=single, escapes=escapes, fold=fold)(text) is meant


@given(PATTERNS, PATTERNS)
def test_patterns_together(left: str, right: str) -> None:
    fits = wildcards([left, right])
    both = [name for name in NAMES if simple_match(name, left) and simple_match(name, right)]
    assert [name for name in NAMES if fits(name)] == [
        name for name in NAMES if simple_match(name, left) or simple_match(name, right)
    ]
    # No shortest common name of such patterns is longer than both together.
    assert overlap(left, right) is bool(both) or len(left + right) > 6


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [("É*", "é", False), ("É*", "Éa", True), ("a*", "A\xdf", True), ("[a]?*", "[a]?b", True), ("*", "", True), ("", "", True)],
)
def test_case_is_that_of_ascii(pattern: str, text: str, fits: bool) -> None:
    assert wildcard(pattern, fold=True)(text) is fits


def test_small_letters() -> None:
    assert small("AbÉ") == "abÉ"


@pytest.mark.parametrize("pattern", ["*a" * 2000 + "*b", "*?a" * 2000 + "*b", "a" * 300 + "*b", "*" + "a?" * 5000 + "b*"])
def test_no_pattern_takes_long(pattern: str) -> None:
    assert not wildcard(pattern, single=True, escapes=True)("a" * 30_000)


def test_long_patterns_that_overlap() -> None:
    assert overlap("a*" * 10_000, "*b" * 10_000)
    assert not overlap("a*" * 10_000 + "c", "*b" * 10_000)
