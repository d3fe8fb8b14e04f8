"""``_analyze``: the words of texts, with their places (``TransportAnalyzeAction``)."""

from __future__ import annotations

import re
from typing import Any

from fake_es.analysis import messages
from fake_es.analysis.words import ANALYZERS, analyzer_name
from fake_es.indices.index import Index
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, NotImplementedHere
from fake_es.wire.object_parser import token

Tree = dict[str, Any]

# Tokenizers that take texts apart as the analyzer of the same name does, but leave the case alone.
_TOKENIZERS = {name: name for name in ("standard", "whitespace", "keyword")} | {"letter": "simple", "lowercase": "simple"}
_LOWER = frozenset({"standard", "simple", "stop"})
# Between two texts of one request.
_GAP = 100


def analyze_text(given: Tree, index: Index | None) -> list[Tree]:
    """Tokens of the texts of a request.

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
    name, lowers = _chosen(given, index)
    tokens: list[Tree] = []
    offset = position = 0
    for text in texts:
        found = _tokens(text, name, lowers, offset, position)
        tokens += found
        offset += len(text) + 1
        position = (found[-1]["position"] if found else position) + 1 + _GAP
    return tokens


def _chosen(given: Tree, index: Index | None) -> tuple[str, bool]:
    """The analyzer that takes texts apart, and whether words become small."""
    if "char_filter" in given or "normalizer" in given:
        raise NotImplementedHere(messages.ANALYZE_ELSEWHERE.format(what="char_filter"))
    tokenizer, filters = given.get("tokenizer"), given.get("filter", [])
    if tokenizer is not None or filters:
        filters = filters if isinstance(filters, list) else [filters]
        if str(tokenizer) not in _TOKENIZERS or any(name != "lowercase" for name in filters):
            raise NotImplementedHere(messages.ANALYZE_ELSEWHERE.format(what=tokenizer or "filter"))
        return _TOKENIZERS[str(tokenizer)], bool(filters) or tokenizer == "lowercase"
    name = given.get("analyzer") or _of_field(given.get("field"), index)
    if not isinstance(name, str):
        raise NotImplementedHere(messages.ANALYZE_ELSEWHERE.format(what="analyzer"))
    if name not in ANALYZERS:
        if name in _ELSEWHERE or (index is not None and f"index.analysis.analyzer.{name}.type" in index.settings):
            raise NotImplementedHere(messages.ANALYZE_ELSEWHERE.format(what=name))
        raise IllegalArgument(messages.NO_GLOBAL_ANALYZER.format(name=name))
    return name, name in _LOWER


# Analyzers of the server that need more than is here.
_ELSEWHERE = frozenset({
    "pattern", "fingerprint", "english", "german", "french", "spanish", "italian", "dutch", "russian", "cjk", "snowball",
    "ml_standard", "ml_classic",
})  # fmt: skip


def _of_field(field: Any, index: Index | None) -> str:
    type_ = None if index is None or field is None else index.mapping.field(str(field))
    if type_ is None:
        return "standard"
    return analyzer_name(type_) if type_.is_text else "keyword"


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
