"""Searches carried out, and their answers (``SearchResponse``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.access import CallerIndices
from fake_es.indices.expressions import Options
from fake_es.indices.replicas import searched
from fake_es.indices.targets import Target
from fake_es.search.scrolls import Scroll, SearchContexts
from fake_es.search.search import Failure, Hit, Searcher, SearchResult
from fake_es.search.search_request import SearchRequest
from fake_es.security.index_names import Expression
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import ElasticsearchError

Tree = dict[str, Any]


def targets_of(indices: CallerIndices, search: SearchRequest, expression: Expression, options: Options) -> list[Target]:
    """The indices that a search goes to; a query that cannot be read is refused before a missing index.

    :raises ElasticsearchError: no such index, or no such query.
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
    """The answer of a search in those indices.

    :raises SearchPhaseFailure: none of them could be searched.
    """
    cluster = indices.cluster
    result = indices.cluster.part(Searcher).search(targets, search.request, search.locate)
    failed = {failure.index.name for failure in result.failures}
    shards = _shards(cluster, searched(target.index for target in targets), result, len(failed))
    shown = {
        "took": 0,
        "timed_out": False,
        "_shards": shards,
        "hits": _hits(search, result.total, result.max_score, result.hits),
    }
    return shown if result.aggregations is None else shown | {"aggregations": result.aggregations}


def start_scroll(call: Call, indices: CallerIndices, search: SearchRequest, targets: list[Target]) -> Tree:
    """The first page of a scroll, and its id."""
    assert search.keep_alive is not None, "without it a search is no scroll"
    contexts = indices.cluster.part(SearchContexts)
    answer = search_in(indices, search, targets)
    found = indices.cluster.part(Searcher).find(targets, search.request, search.locate)
    shards = answer["_shards"]["total"]
    scroll = Scroll(contexts.number(), search, found, shards, search.keep_alive, call.now, call.identity)
    scroll.page()
    return {"_scroll_id": contexts.keep(scroll, "scroll"), **answer}


def next_page(call: Call, cluster: Cluster, scroll_id: str, keep_alive: TimeValue | None) -> Tree:
    """The next page of a scroll.

    :raises SearchContextMissing: it is over, or somebody else's.
    """
    scroll = cluster.part(SearchContexts).scroll(scroll_id, call.identity)
    if keep_alive is not None:
        scroll.keep(keep_alive, call.now)
    scroll.search.as_int = scroll.search.as_int or call.params["rest_total_hits_as_int"]
    result = SearchResult(scroll.total, scroll.page(), scroll.highest, None, [])
    shards = _shards(cluster, scroll.shards, result, 0)
    hits = _hits(scroll.search, result.total, result.max_score, result.hits)
    return {"_scroll_id": scroll_id, "took": 0, "timed_out": False, "_shards": shards, "hits": hits}


def _shards(cluster: Cluster, total: int, result: SearchResult, failed: int) -> Tree:
    skipped = {"skipped": 0} if cluster.version >= (5, 6) else {}
    shown: Tree = {"total": total, "successful": total - failed, **skipped, "failed": failed}
    if result.failures:
        shown["failures"] = [_failure(failure) for failure in result.failures]
    return shown


def _failure(failure: Failure) -> Tree:
    return {"shard": 0, "index": failure.index.name, "reason": failure.error.entry(causes=True)}


def _hits(search: SearchRequest, total: int, highest: float | None, hits: list[Hit]) -> Tree:
    shown: Tree = {}
    if search.counted is None:
        shown = {"total": -1} if search.as_int else {}
    elif search.as_int:
        shown = {"total": total}
    else:
        more = total > search.counted
        shown["total"] = {"value": search.counted if more else total, "relation": "gte" if more else "eq"}
    # Nothing that is not shown has a score.
    best = highest if search.request.size else None
    return shown | {"max_score": best, "hits": [search.fetch.hit(hit) for hit in hits]}
