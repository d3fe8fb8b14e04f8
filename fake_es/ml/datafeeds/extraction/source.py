"""Where a datafeed reads: its indices, its query, and the part of time it is at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents.document import Document
from fake_es.documents.errors import IndexNotFound
from fake_es.documents.expressions import Options
from fake_es.documents.fields import FieldType
from fake_es.documents.indices import Indices
from fake_es.documents.search import Target
from fake_es.ml.datafeeds import messages
from fake_es.wire.errors import ResourceNotFound

Tree = dict[str, Any]


class DocumentSource:
    """The indices of one datafeed; ``config`` is its configuration as it is shown."""

    def __init__(self, cluster: Cluster, config: Tree, time_field: str) -> None:
        self._indices = cluster.part(Indices)
        self._query = config["query"]
        self._id = config["datafeed_id"]
        self._names: Sequence[str] = config["indices"]
        # Before 7.7 nothing is said of these: they are the defaults of every search.
        given = config.get("indices_options", {})
        self._options = Options.of(
            given.get("ignore_unavailable", False), given.get("allow_no_indices", True), given.get("expand_wildcards") or None
        )
        self.time_field = time_field

    def targets(self) -> list[Target]:
        """The indices as they are now.

        :raises ResourceNotFound: one that is named is not there.
        """
        try:
            return self._indices.resolve(self._names, self._options)
        except IndexNotFound as error:
            text = messages.INDEX_MISSING.format(id=self._id, index=error.metadata["index"])
            raise ResourceNotFound(text) from None

    def missing(self) -> str | None:
        """A name among the indices that means none of them."""
        for name in self._names:
            if not self._indices.resolve(name, Options(ignore_unavailable=True)):
                return name
        return None

    def field(self, name: str) -> FieldType | None:
        """The type of a field in the first index that has it."""
        found = (target.index.mapping.field(name) for target in self.targets())
        return next((type_ for type_ in found if type_ is not None), None)

    def query(self, start: int, end: int) -> Tree:
        """The query, within ``[start, end)``."""
        within = {"range": {self.time_field: {"gte": start, "lt": end, "format": "epoch_millis"}}}
        return {"bool": {"filter": [self._query, within]}}

    def documents(self, start: int, end: int) -> list[Document]:
        """Documents in ``[start, end)``, by their time.

        :raises ElasticsearchError: the search fails.
        """
        body = {"query": self.query(start, end), "sort": [{self.time_field: "asc"}]}
        return self._indices.find(self._names, body, self._options).documents

    def aggregated(self, start: int, end: int, aggs: Tree) -> Tree:
        """Aggregations over the documents in ``[start, end)``.

        :raises ElasticsearchError: the search fails.
        """
        body = {"size": 0, "query": self.query(start, end), "aggs": aggs}
        found = self._indices.search(
            self._names, body, ignore_unavailable=self._options.ignore_unavailable,
            allow_no_indices=self._options.allow_no_indices,
        )  # fmt: skip
        return found.aggregations or {}

    def span(self, start: int, end: int) -> tuple[int, int, int] | None:
        """How many documents lie in ``[start, end)``, and the first and last time of them; None if there is none."""
        documents = self.documents(start, end)
        if not documents:
            return None
        first, last = (documents[place].values(self.time_field)[0] for place in (0, -1))
        return len(documents), first, last
