"""A search request: its body combined with its parameters (``RestSearchAction.parseSearchRequest``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.indices.index import Index
from fake_es.indices.parameters import BOOLEAN, INDICES, INT, ROUTING, SOURCE_FILTER, TEXT, TIME, strings
from fake_es.indices.types import DOC
from fake_es.mapping.mapping import Mapping as FieldMapping
from fake_es.search import messages
from fake_es.search.errors import not_emulated
from fake_es.search.fetch import Fetch
from fake_es.search.query.base import Locate, QueryContext
from fake_es.search.query.location import locator
from fake_es.search.query.parse import parse_query
from fake_es.search.search_body import SearchBody, parse_search_body
from fake_es.search.source_filter import filter_of_query
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, NumberFormat, ParsingError, check_failures
from fake_es.wire.java import java_text
from fake_es.wire.numbers import whole_of
from fake_es.wire.object_parser import Body, token
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

# A query in the query string (``RestActions.urlParamsToQueryBuilder``).
URI_QUERY = (
    Parameter("q", TEXT),
    Parameter("df", TEXT),
    Parameter("analyzer", TEXT),
    Parameter("analyze_wildcard", BOOLEAN),
    Parameter("lenient", BOOLEAN),
    Parameter("default_operator", TEXT),
)
_AS_INT = Parameter("rest_total_hits_as_int", BOOLEAN, False, since=(6, 6))
SEARCH_QUERY = (
    *INDICES, *URI_QUERY, *SOURCE_FILTER, ROUTING, _AS_INT,
    Parameter("from", INT), Parameter("size", INT), Parameter("sort", TEXT), Parameter("scroll", TIME),
    Parameter("stored_fields", TEXT), Parameter("docvalue_fields", TEXT), Parameter("explain", BOOLEAN),
    Parameter("version", BOOLEAN), Parameter("seq_no_primary_term", BOOLEAN, since=(6, 7)),
    Parameter("track_scores", BOOLEAN), Parameter("track_total_hits", TEXT, since=(6, 0)), Parameter("timeout", TIME),
    Parameter("terminate_after", INT), Parameter("typed_keys", BOOLEAN, False, since=(5, 4)),
    Parameter("preference", TEXT), Parameter("search_type", TEXT), Parameter("request_cache", BOOLEAN),
    Parameter("batched_reduce_size", INT), Parameter("max_concurrent_shard_requests", INT, since=(6, 0)),
    Parameter("pre_filter_shard_size", INT, since=(6, 0)),
    Parameter("allow_partial_search_results", BOOLEAN, since=(6, 3)), Parameter("stats", TEXT),
    Parameter("ccs_minimize_roundtrips", BOOLEAN, since=(7, 0)), Parameter("suggest_field", TEXT),
    Parameter("suggest_mode", TEXT), Parameter("suggest_size", INT), Parameter("suggest_text", TEXT),
    Parameter("force_synthetic_source", BOOLEAN, since=(8, 4)),
    Parameter("include_named_queries_score", BOOLEAN, since=(8, 8)),
    Parameter("_source_exclude_vectors", BOOLEAN, since=(9, 2)),
    Parameter("fields", TEXT, until=(5, 5)),
)  # fmt: skip
# Keys of a body that would change the response; refused with 501 unless they ask for nothing.
_NOT_EMULATED = ("highlight", "profile", "explain", "indices_boost", "suggest")
_SEARCH_TYPES = ("query_then_fetch", "dfs_query_then_fetch")
# ``SearchContext.TRACK_TOTAL_HITS_ACCURATE`` and ``DEFAULT_TRACK_TOTAL_HITS_UP_TO``.
_COUNT_ALL, _COUNT_UP_TO = 2**31 - 1, 10_000


class SearchRequest:
    """One search, parsed: ``tree`` is its body after the parameters have replaced what they name.

    ``count_up_to`` is how far hits are counted; None means that they are not counted. ``as_int`` is whether their number is
    a plain integer. ``keep_alive`` is how long a scroll lives; None if the search does not start one.
    """

    def __init__(self, text: Body, tree: Tree, params: Mapping[str, Any], release: tuple[int, ...]) -> None:
        """``text`` is the body as it was sent, ``tree`` its JSON.

        :raises ElasticsearchError: the body or a parameter is wrong.
        :raises NotImplementedHere: the search needs what fake_es does not have.
        """
        self.release = release
        self.tree = _with_parameters(tree, params)
        self.locate: Locate = locator(text, tree)
        for name in _NOT_EMULATED:
            if tree.get(name) not in (None, False, [], {}):
                raise not_emulated(name)
        self.fetch = Fetch(self.tree, release, filter_of_query(params))
        self.body: SearchBody = parse_search_body(self.tree, release)
        self.body.typed_keys = bool(params.get("typed_keys"))
        self.as_int = bool(params.get("rest_total_hits_as_int")) or release < (7, 0)
        self.keep_alive = params.get("scroll")
        self.count_up_to = self._count_up_to()
        self.pit: Any = self.tree.get("pit")
        self._check(params)

    def check_query(self, now: int) -> None:
        """Check the syntax of the queries without an index.

        :raises ElasticsearchError: a query cannot be parsed.
        """
        nowhere = Index("", "", now, {}, FieldMapping(self.release))
        context = QueryContext(nowhere, now, self.release, self.locate, parse_only=True)
        for name in ("query", "post_filter"):
            parse_query(self.tree.get(name), context)

    def restrict_to_types(self, names: str | None) -> None:
        """Restrict the search to documents of these types; None means all."""
        if names is None or names in ("_all", "*") or (names == DOC and self.release >= (6, 7)):
            return
        own = [self.body.query] if self.body.query is not None else []
        self.body.query = {"bool": {"must": own, "filter": [{"terms": {"_type": strings(names)}}]}}

    def _count_up_to(self) -> int | None:
        wanted = self.tree.get("track_total_hits")
        if wanted in (None, "") or self.release < (7, 0):
            return _COUNT_ALL if self.keep_alive or self.as_int else _COUNT_UP_TO
        if wanted in (True, "true"):
            return _COUNT_ALL
        if wanted in (False, "false"):
            if self.keep_alive:
                raise ActionRequestValidation(messages.SCROLL_COUNTS)
            return None
        try:
            bound = whole_of(wanted)
        except NumberFormat:
            bound = -2
        if bound < -1:
            raise IllegalArgument(messages.BAD_TOTAL_HITS.format(value=java_text(wanted)))
        if self.as_int:
            raise IllegalArgument(messages.TOTAL_HITS_AS_INT.format(value=wanted))
        return _COUNT_UP_TO if bound == -1 else bound

    def _check(self, params: Mapping[str, Any]) -> None:
        kind = params.get("search_type")
        if kind is not None and kind not in _SEARCH_TYPES:
            raise IllegalArgument(messages.NO_SEARCH_TYPE.format(value=kind))
        if self.keep_alive is None:
            return
        failures = [messages.SCROLL_WITH_FROM] if self.body.start > 0 else []
        if self.body.size == 0 and self.release >= (6, 0):
            failures.append(messages.SCROLL_SIZE)
        if self.body.search_after is not None:
            failures.append(messages.SCROLL_AFTER)
        check_failures(failures)


def read_search(text: str, params: Mapping[str, Any], release: tuple[int, ...]) -> SearchRequest:
    """Parse a search from the text of its body, which may be empty, and its parameters.

    :raises ElasticsearchError: see ``SearchRequest``.
    """
    body = Body(text, release)
    tree = body.tree() if text.strip() else {}
    if not isinstance(tree, dict):
        raise ParsingError(messages.SEARCH_NOT_OBJECT.format(token=token(tree)))
    return SearchRequest(body, tree, params, release)


def _with_parameters(tree: Tree, params: Mapping[str, Any]) -> Tree:
    """The body, with parameters in place of its keys that have the same meaning."""
    merged = dict(tree)
    query = uri_query(params)
    if query is not None:
        merged["query"] = query
    for name in ("from", "size", "version", "seq_no_primary_term", "track_scores", "track_total_hits", "explain"):
        if params.get(name) is not None:
            merged[name] = params[name]
    for name in ("stored_fields", "docvalue_fields"):
        if params.get(name) is not None:
            merged[name] = strings(params[name])
    if params.get("sort"):
        keys = (_sort_key(key) for key in strings(params["sort"]))
        merged["sort"] = [key for key in keys if key is not None]
    return merged


def _sort_key(text: str) -> Any:
    field, colon, order = text.rpartition(":")
    if not colon:
        return text
    # With another word the whole entry is ignored (``RestSearchAction``).
    return {field: {"order": order}} if order in ("asc", "desc") else None


def uri_query(params: Mapping[str, Any]) -> Tree | None:
    """The query of the parameter ``q`` and its options ``df``, ``analyzer`` and so on; None without ``q``."""
    if not params.get("q"):
        return None
    options: Tree = {"query": params["q"]}
    for name, option in (("df", "default_field"), *((name, name) for name in ("analyzer", "analyze_wildcard", "lenient"))):
        if params.get(name) is not None:
            options[option] = params[name]
    if params.get("default_operator"):
        options["default_operator"] = params["default_operator"]
    return {"query_string": options}
