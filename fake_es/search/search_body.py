"""The body of ``_search``: which keys it may have, and what they mean (``SearchSourceBuilder``)."""

from __future__ import annotations

from typing import Any

from fake_es.search import messages
from fake_es.search.errors import not_emulated
from fake_es.search.query.options import number
from fake_es.search.runtime import SINCE as RUNTIME_SINCE
from fake_es.search.runtime import runtime_fields
from fake_es.search.sorting import parse_sort
from fake_es.wire.errors import IllegalArgument, ParsingError
from fake_es.wire.numbers import whole_of
from fake_es.wire.object_parser import token

_KNOWN = frozenset({
    "query", "post_filter", "sort", "from", "size", "search_after", "min_score", "aggs", "aggregations", "track_scores",
    "track_total_hits", "_source", "fields", "docvalue_fields", "stored_fields", "version", "seq_no_primary_term", "explain",
    "timeout", "terminate_after", "pit", "profile", "stats", "highlight", "indices_boost", "ext", "runtime_mappings",
})  # fmt: skip
# Keys of the server that fake_es refuses with 501.
_NOT_EMULATED = frozenset({
    "script_fields", "suggest", "rescore", "collapse", "slice", "knn", "rank", "retriever", "sub_searches",
})  # fmt: skip


class SearchBody:
    """What a body of ``_search`` asks for; ``tree`` is its JSON. Made by ``parse_search_body``."""

    def __init__(self, tree: dict[str, Any], release: tuple[int, ...]) -> None:
        """:raises ElasticsearchError: a value in the body is wrong."""
        self.tree = tree
        self.query: Any = tree.get("query")
        self.post_filter: Any = tree.get("post_filter")
        self.sort = parse_sort(tree["sort"]) if tree.get("sort") is not None else []
        self.start = _not_negative("from", tree.get("from"), 0)
        self.size = _not_negative("size", tree.get("size"), 10)
        self.search_after: Any = tree.get("search_after")
        self.min_score = None if tree.get("min_score") is None else number(tree, "min_score", 0.0)
        self.typed_keys = False
        self.runtime = runtime_fields(tree.get("runtime_mappings") or {}, release)
        fields = tree.get("docvalue_fields")
        self.doc_value_fields = len(fields) if isinstance(fields, list) else 0
        self.aggregations: Any = tree.get("aggs", tree.get("aggregations"))
        # Whether scores are needed.
        by_score = not self.sort or any(key.field == "_score" for key in self.sort)
        self.scored = by_score or tree.get("track_scores") in (True, "true")
        if self.search_after is not None:
            self._check_search_after()

    def _check_search_after(self) -> None:
        if not isinstance(self.search_after, list) or not self.sort:
            raise IllegalArgument(messages.AFTER_WITHOUT_SORT)
        if len(self.search_after) != len(self.sort):
            text = messages.AFTER_LENGTH.format(given=len(self.search_after), wanted=len(self.sort))
            raise IllegalArgument(text)
        if self.start > 0:
            raise IllegalArgument(messages.AFTER_WITH_FROM)


def parse_search_body(tree: dict[str, Any] | None, release: tuple[int, ...]) -> SearchBody:
    """Parse a body of ``_search``; None is an empty one.

    :raises ElasticsearchError: an unknown key, or a wrong value.
    :raises NotImplementedHere: the server knows a key, fake_es does not.
    """
    for key, value in (tree or {}).items():
        if key in _NOT_EMULATED:
            raise not_emulated(key)
        if key not in _KNOWN or (key == "runtime_mappings" and release < RUNTIME_SINCE):
            raise ParsingError(messages.UNKNOWN_SEARCH_KEY.format(key=key, token=token(value)))
    return SearchBody(tree or {}, release)


def _not_negative(name: str, value: Any, default: int) -> int:
    if value is None:
        return default
    number = whole_of(value)
    if number < 0:
        raise IllegalArgument(messages.NEGATIVE_PAGE.format(name=name, value=number))
    return number
