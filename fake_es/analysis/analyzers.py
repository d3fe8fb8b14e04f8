"""Texts taken apart into words: the analyzers that need no language (``standard``, ``whitespace``, ``simple``, ...)."""

from __future__ import annotations

import re
from collections.abc import Callable

# Unicode's word boundaries (UAX 29) in short: apostrophes and full stops join letters, commas and full stops digits.
_STANDARD = re.compile(r"\d+(?:[.,;'\u2019]\d+)+(?!\w)|[^\W\d]\w*(?:[.'\u2019:][^\W\d]\w*)+|\w+")
_SIMPLE = re.compile(r"[^\W\d_]+")
_ENGLISH_STOP = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of", "on",
    "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
})  # fmt: skip

Analyzer = Callable[[str], list[str]]

ANALYZERS: dict[str, Analyzer] = {
    "standard": lambda text: _STANDARD.findall(text.lower()),
    "simple": lambda text: _SIMPLE.findall(text.lower()),
    "whitespace": str.split,
    "keyword": lambda text: [text],
    "stop": lambda text: [word for word in _SIMPLE.findall(text.lower()) if word not in _ENGLISH_STOP],
}
