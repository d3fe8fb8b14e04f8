"""Runs searches and makes their responses (``SearchResponse``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.access import CallerIndices
from fake_es.indices.active_shards import searched_shards
from fake_es.indices.expressions import IndicesOptions
from fake_es.indices.targets import Target
from fake_es.search.search_contexts import Scroll, SearchContexts
from fake_es.search.search_request import SearchRequest
from fake_es.search.searcher import Hit, Searcher, SearchResult
from fake_es.security.index_names import Expression
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import ElasticsearchError

Tree = dict[str, Any]


def targets_of(indices: CallerIndices, search: SearchRequest, expression: Expression, options: IndicesOptions) -> list[Target]:
    """Resolve the names of a search to indices. An error in the query comes before that of a missing index.

    :raises ElasticsearchError: an index is missing, or the query cannot be parsed.
    """
    try:
        targets = indices.resolve(expression, options)
    except ElasticsearchError:
        search.check_query(indices.cluster.clock.now())
        raise
    if not targets:
        search.check_query(indices.cluster.clock.now())
    return targets


def search_in(indices: CallerIndices, search: SearchRequest, targets: list[Target]) -> Tree:
    """The response to a search of these indices.

    :raises SearchPhaseFailure: no index could be searched.
    """
    cluster = indices.cluster
    result = indices.cluster.part(Searcher).search_in_steps(targets, search.body, search.locate)
    failed = {failure.index.name for failure in result.failures}
    shards = _shards(cluster, searched_shards(target.index for target in targets), result, len(failed))
    hits = _hits(search, result.total, result.max_score, result.hits)
    response = {"took": 0, "timed_out": False, "_shards": shards, "hits": hits}
    return response if result.aggregations is None else response | {"aggregations": result.aggregations}


def start_scroll(call: Call, indices: CallerIndices, search: SearchRequest, targets: list[Target]) -> Tree:
    """Start a scroll: its first page, with its id."""
    assert search.keep_alive is not None, "only a search with the parameter scroll starts one"
    contexts = indices.cluster.part(SearchContexts)
    answer = search_in(indices, search, targets)
    found = indices.cluster.part(Searcher).find(targets, search.body, search.locate)
    shards = answer["_shards"]["total"]
    scroll = Scroll(contexts.number(), search, found, shards, search.keep_alive, call.now, call.identity)
    scroll.page()
    return {"_scroll_id": contexts.add(scroll, "scroll"), **answer}


def next_page(call: Call, cluster: Cluster, scroll_id: str, keep_alive: TimeValue | None) -> Tree:
    """The next page of a scroll; ``keep_alive`` extends its life.

    :raises SearchContextMissing: it has expired, was cleared, or belongs to another user.
    """
    scroll = cluster.part(SearchContexts).scroll(scroll_id, call.identity)
    if keep_alive is not None:
        scroll.extend(keep_alive, call.now)
    scroll.search.as_int = scroll.search.as_int or call.params["rest_total_hits_as_int"]
    result = SearchResult(scroll.total, scroll.page(), scroll.highest, None, [])
    shards = _shards(cluster, scroll.shards, result, 0)
    hits = _hits(scroll.search, result.total, result.max_score, result.hits)
    return {"_scroll_id": scroll_id, "took": 0, "timed_out": False, "_shards": shards, "hits": hits}


def _shards(cluster: Cluster, total: int, result: SearchResult, failed: int) -> Tree:
    skipped = {"skipped": 0} if cluster.version >= (5, 6) else {}
    shards: Tree = {"total": total, "successful": total - failed, **skipped, "failed": failed}
    if result.failures:
        shards["failures"] = [failure.to_json() for failure in result.failures]
    return shards


def _hits(search: SearchRequest, total: int, highest: float | None, hits: list[Hit]) -> Tree:
    counts: Tree = {}
    if search.count_up_to is None:
        counts = {"total": -1} if search.as_int else {}
    elif search.as_int:
        counts = {"total": total}
    else:
        more = total > search.count_up_to
        counts["total"] = {"value": search.count_up_to if more else total, "relation": "gte" if more else "eq"}
    # The server computes no scores with ``size=0``.
    best = highest if search.body.size else None
    return counts | {"max_score": best, "hits": [search.fetch.hit(hit) for hit in hits]}
