"""Indices to be filled and searched, without HTTP."""

from __future__ import annotations

from typing import Any

from fake_es import FakeElasticsearch
from fake_es.indices.system_indices import SystemIndices
from fake_es.search.searcher import SearchResult
from fake_es.search.system_search import SystemSearch

DAY = 86_400_000


class Store:
    """The documents of a fresh emulator, in an index called ``books`` unless named otherwise."""

    def __init__(self, version: str | None = None, **properties: Any) -> None:
        self.fake = FakeElasticsearch(version)
        self.indices = self.fake.cluster.part(SystemIndices)
        if properties:
            self.indices.create("books", mappings={"properties": properties})

    def put(self, *sources: dict[str, Any], index: str = "books") -> None:
        """Store documents with the ids 0, 1, 2, ..."""
        for number, source in enumerate(sources):
            self.indices.put(index, str(number), source)

    def search(self, query: Any = None, index: str = "books", **body: Any) -> SearchResult:
        """Search with a query and further fields of the body."""
        return self.indices.cluster.part(SystemSearch).search(index, {"query": query, **body} if query is not None else body)

    def ids(self, query: Any = None, index: str = "books", **body: Any) -> list[str]:
        """Ids of the documents found, in their order."""
        return [hit.document.id for hit in self.search(query, index, **{"size": 1000, **body}).hits]

    def values(self, field: str, document_id: str = "0") -> list[Any]:
        """Values of a field of a document."""
        document = self.indices.index("books").get(document_id)
        assert document is not None
        return list(document.values(field))
