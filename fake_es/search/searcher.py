"""Searches of indices: query, sort, page, aggregations (``SearchService``).

The sorted results of the last searches are kept, so that another page of the same search is only a slice.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.indices.document import Document, Source
from fake_es.indices.index import Index
from fake_es.indices.targets import Target
from fake_es.search import messages
from fake_es.search.errors import NoFielddata, QueryShard, SearchPhaseFailure
from fake_es.search.pauses import Step, in_steps, no_step
from fake_es.search.query.base import Locate, Query, QueryContext, TooManyClauses, any_of
from fake_es.search.query.compound import Bool
from fake_es.search.query.parse import parse_query
from fake_es.search.runtime import Overlays
from fake_es.search.search_body import SearchBody
from fake_es.search.sorting import ordered, position_after
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ParseError
from fake_es.wire.numbers import whole_of

# Defaults of ``index.max_result_window`` and, since 6.0, ``index.max_docvalue_fields_search``.
_MAX_RESULT_WINDOW = 10_000
_MAX_DOC_VALUE_FIELDS = 100
# After the scores of this many documents others can run.
_SCORED_AT_ONCE = 10_000
# How many search results are kept.
_CACHE_SIZE = 32


class Hit(NamedTuple):
    """One document found: its score (None if scores are not needed), and its sort values (None without ``sort``)."""

    document: Document
    score: float | None
    sort: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class Failure:
    """An index that could not be searched."""

    index: Index
    error: ElasticsearchError

    def to_json(self) -> dict[str, Any]:
        """The entry among the ``failures`` of a response."""
        return {"shard": 0, "index": self.index.name, "reason": self.error.entry(causes=True)}


class SearchResult(NamedTuple):
    """One page of a search.

    ``total`` is always exact. ``failures`` are of the indices that could not be searched, if others could.
    """

    total: int
    hits: list[Hit]
    max_score: float | None
    aggregations: dict[str, Any] | None
    failures: list[Failure]

    @property
    def sources(self) -> list[Source]:
        """The sources of the page's documents."""
        return [hit.document.source for hit in self.hits]


class Found(NamedTuple):
    """All results of a search: ``documents`` in their order, and ``matched`` before the ``post_filter``.

    ``scores`` are by Python's ``id`` of the document. If it is empty, all documents have the score ``constant``.
    """

    documents: list[Document]
    matched: list[Document]
    scores: dict[int, float]
    constant: float
    failures: list[Failure]


class _IndexResult(NamedTuple):
    """The results in one index: ``matched`` before, ``filtered`` after the ``post_filter``."""

    target: Target
    query: Query
    matched: list[Document]
    filtered: list[Document]


class Searcher:
    """Searches indices, given as targets, and keeps the last results for their next page.

    It checks no privileges: ``indices.access`` does so when it resolves a caller's names to targets.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._clock = cluster.clock
        self._release = cluster.version
        self._node_settings = dict(cluster.settings.configured)
        self._cache: OrderedDict[Any, Found] = OrderedDict()
        self._overlays = Overlays()

    def search_in_steps(self, targets: Sequence[Target], body: SearchBody, locate: Locate | None = None) -> SearchResult:
        """``search`` for a caller. Other requests can run between its steps."""
        return in_steps(self._cluster, _indices(targets), lambda step: self.search(targets, body, locate, step))

    def find_in_steps(self, targets: Sequence[Target], body: SearchBody, locate: Locate | None = None) -> Found:
        """``find`` for a caller. Other requests can run between its steps."""
        return in_steps(self._cluster, _indices(targets), lambda step: self.find(targets, body, locate, step))

    def search(
        self, targets: Sequence[Target], body: SearchBody, locate: Locate | None = None, step: Step = no_step
    ) -> SearchResult:
        """One page of the matching documents, and the aggregations over all of them.

        :param step: called often; see ``pauses.in_steps``.
        :raises ElasticsearchError: the query cannot be parsed.
        :raises SearchPhaseFailure: no index could be searched, or the page is too far or too large.
        """
        now = self._clock.now()
        self._check_limits(targets, body)
        targets = self._with_runtime_fields(targets, body)
        found = self.find(targets, body, locate, step)
        documents = found.documents
        start = body.start
        if body.search_after is not None:
            context = QueryContext(targets[0].index, now, self._release) if targets else None
            after = [key.after(value, context) for key, value in zip(body.sort, body.search_after)]
            start = position_after(documents, body.sort, after, found.scores)
        page = documents[start : start + body.size]
        highest = None
        if body.scored and documents:
            highest = max(found.scores.values()) if found.scores else found.constant
        aggregations = self._aggregate(targets, body, found, now, step)
        return SearchResult(len(documents), hits_of(page, body, found), highest, aggregations, found.failures)

    def find(self, targets: Sequence[Target], body: SearchBody, locate: Locate | None = None, step: Step = no_step) -> Found:
        """All matching documents in their order; ``step`` as for ``search``.

        :raises ElasticsearchError: see ``search``.
        """
        now = self._clock.now()
        targets = self._with_runtime_fields(targets, body)
        asked = json.dumps([
            body.query, body.tree.get("sort"), body.post_filter, body.min_score, body.scored,
            body.tree.get("runtime_mappings"),
            [target.filters for target in targets],
        ])  # fmt: skip
        states = tuple((target.index.uuid, target.index.generation) for target in targets)
        key = (states, asked, now if "now" in asked else None)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._find(targets, body, now, locate, step)
            if len(self._cache) > _CACHE_SIZE:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(key)
        return found

    def _with_runtime_fields(self, targets: Sequence[Target], body: SearchBody) -> Sequence[Target]:
        if not body.runtime:
            return targets
        tree = body.tree["runtime_mappings"]
        return [target.as_copy(self._overlays.over(target.index, tree, body.runtime)) for target in targets]

    def _find(self, targets: Sequence[Target], body: SearchBody, now: int, locate: Locate | None, step: Step) -> Found:
        results, failures = [], []
        for target in targets:
            context = QueryContext(target.index, now, self._release, locate, self._node_settings, step=step)
            result = _search_index(target, body, context)
            if isinstance(result, Failure):
                failures.append(result)
            else:
                results.append(result)
        if failures and not results:
            raise shards_failed(failures)
        scores, constant = _scores(results, step) if body.scored else ({}, 0.0)
        matched = [document for result in results for document in result.matched]
        documents = matched
        if body.post_filter is not None:
            documents = [document for result in results for document in result.filtered]
        if body.min_score is not None:
            least = body.min_score
            documents = [document for document in documents if scores.get(id(document), constant) >= least]
        if body.sort:
            documents = ordered(documents, body.sort, scores or dict.fromkeys(map(id, documents), constant))
        elif scores:
            documents = sorted(documents, key=lambda document: -scores[id(document)])
        return Found(documents, matched, scores, constant, failures)

    def _aggregate(
        self, targets: Sequence[Target], body: SearchBody, found: Found, now: int, step: Step
    ) -> dict[str, Any] | None:
        if body.aggregations is None:
            return None
        # Imported when a search aggregates: few do.
        from fake_es.search.aggregations.aggregate import aggregate
        from fake_es.search.aggregations.errors import WindowTooLarge

        indices, typed = _indices(targets), body.typed_keys
        settings = self._node_settings
        contexts = [QueryContext(index, now, self._release, node_settings=settings, step=step) for index in indices]
        try:
            return aggregate(
                body.aggregations, found.matched, contexts, now, self._release,
                every=lambda: without_query(targets, contexts), typed_keys=typed, step=step,
            )  # fmt: skip
        except (NoFielddata, WindowTooLarge) as error:
            raise shards_failed([Failure(index, error) for index in indices]) from None
        except QueryShard as error:
            if not isinstance(error.cause, TooManyClauses):
                raise
            raise shards_failed([Failure(index, error) for index in indices]) from None

    def _check_limits(self, targets: Sequence[Target], body: SearchBody) -> None:
        asked = body.start + body.size
        failures = []
        for index in (target.index for target in targets):
            most = whole_of(index.settings.get("index.max_result_window", _MAX_RESULT_WINDOW))
            if asked > most:
                failures.append(Failure(index, IllegalArgument(messages.WINDOW.at(self._release, most=most, asked=asked))))
            elif body.doc_value_fields and self._release >= (6, 0):
                most = whole_of(index.settings.get("index.max_docvalue_fields_search", _MAX_DOC_VALUE_FIELDS))
                if body.doc_value_fields > most:
                    text = messages.MANY_DOC_VALUES.format(most=most, count=body.doc_value_fields)
                    failures.append(Failure(index, IllegalArgument(text)))
        if failures:
            raise shards_failed(failures)


def hits_of(page: Sequence[Document], body: SearchBody, found: Found) -> list[Hit]:
    """The documents of a page with their scores and sort values."""
    scores, constant, keys = found.scores, found.constant if body.scored else None, body.sort
    if not scores and not keys:
        return [Hit(document, constant, None) for document in page]
    hits = []
    for document in page:
        score = scores.get(id(document), constant)
        hits.append(Hit(document, score, tuple(key.hit_value(document, score) for key in keys) if keys else None))
    return hits


def compile_query(tree: Any, target: Target, context: QueryContext) -> Query:
    """Parse a query for one index, and add the filters of the aliases by which the index was named.

    :raises ElasticsearchError: see ``parse_query``.
    """
    query = parse_query(tree, context)
    if target.filters is None:
        return query
    filters = [parse_query(condition, context) for condition in target.filters]
    return Bool([query], [any_of(filters, context.step)], [], [], 0, context.step)


def _indices(targets: Sequence[Target]) -> list[Index]:
    return [target.index for target in targets]


def without_query(targets: Sequence[Target], contexts: Sequence[QueryContext]) -> list[Document]:
    """The documents that a search without a query finds. The filters of aliases still hold (``buildFilteredQuery``)."""
    found = list[Document]()
    for target, context in zip(targets, contexts):
        if target.filters is None:
            found += target.index
        else:
            found += target.index.documents(sorted(compile_query(None, target, context).select(target.index)))
    return found


def shards_failed(failures: Sequence[Failure]) -> SearchPhaseFailure:
    """The error for a search that failed on all indices."""
    return SearchPhaseFailure("all shards failed", failures[0].error, [failure.to_json() for failure in failures])


def _search_index(target: Target, body: SearchBody, context: QueryContext) -> _IndexResult | Failure:
    index = target.index
    try:
        for key in body.sort:
            key.check(context)
        query = compile_query(body.query, target, context)
        ordinals = sorted(query.select(index))
        matched = filtered = index.documents(ordinals)
        if body.post_filter is not None:
            filtered = index.documents(sorted(parse_query(body.post_filter, context).narrow(index, ordinals)))
    except ElasticsearchError as error:
        if isinstance(error, (QueryShard, ParseError, NoFielddata)) or error.type == "script_exception":
            return Failure(index, error)
        raise
    return _IndexResult(target, query, matched, filtered)


def _scores(results: Sequence[_IndexResult], step: Step) -> tuple[dict[int, float], float]:
    """``scores`` and ``constant`` of ``Found``."""
    found = [result for result in results if result.matched]
    if all(result.query.constant for result in found):
        constants = {result.query.score(result.matched[0]) for result in found}
        if len(constants) < 2:
            return {}, constants.pop() if constants else 0.0
    scores: dict[int, float] = {}
    for target, query, matched, _ in found:
        for start in range(0, len(matched), _SCORED_AT_ONCE):
            step()
            part = matched[start : start + _SCORED_AT_ONCE]
            scores.update(zip(map(id, part), query.scores(target.index, [document.ordinal for document in part])))
    return scores, 0.0
