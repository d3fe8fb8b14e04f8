"""Searches of the server itself, by the names of indices: nobody is asked for privileges.

ML finds its configurations and results by it. A caller's search goes to targets of ``indices.access``, never through this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.document import Document
from fake_es.indices.expressions import Options
from fake_es.indices.indices import SystemIndices
from fake_es.search.query.base import Locate
from fake_es.search.search import Found, Searcher, SearchResult, parse_search
from fake_es.security.index_names import Expression

Tree = dict[str, Any]
_ANY = Options(ignore_unavailable=True)


class SystemSearch:
    """Searches of all indices. An ``expression`` may have lists, wildcards, exclusions, aliases and dates."""

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
        """Search, by a body of ``_search``: query, sort, from, size, search_after, aggregations.

        :raises ElasticsearchError: the body cannot be understood, a page beyond ``max_result_window``, no such index.
        """
        options = Options.of(ignore_unavailable, allow_no_indices, expand_wildcards)
        request = parse_search(body, self._release)
        return self._searcher.search(self._indices.resolve(expression, options), request, locate)

    def find(self, expression: Expression, body: Tree | None = None, options: Options = _ANY) -> Found:
        """Everything that matches, in its order and without limit: what scrolls and points in time read from.

        :raises ElasticsearchError: see ``search``.
        """
        request = parse_search(body, self._release)
        return self._searcher.find(self._indices.resolve(expression, options), request)

    def scan(self, expression: Expression, query: Tree | None = None, sort: Any = None) -> Iterator[Document]:
        """All documents that match, in the order of ``sort`` or as they were indexed, as they are at this moment.

        :raises ElasticsearchError: see ``search``.
        """
        return iter(self.find(expression, {"query": query, "sort": sort or "_doc"}).documents)

    def count(self, expression: Expression, query: Tree | None = None) -> int:
        """How many documents match.

        :raises ElasticsearchError: see ``search``.
        """
        return len(self.find(expression, {"query": query, "sort": "_doc"}).documents)

    def delete_by_query(self, expression: Expression, query: Tree | None) -> int:
        """Remove all documents that match; answers how many there were.

        :raises ElasticsearchError: see ``search``.
        """
        documents = list(self.scan(expression, query))
        for document in documents:
            document.index.delete(document.id)
        return len(documents)
