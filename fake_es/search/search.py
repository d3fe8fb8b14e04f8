"""Searching indices: query, order, page (``SearchService``); sorted results are kept, so that paging is slicing."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.indices.document import Document, Source
from fake_es.indices.errors import SearchPhaseFailure
from fake_es.indices.index import Index
from fake_es.indices.targets import Target
from fake_es.search import messages
from fake_es.search.errors import NoFielddata, QueryShard
from fake_es.search.query.base import Context, Locate, Query, any_of
from fake_es.search.query.compound import Bool
from fake_es.search.query.options import number
from fake_es.search.query.parse import parse_query
from fake_es.search.runtime import SINCE as RUNTIME_SINCE
from fake_es.search.runtime import Overlays, runtime_fields
from fake_es.search.sorting import SortKey, ordered, parse_sort, position_after
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere, ParseError, ParsingError
from fake_es.wire.numbers import whole_of
from fake_es.wire.object_parser import token

_MOST = 10_000
# ``index.max_docvalue_fields_search``, from 6.0 on.
_MOST_DOC_VALUES = 100
_KEPT = 32


class Hit(NamedTuple):
    """One document found: its score (None where nothing asked for it) and the values it was sorted by."""

    document: Document
    score: float | None
    sort: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class Failure:
    """An index that could not be searched."""

    index: Index
    error: ElasticsearchError


class SearchResult(NamedTuple):
    """``total`` is exact whatever was asked for; ``hits`` are those of the page; ``failures`` of part of the indices."""

    total: int
    hits: list[Hit]
    max_score: float | None
    aggregations: dict[str, Any] | None
    failures: list[Failure]

    @property
    def sources(self) -> list[Source]:
        """Documents of the page."""
        return [hit.document.source for hit in self.hits]


class Found(NamedTuple):
    """All to be shown, in order, and all that match, before the ``post_filter``.

    ``scores`` are by ``id`` of the document, empty where all score ``constant``.
    """

    documents: list[Document]
    matched: list[Document]
    scores: dict[int, float]
    constant: float
    failures: list[Failure]


class _Part(NamedTuple):
    """What one index has found."""

    query: Query
    matched: list[Document]
    shown: list[Document]


class Request:
    """A body of ``_search``, read; ``parse_search`` makes it."""

    def __init__(self, tree: dict[str, Any], release: tuple[int, ...]) -> None:
        self.tree = tree
        self.query: Any = tree.get("query")
        self.post_filter: Any = tree.get("post_filter")
        self.sort = parse_sort(tree["sort"]) if tree.get("sort") is not None else []
        self.start = _whole("from", tree.get("from"), 0)
        self.size = _whole("size", tree.get("size"), 10)
        self.search_after: Any = tree.get("search_after")
        self.min_score = None if tree.get("min_score") is None else number(tree, "min_score", 0.0)
        self.typed_keys = False
        self.runtime = runtime_fields(tree.get("runtime_mappings") or {}, release)
        fields = tree.get("docvalue_fields")
        # How many fields are to be shown of each hit.
        self.doc_values = len(fields) if isinstance(fields, list) else 0
        self.aggregations: Any = tree.get("aggs", tree.get("aggregations"))
        # Whether scores are looked at.
        self.scored = tree.get("track_scores") in (True, "true") or not self.sort or "_score" in map(_field, self.sort)
        self._check(release)

    def _check(self, release: tuple[int, ...]) -> None:
        if self.search_after is None:
            return
        if not isinstance(self.search_after, list) or not self.sort:
            raise IllegalArgument(messages.AFTER_WITHOUT_SORT)
        if len(self.search_after) != len(self.sort):
            text = messages.AFTER_LENGTH.format(given=len(self.search_after), wanted=len(self.sort))
            raise IllegalArgument(text)
        if self.start > 0:
            raise IllegalArgument(messages.AFTER_WITH_FROM)


_KNOWN = frozenset({
    "query", "post_filter", "sort", "from", "size", "search_after", "min_score", "aggs", "aggregations", "track_scores",
    "track_total_hits", "_source", "fields", "docvalue_fields", "stored_fields", "version", "seq_no_primary_term", "explain",
    "timeout", "terminate_after", "pit", "profile", "stats", "highlight", "indices_boost", "ext", "runtime_mappings",
})  # fmt: skip
_ELSEWHERE = frozenset({
    "script_fields", "suggest", "rescore", "collapse", "slice", "knn", "rank", "retriever", "sub_searches",
})  # fmt: skip


def parse_search(tree: dict[str, Any] | None, release: tuple[int, ...]) -> Request:
    """Read a body of ``_search``.

    :raises ElasticsearchError: it cannot be understood, or asks for what is not emulated.
    """
    for key, value in (tree or {}).items():
        if key in _ELSEWHERE:
            raise NotImplementedHere(f"[{key}] in a search is not emulated by fake_es")
        if key not in _KNOWN or (key == "runtime_mappings" and release < RUNTIME_SINCE):
            raise ParsingError(messages.UNKNOWN_SEARCH_KEY.format(key=key, token=token(value)))
    return Request(tree or {}, release)


class Searcher:
    """Searches indices that are resolved already, and keeps the last results for the next page.

    It asks for no privileges: the targets of a caller's search come from ``indices.access``.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._clock = cluster.clock
        self._release = cluster.version
        self._configured = dict(cluster.settings.configured)
        self._kept: OrderedDict[Any, Found] = OrderedDict()
        self._overlays = Overlays()

    def search(self, targets: Sequence[Target], request: Request, locate: Locate | None = None) -> SearchResult:
        """One page of what matches, and aggregations over all of it.

        :raises ElasticsearchError: the query cannot be read, or no index can be searched.
        """
        now = self._clock.now()
        self._check_window(targets, request)
        targets = self._seen(targets, request)
        found = self.find(targets, request, locate)
        documents = found.documents
        start = request.start
        if request.search_after is not None:
            context = Context(targets[0].index, now, self._release) if targets else None
            after = [key.after(value, context) for key, value in zip(request.sort, request.search_after)]
            start = position_after(documents, request.sort, after, found.scores)
        page = documents[start : start + request.size]
        highest = None
        if request.scored and documents:
            highest = max(found.scores.values()) if found.scores else found.constant
        aggregations = self._aggregate(targets, request, found, now)
        return SearchResult(len(documents), hits_of(page, request, found), highest, aggregations, found.failures)

    def find(self, targets: Sequence[Target], request: Request, locate: Locate | None = None) -> Found:
        """Everything that matches, in order.

        :raises ElasticsearchError: see ``search``.
        """
        now = self._clock.now()
        targets = self._seen(targets, request)
        asked = json.dumps([
            request.query, request.tree.get("sort"), request.post_filter, request.min_score, request.scored,
            request.tree.get("runtime_mappings"),
            [target.filters for target in targets],
        ])  # fmt: skip
        states = tuple((target.index.uuid, target.index.generation) for target in targets)
        key = (states, asked, now if "now" in asked else None)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._find(targets, request, now, locate)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found

    def _seen(self, targets: Sequence[Target], request: Request) -> Sequence[Target]:
        """Targets as the search sees them, with its runtime fields."""
        if not request.runtime:
            return targets
        tree = request.tree["runtime_mappings"]
        return [Target(self._overlays.over(target.index, tree, request.runtime), target.filters) for target in targets]

    def _find(self, targets: Sequence[Target], request: Request, now: int, locate: Locate | None) -> Found:
        parts, failures = [], []
        for target in targets:
            part = _part(target, request, Context(target.index, now, self._release, locate, self._configured))
            if isinstance(part, Failure):
                failures.append(part)
            else:
                parts.append(part)
        if failures and not parts:
            raise shards_failed(failures)
        scores, constant = _scores(parts) if request.scored else ({}, 0.0)
        matched = [document for part in parts for document in part.matched]
        shown = matched if request.post_filter is None else [document for part in parts for document in part.shown]
        return _in_order(Found(shown, matched, scores, constant, failures), request)

    def _aggregate(self, targets: Sequence[Target], request: Request, found: Found, now: int) -> dict[str, Any] | None:
        if request.aggregations is None:
            return None
        from fake_es.search.aggregating import aggregate

        indices, typed = [target.index for target in targets], request.typed_keys
        try:
            return aggregate(request.aggregations, found.matched, indices, now, self._release, typed_keys=typed)
        except NoFielddata as error:
            raise shards_failed([Failure(index, error) for index in indices]) from None

    def _check_window(self, targets: Sequence[Target], request: Request) -> None:
        asked = request.start + request.size
        failures = []
        for index in (target.index for target in targets):
            most = whole_of(index.settings.get("index.max_result_window", _MOST))
            if asked > most:
                failures.append(Failure(index, IllegalArgument(messages.WINDOW.at(self._release, most=most, asked=asked))))
            elif request.doc_values and self._release >= (6, 0):
                most, count = (
                    whole_of(index.settings.get("index.max_docvalue_fields_search", _MOST_DOC_VALUES)),
                    request.doc_values,
                )
                if count > most:
                    failures.append(Failure(index, IllegalArgument(messages.MANY_DOC_VALUES.format(most=most, count=count))))
        if failures:
            raise shards_failed(failures)


def hits_of(page: Sequence[Document], request: Request, found: Found) -> list[Hit]:
    """Documents of what was found, with their scores and the values they were sorted by."""
    scores, constant, keys = found.scores, found.constant if request.scored else None, request.sort
    if not scores and not keys:
        return [Hit(document, constant, None) for document in page]
    hits = []
    for document in page:
        score = scores.get(id(document), constant)
        hits.append(Hit(document, score, tuple(key.shown(document, score) for key in keys) if keys else None))
    return hits


def compile_query(tree: Any, target: Target, context: Context) -> Query:
    """The query of a search of one index, with the filters of the aliases that it goes through.

    :raises ElasticsearchError: it cannot be read, or the fields of the index do not allow it.
    """
    query = parse_query(tree, context)
    if target.filters is None:
        return query
    filters = [parse_query(condition, context) for condition in target.filters]
    return Bool([query], [any_of(filters)], [], [], 0)


def shards_failed(failures: Sequence[Failure]) -> SearchPhaseFailure:
    """The refusal of a search that failed on all indices."""
    shown = [{"shard": 0, "index": failure.index.name, "reason": failure.error.entry(causes=True)} for failure in failures]
    return SearchPhaseFailure("all shards failed", failures[0].error, shown)


def _part(target: Target, request: Request, context: Context) -> _Part | Failure:
    index = target.index
    try:
        for key in request.sort:
            key.check(context)
        query = compile_query(request.query, target, context)
        ordinals = sorted(query.select(index))
        matched = shown = index.documents(ordinals)
        if request.post_filter is not None:
            shown = index.documents(sorted(parse_query(request.post_filter, context).narrow(index, ordinals)))
    except ElasticsearchError as error:
        if isinstance(error, (QueryShard, ParseError, NoFielddata)) or error.type == "script_exception":
            return Failure(index, error)
        raise
    return _Part(query, matched, shown)


def _scores(parts: Sequence[_Part]) -> tuple[dict[int, float], float]:
    """Scores by ``id`` of the document, or the one score of all."""
    found = [part for part in parts if part.matched]
    if all(part.query.constant for part in found):
        constants = {part.query.score(part.matched[0]) for part in found}
        if len(constants) < 2:
            return {}, constants.pop() if constants else 0.0
    return {id(document): part.query.score(document) for part in found for document in part.matched}, 0.0


def _in_order(found: Found, request: Request) -> Found:
    documents, scores = found.documents, found.scores
    if request.min_score is not None:
        least = request.min_score
        documents = [document for document in documents if scores.get(id(document), found.constant) >= least]
    if request.sort:
        documents = ordered(documents, request.sort, scores or dict.fromkeys(map(id, documents), found.constant))
    elif scores:
        documents = sorted(documents, key=lambda document: -scores[id(document)])
    return found._replace(documents=documents)


def _field(key: SortKey) -> str:
    return key.field


def _whole(name: str, value: Any, default: int) -> int:
    """``from`` or ``size``: a whole number from zero on; -1 stands for the default."""
    if value is None:
        return default
    number = whole_of(value)
    if number < 0:
        raise IllegalArgument(messages.NEGATIVE_PAGE.format(name=name, value=number))
    return number
