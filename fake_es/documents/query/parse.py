"""From JSON data to a query (``AbstractQueryBuilder.parseInnerQueryBuilder``)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from fake_es.documents import messages
from fake_es.documents.errors import NamedObjectNotFound
from fake_es.documents.query.base import Context, MatchAll, Query
from fake_es.wire.errors import IllegalArgument, NotImplementedHere
from fake_es.wire.similarity import did_you_mean

Parser = Callable[[Any, Context], Query]

# Queries of the server that nothing here answers.
KNOWN_ELSEWHERE = frozenset({
    "boosting", "combined_fields", "common", "distance_feature", "function_score", "geo_bounding_box", "geo_distance",
    "geo_grid", "geo_polygon", "geo_shape", "has_child", "has_parent", "intervals", "knn", "more_like_this", "parent_id",
    "percolate", "pinned", "rank_feature", "rule", "script", "script_score", "semantic", "shape", "span_containing",
    "span_first", "span_gap", "span_multi", "span_near", "span_not", "span_or", "span_term", "span_within", "sparse_vector",
    "terms_set", "text_expansion", "weighted_tokens", "wrapper", "type", "indices",
})  # fmt: skip


@cache
def parsers() -> dict[str, Parser]:
    """The reader of each query by its name."""
    from fake_es.documents.query import compound, full_text, lucene, ranges, simple, terms

    return {
        "match_all": compound.parse_match_all,
        "match_none": compound.parse_match_none,
        "bool": compound.parse_bool,
        "constant_score": compound.parse_constant_score,
        "dis_max": compound.parse_dis_max,
        "nested": compound.parse_nested,
        "term": terms.parse_term,
        "terms": terms.parse_terms,
        "ids": terms.parse_ids,
        "exists": terms.parse_exists,
        "prefix": terms.parse_prefix,
        "wildcard": terms.parse_wildcard,
        "regexp": terms.parse_regexp,
        "range": ranges.parse_range,
        "match": full_text.parse_match,
        "match_phrase": full_text.parse_match_phrase,
        "match_phrase_prefix": full_text.parse_match_phrase_prefix,
        "match_bool_prefix": full_text.parse_match_bool_prefix,
        "multi_match": full_text.parse_multi_match,
        "fuzzy": full_text.parse_fuzzy,
        "query_string": lucene.parse_query_string,
        "simple_query_string": simple.parse_simple_query_string,
    }


def parse_query(tree: Any, context: Context) -> Query:
    """The query that ``tree`` describes; None means every document.

    :raises ParsingError: it describes none.
    :raises NotImplementedHere: it is one of the server's that is not emulated.
    """
    if tree is None:
        return MatchAll()
    if not isinstance(tree, dict):
        raise context.failure(messages.QUERY_NOT_OBJECT, tree)
    if not tree:
        raise IllegalArgument(messages.QUERY_EMPTY)
    name, *more = tree
    body = tree[name]
    if not isinstance(body, dict):
        raise context.failure(messages.QUERY_NO_OBJECT.at(context.release, name=name), tree, name)
    parser = parsers().get(name)
    if parser is None:
        raise _unknown(name, tree, context)
    query = parser(body, context)
    if more:
        raise context.failure(messages.QUERY_TOO_MANY.format(name=name), tree, more[0], at_key=True)
    return query


def _unknown(name: str, tree: Any, context: Context) -> Exception:
    if name in KNOWN_ELSEWHERE:
        return NotImplementedHere(f"the query [{name}] is not emulated by fake_es")
    hint = did_you_mean(name, [*parsers(), *KNOWN_ELSEWHERE])
    text = messages.UNKNOWN_QUERY.at(context.release, name=name, hint=hint)
    error = context.failure(text, tree, name)
    if context.release >= (7, 0):
        place = "" if error.where is None else f"[{error.where[0]}:{error.where[1]}] "
        error.cause = NamedObjectNotFound(f"{place}unknown field [{name}]{hint}")
    return error
