"""The matcher of all wildcard patterns: with ``*`` (``Regex.simpleMatch``), optionally with ``?``.

Nothing here backtracks. The texts between stars are searched one after the other, each at its first place. With ``?``, the
positions in the pattern that the text may have reached are the bits of one number, which each character moves on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

Test = Callable[[str], bool]

_SMALL = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}
# Longer patterns are not cached, because a thousand of them may be large.
_SHORT = 256


def simple_match(name: str, pattern: str) -> bool:
    """Whether ``pattern`` matches the whole ``name``; ``*`` stands for any text."""
    return name == pattern if "*" not in pattern else wildcard(pattern)(name)


def wildcard(pattern: str, *, single: bool = False, escapes: bool = False, fold: bool = False) -> Test:
    """A test whether a pattern matches a whole text; ``*`` stands for any text.

    :param single: ``?`` stands for any one character.
    :param escapes: a backslash makes the next character literal; at the end it stands for itself.
    :param fold: ignore the case of ASCII letters, as Lucene does.
    """
    make = _kept if len(pattern) <= _SHORT else _made
    return make(pattern, single, escapes, fold)


def _made(pattern: str, single: bool, escapes: bool, fold: bool) -> Test:
    if fold:
        fits = _made(small(pattern), single, escapes, False)
        return lambda text: fits(small(text))
    if (single and "?" in pattern) or (escapes and "\\" in pattern):
        return _of_tokens(_tokens(pattern, single, escapes))
    return _of_pieces(pattern.split("*"))


_kept = lru_cache(maxsize=1024)(_made)


def wildcards(patterns: Iterable[str]) -> Test:
    """A test whether one of several patterns matches a whole text; ``*`` stands for any text."""
    listed = list(patterns)
    names = frozenset(pattern for pattern in listed if "*" not in pattern)
    prefixes = tuple(pattern[:-1] for pattern in listed if pattern[-1:] == "*" and pattern.count("*") == 1)
    tests = [wildcard(pattern) for pattern in listed if "*" in pattern and pattern[:-1] not in prefixes]
    return lambda text: text in names or text.startswith(prefixes) or any(fits(text) for fits in tests)


def overlap(left: str, right: str) -> bool:
    """Whether a name can exist that matches both patterns; ``*`` stands for any text."""
    positions = _positions([Token(character, character == "*") for character in left])
    reached = 1
    for character in right:
        # A star of ``right`` can match all of ``left`` from the first reached position on.
        reached = -(reached & -reached) & (2 * positions.end - 1) if character == "*" else positions.after(reached, character)
        if not reached:
            return False
    return reached & positions.end != 0


def small(text: str) -> str:
    """``text`` with its ASCII letters in lower case; other letters do not change."""
    return text.lower() if text.isascii() else text.translate(_SMALL)


def _of_pieces(pieces: list[str]) -> Test:
    """A test whether a text has the given pieces in order, with any text between them."""
    if len(pieces) == 1:
        return pieces[0].__eq__
    first, *inner, last = pieces
    inner = [piece for piece in inner if piece]
    if not inner and not last:
        return lambda text: text.startswith(first)
    least = len(first) + len(last)

    def fits(text: str) -> bool:
        if len(text) < least or not text.startswith(first) or not text.endswith(last):
            return False
        at, end = len(first), len(text) - len(last)
        for piece in inner:
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return fits


class Token(NamedTuple):
    """A part of a pattern: a character, or a wildcard for any text (``many``) or any character (``one``)."""

    character: str
    many: bool = False
    one: bool = False


def _tokens(pattern: str, single: bool, escapes: bool) -> list[Token]:
    tokens, characters = [], iter(pattern)
    for character in characters:
        if character == "\\" and escapes:
            tokens.append(Token(next(characters, character)))
        else:
            tokens.append(Token(character, character == "*", character == "?" and single))
    return tokens


def _of_tokens(tokens: list[Token]) -> Test:
    if not any(token.one for token in tokens):
        pieces = [""]
        for token in tokens:
            if token.many:
                pieces.append("")
            else:
                pieces[-1] += token.character
        return _of_pieces(pieces)
    positions = _positions(tokens)

    def fits(text: str) -> bool:
        reached = 1
        for character in text:
            reached = positions.after(reached, character)
            if not reached:
                return False
        return reached & positions.end != 0

    return fits


class _Positions(NamedTuple):
    """Positions in a pattern as bits: bit 0 is before the first character, ``end`` after the last.

    ``of`` has the positions before each character, ``any`` those before a ``?``, ``stays`` those before a star.
    """

    of: dict[str, int]
    any: int
    stays: int
    end: int

    def after(self, reached: int, character: str) -> int:
        """The positions reached from ``reached`` by a character."""
        return (reached & self.of.get(character, self.any)) << 1 | (reached & self.stays)


def _positions(tokens: list[Token]) -> _Positions:
    of, anything, stays, position = dict[str, int](), 0, 0, 1
    for token in tokens:
        if token.many:
            stays |= position
            continue
        if token.one:
            anything |= position
        else:
            of[token.character] = of.get(token.character, 0) | position
        position <<= 1
    return _Positions({character: before | anything for character, before in of.items()}, anything, stays, position)
