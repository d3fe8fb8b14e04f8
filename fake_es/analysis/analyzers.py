"""Analyzers that need no language (``standard``, ``whitespace``, ``simple``, ...), and the tokens of ``_analyze``."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, IllegalState, NotImplementedHere, bad_request
from fake_es.wire.numbers import whole_of
from fake_es.wire.object_parser import token

Tree = dict[str, Any]

# Unicode word boundaries (UAX 29), shortened: apostrophes and full stops join letters, commas and full stops join digits.
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

# Tokenizers, and the analyzer that splits a text in the same way. Tokenizers do not change the case.
_TOKENIZERS = {name: name for name in ("standard", "whitespace", "keyword")} | {"letter": "simple", "lowercase": "simple"}
_LOWERCASE = frozenset({"standard", "simple", "stop"})
# The distance of positions between two texts of one request.
_POSITION_GAP = 100
# Default of ``index.analyze.max_token_count``, since 7.0 (``TransportAnalyzeAction.TokenCounter``).
_MAX_TOKENS = 10_000
# Analyzers of the server that fake_es refuses with 501.
_NOT_EMULATED = frozenset({
    "pattern", "fingerprint", "english", "german", "french", "spanish", "italian", "dutch", "russian", "cjk", "snowball",
    "ml_standard", "ml_classic",
})  # fmt: skip

_ANALYZE_ELEMENT = "[text] array element should only contain text [{token}]"
_TOO_MANY_TOKENS = (
    "The number of tokens produced by calling _analyze has exceeded the allowed maximum of [{most}]."
    " This limit can be set by changing the [index.analyze.max_token_count] index level setting."
)
_NO_TEXT_TO_ANALYZE = "text is missing"
_NOT_EMULATED_TEXT = "[{what}] in _analyze is not emulated by fake_es"
_NO_GLOBAL_ANALYZER = "failed to find global analyzer [{name}]"


def analyze_text(
    given: Tree,
    release: tuple[int, ...],
    between: Callable[[], object],
    field_analyzer: str = "standard",
    settings: Mapping[str, Any] | None = None,
) -> list[Tree]:
    """The tokens of ``_analyze`` (``TransportAnalyzeAction``).

    :param given: the request.
    :param between: called after each text.
    :param field_analyzer: used if the request names no analyzer: that of the request's field.
    :param settings: settings of the index, which may define analyzers.

    :raises ElasticsearchError: from 7.0, more tokens than ``index.analyze.max_token_count``.
    :raises ActionRequestValidation: the request has no text.
    :raises IllegalArgument: an unknown analyzer.
    :raises NotImplementedHere: an analyzer or filter that the server has and fake_es has not.
    """
    texts = given.get("text")
    if not texts:
        raise ActionRequestValidation(_NO_TEXT_TO_ANALYZE)
    texts = texts if isinstance(texts, list) else [texts]
    for text in texts:
        if not isinstance(text, str):
            raise IllegalArgument(_ANALYZE_ELEMENT.format(token=token(text)))
    if given.get("explain") in (True, "true"):
        raise NotImplementedHere(_NOT_EMULATED_TEXT.format(what="explain"))
    settings = settings or {}
    name, lowers = _analyzer_and_case(given, field_analyzer, settings)
    most = whole_of(settings.get("index.analyze.max_token_count", _MAX_TOKENS)) if release >= (7, 0) else sys.maxsize
    tokens: list[Tree] = []
    offset = position = 0
    for text in texts:
        found = _tokens(text, name, lowers, offset, position)
        tokens += found
        if len(tokens) > most:
            reason = _TOO_MANY_TOKENS.format(most=most)
            raise bad_request(reason) if release >= (8, 17) else IllegalState(reason)  # PR 116325
        between()
        offset += len(text) + 1
        position = (found[-1]["position"] if found else position) + 1 + _POSITION_GAP
    return tokens


def _analyzer_and_case(given: Tree, field_analyzer: str, settings: Mapping[str, Any]) -> tuple[str, bool]:
    """The name of the analyzer that splits the texts, and whether tokens become lower case."""
    if "char_filter" in given or "normalizer" in given:
        raise NotImplementedHere(_NOT_EMULATED_TEXT.format(what="char_filter"))
    tokenizer, filters = given.get("tokenizer"), given.get("filter", [])
    if tokenizer is not None or filters:
        filters = filters if isinstance(filters, list) else [filters]
        if str(tokenizer) not in _TOKENIZERS or any(name != "lowercase" for name in filters):
            raise NotImplementedHere(_NOT_EMULATED_TEXT.format(what=tokenizer or "filter"))
        return _TOKENIZERS[str(tokenizer)], bool(filters) or tokenizer == "lowercase"
    name = given.get("analyzer") or field_analyzer
    if not isinstance(name, str):
        raise NotImplementedHere(_NOT_EMULATED_TEXT.format(what="analyzer"))
    if name not in ANALYZERS:
        if name in _NOT_EMULATED or f"index.analysis.analyzer.{name}.type" in settings:
            raise NotImplementedHere(_NOT_EMULATED_TEXT.format(what=name))
        raise IllegalArgument(_NO_GLOBAL_ANALYZER.format(name=name))
    return name, name in _LOWERCASE


def _tokens(text: str, name: str, lowers: bool, offset: int, position: int) -> list[Tree]:
    words = ANALYZERS[name](text)
    tokens: list[Tree] = []
    at = 0
    for number, word in enumerate(words):
        start = text.lower().find(word.lower(), at) if word else at
        at = start + len(word)
        original = text[start:at]
        kind = "word" if name != "standard" else "<NUM>" if re.fullmatch(r"[\d.,]+", word) else "<ALPHANUM>"
        tokens.append({
            "token": original.lower() if lowers else original,
            "start_offset": offset + start,
            "end_offset": offset + at,
            "type": kind,
            "position": position + number,
        })  # fmt: skip
    return tokens
