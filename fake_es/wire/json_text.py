"""Reading JSON as the server's parser does: strict about duplicates, and able to say where something stands.

The fast path is the standard library's decoder. Only when something is wrong is the text read again, slowly, for its
[line:column] and for the words of the server's JSON library (Jackson).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from json.scanner import make_scanner
from typing import Any

Path = tuple[str | int, ...]

_LITERALS = {"true": True, "false": False, "null": None}
# Jackson allows 1000 levels; nobody's job has so many, and readers here call themselves for each.
_DEPTH = 200
# Bytes that decoding with surrogateescape could not read.
_NO_UTF_8 = re.compile("[\udc80-\udcff]")
_LONGEST_NUMBER = 1000
_DIGITS = re.compile(r"-?[0-9]+")
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class _Refused(Exception):
    """The fast path met something the server's parser refuses."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise _Refused
    return tree


def _no_constants(name: str) -> Any:
    raise _Refused


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constants)


class BrokenJson(Exception):
    """JSON that cannot be read: ``reason`` in Jackson's words, ``position`` an offset in characters."""

    def __init__(self, reason: str, position: int, *, ended: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position
        self.ended = ended


@dataclass(slots=True)
class Places:
    """Where the parts of a text stand: offsets by path."""

    text: str
    keys: dict[Path, int] = field(default_factory=dict)
    starts: dict[Path, int] = field(default_factory=dict)
    ends: dict[Path, int] = field(default_factory=dict)

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from one."""
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)


def read_json(text: str) -> Any:
    """The first JSON value of ``text``; what follows it is not looked at, as in the server.

    :raises BrokenJson: there is none.
    """
    if text.count("{") + text.count("[") > _DEPTH:
        _check_depth(text)
    broken = None if text.isascii() else _NO_UTF_8.search(text)
    if broken is not None:
        raise BrokenJson(f"Invalid UTF-8 start byte 0x{ord(broken[0]) - 0xDC00:x}", broken.start())
    try:
        return _DECODER.raw_decode(text, _skip_blank(text))[0]
    except (_Refused, ValueError):
        return _Scanner(text, strict=True).value()


def _check_depth(text: str) -> None:
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > _DEPTH:
            raise _too_deep(depth, found.start())


def _too_deep(depth: int, position: int) -> BrokenJson:
    return BrokenJson(f"Document nesting depth ({depth}) exceeds the maximum allowed ({_DEPTH})", position)


def locate(text: str) -> Places:
    """Places of all that ``text`` holds, as far as it can be read and is not too deep."""
    scanner = _Scanner(text, strict=False)
    with suppress(BrokenJson):
        scanner.value()
    return scanner.places


def _skip_blank(text: str) -> int:
    return len(text) - len(text.lstrip(" \t\r\n"))


class _Scanner:
    """A plain recursive-descent reader that keeps the place of everything and allows comments, as the server does."""

    def __init__(self, text: str, *, strict: bool) -> None:
        self._text = text
        self._at = 0
        self._strict = strict
        self._numbers: Callable[[str, int], tuple[Any, int]] = make_scanner(_DECODER)  # type: ignore[arg-type]
        self.places = Places(text)

    def value(self, path: Path = ()) -> Any:
        self._blank()
        start = self._at
        self.places.starts[path] = start
        if len(path) > _DEPTH:
            raise _too_deep(len(path), start)
        tree = self._any(path)
        self.places.ends[path] = self._at - 1
        return tree

    def _any(self, path: Path) -> Any:
        character = self._peek()
        if character == "{":
            return self._object(path)
        if character == "[":
            return self._array(path)
        if character == '"':
            return self._string()
        if character == "-" or character.isdigit():
            return self._number()
        return self._literal()

    def _object(self, path: Path) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        self._at += 1
        while self._next_member("}", first=not tree):
            place = self._at
            if self._peek() != '"':
                raise self._unexpected("was expecting double-quote to start field name")
            key = self._string()
            if key in tree and self._strict:
                raise BrokenJson(f"Duplicate field '{key}'", place)
            here = (*path, key)
            self.places.keys[here] = place
            self._blank()
            if self._peek() != ":":
                raise self._unexpected("was expecting a colon to separate field name and value")
            self._at += 1
            tree[key] = self.value(here)
        return tree

    def _array(self, path: Path) -> list[Any]:
        items: list[Any] = []
        self._at += 1
        while self._next_member("]", first=not items):
            items.append(self.value((*path, len(items))))
        return items

    def _next_member(self, close: str, *, first: bool) -> bool:
        self._blank()
        character = self._peek()
        if character == close:
            self._at += 1
            return False
        if not first:
            if character != ",":
                kind = "Object" if close == "}" else "Array"
                raise self._unexpected(f"was expecting comma to separate {kind} entries")
            self._at += 1
            self._blank()
        return True

    def _string(self) -> str:
        end = self._at + 1
        while end < len(self._text) and self._text[end] != '"':
            if self._text[end] < " ":
                reason = f"Illegal unquoted character ((CTRL-CHAR, code {ord(self._text[end])})): has to be escaped"
                raise BrokenJson(reason, end)
            end += 2 if self._text[end] == "\\" else 1
        if end >= len(self._text):
            raise BrokenJson("Unexpected end-of-input in a string", len(self._text), ended=True)
        start, self._at = self._at, end + 1
        try:
            return str(json.loads(self._text[start : self._at]))
        except json.JSONDecodeError as error:
            raise BrokenJson("Unrecognized character escape", start + error.pos) from None

    def _number(self) -> Any:
        try:
            value, self._at = self._numbers(self._text, self._at)
        except (StopIteration, ValueError, _Refused):
            self._check_length()
            raise self._unexpected("expected a valid numeric value") from None
        return value

    def _check_length(self) -> None:
        """Python refuses whole numbers of more than 4,300 digits, Jackson those of more than 1,000."""
        digits = _DIGITS.match(self._text, self._at)
        if digits is not None and len(digits[0]) > _LONGEST_NUMBER:
            length = f"Number value length ({len(digits[0])})"
            limit = f"({_LONGEST_NUMBER}, from `StreamReadConstraints.getMaxNumberLength()`)"
            raise BrokenJson(f"{length} exceeds the maximum allowed {limit}", self._at)

    def _literal(self) -> Any:
        end = self._at
        while end < len(self._text) and (self._text[end].isalnum() or self._text[end] in "_$"):
            end += 1
        word = self._text[self._at : end]
        if word in _LITERALS:
            self._at = end
            return _LITERALS[word]
        if word:
            raise BrokenJson(f"Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token "
                             "'null', 'true' or 'false')", self._at)  # fmt: skip
        raise self._unexpected("expected a valid value")

    def _blank(self) -> None:
        while self._at < len(self._text):
            if self._text[self._at] in " \t\r\n":
                self._at += 1
            elif self._text.startswith("//", self._at):
                self._to_after("\n")
            elif self._text.startswith("/*", self._at):
                self._to_after("*/")
            else:
                return

    def _to_after(self, mark: str) -> None:
        found = self._text.find(mark, self._at + 2)
        self._at = len(self._text) if found < 0 else found + len(mark)

    def _peek(self) -> str:
        if self._at >= len(self._text):
            raise BrokenJson("Unexpected end-of-input", len(self._text), ended=True)
        return self._text[self._at]

    def _unexpected(self, expectation: str) -> BrokenJson:
        character = self._peek()
        return BrokenJson(f"Unexpected character ('{character}' (code {ord(character)})): {expectation}", self._at)
