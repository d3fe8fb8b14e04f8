"""Lucene's regular expressions (``org.apache.lucene.util.automaton.RegExp``), matched without backtracking.

They match whole texts. Besides the usual operators they have ``~`` (complement), ``&`` (intersection), ``@`` (any text), ``#``
(no text), ``<1-31>`` (numbers) and ``"quoted"`` text; ``^`` and ``$`` stand for themselves. An expression is parsed to the
instructions that build its automaton. As on the server, the size of the automaton is limited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from fake_es.patterns.automata import LAST, Automaton, Instruction, Ranges, TooComplex, build

# Flags of optional operators (``RegExp``); without its flag, an operator is an ordinary character.
INTERSECTION, COMPLEMENT, EMPTY, ANYSTRING, AUTOMATON, INTERVAL, ALL = 1, 2, 4, 8, 16, 32, 0xFF
# ``Operations.DEFAULT_DETERMINIZE_WORK_LIMIT``
MOST_STATES = 10_000
# Our own limit, in characters. Reading an expression takes time too, and not every API limits its length.
_LONGEST = 20_000

# Lucene 8.6 knows \d, \s and \w; Lucene 9 refuses other letters after a backslash; Lucene 10 folds all letters.
_CLASSES, _STRICT, _TEN = (7, 9), (8, 0), (9, 0)
# LUCENE-9981: from this release, the effort is limited, not the number of states.
_EFFORT = (7, 16)
_LARGEST = 2**31 - 1
_ANY: Ranges = ((0, LAST),)
_DIGITS = "0123456789"
_NAMED: dict[str, Ranges] = {
    "d": ((48, 57),),
    "s": ((9, 10), (13, 13), (32, 32)),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
}
_SHORT = 256


class RegExpError(ValueError):
    """Lucene refuses the expression; the text is that of Lucene."""


class TooComplexToDeterminize(RegExpError):
    """The automaton of the expression would be too large."""


def lucene_regexp(
    text: str, release: tuple[int, ...], flags: int = ALL, *, fold: bool = False, most_states: int = MOST_STATES
) -> Automaton:
    """The automaton of an expression.

    :param flags: the optional operators that are allowed.
    :param fold: ignore case: of ASCII letters, from 9.0 of all letters; never in ranges.
    :param most_states: ``max_determinized_states``, but at most twice the default.
    :raises RegExpError: the expression is invalid, or too complex.
    """
    make = _kept if len(text) <= _SHORT else _made
    return make(text, release, flags, fold, min(most_states, 2 * MOST_STATES))


def _made(text: str, release: tuple[int, ...], flags: int, fold: bool, most_states: int) -> Automaton:
    try:
        if len(text) > _LONGEST:
            raise TooComplex(most_states)
        return build(_Reader(text, release, flags, fold).program(), most_states)
    except TooComplex as error:
        what = "require more than {} effort." if release >= _EFFORT else "result in more than {} states."
        raise TooComplexToDeterminize(f"Determinizing {text} would {what.format(error.limit)}") from None


_kept = lru_cache(maxsize=64)(_made)


class _Group:
    """A group in parentheses while it is parsed: how many parts each operator has to combine."""

    def __init__(self, complemented: bool = False) -> None:
        self.complemented = complemented
        self.joined = self.intersected = self.united = 0


class _Reader:
    """Parses an expression from left to right. Open groups are in a list, so that the parser is not recursive."""

    def __init__(self, text: str, release: tuple[int, ...], flags: int, fold: bool) -> None:
        self._text = text
        self._release = release
        self._flags = flags
        self._fold = fold
        self._at = 0
        self._program: list[Instruction] = []

    def program(self) -> list[Instruction]:
        """The instructions for the expression.

        :raises RegExpError: the expression is invalid.
        """
        if not self._text:
            return [Instruction("empty")]
        groups = [_Group()]
        while True:
            complemented = self._complements()
            if self._match("("):
                if not self._match(")"):
                    groups.append(_Group(complemented))
                    continue
                self._emit("empty")
            else:
                self._simple()
            self._finish(groups[-1], complemented)
            while not self._goes_on(groups[-1]):
                if len(groups) == 1:
                    if self._more():
                        raise self._error("end-of-string expected at position {at}")
                    return self._program
                if not self._match(")"):
                    raise self._error("expected ')' at position {at}")
                closed = groups.pop()
                self._finish(groups[-1], closed.complemented)

    def _complements(self) -> bool:
        complemented = False
        while self._has(COMPLEMENT) and self._match("~"):
            complemented = not complemented
        return complemented

    def _goes_on(self, group: _Group) -> bool:
        """Whether another part of the group follows; if not, combine the parts of the group."""
        if self._more() and not (self._peek(")|") or (self._has(INTERSECTION) and self._peek("&"))):
            return True
        group.joined = self._combine("join", group.joined)
        if self._has(INTERSECTION) and self._match("&"):
            group.intersected += 1
            return True
        group.intersected = self._combine("both", group.intersected + 1)
        group.united += 1
        if self._match("|"):
            return True
        self._combine("either", group.united)
        return False

    def _combine(self, name: str, count: int) -> int:
        """Combine the last ``count`` parts to one; returns 0, the number of parts that remain to be combined."""
        if count > 1:
            self._emit(name, parts=count)
        return 0

    def _finish(self, group: _Group, complemented: bool) -> None:
        """Apply the operators around a part: ``~`` before it, repetitions after it."""
        if complemented:
            self._emit("not")
        while self._peek("?*+{"):
            least, most = self._times()
            self._emit("repeat", least=least, most=most)
        group.joined += 1

    def _times(self) -> tuple[int, int | None]:
        sign = self._next()
        if sign != "{":
            return (1 if sign == "+" else 0), (1 if sign == "?" else None)
        least = self._integer()
        if least is None:
            raise self._error("integer expected at position {at}")
        most = self._integer() if self._match(",") else least
        if not self._match("}"):
            raise self._error("expected '}}' at position {at}")
        if most is not None and most < least and self._release >= _TEN:
            raise self._error(f"invalid repetition range(out of order): {least}..{most}")
        return least, most

    def _integer(self) -> int | None:
        start = self._at
        while self._peek(_DIGITS):
            self._at += 1
        return None if start == self._at else _whole(self._text[start : self._at])

    def _simple(self) -> None:
        """Parse a part without operators: a character, a class, a quoted text, or an interval."""
        if self._match("["):
            self._class()
        elif self._match("."):
            self._emit("set", _ANY)
        elif self._has(EMPTY) and self._match("#"):
            self._emit("nothing")
        elif self._has(ANYSTRING) and self._match("@"):
            self._emit("set", _ANY)
            self._emit("repeat", most=None)
        elif self._match('"'):
            self._quoted()
        elif self._has(AUTOMATON | INTERVAL) and self._match("<"):
            self._angled()
        else:
            self._emit("set", self._named() or self._folded(self._character()))

    def _quoted(self) -> None:
        quoted = self._until('"')
        for character in quoted:
            self._emit("set", self._folded(character))
        if not quoted:
            self._emit("empty")
        self._combine("join", len(quoted))

    def _angled(self) -> None:
        name = self._until(">")
        low, minus, high = name.partition("-")
        if not minus:
            if self._has(AUTOMATON):
                raise RegExpError(f"'{name}' not found")
            raise self._error("interval syntax error at position {at}", -1)
        if not self._has(INTERVAL):
            raise self._error("illegal identifier at position {at}", -1)
        if not (low.isdecimal() and high.isdecimal() and max(int(low), int(high)) <= _LARGEST):
            raise self._error("interval syntax error at position {at}", -1)
        self._program += numbers(low, high)

    def _class(self) -> None:
        negated = self._match("^")
        ranges: list[tuple[int, int]] = []
        while True:
            ranges += self._item()
            if not self._more() or self._peek("]"):
                break
        if not self._match("]"):
            raise self._error("expected ']' at position {at}")
        self._emit("set", negation(ranges) if negated else tuple(ranges))

    def _item(self) -> Ranges:
        """Parse an item between brackets: a character, a range, or a named class."""
        escaped = self._peek("\\")
        named = self._named()
        if named:
            return named
        first = self._character()
        # From Lucene 10, a character after a backslash cannot begin a range.
        if (escaped and self._release >= _TEN) or not self._match("-"):
            return self._folded(first)
        last = self._character()
        if ord(first) > ord(last):
            raise RegExpError(f"invalid range: from ({ord(first)}) cannot be > to ({ord(last)})")
        return ((ord(first), ord(last)),)

    def _named(self) -> Ranges | None:
        """Parse ``\\d``, ``\\s``, ``\\w`` or an opposite; None if none of these follows."""
        if not self._peek("\\") or self._release < _CLASSES:
            return None
        letter = self._text[self._at + 1 : self._at + 2]
        ranges = _NAMED.get(letter.lower())
        if ranges is not None:
            self._at += 2
            return ranges if letter.islower() else negation(ranges)
        if letter.isascii() and letter.isalpha() and self._release >= _STRICT:
            raise RegExpError(f"invalid character class \\{ord(letter)}")
        return None

    def _folded(self, character: str) -> Ranges:
        forms = {character}
        if self._fold and (character.isascii() or self._release >= _TEN):
            forms |= {form for form in (character.lower(), character.upper()) if len(form) == 1}
        return tuple((ord(form), ord(form)) for form in sorted(forms))

    def _character(self) -> str:
        self._match("\\")
        return self._next()

    def _until(self, end: str) -> str:
        """The text up to ``end``; the parser continues after it."""
        start = self._at
        found = self._text.find(end, start)
        self._at = len(self._text) if found < 0 else found + 1
        if found < 0:
            raise self._error(f"expected '{end}' at position {{at}}")
        return self._text[start:found]

    def _emit(self, name: str, ranges: Ranges = (), parts: int = 0, least: int = 0, most: int | None = None) -> None:
        self._program.append(Instruction(name, ranges, parts, least, most))

    def _has(self, flag: int) -> bool:
        return self._flags & flag != 0

    def _more(self) -> bool:
        return self._at < len(self._text)

    def _peek(self, characters: str) -> bool:
        return self._more() and self._text[self._at] in characters

    def _match(self, character: str) -> bool:
        if not self._peek(character):
            return False
        self._at += 1
        return True

    def _next(self) -> str:
        if not self._more():
            raise RegExpError("unexpected end-of-string")
        self._at += 1
        return self._text[self._at - 1]

    def _error(self, text: str, by: int = 0) -> RegExpError:
        """An error at the current position, counted in UTF-16 units, as in Java."""
        at = len(self._text[: self._at].encode("utf-16-le", "surrogatepass")) // 2 + by
        return RegExpError(text.format(at=at))


def _whole(digits: str) -> int:
    if len(digits.lstrip("0")) > 10 or int(digits) > _LARGEST:
        raise RegExpError(f'For input string: "{digits}"')
    return int(digits)


def negation(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """All characters that are not in ``ranges``."""
    left, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            left.append((start, low - 1))
        start = max(start, high + 1)
    return (*left, (start, LAST)) if start <= LAST else tuple(left)


def numbers(low: str, high: str) -> list[Instruction]:
    """Instructions for the decimal numbers from ``low`` to ``high`` (``Automata.makeDecimalInterval``).

    If both have the same number of digits, the numbers have it too. Otherwise they may have any number of leading zeros.
    """
    fixed = len(low) == len(high)
    if int(low) > int(high):
        low, high = high, low
    if not fixed:
        low, high = str(int(low)), str(int(high))
    program: list[Instruction] = [] if fixed else [_digits("0", "9")._replace(ranges=((48, 48),)), Instruction("repeat")]
    choices = 0
    for width in range(len(low), len(high) + 1):
        first = low if width == len(low) else "1" + "0" * (width - 1)
        last = high if width == len(high) else "9" * width
        for spans in _spans(first, last):
            program += [_digits(*span) for span in spans]
            program.append(Instruction("join", parts=len(spans)))
            choices += 1
    program.append(Instruction("either", parts=choices))
    return program if fixed else [*program, Instruction("join", parts=2)]


def _digits(low: str, high: str) -> Instruction:
    return Instruction("set", ((ord(low), ord(high)),))


def _spans(low: str, high: str) -> Iterator[list[tuple[str, str]]]:
    """The numbers from ``low`` to ``high``, of the same length, as lists of ranges of digits, one for each place."""
    width = len(low)
    same = next((place for place in range(width) if low[place] != high[place]), width)

    def from_place(prefix: str, first: str, last: str) -> list[tuple[str, str]]:
        rest = width - len(prefix) - 1
        return [*((digit, digit) for digit in prefix), (first, last), *[("0", "9")] * rest]

    if same == width:
        yield [(digit, digit) for digit in low]
        return
    if int(high[same]) - int(low[same]) > 1:
        yield from_place(low[:same], str(int(low[same]) + 1), str(int(high[same]) - 1))
    for place in range(same + 1, width):
        if low[place] < "9":
            yield from_place(low[:place], str(int(low[place]) + 1), "9")
        if high[place] > "0":
            yield from_place(high[:place], "0", str(int(high[place]) - 1))
    yield [(digit, digit) for digit in low]
    yield [(digit, digit) for digit in high]
