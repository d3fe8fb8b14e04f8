"""Parsing of YAML like the server's test runner, with the line of each node.

Plain scalars have the types of Jackson (core schema of YAML 1.2): ``no``, ``on`` and dates are strings. PyYAML only does
the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from fake_es.verify import messages
from fake_es.verify.outcome import Place

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE, _FALSE = frozenset({"true", "True", "TRUE"}), frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


class SuiteError(ValueError):
    """An invalid suite file; the text begins with file and line."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping, a list or a scalar, and its place."""

    place: Place
    value: Any

    def plain(self) -> Any:
        """The node as plain data."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def entries(self) -> dict[str, Node]:
        """The entries of a mapping.

        :raises SuiteError: it is not a mapping.
        """
        if isinstance(self.value, dict):
            return self.value
        raise SuiteError(self.place, messages.NO_MAPPING.format(found=self._kind()))

    def only_entry(self) -> tuple[str, Node]:
        """The only entry of a mapping.

        :raises SuiteError: it is not a mapping with exactly one entry.
        """
        entries = self.entries()
        if len(entries) != 1:
            raise SuiteError(self.place, messages.NOT_ONE_ENTRY.format(count=len(entries)))
        return next(iter(entries.items()))

    def items(self) -> list[Node]:
        """The elements of a list; null counts as an empty list.

        :raises SuiteError: it is not a list.
        """
        if isinstance(self.value, list):
            return self.value
        if self.value is None:
            return []
        raise SuiteError(self.place, messages.NO_LIST.format(found=self._kind()))

    def text(self) -> str:
        """A scalar as text.

        :raises SuiteError: it is not a text, number or boolean.
        """
        if isinstance(self.value, (dict, list)) or self.value is None:
            raise SuiteError(self.place, messages.NO_TEXT.format(found=self._kind()))
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)

    def texts(self) -> list[str]:
        """A scalar or a list of scalars as a list of texts.

        :raises SuiteError: an element is not a text.
        """
        return [node.text() for node in (self.value if isinstance(self.value, list) else [self])]

    def _kind(self) -> str:
        names = {dict: "a mapping", list: "a list", type(None): "nothing"}
        return names.get(type(self.value), f"[{self.value}]")


def read_documents(text: str, path: str) -> list[Node]:
    """All documents of a file that are not empty.

    :raises SuiteError: the file is not YAML, a mapping has a key twice, or an anchor contains itself.
    """
    yaml = _yaml()
    try:
        composed = list(yaml.compose_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(path, mark.line + 1 if mark else 1)
        raise SuiteError(place, messages.NO_YAML.format(problem=getattr(error, "problem", error))) from None
    try:
        documents = [_node(each, path) for each in composed if each is not None]
    except RecursionError:
        raise SuiteError(Place(path, 1), messages.ENDLESS) from None
    return [document for document in documents if document.value is not None]


def _yaml() -> Any:
    try:
        return import_module("yaml")
    except ImportError:
        raise ImportError(messages.NO_PYYAML) from None


def _node(composed: Any, path: str) -> Node:
    place = Place(path, composed.start_mark.line + 1)
    if composed.id == "mapping":
        return Node(place, dict(_entries(composed, path)))
    if composed.id == "sequence":
        return Node(place, [_node(each, path) for each in composed.value])
    # A plain scalar has no style: one parser returns None, the other an empty string.

    return Node(place, composed.value if composed.style else _scalar(composed.value))


def _entries(composed: Any, path: str) -> Iterator[tuple[str, Node]]:
    seen: set[str] = set()
    for key, value in composed.value:
        name = str(key.value)
        if name in seen:
            raise SuiteError(Place(path, key.start_mark.line + 1), messages.DUPLICATE_KEY.format(key=name))
        seen.add(name)
        yield name, _node(value, path)


def _scalar(text: str) -> Any:
    if text in _NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
