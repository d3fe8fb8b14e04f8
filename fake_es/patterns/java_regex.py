"""Java's regular expressions (``java.util.regex.Pattern``), run by the package ``regex`` with a time limit.

``regex`` knows most of Java's syntax. Java's other syntax is translated here; syntax that only ``regex`` has is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from time import thread_time
from typing import Any

# Seconds: the limit of one use, the usual time of one use, and the limit for all time above the usual.
_LONGEST = 0.1
_USUAL = 0.02
_ALLOWED = 0.3

_SPACES = r" \t\n\x0B\f\r"
_VERTICAL = r"\n\x0B\f\r\x85\u2028\u2029"
_HORIZONTAL = r" \t\xA0\u1680\u180E\u2000-\u200A\u202F\u205F\u3000"
# Character classes by letter; in Java they have only ASCII characters.
_CLASSES = {"d": "0-9", "w": "a-zA-Z_0-9", "s": _SPACES, "h": _HORIZONTAL, "v": _VERTICAL}
_NAMED = {
    "Lower": "a-z", "Upper": "A-Z", "ASCII": r"\x00-\x7F", "Alpha": "a-zA-Z", "Digit": "0-9", "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~", "Graph": "!-~", "Print": " -~", "Blank": r" \t", "Cntrl": r"\x00-\x1F\x7F",
    "XDigit": "0-9a-fA-F", "Space": _SPACES, "javaLowerCase": r"\p{Ll}", "javaUpperCase": r"\p{Lu}",
    "javaWhitespace": r"\s", "javaLetter": r"\p{L}", "javaDigit": r"\p{Nd}", "javaLetterOrDigit": r"\p{L}\p{Nd}",
}  # fmt: skip
_KEPT = frozenset("tnrfaBbAGXR")
_QUANTIFIER = re.compile(r"\{\d{1,9}(?:,\d{0,9})?\}", re.ASCII)
_GROUP = re.compile(r"\?(?::|=|!|>|<=|<!|<[a-zA-Z][a-zA-Z0-9]*>|([idmsuxU]*)(?:-([idmsuxU]+))?([:)]))", re.ASCII)
_PROPERTY = re.compile(r"\{(\^?)([\w=]+)\}|(\w)", re.ASCII)
_REFERENCE = re.compile(r"\\(.)|\$(?:(\d+)|\{([a-zA-Z][a-zA-Z0-9]*)\})|([\\$])", re.ASCII | re.DOTALL)
# Two of these in a row are an operator of ``regex`` inside a set.
_DOUBLED = frozenset("-|~")
_REASONS = {
    "missing )": "Unclosed group", "unterminated character set": "Unclosed character class",
    "nothing to repeat": "Dangling meta character '{}'", "multiple repeat": "Dangling meta character '{}'",
    "unbalanced parenthesis": "Unmatched closing ')'", "min repeat greater than max repeat": "Illegal repetition range",
    "repeat count too big": "Illegal repetition range",
}  # fmt: skip
_AT_THE_END = ("Unclosed group", "Unclosed character class")


class PatternSyntax(ValueError):
    """Java refuses the expression; the text is that of ``PatternSyntaxException``."""

    def __init__(self, description: str, pattern: str, index: int) -> None:
        super().__init__(f"{description} near index {index}\n{pattern}\n{' ' * index}^")


class BadReference(ValueError):
    """A replacement is invalid, or names a missing group; the text is that of Java."""


class TooSlow(Exception):
    """An expression took longer than fake_es allows. Elasticsearch has no such limit."""

    def __init__(self, pattern: str) -> None:
        super().__init__(f"fake_es stopped matching the regular expression [{pattern}]: it takes too long")


class Allowance:
    """The remaining seconds that a group of expressions may take, above the usual time of each use."""

    def __init__(self, seconds: float = _ALLOWED) -> None:
        self.left = seconds


class JavaPattern:
    """A compiled expression. Expressions with the same ``allowance`` share its time."""

    def __init__(self, pattern: str, allowance: Allowance | None = None) -> None:
        """:raises PatternSyntax: the expression is invalid."""
        self.pattern = pattern
        self._allowance = allowance or Allowance()
        module = _module()
        try:
            self._compiled = module.compile("".join(_Translator(pattern).pieces()), module.V1)
        except module.error as error:
            raise _syntax_error(error, pattern) from None
        except RecursionError:
            raise PatternSyntax("Groups nested too deeply for fake_es", pattern, len(pattern)) from None

    def matches(self, text: str) -> bool:
        """Whether the expression matches the whole ``text`` (``Matcher.matches``).

        :raises TooSlow: the time is used up.
        """
        return self._timed(lambda seconds: self._compiled.fullmatch(text, timeout=seconds)) is not None

    def replaced(self, text: str, replacement: str, made: Callable[[int], None] | None = None) -> str:
        """Replace all matches (``Matcher.replaceAll``). In ``replacement``, ``$1`` and ``${name}`` are groups, ``\\`` escapes.

        :param made: called with the length of each replacement.
        :raises TooSlow: the time is used up.
        :raises BadReference: the replacement is invalid.
        """
        parts = list(self._parts(replacement))
        literal = None if any(kind for kind, _ in parts) else "".join(str(value) for _, value in parts)

        def fill(found: Any) -> str:
            part = "".join(self._filled(parts, found)) if literal is None else literal
            if made is not None:
                made(len(part))
            return part

        return str(self._timed(lambda seconds: self._compiled.sub(fill, text, timeout=seconds)))

    def split(self, text: str) -> list[str]:
        """The texts between matches (``Pattern.split`` with the limit -1), without one before an empty match at 0.

        :raises TooSlow: the time is used up.
        """

        def cut(seconds: float) -> list[str]:
            parts, at = [], 0
            for found in self._compiled.finditer(text, timeout=seconds):
                if found.end() > 0 and found.start() < len(text):
                    parts.append(text[at : found.start()])
                    at = found.end()
            return [*parts, text[at:]]

        return list(self._timed(cut))

    def _timed(self, use: Any) -> Any:
        allowance = self._allowance
        if allowance.left <= 0:
            raise TooSlow(self.pattern)
        started, usual = thread_time(), _USUAL
        try:
            return use(min(_LONGEST, allowance.left))
        except TimeoutError:
            usual = 0.0
            raise TooSlow(self.pattern) from None
        finally:
            allowance.left -= max(0.0, thread_time() - started - usual)

    def _parts(self, replacement: str) -> Iterator[tuple[str, str | int]]:
        """The parts of a replacement: literal texts (kind ``""``) and groups (kind ``$``)."""
        at = 0
        for found in _REFERENCE.finditer(replacement):
            if found.start() > at:
                yield "", replacement[at : found.start()]
            at = found.end()
            if found[1] is not None:
                yield "", found[1]
            elif found[2] is not None:
                number, rest = self._group_number(found[2])
                yield "$", number
                yield "", rest
            elif found[3] is not None:
                if found[3] not in self._compiled.groupindex:
                    raise BadReference(f"No group with name {{{found[3]}}}")
                yield "$", found[3]
            else:
                raise BadReference("character to be escaped is missing" if found[4] == "\\" else "Illegal group reference")
        if at < len(replacement):
            yield "", replacement[at:]

    def _group_number(self, digits: str) -> tuple[int, str]:
        """The longest prefix of ``digits`` that is the number of a group, and the remaining digits."""
        if int(digits[0]) > self._compiled.groups:
            raise BadReference(f"No group {digits[0]}")
        length = 1
        while length < len(digits) and int(digits[: length + 1]) <= self._compiled.groups:
            length += 1
        return int(digits[:length]), digits[length:]

    @staticmethod
    def _filled(parts: list[tuple[str, str | int]], found: Any) -> Iterator[str]:
        for kind, value in parts:
            yield (found[value] or "") if kind else str(value)


@cache
def _module() -> Any:
    """The package ``regex``, loaded when it is first needed."""
    return import_module("regex")


def _syntax_error(error: Any, pattern: str) -> PatternSyntax:
    at = min(error.pos or 0, len(pattern))
    reason = _REASONS.get(error.msg, error.msg[:1].upper() + error.msg[1:])
    if reason in _AT_THE_END:
        at = len(pattern) - (reason == "Unclosed character class")
    elif "{}" in reason:
        at = max(at - (error.msg == "multiple repeat"), 0)
        reason = reason.format(pattern[at : at + 1])
    elif reason.startswith("Unmatched"):
        at = max(at - 1, 0)
    return PatternSyntax(reason, pattern, at)


class _Translator:
    """Translates Java's syntax to that of ``regex``.

    :raises PatternSyntax: the expression has syntax that Java does not have.
    """

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        # Number of open sets around the current position.
        self._sets = 0

    def pieces(self) -> Iterator[str]:
        while self._at < len(self._pattern):
            character = self._pattern[self._at]
            if character == "\\":
                yield self._escaped()
            elif self._sets:
                yield self._in_set(character)
            else:
                yield self._outside(character)

    def _error(self, description: str, at: int | None = None) -> PatternSyntax:
        return PatternSyntax(description, self._pattern, self._at if at is None else at)

    def _outside(self, character: str) -> str:
        if character == "[":
            return self._open()
        if character == "{":
            found = _QUANTIFIER.match(self._pattern, self._at)
            if found is None:
                raise self._error("Illegal repetition")
            self._at = found.end()
            return found[0]
        self._at += 1
        if character == "(" and self._pattern.startswith("?", self._at):
            found = _GROUP.match(self._pattern, self._at)
            if found is None:
                raise self._error("Unknown inline modifier" if self._at + 1 < len(self._pattern) else "Unknown group type")
            self._at = found.end()
            return self._flags(found) if found[3] else "(" + found[0]
        if character == "(" and self._pattern.startswith("*", self._at):
            raise self._error("Dangling meta character '*'")
        return character

    @staticmethod
    def _flags(found: re.Match[str]) -> str:
        """Inline flags, without those that have no effect here: ``d``, ``u`` and ``U``."""
        on, off = (re.sub("[duU]", "", found[number] or "") for number in (1, 2))
        if not on and not off:
            return "(?:" if found[3] == ":" else "(?:)"
        return f"(?{on}{'-' + off if off else ''}{found[3]}"

    def _open(self) -> str:
        """Begin a set. A closing bracket right after its start is a character of the set."""
        self._at += 1
        self._sets += 1
        start = "["
        if self._pattern.startswith("^", self._at):
            self._at += 1
            start = "[^"
        if self._pattern.startswith("]", self._at):
            self._at += 1
            start += r"\]"
        return start

    def _in_set(self, character: str) -> str:
        if character == "[":
            return self._open()
        self._at += 1
        if character == "]":
            self._sets -= 1
        elif character in _DOUBLED and self._pattern.startswith(character, self._at):
            return "\\" + character
        elif character == ":":
            return r"\:"
        return character

    def _escaped(self) -> str:
        start = self._at
        self._at += 2
        letter = self._pattern[start + 1 : start + 2]
        if not letter:
            raise self._error("Unexpected internal error", start + 1)
        if letter == "Q":
            end = self._pattern.find("\\E", self._at)
            end, after = (len(self._pattern), len(self._pattern)) if end < 0 else (end, end + 2)
            quoted, self._at = self._pattern[self._at : end], after
            return "".join(map(_literal, quoted))
        if letter == "E":
            return ""
        if letter.lower() in _CLASSES:
            return self._class(_CLASSES[letter.lower()], letter.isupper())
        if letter in "pP":
            return self._property(letter == "P")
        if letter in "xu0ce":
            return _literal(self._code(letter))
        if letter == "k":
            found = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)>", re.ASCII).match(self._pattern, self._at)
            if found is None:
                raise self._error("\\k is not followed by '<' for named capturing group")
            self._at = found.end()
            return f"(?P={found[1]})"
        if letter == "Z":
            return r"(?=\n?\z)"
        if letter == "z":
            return r"\z"
        if letter.isdigit() or not (letter.isascii() and letter.isalpha()):
            return "\\" + letter
        if letter not in _KEPT:
            raise self._error("Illegal/unsupported escape sequence", start + 1)
        return "\\" + letter

    def _class(self, characters: str, negated: bool) -> str:
        return f"[^{characters}]" if negated else characters if self._sets else f"[{characters}]"

    def _property(self, negated: bool) -> str:
        found = _PROPERTY.match(self._pattern, self._at)
        if found is None:
            raise self._error("Unknown character property name {}")
        self._at = found.end()
        name, negated = found[2] or found[3], negated != bool(found[1])
        if name in _NAMED:
            return self._class(_NAMED[name], negated)
        try:
            _module().compile(f"\\p{{{name}}}", _module().V1)
        except _module().error:
            raise self._error(f"Unknown character property name {{{name}}}", self._at - 1) from None
        return f"\\{'P' if negated else 'p'}{{{name}}}"

    def _code(self, letter: str) -> str:
        """The character of an escape sequence with a number, or of a control character."""
        if letter == "e":
            return "\x1b"
        if letter == "c":
            self._at += 1
            return chr(ord(self._pattern[self._at - 1 : self._at] or "@") ^ 64)
        shape = {"x": r"\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{2})", "u": r"([0-9a-fA-F]{4})", "0": r"([0-3]?[0-7]{1,2})"}[letter]
        found = re.compile(shape).match(self._pattern, self._at)
        if found is None:
            what = {"x": "hexadecimal", "u": "Unicode", "0": "octal"}[letter]
            raise self._error(f"Illegal {what} escape sequence")
        self._at = found.end()
        code = int(found[1] or found[2], 8 if letter == "0" else 16)
        if code > 0x10FFFF:
            raise self._error("Hexadecimal codepoint is too big")
        return chr(code)


def _literal(character: str) -> str:
    """A character escaped so that it stands for itself, inside and outside of sets."""
    return (
        character
        if character.isalnum() or character == "_"
        else f"\\u{ord(character):04x}"
        if ord(character) < 65536
        else character
    )
