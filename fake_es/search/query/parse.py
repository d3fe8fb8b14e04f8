"""From JSON data to a query (``AbstractQueryBuilder.parseInnerQueryBuilder``)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from fake_es.search import messages
from fake_es.search.errors import NamedObjectNotFound
from fake_es.search.query.base import MatchAll, Query, QueryContext
from fake_es.wire.errors import IllegalArgument, NotImplementedHere
from fake_es.wire.similarity import did_you_mean

Parser = Callable[[Any, QueryContext], Query]

# Queries of the server that fake_es refuses with 501.
NOT_EMULATED = frozenset({
    "boosting", "combined_fields", "common", "distance_feature", "function_score", "geo_bounding_box", "geo_distance",
    "geo_grid", "geo_polygon", "geo_shape", "has_child", "has_parent", "intervals", "knn", "more_like_this", "parent_id",
    "percolate", "pinned", "rank_feature", "rule", "script", "script_score", "semantic", "shape", "span_containing",
    "span_first", "span_gap", "span_multi", "span_near", "span_not", "span_or", "span_term", "span_within", "sparse_vector",
    "terms_set", "text_expansion", "weighted_tokens", "wrapper", "type", "indices",
})  # fmt: skip

# The first release that knows a query, and the first that no longer does; only where it is not all of them.
_SINCE: dict[str, tuple[int, ...]] = {
    "combined_fields": (7, 13), "distance_feature": (7, 2), "geo_grid": (8, 3), "intervals": (7, 0), "knn": (8, 12),
    "match_bool_prefix": (7, 2), "pinned": (7, 4), "rank_feature": (7, 0), "rule": (8, 15), "script_score": (7, 0),
    "semantic": (8, 15), "shape": (7, 4), "sparse_vector": (8, 15), "terms_set": (6, 1), "text_expansion": (8, 8),
    "weighted_tokens": (8, 13),
}  # fmt: skip
_UNTIL: dict[str, tuple[int, ...]] = {"common": (8, 0), "indices": (6, 0), "type": (8, 0)}


def is_known(name: str, release: tuple[int, ...]) -> bool:
    """Whether the server of this release has a query with this name."""
    if name not in parsers() and name not in NOT_EMULATED:
        return False
    return _SINCE.get(name, (0,)) <= release < _UNTIL.get(name, (99,))


@cache
def parsers() -> dict[str, Parser]:
    """The parsers by the names of queries."""
    from fake_es.search.query import compound, full_text, query_string, ranges, simple_query_string, terms

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
        "query_string": query_string.parse_query_string,
        "simple_query_string": simple_query_string.parse_simple_query_string,
    }


def parse_query(tree: Any, context: QueryContext) -> Query:
    """Parse a query; None matches every document.

    :raises ElasticsearchError: it is not a query, or the mapping of the index does not allow it.
    :raises NotImplementedHere: the server has this query, fake_es has not.
    """
    if tree is None:
        return MatchAll()
    if not isinstance(tree, dict):
        raise context.failure(messages.QUERY_NOT_OBJECT, tree)
    if not tree:
        if context.release < (6, 0):
            return MatchAll()
        raise IllegalArgument(messages.QUERY_EMPTY.format(place=context.end_of_empty(tree)))
    name, *more = tree
    body = tree[name]
    if not isinstance(body, dict):
        raise context.failure(messages.QUERY_NO_OBJECT.at(context.release, name=name), tree, name)
    if not is_known(name, context.release):
        raise _unknown_query(name, tree, context)
    if name in NOT_EMULATED:
        raise NotImplementedHere(f"the query [{name}] is not emulated by fake_es")
    query = _parse_within_depth(name, body, context)
    if more:
        raise context.failure(messages.QUERY_TOO_MANY.format(name=name), tree, more[0], at_key=True)
    return query


def _parse_within_depth(name: str, body: Any, context: QueryContext) -> Query:
    """Parse the named query, if it is not nested too deeply.

    Only ``bool`` queries are counted from 7.12 (PR 66204), all queries from 8.6 (PR 90425).

    :raises IllegalArgument: deeper than ``indices.query.bool.max_nested_depth``.
    """
    release = context.release
    counted = release >= (8, 6) or (name == "bool" and release >= (7, 12))
    context.depth += counted
    try:
        if context.depth > context.max_depth:
            raise IllegalArgument(messages.QUERY_TOO_DEEP.at(release))
        return parsers()[name](body, context)
    finally:
        context.depth -= counted


def _unknown_query(name: str, tree: Any, context: QueryContext) -> Exception:
    hint = did_you_mean(name, (known for known in (*parsers(), *NOT_EMULATED) if is_known(known, context.release)))
    text = messages.UNKNOWN_QUERY.at(context.release, name=name, hint=hint)
    error = context.failure(text, tree, name)
    if context.release >= (7, 0):
        place = "" if error.where is None else f"[{error.where[0]}:{error.where[1]}] "
        error.cause = NamedObjectNotFound(f"{place}unknown field [{name}]{hint}")
    return error
