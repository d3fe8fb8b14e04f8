"""Queries on the words of analysed texts: match, match_phrase, match_phrase_prefix, match_bool_prefix, multi_match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from fake_es.analysis.analyzers import ANALYZERS
from fake_es.mapping import messages as mapping_messages
from fake_es.mapping.text_fields import analyzer_of
from fake_es.search import messages
from fake_es.search.query.base import AnyOf, Context, MatchAll, MatchNone, Query
from fake_es.search.query.compound import Best, Bool, minimum
from fake_es.search.query.fields import Named, fields_of
from fake_es.search.query.options import boosted, count, field_and_options, number
from fake_es.search.query.terms import Fitting, term_query
from fake_es.search.query.words import Phrase, Words, close_to
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere


@dataclass(frozen=True, slots=True)
class How:
    """How a text is to be found in a field.

    ``kind`` is ``words``, ``phrase``, ``prefix`` (a phrase whose last word is begun) or ``begun`` (words, the last begun).
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
_KINDS = {"phrase": "phrase", "phrase_prefix": "prefix", "bool_prefix": "begun"}


def how_of(options: dict[str, Any], kind: str = "words") -> How:
    """From the options of a query.

    :raises IllegalArgument: one of them cannot be read.
    """
    operator = str(options.get("operator", options.get("default_operator", "or"))).lower()
    if operator not in ("and", "or"):
        raise IllegalArgument(messages.NO_OPERATOR.format(value=operator.upper()))
    analyzer = options.get("analyzer")
    if analyzer is not None and str(analyzer) not in ANALYZERS:
        raise IllegalArgument(messages.NO_ANALYZER.format(analyzer=analyzer))
    return How(
        kind=kind,
        every=operator == "and",
        least=options.get("minimum_should_match"),
        slop=count(options, "slop", count(options, "phrase_slop", 0)),
        fuzziness=options.get("fuzziness"),
        analyzer=None if analyzer is None else str(analyzer),
        lenient=options.get("lenient") in (True, "true"),
        empty_matches=options.get("zero_terms_query") == "all",
    )


def match_field(field: str, text: Any, how: How, context: Context) -> Query:
    """Documents in whose ``field`` the text is found: its words if the field is analysed, else the text as a whole.

    :raises ElasticsearchError: the field can have no such value, and ``how`` is not lenient.
    """
    type_ = context.field(field)
    if type_ is None:
        return MatchNone()
    if not type_.is_text:
        return _match_value(field, text, how, context)
    analyze = ANALYZERS[how.analyzer] if how.analyzer else analyzer_of(type_, search=True)
    words = analyze(text if isinstance(text, str) else mapping_messages.java_text(text))
    if not words:
        return MatchAll() if how.empty_matches else MatchNone()
    return _match_words(type_.name, words, how)


def _match_value(field: str, text: Any, how: How, context: Context) -> Query:
    if how.kind in ("prefix", "begun"):
        return Fitting(field, lambda value: value.startswith(str(text)))
    if how.fuzziness is not None:
        return Fitting(field, close_to(str(text), how.fuzziness))
    try:
        return term_query(field, text, context)
    except NotImplementedHere:
        raise
    except ElasticsearchError:
        if how.lenient:
            return MatchNone()
        raise


def _match_words(field: str, words: list[str], how: How) -> Query:
    if how.kind in ("phrase", "prefix") and (len(words) > 1 or how.kind == "prefix"):
        return Phrase(field, words, how.slop, begun=how.kind == "prefix")
    least = len(words) if how.every else 1
    if how.least is not None and not how.every:
        least = max(1, minimum(how.least, len(words)))
    if how.fuzziness is not None or how.kind == "begun":
        clauses = [_inexact(field, word, how, last=place == len(words) - 1) for place, word in enumerate(words)]
        return Bool([], [], clauses, [], least)
    return Words(field, words, least)


def _inexact(field: str, word: str, how: How, *, last: bool) -> Query:
    if how.kind == "begun":
        return Fitting(field, lambda term: term.startswith(word)) if last else Words(field, [word], 1)
    return Fitting(field, close_to(word, how.fuzziness))


def match_fields(fields: list[Named], text: Any, how: How, context: Context, join: Callable[[list[Query]], Query]) -> Query:
    """Documents in one of whose fields the text is found, as ``match_field`` finds it."""
    queries = []
    for field in fields:
        query = match_field(field.name, text, replace(how, lenient=how.lenient or field.lenient), context)
        query.boost *= field.boost
        queries.append(query)
    return MatchNone() if not queries else queries[0] if len(queries) == 1 else join(queries)


def parse_match(tree: Any, context: Context) -> Query:
    """``{"match": {"field": text}}`` or ``{"field": {"query": text, "operator": ...}}``."""
    return _parse("match", "words", tree, context)


def parse_match_phrase(tree: Any, context: Context) -> Query:
    """``{"match_phrase": {"field": text}}``, with ``slop``."""
    return _parse("match_phrase", "phrase", tree, context)


def parse_match_phrase_prefix(tree: Any, context: Context) -> Query:
    """``{"match_phrase_prefix": {"field": text}}``: the last word may be but the beginning of one."""
    return _parse("match_phrase_prefix", "prefix", tree, context)


def parse_match_bool_prefix(tree: Any, context: Context) -> Query:
    """``{"match_bool_prefix": {"field": text}}``: words in any order, the last but begun."""
    return _parse("match_bool_prefix", "begun", tree, context)


def _parse(name: str, kind: str, tree: Any, context: Context) -> Query:
    field, options = field_and_options(name, tree, context, "query", _OPTIONS)
    if options.get("query") is None:
        raise context.failure(messages.NO_TEXT_TO_MATCH.format(query=name), tree)
    kind = _KINDS.get(str(options.get("type")), kind)
    return boosted(match_field(field, options["query"], how_of(options, kind), context), options)


def parse_multi_match(tree: Any, context: Context) -> Query:
    """``{"multi_match": {"query": text, "fields": [names], "type": ...}}``; without fields it is all of them."""
    for option in tree:
        if option not in _MULTI_OPTIONS:
            raise context.failure(messages.QUERY_OPTION.format(query="multi_match", option=option), tree, option)
    if tree.get("query") is None:
        raise context.failure(messages.MULTI_MATCH_WITHOUT_QUERY, tree)
    kind = str(tree.get("type", "best_fields"))
    if kind not in ("best_fields", "most_fields", "cross_fields", *_KINDS):
        raise IllegalArgument(messages.NO_MULTI_MATCH_TYPE.format(value=kind))
    fields = fields_of(tree.get("fields"), context)
    how = how_of(tree, _KINDS.get(kind, "words"))
    if kind == "cross_fields":
        return boosted(_across(fields, str(tree["query"]), how, context), tree)
    tie_breaker = 1.0 if kind == "most_fields" else number(tree, "tie_breaker", 0.0)
    return boosted(match_fields(fields, tree["query"], how, context, lambda queries: Best(queries, tie_breaker)), tree)


def _across(fields: list[Named], text: str, how: How, context: Context) -> Query:
    """Each word in any of the fields."""
    words = ANALYZERS[how.analyzer or "standard"](text)
    clauses: list[Query] = [match_fields(fields, word, How(lenient=how.lenient), context, AnyOf) for word in words]
    if not clauses:
        return MatchNone()
    return Bool([], [], clauses, [], len(clauses) if how.every else max(1, minimum(how.least or 1, len(clauses))))


def parse_fuzzy(tree: Any, context: Context) -> Query:
    """``{"fuzzy": {"field": {"value": text, "fuzziness": "AUTO"}}}``."""
    known = ("value", "fuzziness", "prefix_length", "max_expansions", "transpositions", "rewrite", "boost", "_name")
    field, options = field_and_options("fuzzy", tree, context, "value", known)
    if options.get("value") is None:
        raise context.failure(messages.NULL_VALUE, tree)
    type_ = context.field(field)
    if type_ is None:
        return MatchNone()
    fits = close_to(str(options["value"]), options.get("fuzziness", "AUTO"), count(options, "prefix_length", 0))
    return boosted(Fitting(type_.name, fits), options)
