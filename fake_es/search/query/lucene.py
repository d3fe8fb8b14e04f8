"""Lucene's query syntax: query_string (``QueryStringQueryBuilder``); luqum reads it, this turns its tree into queries."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from fake_es.patterns.lucene_regexp import MOST_STATES
from fake_es.patterns.wildcards import wildcard
from fake_es.search import messages
from fake_es.search.errors import QueryParse, QueryShard
from fake_es.search.query.base import Context, MatchAll, MatchNone, Query, TooManyClauses
from fake_es.search.query.compound import Best, Bool
from fake_es.search.query.fields import Named, fields_of
from fake_es.search.query.full_text import How, how_of, match_fields
from fake_es.search.query.options import boosted, number
from fake_es.search.query.ranges import range_of
from fake_es.search.query.terms import Exists, Fitting, regexp_query
from fake_es.search.query.words import close_to
from fake_es.wire.errors import ElasticsearchError, NotImplementedHere
from fake_es.wire.numbers import INT_MAX

_OPTIONS = frozenset({
    "query", "default_field", "fields", "default_operator", "analyzer", "quote_analyzer", "allow_leading_wildcard",
    "enable_position_increments", "fuzzy_max_expansions", "fuzziness", "fuzzy_prefix_length", "fuzzy_transpositions",
    "fuzzy_rewrite", "phrase_slop", "boost", "analyze_wildcard", "max_determinized_states", "minimum_should_match", "lenient",
    "time_zone", "quote_field_suffix", "type", "tie_breaker", "rewrite", "escape", "_name", "auto_generate_phrase_queries",
    "auto_generate_synonyms_phrase_query", "lowercase_expanded_terms", "locale", "split_on_whitespace", "all_fields",
    "use_dis_max", "max_expansions",
})  # fmt: skip
# Lucene's other spelling of its operators, which luqum does not know.
_SYMBOLS = re.compile(r'("(?:[^"\\]|\\.)*"|/(?:[^/\\\s]|\\.)*/|\\.)|(?<!\S)(&&|\|\|)(?!\S)|(?<![^\s(])!(?=\S)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_DEEPEST = 100
_WILD = re.compile(r"(?<!\\)[*?]")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a part of a query string is read with: the fields it is about, and the options of the whole."""

    context: Context
    fields: list[Named]
    how: How
    options: dict[str, Any]

    def best(self, one: Callable[[Named], Query]) -> Query:
        """Documents in one of whose fields something is found; what a field cannot have is passed by where lenient."""
        queries = []
        for field in self.fields:
            try:
                query = one(field)
            except NotImplementedHere:
                raise
            except ElasticsearchError:
                if field.lenient or self.how.lenient:
                    continue
                raise
            query.boost *= field.boost
            queries.append(query)
        return MatchNone() if not queries else queries[0] if len(queries) == 1 else Best(queries, 0.0)


def parse_query_string(tree: Any, context: Context) -> Query:
    """``{"query_string": {"query": "status:error AND NOT code:[400 TO 499]"}}``."""
    for option in tree:
        if option not in _OPTIONS:
            raise context.failure(messages.QUERY_OPTION.format(query="query_string", option=option), tree, option)
    if tree.get("query") is None:
        raise context.failure(messages.QUERY_STRING_WITHOUT_QUERY, tree)
    fields = fields_of(tree.get("fields") or tree.get("default_field"), context)
    how = how_of(tree | {"operator": tree.get("default_operator", "or")})
    return boosted(query_string(str(tree["query"]), Scope(context, fields, how, tree)), tree)


def query_string(text: str, scope: Scope) -> Query:
    """The query that a text in Lucene's syntax is.

    :raises QueryShard: the syntax is broken.
    """
    if not text.strip():
        return MatchNone()
    from luqum.exceptions import ParseError  # type: ignore[import-untyped]

    try:
        tree = _parser()(_SYMBOLS.sub(_spelled, text))
    except (ParseError, ArithmeticError, ValueError) as error:
        # luqum makes numbers of what stands behind ``^`` and ``~``, whatever it is.
        cause = QueryParse(messages.CANNOT_PARSE.format(query=text, why=error))
        raise scope.context.shard_failure(messages.FAILED_QUERY_STRING.format(query=text), cause) from None
    if _is_deep(tree):
        raise scope.context.shard_failure(messages.FAILED_QUERY_STRING.format(query=text))
    try:
        return _query(tree, scope)
    except QueryShard as error:
        if type(error.cause) is not TooManyClauses:
            raise
        # ``QueryParserBase.parse`` makes a refusal of its own of it.
        why = messages.CANNOT_PARSE.format(query=text, why="too many boolean clauses")
        cause = QueryParse(why, cause=error.cause)
        raise scope.context.shard_failure(messages.FAILED_QUERY_STRING.format(query=text), cause) from None


@cache
def _parser() -> Callable[[str], Any]:
    """luqum's parser. At its very first import PLY makes its tables, says so on stderr, and leaves its log open."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore", ResourceWarning)
        from luqum.thread import parse  # type: ignore[import-untyped]
    found: Callable[[str], Any] = parse
    return found


def _is_deep(tree: Any) -> bool:
    """Whether parts stand in one another deeper than they could be read; told without calling itself."""
    level, depth = [tree], 0
    while level and depth <= _DEEPEST:
        level, depth = [child for node in level for child in node.children], depth + 1
    return bool(level)


def _spelled(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    return {"&&": "AND", "||": "OR"}.get(found[2], "NOT ")


def _query(node: Any, scope: Scope) -> Query:
    reader = _readers().get(type(node).__name__)
    if reader is None:
        raise NotImplementedHere(f"[{type(node).__name__}] in a query string is not emulated by fake_es")
    return reader(node, scope)


@cache
def _readers() -> dict[str, Callable[[Any, Scope], Query]]:
    """What reads each kind of node of luqum's trees."""
    return {
        "Word": _word,
        "Phrase": _phrase,
        "Regex": _regexp,
        "Group": lambda node, scope: _query(node.expr, scope),
        "FieldGroup": lambda node, scope: _query(node.expr, scope),
        "SearchField": _in_field,
        "Boost": lambda node, scope: boosted(_query(node.expr, scope), {"boost": float(node.force)}),
        "Fuzzy": _fuzzy,
        "Proximity": _proximity,
        "Range": _interval,
        "From": lambda node, scope: _bounded({"gte" if node.include else "gt": _plain(node.a)}, scope),
        "To": lambda node, scope: _bounded({"lte" if node.include else "lt": _plain(node.a)}, scope),
        "AndOperation": lambda node, scope: _joined(node, scope, every=True),
        "OrOperation": lambda node, scope: _joined(node, scope, every=False),
        "UnknownOperation": lambda node, scope: _joined(node, scope, every=scope.how.every),
        "Not": lambda node, scope: Bool([], [], [], [_query(node.a, scope)], 0),
        "Prohibit": lambda node, scope: Bool([], [], [], [_query(node.a, scope)], 0),
        "Plus": lambda node, scope: _query(node.a, scope),
    }


def _joined(node: Any, scope: Scope, *, every: bool) -> Query:
    must: list[Query] = []
    should: list[Query] = []
    must_not: list[Query] = []
    scope.context.count_clauses(len(node.children))
    for child in node.children:
        kind = type(child).__name__
        if kind in ("Not", "Prohibit"):
            must_not.append(_query(child.a, scope))
        else:
            (must if every or kind == "Plus" else should).append(_query(child, scope))
    return Bool(must, [], should, must_not, 1 if should and not must else 0)


def _in_field(node: Any, scope: Scope) -> Query:
    name = _ESCAPED.sub(r"\1", node.name)
    if name == "_exists_":
        return _existing([_plain(node.expr)], scope)
    if name == "*" and _plain(node.expr) == "*":
        return MatchAll()
    return _query(node.expr, replace(scope, fields=fields_of(name, scope.context)))


def _existing(names: list[str], scope: Scope) -> Query:
    mapping = scope.context.index.mapping
    return Exists([field for name in names for field in ([name] if mapping.field(name) else mapping.below(name))])


def _plain(node: Any) -> str:
    """The text of a word or a phrase, without quotes and escapes."""
    text = str(node.value)
    return _ESCAPED.sub(r"\1", text[1:-1] if type(node).__name__ == "Phrase" else text)


def _word(node: Any, scope: Scope) -> Query:
    text = node.value
    if text == "*":
        everywhere = len(scope.fields) > 1 and all(field.lenient for field in scope.fields)
        return MatchAll() if everywhere else _existing([field.name for field in scope.fields], scope)
    if _WILD.search(text):
        return scope.best(lambda field: _wildcard(field, text, scope))
    return match_fields(scope.fields, _plain(node), scope.how, scope.context, lambda queries: Best(queries, 0.0))


def _regexp(node: Any, scope: Scope) -> Query:
    most = int(number(scope.options, "max_determinized_states", MOST_STATES))
    return scope.best(lambda field: regexp_query(field.name, node.value[1:-1], scope.context, most_states=most))


def _wildcard(field: Named, text: str, scope: Scope) -> Query:
    type_ = scope.context.field(field.name)
    if type_ is None:
        return MatchNone()
    # Words are analysed before they are indexed, so a pattern of words is read as they are.
    return Fitting(type_.name, wildcard(text.lower() if type_.is_text else text, single=True, escapes=True))


def _phrase(node: Any, scope: Scope) -> Query:
    how = replace(scope.how, kind="phrase")
    return match_fields(scope.fields, _plain(node), how, scope.context, lambda queries: Best(queries, 0.0))


def _proximity(node: Any, scope: Scope) -> Query:
    how = replace(scope.how, slop=int(min(node.degree, INT_MAX)))
    return _query(node.term, replace(scope, how=how))


def _fuzzy(node: Any, scope: Scope) -> Query:
    # A bare ``~`` is shown by luqum as one half, Lucene's old similarity; it means two letters.
    degree = min(float(node.degree), INT_MAX)
    fits = close_to(_plain(node.term), 2 if degree == 0.5 else int(degree))
    return scope.best(lambda field: Fitting(field.name, fits))


def _interval(node: Any, scope: Scope) -> Query:
    low, high = _plain(node.low), _plain(node.high)
    ends = {"gte" if node.include_low else "gt": low, "lte" if node.include_high else "lt": high}
    return _bounded({name: end for name, end in ends.items() if end != "*"}, scope)


def _bounded(ends: dict[str, Any], scope: Scope) -> Query:
    options = ends | {"time_zone": scope.options.get("time_zone")}

    def one(field: Named) -> Query:
        type_ = scope.context.field(field.name)
        return MatchNone() if type_ is None else range_of(type_.name, type_, options, scope.context)

    return scope.best(one)
