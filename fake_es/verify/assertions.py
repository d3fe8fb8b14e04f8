"""Assertions on a field, with the rules of the server's runner (``MatchAssertion``, ``IsTrueAssertion``, ...)."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from typing import Any, NamedTuple

from fake_es.clock import ClockError, read_instant
from fake_es.verify.java_text import compile_pattern, java_text, pattern_between_slashes
from fake_es.verify.outcome import Failed

_LONGEST_SHOWN = 2000


class Assertion(NamedTuple):
    """A function of the actual and the expected value, and the text if it returns False."""

    holds: Callable[[Any, Any], bool]
    says: str


def check(kind: str, field: str, actual: Any, expected: Any) -> None:
    """Check a value with an assertion.

    :raises Failed: the assertion does not hold.
    """
    assertion = ASSERTIONS[kind]
    if not assertion.holds(actual, expected):
        raise Failed(assertion.says.format(field=field, actual=as_text(actual), expected=as_text(expected)))


def as_text(value: Any) -> str:
    """A value as JSON, truncated if it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def matches(actual: Any, expected: Any) -> bool:
    """Whether values are equal, or the pattern ``/.../`` is found in a text.

    Numbers are compared by value, but true and 1 differ. Objects must have the same keys. The server's runner distinguishes
    1 from 1.0 below the first level; JSON does not, so this function does not either.
    """
    pattern = pattern_between_slashes(expected)
    if pattern is not None:
        return isinstance(actual, str) and bool(compile_pattern(pattern, comments=True).search(actual))
    return same(actual, expected)


def same(actual: Any, expected: Any) -> bool:
    """Whether values are equal on all levels."""
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(same(actual[key], value) for key, value in expected.items())
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(same, actual, expected))
    return bool(isinstance(actual, bool) == isinstance(expected, bool) and actual == expected)


def is_true(actual: Any, expected: Any = None) -> bool:
    """Whether a value is neither missing, ``false``, ``0`` nor an empty text. An empty list and 0.0 are true."""
    return actual is not None and java_text(actual).lower() not in ("", "false", "0")


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def holds(actual: Any, expected: Any) -> bool:
        numbers, texts = _is_number(actual) and _is_number(expected), isinstance(actual, str) and isinstance(expected, str)
        return (numbers or texts) and compare(actual, expected)

    return holds


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _length(actual: Any, expected: Any) -> bool:
    return isinstance(actual, (str, list, dict)) and java_text(expected) == str(len(actual))


def _contains(actual: Any, expected: Any) -> bool:
    if isinstance(actual, str):
        return isinstance(expected, str) and expected in actual
    if not (isinstance(actual, list) and isinstance(expected, dict)):
        return False
    return any(isinstance(each, dict) and _has_entries(each, expected) for each in actual)


def _has_entries(actual: dict[str, Any], expected: dict[str, Any]) -> bool:
    return all(key in actual and same(actual[key], value) for key, value in expected.items())


def _close_to(actual: Any, expected: Any) -> bool:
    value, error = (expected.get(name) if isinstance(expected, dict) else None for name in ("value", "error"))
    return _is_number(actual) and _is_number(value) and _is_number(error) and abs(actual - value) <= error


def _is_after(actual: Any, expected: Any) -> bool:
    try:
        return isinstance(actual, str) and isinstance(expected, str) and read_instant(actual) > read_instant(expected)
    except ClockError as error:
        raise Failed(str(error)) from None


def _in_any_order(actual: Any, expected: Any) -> bool:
    if not (isinstance(actual, list) and isinstance(expected, list) and len(actual) == len(expected)):
        return False
    left = list(actual)
    for wanted in expected:
        found = next((index for index, each in enumerate(left) if matches(each, wanted)), None)
        if found is None:
            return False
        del left[found]
    return True


ASSERTIONS: dict[str, Assertion] = {
    "match": Assertion(matches, "[{field}] must match {expected}, but is {actual}"),
    "is_true": Assertion(is_true, "[{field}] must be true, but is {actual}"),
    "is_false": Assertion(lambda actual, _: not is_true(actual), "[{field}] must be absent or false, but is {actual}"),
    "exists": Assertion(lambda actual, _: actual is not None, "[{field}] must exist"),
    "not_exists": Assertion(lambda actual, _: actual is None, "[{field}] must not exist, but is {actual}"),
    "gt": Assertion(_ordered(operator.gt), "[{field}] must be greater than {expected}, but is {actual}"),
    "gte": Assertion(_ordered(operator.ge), "[{field}] must be at least {expected}, but is {actual}"),
    "lt": Assertion(_ordered(operator.lt), "[{field}] must be less than {expected}, but is {actual}"),
    "lte": Assertion(_ordered(operator.le), "[{field}] must be at most {expected}, but is {actual}"),
    "length": Assertion(_length, "[{field}] must have length {expected}, but is {actual}"),
    "contains": Assertion(_contains, "[{field}] must contain {expected}, but is {actual}"),
    "close_to": Assertion(_close_to, "[{field}] must be close to {expected}, but is {actual}"),
    "is_after": Assertion(_is_after, "[{field}] must be after {expected}, but is {actual}"),
    "matches_in_any_order": Assertion(_in_any_order, "[{field}] must match {expected} in any order, but is {actual}"),
}
