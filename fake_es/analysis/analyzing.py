"""``_analyze``: the words of texts, with their places (``TransportAnalyzeAction``)."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

from fake_es.analysis import messages
from fake_es.analysis.analyzers import ANALYZERS
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, IllegalState, NotImplementedHere
from fake_es.wire.numbers import whole_of
from fake_es.wire.object_parser import token

Tree = dict[str, Any]

# Tokenizers that take texts apart as the analyzer of the same name does, but leave the case alone.
_TOKENIZERS = {name: name for name in ("standard", "whitespace", "keyword")} | {"letter": "simple", "lowercase": "simple"}
_LOWER = frozenset({"standard", "simple", "stop"})
# Between two texts of one request.
_GAP = 100
# ``index.analyze.max_token_count``, which counts from 7.0 on (``TransportAnalyzeAction.TokenCounter``).
_MOST_TOKENS = 10_000


def analyze_text(
    given: Tree,
    release: tuple[int, ...],
    between: Callable[[], None],
    field_analyzer: str = "standard",
    settings: Mapping[str, Any] | None = None,
) -> list[Tree]:
    """Tokens of the texts of a request.

    :param between: called after each text.
    :param field_analyzer: the analyzer of the field that the request names; used if it names no analyzer itself.
    :param settings: those of the index, which may define analyzers of its own.

    :raises IllegalState: from 7.0 there are more than ``index.analyze.max_token_count``.
    :raises ActionRequestValidation: there is no text.
    :raises IllegalArgument: no such analyzer.
    :raises NotImplementedHere: an analyzer or a filter that is not emulated.
    """
    texts = given.get("text")
    if not texts:
        raise ActionRequestValidation(messages.NO_TEXT_TO_ANALYZE)
    texts = texts if isinstance(texts, list) else [texts]
    for text in texts:
        if not isinstance(text, str):
            raise IllegalArgument(messages.ANALYZE_ELEMENT.format(name="text", what="text", token=token(text)))
    if given.get("explain") in (True, "true"):
        raise NotImplementedHere(messages.ANALYZE_ELSEWHERE.format(what="explain"))
    settings = settings or {}
    name, lowers = _chosen(given, field_analyzer, settings)
    most = whole_of(settings.get("index.analyze.max_token_count", _MOST_TOKENS)) if release >= (7, 0) else sys.maxsize
    tokens: list[Tree] = []
    offset = position = 0
    for text in texts:
        found = _tokens(text, name, lowers, offset, position)
        tokens += found
        if len(tokens) > most:
            raise IllegalState(messages.TOO_MANY_TOKENS.format(most=most))
        between()
        offset += len(text) + 1
        position = (found[-1]["position"] if found else position) + 1 + _GAP
    return tokens


def _chosen(given: Tree, field_analyzer: str, settings: Mapping[str, Any]) -> tuple[str, bool]:
    """The analyzer that takes texts apart, and whether words become small."""
    if "char_filter" in given or "normalizer" in given:
        raise NotImplementedHere(messages.ANALYZE_ELSEWHERE.format(what="char_filter"))
    tokenizer, filters = given.get("tokenizer"), given.get("filter", [])
    if tokenizer is not None or filters:
        filters = filters if isinstance(filters, list) else [filters]
        if str(tokenizer) not in _TOKENIZERS or any(name != "lowercase" for name in filters):
            raise NotImplementedHere(messages.ANALYZE_ELSEWHERE.format(what=tokenizer or "filter"))
        return _TOKENIZERS[str(tokenizer)], bool(filters) or tokenizer == "lowercase"
    name = given.get("analyzer") or field_analyzer
    if not isinstance(name, str):
        raise NotImplementedHere(messages.ANALYZE_ELSEWHERE.format(what="analyzer"))
    if name not in ANALYZERS:
        if name in _ELSEWHERE or f"index.analysis.analyzer.{name}.type" in settings:
            raise NotImplementedHere(messages.ANALYZE_ELSEWHERE.format(what=name))
        raise IllegalArgument(messages.NO_GLOBAL_ANALYZER.format(name=name))
    return name, name in _LOWER


# Analyzers of the server that need more than is here.
_ELSEWHERE = frozenset({
    "pattern", "fingerprint", "english", "german", "french", "spanish", "italian", "dutch", "russian", "cjk", "snowball",
    "ml_standard", "ml_classic",
})  # fmt: skip


def _tokens(text: str, name: str, lowers: bool, offset: int, position: int) -> list[Tree]:
    words = ANALYZERS[name](text)
    tokens: list[Tree] = []
    at = 0
    for place, word in enumerate(words):
        start = text.lower().find(word.lower(), at) if word else at
        at = start + len(word)
        shown = text[start:at]
        kind = "word" if name != "standard" else "<NUM>" if re.fullmatch(r"[\d.,]+", word) else "<ALPHANUM>"
        tokens.append({
            "token": shown.lower() if lowers else shown,
            "start_offset": offset + start,
            "end_offset": offset + at,
            "type": kind,
            "position": position + place,
        })  # fmt: skip
    return tokens
