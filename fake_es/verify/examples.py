"""Comparison of an answer with an example: names of fields, types, and values that do not vary."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from fake_es.verify import messages
from fake_es.verify.assertions import matches
from fake_es.verify.java_text import pattern_between_slashes
from fake_es.verify.outcome import Differs, Failed, Place
from fake_es.verify.suite import Closeness, Example
from fake_es.verify.varying import Varying

# Replaces omitted parts of an example: a value, elements of a list, fields of an object.
ELIDED = "..."

_MOST_SHOWN = 12
_LONGEST_SHOWN = 160
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\.{3}|\u2026|\$[^\s,:\]}]+|[{}\[\]:,]|[^\s{}\[\]:,"$]+|\S')


class Difference(NamedTuple):
    """A place at which an answer differs from its example; ``path`` are its keys. None means that nothing is there.

    ``is_of_value`` tells whether only the value differs, or the elements of a list.
    """

    path: tuple[str, ...]
    expected: str | None
    actual: str | None
    is_of_value: bool = False


def read_example(text: str, *, elisions: bool) -> Any:
    """Parse an example. A pattern ``/.../`` is a text, and ``$name`` needs no quotes.

    :param elisions: whether ``...`` may replace omitted parts.
    :raises ValueError: the text is not JSON.
    """
    return text if pattern_between_slashes(text) is not None else json.loads(as_json(text, elisions=elisions))


def as_json(text: str, *, elisions: bool) -> str:
    """Convert the text of an example to JSON: put ``$name`` in quotes, and with ``elisions`` also ``...``."""
    written: list[str] = []
    open_brackets: list[str] = []
    for token in _TOKEN.findall(text):
        if token in "{[":
            open_brackets.append(token)
        elif token in "}]" and open_brackets:
            open_brackets.pop()
        if elisions:
            _put_comma(written, token)
        if token.startswith("$"):
            token = json.dumps(token)
        elif elisions and token in (ELIDED, "\u2026"):
            is_member = open_brackets[-1:] == ["{"] and written[-1] != ":"
            token = f'"{ELIDED}": "{ELIDED}"' if is_member else f'"{ELIDED}"'
        written.append(token)
    return " ".join(written)


def _put_comma(written: list[str], token: str) -> None:
    """Add or remove commas around ``...``."""
    before = written[-1] if written else "{"
    if token in "}]" and before == ",":
        written.pop()
    elif token in (ELIDED, "\u2026"):
        if before not in ("{", "[", ",", ":"):
            written.append(",")
    elif before.endswith(f'"{ELIDED}"') and token not in "}],:":
        written.append(",")


def compare(example: Example, expected: Any, actual: Any, varying: Varying) -> None:
    """Compare an answer with a parsed example, in which stashed values were inserted.

    :raises Failed: it differs. The text has each difference with the line of the page.
    """
    if pattern_between_slashes(expected) is not None:
        if not matches(actual, expected):
            raise Failed(messages.NO_MATCH.format(expected=_short(expected), actual=_short(actual)))
        return
    differences = list(_Comparison(example.closeness, varying).differences(expected, actual, ()))
    if differences:
        only_values = all(found.is_of_value for found in differences)
        text = "\n".join([messages.DIFFERS, *_shown(example, differences)])
        raise Differs(text, count=len(differences), only_values=only_values)


def differences(expected: Any, actual: Any, closeness: Closeness, varying: Varying) -> list[Difference]:
    """All differences between an answer and an example, in order."""
    return list(_Comparison(closeness, varying).differences(expected, actual, ()))


class _Comparison:
    """Compares an example and an answer recursively."""

    def __init__(self, closeness: Closeness, varying: Varying) -> None:
        self._closeness = closeness
        self._varying = varying

    def differences(self, expected: Any, actual: Any, path: tuple[str, ...]) -> Iterator[Difference]:
        if expected == ELIDED or self._varying.is_content(path):
            return
        if _kind(expected) != _kind(actual):
            yield Difference(path, _short(expected), _short(actual))
        elif isinstance(expected, dict):
            yield from self._objects(expected, actual, path)
        elif isinstance(expected, list):
            yield from self._lists(expected, actual, path)
        elif expected != actual and not self._may_vary(path):
            yield Difference(path, _short(expected), _short(actual), is_of_value=True)

    def _may_vary(self, path: tuple[str, ...]) -> bool:
        if self._closeness is Closeness.NAMES_AND_TYPES or self._varying.is_value(path):
            return True
        return self._closeness is Closeness.FIGURES_VARY and self._varying.is_figure(path)

    def _length_may_vary(self, expected: list[Any], path: tuple[str, ...]) -> bool:
        """Whether the number of elements may differ (but not be 0), because it depends on the data."""
        results = self._closeness is Closeness.FIGURES_VARY and all(isinstance(each, dict) for each in expected)
        return results or self._may_vary(path)

    def _objects(self, expected: dict[str, Any], actual: dict[str, Any], path: tuple[str, ...]) -> Iterator[Difference]:
        if self._varying.has_varying_keys(path) and not expected.keys() & actual.keys():
            actual = dict(zip(expected, actual.values()))
        for name, value in expected.items():
            if name in actual:
                yield from self.differences(value, actual[name], (*path, name))
            elif name != ELIDED and not self._comes_and_goes((*path, name)):
                yield Difference((*path, name), _short(value), None)
        for name, value in actual.items():
            if name not in expected and ELIDED not in expected and not self._may_be_added((*path, name)):
                yield Difference((*path, name), None, _short(value))

    def _comes_and_goes(self, path: tuple[str, ...]) -> bool:
        return self._closeness is Closeness.FIGURES_VARY and self._varying.is_optional(path)

    def _may_be_added(self, path: tuple[str, ...]) -> bool:
        return self._varying.is_extra(path) or self._comes_and_goes(path)

    def _lists(self, expected: list[Any], actual: list[Any], path: tuple[str, ...]) -> Iterator[Difference]:
        whole = ELIDED not in expected
        shown = expected if whole else expected[: expected.index(ELIDED)]
        if self._length_may_vary(expected, path):
            whole, shown = False, shown[: max(1, len(actual))]
        for index, value in enumerate(shown):
            if index < len(actual):
                yield from self.differences(value, actual[index], (*path, str(index)))
            else:
                yield Difference((*path, str(index)), _short(value), None, is_of_value=True)
        if whole:
            for index, value in enumerate(actual[len(shown) :], len(shown)):
                yield Difference((*path, str(index)), None, _short(value), is_of_value=True)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _shown(example: Example, found: list[Difference]) -> Iterator[str]:
    for path, expected, actual, _ in found[:_MOST_SHOWN]:
        yield f"  {_place(example, path)}: {'.'.join(path) or 'the whole'}"
        if expected is not None:
            yield f"    - {expected}"
        if actual is not None:
            yield f"    + {actual}"
    if len(found) > _MOST_SHOWN:
        yield messages.MORE_DIFFERENCES.format(count=len(found) - _MOST_SHOWN)


def _place(example: Example, path: tuple[str, ...]) -> Place:
    """The line of the example with the last key of the path that it contains."""
    offset, line = 0, 0
    for key in path:
        found = example.text.find(f'"{key}"', offset)
        if found >= 0:
            offset, line = found, example.text.count("\n", 0, found)
    return Place(example.place.path, example.place.line + line)
