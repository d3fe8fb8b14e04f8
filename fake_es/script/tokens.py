"""The words of a script."""

from __future__ import annotations

import re
from typing import NamedTuple

_WORDS = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[lLfFdD]?)
    |(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<name>[A-Za-z_]\w*)
    |(?P<sign>\?:|\?\.|&&|\|\||[=!<>]=|[-+*/%<>!?:.,;(){}=]|[\[\]])""",
    re.VERBOSE | re.DOTALL,
)


class Unsupported(Exception):
    """The script goes beyond the stated set."""


class Token(NamedTuple):
    """One word: its kind (``number``, ``string``, ``name``, ``sign``, ``end``) and its text."""

    kind: str
    text: str


def tokens(source: str) -> list[Token]:
    """The words of ``source``, with an ``end`` behind them.

    :raises Unsupported: a character that begins no word.
    """
    found, at = [], 0
    while at < len(source):
        word = _WORDS.match(source, at)
        if word is None:
            raise Unsupported(source[at])
        at = word.end()
        if word.lastgroup != "blank":
            found.append(Token(str(word.lastgroup), word.group()))
    return [*found, Token("end", "")]
