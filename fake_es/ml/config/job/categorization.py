"""Categorization settings of a job (``CategorizationAnalyzerConfig``, ``PerPartitionCategorizationConfig``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fake_es.ml.common.dates import DATE_WORDS
from fake_es.ml.config.job import messages
from fake_es.patterns.java_regex import JavaPattern, PatternSyntax
from fake_es.wire.errors import IllegalArgument, NotImplementedHere, bad_request
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import BOOLEAN, Body, Field, Kind, ObjectParser, token

PER_PARTITION = ObjectParser("per_partition_categorization", (Field("enabled", BOOLEAN), Field("stop_on_warn", BOOLEAN)))
_PARTS: dict[str, tuple[type, ...]] = {"char_filter": (list,), "tokenizer": (str, dict), "filter": (list,)}

# Parts of analyzers that Elasticsearch has and fake_es does not emulate.
_ELSEWHERE = frozenset({
    "html_strip", "pattern", "simple_pattern", "uax_url_email", "path_hierarchy", "ngram", "edge_ngram", "thai",
    "char_group", "asciifolding", "stemmer", "snowball", "porter_stem", "kstem", "synonym", "synonym_graph",
    "word_delimiter", "word_delimiter_graph", "shingle", "truncate", "reverse", "elision", "keep", "keep_types",
    "keyword_marker", "pattern_replace", "pattern_capture", "predicate_token_filter", "condition", "fingerprint",
    "apostrophe", "cjk_bigram", "cjk_width", "common_grams", "decimal_digit", "delimited_payload",
    "dictionary_decompounder", "hyphenation_decompounder", "flatten_graph", "hunspell", "keyword_repeat", "min_hash",
    "multiplexer", "remove_duplicates", "stemmer_override", "stop", "english", "german", "french", "spanish", "italian",
    "dutch", "russian", "cjk", "classic", "arabic", "brazilian", "portuguese",
})  # fmt: skip


def _analyzer(value: Any, body: Body, path: Path) -> Any:
    if isinstance(value, dict):
        for name, part in value.items():
            if name not in _PARTS or not isinstance(part, _PARTS[name]):
                what = f"Parameter [{name}] in [categorization_analyzer] is unknown or of the wrong type [{token(part)}]"
                raise IllegalArgument(what)
            for item in part if isinstance(part, list) else ():
                if not isinstance(item, (str, dict)):
                    raise IllegalArgument(messages.ANALYZER_PART.format(name=name, token=token(item)))
    return value


ANALYZER = Kind(frozenset({"VALUE_STRING", "START_OBJECT"}), _analyzer)


def default_analyzer(filters: Iterable[str], version: tuple[int, ...]) -> dict[str, Any]:
    """The default analyzer of a job, from 7.14."""
    replaced = [{"type": "pattern_replace", "pattern": pattern} for pattern in filters]
    limits: list[dict[str, Any]] = [{"type": "stop", "stopwords": list(DATE_WORDS)}]
    if version >= (8, 4):
        limits.append({"type": "limit", "max_token_count": "100"})
    first = "first_line_with_letters" if version >= (7, 16) else "first_non_blank_line"  # PR 77457
    return {"char_filter": [first, *replaced], "tokenizer": "ml_standard", "filter": limits}


# Our own limit: the server has none.
_MOST_PARTS = 1000


def check(config: dict[str, Any]) -> None:
    """Refuse categorization settings of an ``analysis_config`` that contradict each other.

    :raises StatusException: 400.
    """
    field = config.get("categorization_field_name")
    used = any(_is_split(detector) for detector in config["detectors"])
    if used and not field:
        raise bad_request(messages.CATEGORIZATION_FIELD_NEEDED)
    if field and not used:
        raise bad_request(messages.MLCATEGORY_UNUSED)
    if "categorization_analyzer" in config and not field:
        raise bad_request(messages.ANALYZER_NEEDS_FIELD)
    _check_number("categorization_filters", config.get("categorization_filters"))
    analyzer = config.get("categorization_analyzer")
    if isinstance(analyzer, dict):
        for name in ("char_filter", "filter"):
            _check_number(name, analyzer.get(name))
    if config.get("categorization_filters") is not None:
        _check_filters(config["categorization_filters"], field, "categorization_analyzer" in config)
    _check_per_partition(config)


def check_analyzer(config: dict[str, Any]) -> None:
    """Refuse an ``analysis_config`` with an invalid analyzer (``CategorizationAnalyzer.verifyConfigBuilder``).

    A real server builds the analyzer when it creates the job, after all other checks of the body.

    :raises IllegalArgument: a part of the analyzer does not exist, or its settings are invalid.
    :raises NotImplementedHere: Elasticsearch has the part, but fake_es does not emulate it.
    """
    analyzer = config.get("categorization_analyzer")
    if analyzer is None:
        return
    # Imported with the first job that has an analyzer.
    from fake_es.ml.engine.categorization.analyzer import BadAnalyzer, UnsupportedAnalyzer, analyzer_of

    try:
        analyzer_of(analyzer)
    except BadAnalyzer as error:
        raise IllegalArgument(str(error)) from None
    except UnsupportedAnalyzer as error:
        kind, _, rest = str(error).partition(" ")
        if rest[1:-1] in _ELSEWHERE or kind == "stopwords":
            raise NotImplementedHere(f"{error} in [categorization_analyzer] is not emulated by fake_es") from None
        text = messages.NO_GLOBAL_ANALYZER if kind == "analyzer" else messages.NO_GLOBAL_PART
        raise IllegalArgument(text.format(kind=kind, name=rest[1:-1])) from None


def _is_split(detector: dict[str, Any]) -> bool:
    """Whether a detector uses ``mlcategory``."""
    get = detector.get
    return "mlcategory" in (get("by_field_name"), get("over_field_name"), get("partition_field_name"))


def _check_filters(filters: list[str], field: str | None, has_analyzer: bool) -> None:
    if has_analyzer:
        raise bad_request(messages.FILTERS_WITH_ANALYZER)
    if not field:
        raise bad_request(messages.FILTERS_NEED_FIELD)
    if len(set(filters)) < len(filters):
        raise bad_request(messages.FILTERS_DUPLICATE)
    if "" in filters:
        raise bad_request(messages.FILTERS_EMPTY)
    for pattern in filters:
        _check_regex(pattern)


def _check_number(name: str, entries: Any) -> None:
    """Refuse so many entries that making them would keep others waiting."""
    if isinstance(entries, list) and len(entries) > _MOST_PARTS:
        raise bad_request(messages.MANY_PARTS.format(most=_MOST_PARTS, name=name, count=len(entries)))


def _check_regex(pattern: str) -> None:
    try:
        JavaPattern(pattern)
    except PatternSyntax:
        raise bad_request(messages.FILTERS_REGEX.format(filter=pattern)) from None


def _check_per_partition(config: dict[str, Any]) -> None:
    wanted = config.get("per_partition_categorization") or {}
    if not wanted.get("enabled"):
        if wanted.get("stop_on_warn"):
            raise bad_request(messages.STOP_ON_WARN)
        return
    if not config.get("categorization_field_name"):
        raise bad_request(messages.PARTITION_NEEDS_FIELD)
    partitions = []
    for detector in config["detectors"]:
        partition = detector.get("partition_field_name")
        if partition == "mlcategory":
            raise bad_request(messages.PARTITION_IS_MLCATEGORY)
        if _is_split(detector):
            partitions.append(partition)
            if partition is None:
                raise bad_request(messages.PARTITION_MISSING)
    for other in partitions:
        if other != partitions[0]:
            raise bad_request(messages.PARTITION_VARIES.format(first=partitions[0], second=other))
