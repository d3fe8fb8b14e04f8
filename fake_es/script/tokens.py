"""The tokens of a script."""

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
    """The script is outside the supported subset of Painless."""


class Token(NamedTuple):
    """One token: its kind (``number``, ``string``, ``name``, ``sign``, ``end``) and its text."""

    kind: str
    text: str


def tokens(source: str) -> list[Token]:
    """Split ``source`` into tokens; the last one has the kind ``end``.

    :raises Unsupported: a character cannot begin a token.
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
