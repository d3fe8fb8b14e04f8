"""``categorization_analyzer``: character filters, a tokenizer and token filters in one function."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from fake_es.ml.common.dates import DATE_WORDS
from fake_es.ml.engine.categorization import tokenizers
from fake_es.ml.engine.categorization.tokenizers import Tokenizer
from fake_es.patterns.java_regex import JavaPattern, PatternSyntax
from fake_es.wire.java import java_text
from fake_es.wire.numbers import INT_MAX, INT_MIN, whole

CharFilter = Callable[[str], str]
TokenFilter = Callable[[list[str]], list[str]]
_Made = TypeVar("_Made")


class UnsupportedAnalyzer(ValueError):
    """A part of an analyzer that Elasticsearch may know and the engine does not."""


class BadAnalyzer(ValueError):
    """A part of an analyzer that Elasticsearch refuses; the text is its reason."""


class _Settings:
    """Settings of one part, read as the server's ``Settings`` are: scalars are texts."""

    def __init__(self, kind: str, tree: dict[str, Any]) -> None:
        self._kind = kind
        self._tree = tree

    def text(self, name: str, default: str | None = None) -> str:
        """A text; without a default it must be there."""
        value = self._tree.get(name)
        if value is None:
            if default is None:
                raise BadAnalyzer(f"{name} is missing for [__anonymous__{self._kind}] char filter of type '{self._kind}'")
            return default
        return self._shown(name, value)

    def texts(self, name: str) -> list[str]:
        """A list of texts; a single one may have commas."""
        value = self._tree.get(name)
        if value is None:
            return []
        if isinstance(value, list):
            return [self._shown(name, item) for item in value]
        return self._shown(name, value).split(",")

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        text = self.text(name, str(default))
        found = whole(text, INT_MIN, INT_MAX)
        if found is None:
            raise BadAnalyzer(f"Failed to parse value [{text}] for setting [{name}]")
        return found

    def flag(self, name: str) -> bool:
        """A truth value, false where it is missing."""
        text = self.text(name, "false")
        if text not in ("true", "false"):
            raise BadAnalyzer(f"Failed to parse value [{text}] as only [true] or [false] are allowed.")
        return text == "true"

    def _shown(self, name: str, value: Any) -> str:
        if value is None or isinstance(value, (dict, list)):
            raise BadAnalyzer(f"Failed to get setting group for [{name}] setting prefix and setting [{name}]")
        return ("true" if value else "false") if isinstance(value, bool) else str(value)


def analyzer_of(config: str | dict[str, Any] | None, filters: tuple[str, ...] = ()) -> Tokenizer:
    """The function that splits a message into tokens.

    :param config: ``categorization_analyzer``; None means the default (``ml_classic`` and a stop filter).
    :param filters: ``categorization_filters``: what they match is removed from a message first.
    :raises UnsupportedAnalyzer: it names a part that the engine does not know.
    :raises BadAnalyzer: a part cannot be made of its settings.
    """
    if config is None:
        config = {"tokenizer": "ml_classic", "filter": [{"type": "stop", "stopwords": list(DATE_WORDS)}]}
    if isinstance(config, str):
        return _named(config)
    before = [_replace(_Settings("pattern_replace", {"pattern": pattern})) for pattern in filters]
    before += [_char_filter(part) for part in config.get("char_filter", ())]
    after = [_token_filter(part) for part in config.get("filter", ())]
    tokenize = _tokenizer(config.get("tokenizer", "ml_classic"))

    def analyze(text: str) -> list[str]:
        for char_filter in before:
            text = char_filter(text)
        tokens = tokenize(text)
        for token_filter in after:
            tokens = token_filter(tokens)
        return tokens

    return analyze


def _named(name: str) -> Tokenizer:
    if name in ("standard", "simple"):
        tokenize = tokenizers.words if name == "standard" else tokenizers.letters
        return lambda text: tokenize(text.lower())
    if name in ("whitespace", "keyword"):
        return tokenizers.NAMED[name]
    raise UnsupportedAnalyzer(f"analyzer [{name}]")


def _tokenizer(part: str | dict[str, Any]) -> Tokenizer:
    name, settings = _part(part)
    if name == "pattern" or name == "simple_pattern_split":
        return _compiled(tokenizers.pattern_tokenizer, settings.text("pattern", r"\W+"))
    if name not in tokenizers.NAMED:
        raise UnsupportedAnalyzer(f"tokenizer [{name}]")
    return tokenizers.NAMED[name]


def _char_filter(part: str | dict[str, Any]) -> CharFilter:
    name, settings = _part(part)
    known: dict[str, Callable[[_Settings], CharFilter]] = {
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
        most = settings.number("max_token_count", 1)
        return lambda tokens: tokens[:most]
    if name == "length":
        least, most = settings.number("min", 0), settings.number("max", INT_MAX)
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


def _part(part: str | dict[str, Any]) -> tuple[str, _Settings]:
    if isinstance(part, str):
        return part, _Settings(part, {})
    name = part.get("type")
    if not isinstance(name, str):
        raise BadAnalyzer(f"Missing [type] setting for anonymous part: {java_text(part)}")
    return name, _Settings(name, part)


def _compiled(make: Callable[[str], _Made], pattern: str) -> _Made:
    try:
        return make(pattern)
    except PatternSyntax as error:
        raise BadAnalyzer(str(error)) from None


def _replace(settings: _Settings) -> CharFilter:
    replacement, pattern = settings.text("replacement", ""), _compiled(JavaPattern, settings.text("pattern"))
    return lambda text: pattern.replaced(text, replacement)


def _mapping(settings: _Settings) -> CharFilter:
    pairs = [rule.partition("=>") for rule in settings.texts("mappings")]
    if not pairs:
        raise BadAnalyzer("mapping requires either `mappings` or `mappings_path` to be configured")
    table = {}
    for left, arrow, right in pairs:
        if not arrow:
            raise BadAnalyzer(f"Invalid Mapping Rule : [{left}]")
        table[left.strip()] = right.strip()
    pattern = re.compile("|".join(re.escape(left) for left in sorted(table, key=len, reverse=True)) or "(?!)")
    return lambda text: pattern.sub(lambda found: table[found.group()], text)


def _first_line_with_letters(text: str) -> str:
    return next((line for line in text.splitlines() if any(character.isalpha() for character in line)), "")


def _first_non_blank_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "")


def _stop(settings: _Settings) -> TokenFilter:
    stopwords = settings.texts("stopwords")
    if any(len(word) > 2 and word.startswith("_") and word.endswith("_") for word in stopwords):
        raise UnsupportedAnalyzer(f"stopwords [{stopwords}]")
    if settings.flag("ignore_case"):
        folded = {word.lower() for word in stopwords}
        return lambda tokens: [token for token in tokens if token.lower() not in folded]
    stops = frozenset(stopwords)
    return lambda tokens: [token for token in tokens if token not in stops]
