"""Full text queries: match, match_phrase, match_phrase_prefix, match_bool_prefix, multi_match, fuzzy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fake_es.analysis.analyzers import ANALYZERS
from fake_es.mapping.text_fields import analyzer_of
from fake_es.search import messages
from fake_es.search.query.analyzed_text import MatchPhrase, MatchWords, fuzzy_test
from fake_es.search.query.base import MatchAll, MatchNone, Query, QueryContext
from fake_es.search.query.compound import Bool, DisMax, minimum_should_match
from fake_es.search.query.fields import SearchedField, fields_of
from fake_es.search.query.options import boosted, count, field_and_options, number
from fake_es.search.query.terms import MatchingTerms, term_query
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere
from fake_es.wire.java import java_text


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """How the words of a text are matched with those of a field.

    ``kind`` is ``words``, ``phrase``, ``phrase_prefix`` or ``bool_prefix``. With both prefix kinds the last word of the
    text may be only the beginning of a word of the field. ``least`` is ``minimum_should_match``; ``every`` means that all
    words are required.
    """

    kind: str = "words"
    every: bool = False
    least: Any = None
    slop: int = 0
    fuzziness: Any = None
    analyzer: str | None = None
    lenient: bool = False
    empty_matches: bool = False


_OPTIONS = frozenset({
    "query", "operator", "minimum_should_match", "fuzziness", "analyzer", "zero_terms_query", "lenient", "boost", "_name",
    "prefix_length", "max_expansions", "fuzzy_transpositions", "fuzzy_rewrite", "auto_generate_synonyms_phrase_query", "slop",
    "cutoff_frequency", "type", "rewrite",
})  # fmt: skip
_MULTI_OPTIONS = _OPTIONS | {"fields", "tie_breaker", "use_dis_max"}
_KINDS = ("phrase", "phrase_prefix", "bool_prefix")


def match_options(options: dict[str, Any], kind: str = "words") -> MatchOptions:
    """Read the match options of a query.

    :raises IllegalArgument: an unknown operator or analyzer, or a ``slop`` that is not a whole number.
    """
    operator = java_text(options.get("operator", options.get("default_operator", "or"))).lower()
    if operator not in ("and", "or"):
        raise IllegalArgument(messages.NO_OPERATOR.format(value=operator.upper()))
    analyzer = options.get("analyzer")
    if analyzer is not None and java_text(analyzer) not in ANALYZERS:
        raise IllegalArgument(messages.NO_ANALYZER.format(analyzer=analyzer))
    return MatchOptions(
        kind=kind,
        every=operator == "and",
        least=options.get("minimum_should_match"),
        slop=count(options, "slop", count(options, "phrase_slop", 0)),
        fuzziness=options.get("fuzziness"),
        analyzer=None if analyzer is None else java_text(analyzer),
        lenient=options.get("lenient") in (True, "true"),
        empty_matches=str(options.get("zero_terms_query")).lower() == "all",
    )


def match_field(field: str, text: Any, matching: MatchOptions, context: QueryContext) -> Query:
    """The query for a text in one field: for its words if the field is analyzed, else for the whole text.

    :raises ElasticsearchError: the text is not a value of this type, and ``matching`` is not lenient.
    """
    type_ = context.field(field)
    if type_ is None:
        return MatchNone()
    if not type_.is_text:
        return _match_value(field, text, matching, context)
    analyze = ANALYZERS[matching.analyzer] if matching.analyzer else analyzer_of(type_, search=True)
    words = analyze(text if isinstance(text, str) else java_text(text))
    if not words:
        return MatchAll() if matching.empty_matches else MatchNone()
    return _match_words(type_.name, words, matching, context)


def _match_value(field: str, text: Any, matching: MatchOptions, context: QueryContext) -> Query:
    if matching.kind in ("phrase_prefix", "bool_prefix"):
        return MatchingTerms(field, lambda value: value.startswith(str(text)))
    if matching.fuzziness is not None:
        return MatchingTerms(field, fuzzy_test(str(text), matching.fuzziness))
    try:
        return term_query(field, text, context)
    except NotImplementedHere:
        raise
    except ElasticsearchError:
        if matching.lenient:
            return MatchNone()
        raise


def _match_words(field: str, words: list[str], matching: MatchOptions, context: QueryContext) -> Query:
    if matching.kind in ("phrase", "phrase_prefix") and (len(words) > 1 or matching.kind == "phrase_prefix"):
        return MatchPhrase(field, words, matching.slop, prefix=matching.kind == "phrase_prefix")
    least = len(words) if matching.every else 1
    if matching.least is not None and not matching.every:
        least = max(1, minimum_should_match(matching.least, len(words)))
    if matching.fuzziness is not None or matching.kind == "bool_prefix":
        clauses = [_inexact(field, word, matching, last=place == len(words) - 1) for place, word in enumerate(words)]
        return Bool([], [], clauses, [], least, context.step)
    return MatchWords(field, words, least)


def _inexact(field: str, word: str, matching: MatchOptions, *, last: bool) -> Query:
    if matching.kind == "bool_prefix":
        return MatchingTerms(field, lambda term: term.startswith(word)) if last else MatchWords(field, [word], 1)
    return MatchingTerms(field, fuzzy_test(word, matching.fuzziness))


def match_fields(
    fields: list[SearchedField], text: Any, matching: MatchOptions, context: QueryContext, tie_breaker: float = 0.0
) -> Query:
    """``match_field`` for each of the fields, joined like ``dis_max`` with this ``tie_breaker``."""
    queries = []
    for field in fields:
        query = match_field(field.name, text, replace(matching, lenient=matching.lenient or field.lenient), context)
        query.boost *= field.boost
        queries.append(query)
    return MatchNone() if not queries else queries[0] if len(queries) == 1 else DisMax(queries, tie_breaker, context.step)


def parse_match(tree: Any, context: QueryContext) -> Query:
    """``{"match": {"field": text}}`` or ``{"field": {"query": text, "operator": ...}}``."""
    return _parse("match", "words", tree, context)


def parse_match_phrase(tree: Any, context: QueryContext) -> Query:
    """``{"match_phrase": {"field": text}}``, with ``slop``."""
    return _parse("match_phrase", "phrase", tree, context)


def parse_match_phrase_prefix(tree: Any, context: QueryContext) -> Query:
    """``{"match_phrase_prefix": {"field": text}}``: a phrase whose last word may be only the beginning of a word."""
    return _parse("match_phrase_prefix", "phrase_prefix", tree, context)


def parse_match_bool_prefix(tree: Any, context: QueryContext) -> Query:
    """``{"match_bool_prefix": {"field": text}}``: words in any order; the last one is the beginning of a word."""
    return _parse("match_bool_prefix", "bool_prefix", tree, context)


def _parse(name: str, kind: str, tree: Any, context: QueryContext) -> Query:
    field, options = field_and_options(name, tree, context, "query", _OPTIONS)
    if options.get("query") is None:
        raise context.failure(messages.NO_TEXT_TO_MATCH.format(query=name), tree)
    if options.get("type") in _KINDS:
        kind = options["type"]
    return boosted(match_field(field, options["query"], match_options(options, kind), context), options)


def parse_multi_match(tree: Any, context: QueryContext) -> Query:
    """``{"multi_match": {"query": text, "fields": [names], "type": ...}}``; all fields if none are given."""
    for option in tree:
        if option not in _MULTI_OPTIONS:
            raise context.failure(messages.QUERY_OPTION.format(query="multi_match", option=option), tree, option)
    if tree.get("query") is None:
        raise context.failure(messages.MULTI_MATCH_WITHOUT_QUERY, tree)
    kind = java_text(tree.get("type", "best_fields"))
    if kind not in ("best_fields", "most_fields", "cross_fields", *_KINDS):
        raise IllegalArgument(messages.NO_MULTI_MATCH_TYPE.format(value=kind))
    fields = fields_of(tree.get("fields"), context)
    matching = match_options(tree, kind if kind in _KINDS else "words")
    if kind == "cross_fields":
        return boosted(_across(fields, java_text(tree["query"]), matching, context), tree)
    tie_breaker = 1.0 if kind == "most_fields" else number(tree, "tie_breaker", 0.0)
    return boosted(match_fields(fields, tree["query"], matching, context, tie_breaker), tree)


def _across(fields: list[SearchedField], text: str, matching: MatchOptions, context: QueryContext) -> Query:
    """``cross_fields``: each word may be in any of the fields."""
    words = ANALYZERS[matching.analyzer or "standard"](text)
    once = MatchOptions(lenient=matching.lenient)
    # The scores of all fields count.
    clauses = [match_fields(fields, word, once, context, tie_breaker=1.0) for word in context.paced(words)]
    if not clauses:
        return MatchNone()
    least = len(clauses) if matching.every else max(1, minimum_should_match(matching.least or 1, len(clauses)))
    return Bool([], [], clauses, [], least, context.step)


def parse_fuzzy(tree: Any, context: QueryContext) -> Query:
    """``{"fuzzy": {"field": {"value": text, "fuzziness": "AUTO"}}}``."""
    known = ("value", "fuzziness", "prefix_length", "max_expansions", "transpositions", "rewrite", "boost", "_name")
    field, options = field_and_options("fuzzy", tree, context, "value", known)
    if options.get("value") is None:
        raise context.failure(messages.NULL_VALUE, tree)
    type_ = context.field(field)
    if type_ is None:
        return MatchNone()
    fits = fuzzy_test(str(options["value"]), options.get("fuzziness", "AUTO"), count(options, "prefix_length", 0))
    return boosted(MatchingTerms(type_.name, fits), options)
