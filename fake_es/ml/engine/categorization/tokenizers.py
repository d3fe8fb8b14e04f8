"""Tokenizers of log messages: ``ml_classic``, ``ml_standard`` and the simplest of the general ones.

Source: ``MlClassicTokenizer`` and ``MlStandardTokenizer``. A token is a run of letters and digits, with some signs inside. It
does not begin with a digit, and is not a hexadecimal number.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fake_es.patterns.java_regex import JavaPattern

Tokenizer = Callable[[str], list[str]]

_CLASSIC_RUN = re.compile(r"[^\W_][\w.\-]*")
# A run may begin with a drive, a share or a path; ``scheme:/`` and ``c:\`` are the only places for a colon.
_STANDARD_RUN = re.compile(
    r"""
    (?: [^\W\d_]+ : (?=/) | [A-Za-z] : (?=\\) )? (?: [/\\] | [^\W_] ) (?: [\w.\-@/] | (?<=\\)[\w] )*
    """,
    re.VERBOSE,
)
_WINDOWS_RUN = re.compile(r"(?:[A-Za-z]:)?\\[\w.\-@/\\]*")
_HEX_CLASSIC = re.compile(r"[0-9a-fA-F.\-]+")
_HEX_STANDARD = re.compile(r"[0-9a-fA-F.\-@:]+")


def classic(text: str) -> list[str]:
    """Tokens by the rules of ``ml_classic`` (the default before 7.14)."""
    runs = (run.rstrip("_.-") for run in _CLASSIC_RUN.findall(text))
    return [run for run in runs if _is_token(run, _HEX_CLASSIC)]


def standard(text: str) -> list[str]:
    """Tokens by the rules of ``ml_standard``: URLs and paths stay whole."""
    tokens, at = [], 0
    while (found := _STANDARD_RUN.search(text, at)) is not None:
        path = _WINDOWS_RUN.match(text, found.start())
        at = max(found.end(), path.end() if path else 0)
        token = text[found.start() : at].rstrip("_.-@:")
        if token.strip("/\\") and _is_token(token, _HEX_STANDARD):
            tokens.append(token)
    return tokens


def _is_token(token: str, hexadecimal: re.Pattern[str]) -> bool:
    return bool(token) and not token[0].isdigit() and hexadecimal.fullmatch(token) is None


def whitespace(text: str) -> list[str]:
    """Runs without white space."""
    return text.split()


def words(text: str) -> list[str]:
    """Runs of letters and digits, as the ``standard`` tokenizer finds them in text that has spaces."""
    return re.findall(r"\w+(?:[.'\u2019]\w+)*", text)


def letters(text: str) -> list[str]:
    """Runs of letters."""
    return re.findall(r"[^\W\d_]+", text)


def keyword(text: str) -> list[str]:
    """The whole text as one token."""
    return [text] if text else []


def pattern_tokenizer(pattern: str) -> Tokenizer:
    """A tokenizer that splits at ``pattern``."""
    separator = JavaPattern(pattern)
    return lambda text: [token for token in separator.split(text) if token]


NAMED: dict[str, Tokenizer] = {
    "ml_classic": classic,
    "ml_standard": standard,
    "whitespace": whitespace,
    "standard": words,
    "classic": words,
    "letter": letters,
    "keyword": keyword,
    "lowercase": lambda text: letters(text.lower()),
}
