"""Wildcards: the one matcher for all patterns with ``*`` (``Regex.simpleMatch``), and with ``?`` where a caller says so.

Nothing here backtracks. A pattern with ``*`` alone is matched piece by piece, each at the first place where it fits. With
``?`` all places of the pattern that the text may have reached are bits of one number, moved on by each character.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

Test = Callable[[str], bool]

_SMALL = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}
# Longer patterns are not kept for the next time: a thousand of them may be large.
_SHORT = 256


def simple_match(name: str, pattern: str) -> bool:
    """Whether ``pattern``, in which ``*`` stands for any text, fits the whole of ``name``."""
    return name == pattern if "*" not in pattern else wildcard(pattern)(name)


def wildcard(pattern: str, *, single: bool = False, escapes: bool = False, fold: bool = False) -> Test:
    """A test of whole texts against a pattern in which ``*`` stands for any text.

    :param single: ``?`` stands for any one character.
    :param escapes: a backslash takes the next character literally; one at the end is a backslash.
    :param fold: letters of ASCII are compared without regard to case, as Lucene does.
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
    """A test of whole texts against several patterns in which ``*`` stands for any text: whether one of them fits."""
    listed = list(patterns)
    names = frozenset(pattern for pattern in listed if "*" not in pattern)
    prefixes = tuple(pattern[:-1] for pattern in listed if pattern[-1:] == "*" and pattern.count("*") == 1)
    tests = [wildcard(pattern) for pattern in listed if "*" in pattern and pattern[:-1] not in prefixes]
    return lambda text: text in names or text.startswith(prefixes) or any(fits(text) for fits in tests)


def overlap(left: str, right: str) -> bool:
    """Whether some name fits both of two patterns in which ``*`` stands for any text."""
    places = _places([Token(character, character == "*") for character in left])
    reached = 1
    for character in right:
        # A star of ``right`` stands for whatever ``left`` has from the first place reached on.
        reached = -(reached & -reached) & (2 * places.end - 1) if character == "*" else places.after(reached, character)
        if not reached:
            return False
    return reached & places.end != 0


def small(text: str) -> str:
    """``text`` with the capital letters of ASCII made small, and no others."""
    return text.lower() if text.isascii() else text.translate(_SMALL)


def _of_pieces(pieces: list[str]) -> Test:
    """Whether a text is the pieces in their order with anything between them."""
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
    """A part of a pattern: a character, or a wildcard for ``many`` characters or for any ``one``."""

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
    places = _places(tokens)

    def fits(text: str) -> bool:
        reached = 1
        for character in text:
            reached = places.after(reached, character)
            if not reached:
                return False
        return reached & places.end != 0

    return fits


class _Places(NamedTuple):
    """Places in a pattern as bits: the first is before its first character, ``end`` is behind its last.

    ``of`` are the places before a character, ``any`` those before a wildcard for one, ``stays`` those of a star.
    """

    of: dict[str, int]
    any: int
    stays: int
    end: int

    def after(self, reached: int, character: str) -> int:
        """Places that are reached from others by a character."""
        return (reached & self.of.get(character, self.any)) << 1 | (reached & self.stays)


def _places(tokens: list[Token]) -> _Places:
    of, anything, stays, place = dict[str, int](), 0, 0, 1
    for token in tokens:
        if token.many:
            stays |= place
            continue
        if token.one:
            anything |= place
        else:
            of[token.character] = of.get(token.character, 0) | place
        place <<= 1
    return _Places({character: places | anything for character, places in of.items()}, anything, stays, place)
