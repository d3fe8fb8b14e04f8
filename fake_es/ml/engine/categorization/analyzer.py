"""``categorization_analyzer``: character filters, a tokenizer and token filters in one function."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fake_es.ml.engine.categorization import tokenizers
from fake_es.ml.engine.categorization.tokenizers import Tokenizer
from fake_es.patterns.java_regex import JavaPattern

CharFilter = Callable[[str], str]
TokenFilter = Callable[[list[str]], list[str]]

# Words that dates are made of, and which say nothing of a message's category.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DATE_WORDS = (*_DAYS, *(day[:3] for day in _DAYS), *_MONTHS, *(month[:3] for month in _MONTHS), "GMT", "UTC")


class UnsupportedAnalyzer(ValueError):
    """A part of an analyzer that Elasticsearch may know and the engine does not."""


def analyzer_of(config: str | dict[str, Any] | None, filters: tuple[str, ...] = ()) -> Tokenizer:
    """The function that cuts a message into tokens.

    :param config: ``categorization_analyzer``; None means the one built in (``ml_classic`` and a stop filter).
    :param filters: ``categorization_filters``, taken out of a message before it is cut.
    :raises UnsupportedAnalyzer: it names a part that is not here.
    """
    if config is None:
        config = {"tokenizer": "ml_classic", "filter": [{"type": "stop", "stopwords": list(DATE_WORDS)}]}
    if isinstance(config, str):
        return _named(config)
    before = [_replace({"pattern": pattern}) for pattern in filters]
    before += [_char_filter(part) for part in config.get("char_filter", ())]
    after = [_token_filter(part) for part in config.get("filter", ())]
    return _chain(before, _tokenizer(config.get("tokenizer", "ml_classic")), after)


def _chain(before: list[CharFilter], cut: Tokenizer, after: list[TokenFilter]) -> Tokenizer:
    def analyze(text: str) -> list[str]:
        for change in before:
            text = change(text)
        tokens = cut(text)
        for sift in after:
            tokens = sift(tokens)
        return tokens

    return analyze


def _named(name: str) -> Tokenizer:
    if name in ("standard", "simple"):
        cut = tokenizers.words if name == "standard" else tokenizers.letters
        return lambda text: cut(text.lower())
    if name in ("whitespace", "keyword"):
        return tokenizers.NAMED[name]
    raise UnsupportedAnalyzer(f"analyzer [{name}]")


def _tokenizer(part: str | dict[str, Any]) -> Tokenizer:
    name, settings = _part(part)
    if name == "pattern" or name == "simple_pattern_split":
        return tokenizers.pattern_tokenizer(str(settings.get("pattern", r"\W+")))
    if name not in tokenizers.NAMED:
        raise UnsupportedAnalyzer(f"tokenizer [{name}]")
    return tokenizers.NAMED[name]


def _char_filter(part: str | dict[str, Any]) -> CharFilter:
    name, settings = _part(part)
    known: dict[str, Callable[[dict[str, Any]], CharFilter]] = {
        "pattern_replace": _replace,
        "mapping": _mapping,
        "first_line_with_letters": lambda _: _first_line_with_letters,
        "first_non_blank_line": lambda _: _first_non_blank_line,
    }
    if name not in known:
        raise UnsupportedAnalyzer(f"char_filter [{name}]")
    return known[name](settings)


def _token_filter(part: str | dict[str, Any]) -> TokenFilter:
    name, settings = _part(part)
    if name == "stop":
        return _stop(settings)
    if name == "limit":
        most = int(settings.get("max_token_count", 1))
        return lambda tokens: tokens[:most]
    if name == "length":
        least, most = int(settings.get("min", 0)), int(settings.get("max", 1 << 31))
        return lambda tokens: [token for token in tokens if least <= len(token) <= most]
    plain: dict[str, TokenFilter] = {
        "lowercase": lambda tokens: [token.lower() for token in tokens],
        "uppercase": lambda tokens: [token.upper() for token in tokens],
        "unique": lambda tokens: list(dict.fromkeys(tokens)),
        "trim": lambda tokens: [token.strip() for token in tokens],
    }
    if name not in plain:
        raise UnsupportedAnalyzer(f"filter [{name}]")
    return plain[name]


def _part(part: str | dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return (part, {}) if isinstance(part, str) else (str(part.get("type")), part)


def _replace(settings: dict[str, Any]) -> CharFilter:
    replacement, pattern = str(settings.get("replacement", "")), JavaPattern(str(settings["pattern"]))
    return lambda text: pattern.replaced(text, replacement)


def _mapping(settings: dict[str, Any]) -> CharFilter:
    pairs = [rule.split("=>", 1) for rule in settings.get("mappings", ())]
    table = {left.strip(): right.strip() for left, right in pairs}
    pattern = re.compile("|".join(re.escape(left) for left in sorted(table, key=len, reverse=True)) or "(?!)")
    return lambda text: pattern.sub(lambda found: table[found.group()], text)


def _first_line_with_letters(text: str) -> str:
    return next((line for line in text.splitlines() if any(character.isalpha() for character in line)), "")


def _first_non_blank_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")


def _stop(settings: dict[str, Any]) -> TokenFilter:
    stopwords = settings.get("stopwords", ())
    if not isinstance(stopwords, (list, tuple)):
        raise UnsupportedAnalyzer(f"stopwords [{stopwords}]")
    if settings.get("ignore_case"):
        folded = {word.lower() for word in stopwords}
        return lambda tokens: [token for token in tokens if token.lower() not in folded]
    stops = frozenset(stopwords)
    return lambda tokens: [token for token in tokens if token not in stops]
