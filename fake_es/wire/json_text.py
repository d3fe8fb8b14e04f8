"""Parsing of JSON like the server's parser: without duplicate keys, and with the place of each value.

Normally the decoder of the standard library is used. Only if there is an error, the text is parsed again more slowly. This
finds its [line:column] and the error text of the server's JSON library (Jackson).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import accumulate
from json.decoder import scanstring  # type: ignore[attr-defined]
from json.scanner import make_scanner
from typing import Any, NamedTuple

Path = tuple[str | int, ...]

_LITERALS = {"true": True, "false": False, "null": None}
# Jackson allows 1000 levels. The readers here are recursive, and real requests have few levels.
_DEPTH = 200
# Invalid bytes of UTF-8, decoded with surrogateescape.
_NO_UTF_8 = re.compile("[\udc80-\udcff]")
_BLANK = re.compile(r"[ \t\r\n]*")
# The characters of a string up to its end or to an invalid character.
_INSIDE = re.compile(r'(?:[^"\\\x00-\x1f]+|\\.)*', re.DOTALL)
_WORD = re.compile(r"[\w$]*")
_LONGEST_NUMBER = 1000
# Jackson shows this many characters of an unknown word (``ErrorReportConfiguration``).
_LONGEST_SHOWN = 256
_DIGITS = re.compile(r"-?[0-9]+")
_STRINGS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKETS = re.compile(_STRINGS.pattern + r"|[\[\]{}]", re.DOTALL)
_NO_BRACKETS = bytes(each for each in range(256) if each not in b"[]{}")
_OPEN_OR_CLOSE = bytes.maketrans(b"{}", b"[]")
# By the code of a bracket: 1 if it opens a level, -1 if it closes one.
_STEPS = tuple(1 if each in b"[{" else -1 for each in range(128))


class _Refused(Exception):
    """The fast parser found something that the server's parser refuses."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise _Refused
    return tree


def _no_constants(name: str) -> Any:
    raise _Refused


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constants)


class BrokenJson(Exception):
    """Invalid JSON: ``reason`` in the words of Jackson, ``position`` as an offset in characters."""

    def __init__(self, reason: str, position: int, *, ended: bool = False, limit: bool = False) -> None:
        """``limit`` tells whether the JSON is valid but above a limit of fake_es or of the newest releases."""
        super().__init__(reason)
        self.limit = limit
        self.reason = reason
        self.position = position
        self.ended = ended


class Place(NamedTuple):
    """The place of a value in a text: offsets of its name (None in a list), its first and its last character."""

    key: int | None
    start: int
    end: int


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def read_json(text: str) -> Any:
    """Parse the first JSON value of ``text``. Like the server, it ignores the text after it.

    :raises BrokenJson: the text does not begin with a valid value.
    """
    if text.count("{") + text.count("[") > _DEPTH:
        _check_depth(text)
    broken = None if text.isascii() else _NO_UTF_8.search(text)
    if broken is not None:
        raise BrokenJson(f"Invalid UTF-8 start byte 0x{ord(broken[0]) - 0xDC00:x}", broken.start())
    try:
        return _DECODER.raw_decode(text, _skip_blank(text))[0]
    except (_Refused, ValueError):
        return _Scanner(text, strict=True).broken()


def _check_depth(text: str) -> None:
    brackets = _STRINGS.sub("", text).encode("ascii", "ignore").translate(_OPEN_OR_CLOSE, _NO_BRACKETS)
    if not _may_be_too_deep(brackets):
        return
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > _DEPTH:
            raise _too_deep(depth, found.start())


def _may_be_too_deep(brackets: bytes) -> bool:
    """Whether brackets, written as ``[`` and ``]``, go too deep. Most pieces have too few of them for that."""
    depth = 0
    for at in range(0, len(brackets), _DEPTH):
        piece = brackets[at : at + _DEPTH]
        opening = piece.count(b"[")
        if depth + opening > _DEPTH and max(accumulate(map(_STEPS.__getitem__, piece), initial=depth)) > _DEPTH:
            return True
        depth += 2 * opening - len(piece)
    return False


def _too_deep(depth: int, position: int) -> BrokenJson:
    return BrokenJson(f"Document nesting depth ({depth}) exceeds the maximum allowed ({_DEPTH})", position, limit=True)


def find(text: str, path: Path) -> Place | None:
    """The place of the value at ``path``; None if the readable part of the text has no such value."""
    try:
        return _Scanner(text, strict=False).find(path)
    except BrokenJson:
        return None


def _skip_blank(text: str) -> int:
    return _BLANK.match(text).end()  # type: ignore[union-attr]


# Number of simple values of a list that are skipped at once on the way to a place.
_STRIDE = 1000
_MANY = re.compile(r'(?:[ \t\r\n]*(?:[-+.\w]+|"(?:[^"\\]|\\.)*")[ \t\r\n]*,){1000}', re.DOTALL)
# The search for an error may read at most this many times the text's length with the library's scanner.
_ATTEMPTS = 2
# Number of characters that are parsed at once on the way to an error, and the pattern of the end of such a piece.
_PIECE = 32 * 1024
_ENDED = re.compile(r"[}\]][ \t\r\n]*,")


class _Scanner:
    """A recursive-descent parser that knows its position and allows comments, like the server.

    It uses the library's scanner for everything that this scanner can parse, so it is slow only near the wanted place.
    """

    def __init__(self, text: str, *, strict: bool) -> None:
        self._text = text
        self._at = 0
        self._strict = strict
        decoder = _DECODER if strict else json.JSONDecoder()
        self._scan: Callable[[str, int], tuple[Any, int]] = make_scanner(decoder)  # type: ignore[arg-type]
        self._attempts = _ATTEMPTS * len(text)
        self._depth = 0
        self._next_piece = 0

    def find(self, path: Path) -> Place | None:
        """Go to the value at ``path``."""
        key = None
        self._blank()
        for step in path:
            if not (self._to_item(step) if isinstance(step, int) else self._to_member(step)):
                return None
            key = self._at if isinstance(step, str) else None
            if isinstance(step, str):
                self._name()
            self._blank()
        start = self._at
        self.value()
        return Place(key, start, self._at - 1)

    def _to_member(self, name: str) -> bool:
        """Go to the name of a member of the object that begins here; False if there is none."""
        if self._peek() != "{":
            return False
        self._at += 1
        is_first, is_behind_comma = True, False
        while is_behind_comma or self._next_member("}", first=is_first):
            is_first, place = False, self._at
            members = self._piece("{}")
            is_behind_comma = bool(members) and name not in members
            if is_behind_comma:
                continue
            self._at = place
            if self._name() == name:
                self._at = place
                return True
            self.value()
        return False

    def _to_item(self, number: int) -> bool:
        """Go to an item of the list that begins here; False if there is none."""
        if self._peek() != "[":
            return False
        self._at += 1
        place = 0
        while number - place >= _STRIDE and (found := _MANY.match(self._text, self._at)):
            self._at, place = found.end(), place + _STRIDE
        is_behind_comma = place > 0
        while is_behind_comma or self._next_member("]", first=place == 0):
            if place == number:
                return True
            here, items = self._at, self._piece("[]")
            if items and len(items) <= number - place:
                place, is_behind_comma = place + len(items), True
                continue
            self._at = here
            self.value()
            place, is_behind_comma = place + 1, False
        return False

    def broken(self) -> Any:
        """Parse a text that the library's scanner has refused."""
        self._blank()
        return self._any()

    def value(self) -> Any:
        """Parse the value at the present position, after blanks."""
        self._blank()
        start = self._at
        if self._attempts > 0 and self._text[start : start + 1] in ("{", "["):
            try:
                tree, self._at = self._scan(self._text, start)
            except json.JSONDecodeError as error:
                self._attempts -= error.pos - start
            except (StopIteration, ValueError, RecursionError, _Refused):
                self._attempts -= len(self._text) - start
            else:
                return tree
        self._depth += 1
        if self._depth > _DEPTH + 1:
            raise _too_deep(self._depth - 1, start)
        tree = self._any()
        self._depth -= 1
        return tree

    def _any(self) -> Any:
        character = self._peek()
        if character == "{":
            return self._object()
        if character == "[":
            return self._array()
        if character == '"':
            return self._string()
        if character == "-" or "0" <= character <= "9":
            return self._number()
        return self._literal()

    def _object(self) -> dict[str, Any]:
        tree: dict[str, Any] = {}
        self._at += 1
        is_behind_comma = False
        while is_behind_comma or self._next_member("}", first=not tree):
            place = self._at
            piece = self._piece("{}")
            is_behind_comma = bool(piece)
            if piece and tree.keys().isdisjoint(piece):
                tree |= piece
                continue
            if piece:
                # A name is a duplicate. The slow parser finds which one.
                self._at, is_behind_comma = place, False
            key = self._name()
            if key in tree and self._strict:
                raise BrokenJson(f"Duplicate field '{key}'", place)
            tree[key] = self.value()
        return tree

    def _name(self) -> str:
        """Parse the name of a member and the colon after it."""
        if self._peek() != '"':
            raise self._unexpected("was expecting double-quote to start field name")
        key = self._string()
        self._blank()
        if self._peek() != ":":
            raise self._unexpected("was expecting a colon to separate field name and value")
        self._at += 1
        return key

    def _array(self) -> list[Any]:
        items: list[Any] = []
        self._at += 1
        is_behind_comma = False
        while is_behind_comma or self._next_member("]", first=not items):
            run = self._run() if len(items) % _STRIDE == 0 else self._piece("[]")
            is_behind_comma = bool(run)
            items += run or [self.value()]
        return items

    def _run(self) -> list[Any]:
        """Parse a fixed number of simple values with their commas at once, if the text here has them."""
        found = _MANY.match(self._text, self._at)
        try:
            run: list[Any] = [] if found is None else _DECODER.decode(f"[{found[0][:-1]}]")
        except (ValueError, _Refused):
            return []
        if found is None:
            return list(self._piece("[]"))
        self._at = found.end()
        return run

    def _piece(self, brackets: str) -> Any:
        """Parse many members of the present list or object at once with the library's scanner.

        The end of the piece is a guess. The result is empty if the guess is wrong or the piece has an error; then the
        members are parsed one by one.
        """
        empty: Any = [] if brackets == "[]" else {}
        if self._at < self._next_piece:
            return empty
        found = _ENDED.search(self._text, self._at + _PIECE)
        end = len(self._text) if found is None else found.end()
        self._next_piece = self._at + _PIECE
        if found is None or end > self._at + 2 * _PIECE:
            return empty
        try:
            read, after = self._scan(brackets[0] + self._text[self._at : end - 1] + brackets[1], 0)
        except (StopIteration, ValueError, RecursionError, _Refused):
            return empty
        # The value may have ended before the bracket that was added.
        if after != end - self._at + 1:
            return empty
        self._at = self._next_piece = end
        return read

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
        start = self._at
        try:
            text, self._at = scanstring(self._text, start + 1, True)
        except json.JSONDecodeError:
            raise self._broken_string(start) from None
        return str(text)

    def _broken_string(self, start: int) -> BrokenJson:
        end = _INSIDE.match(self._text, start + 1).end()  # type: ignore[union-attr]
        found = self._text[end : end + 1]
        if found not in ('"', "\\", ""):
            reason = f"Illegal unquoted character ((CTRL-CHAR, code {ord(found)})): has to be escaped"
            return BrokenJson(reason, end)
        if found != '"':
            return BrokenJson("Unexpected end-of-input in a string", len(self._text), ended=True)
        try:
            json.loads(self._text[start : end + 1])
        except json.JSONDecodeError as error:
            return BrokenJson("Unrecognized character escape", start + error.pos)
        raise AssertionError("a string that the scanner refuses is broken")

    def _number(self) -> Any:
        try:
            value, self._at = self._scan(self._text, self._at)
        except (StopIteration, ValueError, _Refused):
            self._check_length()
            raise self._unexpected("expected a valid numeric value") from None
        return value

    def _check_length(self) -> None:
        """Refuse numbers of more than 1,000 digits, like Jackson; Python refuses them above 4,300."""
        digits = _DIGITS.match(self._text, self._at)
        if digits is not None and len(digits[0]) > _LONGEST_NUMBER:
            length = f"Number value length ({len(digits[0])})"
            limit = f"({_LONGEST_NUMBER}, from `StreamReadConstraints.getMaxNumberLength()`)"
            raise BrokenJson(f"{length} exceeds the maximum allowed {limit}", self._at, limit=True)

    def _literal(self) -> Any:
        word = _WORD.match(self._text, self._at)[0]  # type: ignore[index]
        if word in _LITERALS:
            self._at += len(word)
            return _LITERALS[word]
        if word:
            word = word if len(word) <= _LONGEST_SHOWN else f"{word[:_LONGEST_SHOWN]}..."
            raise BrokenJson(f"Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token "
                             "'null', 'true' or 'false')", self._at)  # fmt: skip
        raise self._unexpected("expected a valid value")

    def _blank(self) -> None:
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._text.startswith("//", self._at):
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
