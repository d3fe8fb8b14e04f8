"""Searches by the server itself, without a check of privileges.

ML searches its configurations and results with it. Searches of callers never use it: see ``indices.access``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.document import Document
from fake_es.indices.expressions import IndicesOptions
from fake_es.indices.system_indices import SystemIndices
from fake_es.search.query.base import Locate
from fake_es.search.search_body import parse_search_body
from fake_es.search.searcher import Found, Searcher, SearchResult
from fake_es.security.index_names import Expression

Tree = dict[str, Any]
_ANY = IndicesOptions(ignore_unavailable=True)


class SystemSearch:
    """Searches that may read every index. An ``expression`` may have lists, wildcards, exclusions, aliases and dates."""

    def __init__(self, cluster: Cluster) -> None:
        self._release = cluster.version
        self._indices = cluster.part(SystemIndices)
        self._searcher = cluster.part(Searcher)

    def search(
        self,
        expression: Expression,
        body: Tree | None = None,
        *,
        ignore_unavailable: bool = True,
        allow_no_indices: bool = True,
        expand_wildcards: str | Sequence[str] | None = None,
        locate: Locate | None = None,
    ) -> SearchResult:
        """Search with a body of ``_search``: query, sort, from, size, search_after, aggregations.

        :raises ElasticsearchError: the body cannot be parsed, the page is beyond ``max_result_window``, or an index is missing.
        """
        options = IndicesOptions.of(ignore_unavailable, allow_no_indices, expand_wildcards)
        parsed = parse_search_body(body, self._release)
        return self._searcher.search(self._indices.resolve(expression, options), parsed, locate)

    def find(self, expression: Expression, body: Tree | None = None, options: IndicesOptions = _ANY) -> Found:
        """All matching documents in their order, without a limit.

        :raises ElasticsearchError: see ``search``.
        """
        parsed = parse_search_body(body, self._release)
        return self._searcher.find(self._indices.resolve(expression, options), parsed)

    def scan(self, expression: Expression, query: Tree | None = None, sort: Any = None) -> Iterator[Document]:
        """All documents that match at this moment, in the order of ``sort``, or else in the order they were indexed.

        :raises ElasticsearchError: see ``search``.
        """
        return iter(self.find(expression, {"query": query, "sort": sort or "_doc"}).documents)

    def count(self, expression: Expression, query: Tree | None = None) -> int:
        """The number of matching documents.

        :raises ElasticsearchError: see ``search``.
        """
        return len(self.find(expression, {"query": query, "sort": "_doc"}).documents)

    def delete_by_query(self, expression: Expression, query: Tree | None) -> int:
        """Delete all matching documents; returns their number.

        :raises ElasticsearchError: see ``search``.
        """
        documents = list(self.scan(expression, query))
        for document in documents:
            document.index.delete(document.id, type_name=document.type)
        return len(documents)
