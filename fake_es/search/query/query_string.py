"""query_string: Lucene's syntax (``QueryStringQueryBuilder``). luqum parses it; its tree becomes queries here."""

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
from fake_es.search.query.analyzed_text import fuzzy_test
from fake_es.search.query.base import MatchAll, MatchNone, Query, QueryContext, TooManyClauses
from fake_es.search.query.compound import Bool, DisMax
from fake_es.search.query.fields import SearchedField, fields_of
from fake_es.search.query.full_text import MatchOptions, match_fields, match_options
from fake_es.search.query.options import boosted, number
from fake_es.search.query.ranges import range_of
from fake_es.search.query.terms import Exists, MatchingTerms, regexp_query
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
# ``&&``, ``||`` and ``!``: luqum knows only AND, OR and NOT.
_SYMBOLS = re.compile(r'("(?:[^"\\]|\\.)*"|/(?:[^/\\\s]|\\.)*/|\\.)|(?<!\S)(&&|\|\|)(?!\S)|(?<![^\s(])!(?=\S)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MAX_DEPTH = 100
# Our own limits for a query string: luqum needs time with the square of the number of words, and for each of their parts.
_MAX_WORDS = 10_000
_WORD = re.compile(r"[^\s()]+")
_MAX_PARTS = 30_000
_PART = re.compile(r'[^\s()"^:~+-]+|[()"^:~+-]')
_WILD = re.compile(r"(?<!\\)[*?]")


@dataclass(frozen=True, slots=True)
class Scope:
    """What applies to a part of a query string: its fields, and the options of the whole query."""

    context: QueryContext
    fields: list[SearchedField]
    matching: MatchOptions
    options: dict[str, Any]

    def in_any_field(self, query_of: Callable[[SearchedField], Query]) -> Query:
        """Documents that match ``query_of`` at least one field. Lenient fields are skipped if it raises an error."""
        queries = []
        for field in self.fields:
            try:
                query = query_of(field)
            except NotImplementedHere:
                raise
            except ElasticsearchError:
                if field.lenient or self.matching.lenient:
                    continue
                raise
            query.boost *= field.boost
            queries.append(query)
        return MatchNone() if not queries else queries[0] if len(queries) == 1 else DisMax(queries, 0.0, self.context.step)


def parse_query_string(tree: Any, context: QueryContext) -> Query:
    """``{"query_string": {"query": "status:error AND NOT code:[400 TO 499]"}}``."""
    for option in tree:
        if option not in _OPTIONS:
            raise context.failure(messages.QUERY_OPTION.format(query="query_string", option=option), tree, option)
    if tree.get("query") is None:
        raise context.failure(messages.QUERY_STRING_WITHOUT_QUERY, tree)
    fields = fields_of(tree.get("fields") or tree.get("default_field"), context)
    matching = match_options(tree | {"operator": tree.get("default_operator", "or")})
    if context.parse_only:
        return MatchNone()
    return boosted(query_string(str(tree["query"]), Scope(context, fields, matching, tree)), tree)


def query_string(text: str, scope: Scope) -> Query:
    """Parse a text in Lucene's syntax.

    :raises QueryShard: a syntax error, or too many clauses.
    """
    if not text.strip():
        return MatchNone()
    from luqum.exceptions import ParseError  # type: ignore[import-untyped]

    if len(_WORD.findall(text)) > _MAX_WORDS or len(_PART.findall(text)) > _MAX_PARTS:
        raise _too_many_clauses(text, scope, TooManyClauses(messages.MANY_CLAUSES.format(most=scope.context.max_clauses)))
    try:
        tree = _parser()(_SYMBOLS.sub(_spelled, text))
    except (ParseError, ArithmeticError, ValueError) as error:
        # luqum converts what follows ``^`` and ``~`` to numbers without a check.
        cause = QueryParse(messages.CANNOT_PARSE.format(query=text, why=error))
        raise scope.context.shard_failure(messages.FAILED_QUERY_STRING.format(query=text), cause) from None
    if _is_deep(tree):
        raise scope.context.shard_failure(messages.FAILED_QUERY_STRING.format(query=text))
    try:
        return _query(tree, scope)
    except QueryShard as error:
        if type(error.cause) is not TooManyClauses:
            raise
        raise _too_many_clauses(text, scope, error.cause) from None


def _too_many_clauses(text: str, scope: Scope, cause: ElasticsearchError) -> ElasticsearchError:
    """The refusal of too many clauses. ``QueryParserBase.parse`` wraps it in a parse error."""
    parse = QueryParse(messages.CANNOT_PARSE.format(query=text, why="too many boolean clauses"), cause=cause)
    return scope.context.shard_failure(messages.FAILED_QUERY_STRING.format(query=text), parse)


@cache
def _parser() -> Callable[[str], Any]:
    """luqum's parser. At its first import PLY generates its tables, reports that on stderr, and leaves a log file open."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore", ResourceWarning)
        from luqum.thread import parse  # type: ignore[import-untyped]
    found: Callable[[str], Any] = parse
    return found


def _is_deep(tree: Any) -> bool:
    """Whether the tree is nested too deeply for the recursion below. Itself it does not recurse."""
    level, depth = [tree], 0
    while level and depth <= _MAX_DEPTH:
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
    """The readers by the class names of luqum's nodes."""
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
        "UnknownOperation": lambda node, scope: _joined(node, scope, every=scope.matching.every),
        "Not": lambda node, scope: Bool([], [], [], [_query(node.a, scope)], 0, scope.context.step),
        "Prohibit": lambda node, scope: Bool([], [], [], [_query(node.a, scope)], 0, scope.context.step),
        "Plus": lambda node, scope: _query(node.a, scope),
    }


def _joined(node: Any, scope: Scope, *, every: bool) -> Query:
    must: list[Query] = []
    should: list[Query] = []
    must_not: list[Query] = []
    scope.context.count_clauses(len(node.children))
    for child in scope.context.paced(node.children):
        kind = type(child).__name__
        if kind in ("Not", "Prohibit"):
            must_not.append(_query(child.a, scope))
        else:
            (must if every or kind == "Plus" else should).append(_query(child, scope))
    return Bool(must, [], should, must_not, 1 if should and not must else 0, scope.context.step)


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
        return scope.in_any_field(lambda field: _wildcard(field, text, scope))
    return match_fields(scope.fields, _plain(node), scope.matching, scope.context)


def _regexp(node: Any, scope: Scope) -> Query:
    most = int(number(scope.options, "max_determinized_states", MOST_STATES))
    return scope.in_any_field(lambda field: regexp_query(field.name, node.value[1:-1], scope.context, most_states=most))


def _wildcard(field: SearchedField, text: str, scope: Scope) -> Query:
    type_ = scope.context.field(field.name)
    if type_ is None:
        return MatchNone()
    # Words of analyzed fields are indexed in lower case.
    return MatchingTerms(type_.name, wildcard(text.lower() if type_.is_text else text, single=True, escapes=True))


def _phrase(node: Any, scope: Scope) -> Query:
    matching = replace(scope.matching, kind="phrase")
    return match_fields(scope.fields, _plain(node), matching, scope.context)


def _proximity(node: Any, scope: Scope) -> Query:
    matching = replace(scope.matching, slop=int(min(node.degree, INT_MAX)))
    return _query(node.term, replace(scope, matching=matching))


def _fuzzy(node: Any, scope: Scope) -> Query:
    # luqum gives 0.5 for a bare ``~``, which means two edits.
    degree = min(float(node.degree), INT_MAX)
    fits = fuzzy_test(_plain(node.term), 2 if degree == 0.5 else int(degree))
    return scope.in_any_field(lambda field: MatchingTerms(field.name, fits))


def _interval(node: Any, scope: Scope) -> Query:
    low, high = _plain(node.low), _plain(node.high)
    ends = {"gte" if node.include_low else "gt": low, "lte" if node.include_high else "lt": high}
    return _bounded({name: end for name, end in ends.items() if end != "*"}, scope)


def _bounded(ends: dict[str, Any], scope: Scope) -> Query:
    options = ends | {"time_zone": scope.options.get("time_zone")}

    def one(field: SearchedField) -> Query:
        type_ = scope.context.field(field.name)
        return MatchNone() if type_ is None else range_of(type_.name, type_, options, scope.context)

    return scope.in_any_field(one)
