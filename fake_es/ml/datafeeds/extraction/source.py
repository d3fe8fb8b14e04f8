"""The documents of a datafeed: its indices, its query, and an interval of time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.access import CallerIndices
from fake_es.indices.document import Document
from fake_es.indices.errors import IndexNotFound
from fake_es.indices.expressions import IndicesOptions
from fake_es.indices.index import Index
from fake_es.indices.system_indices import SystemIndices
from fake_es.indices.targets import Target
from fake_es.mapping.field_types import FieldType
from fake_es.ml.datafeeds import messages
from fake_es.search.query.base import QueryContext
from fake_es.search.searcher import compile_query, without_query
from fake_es.security.caller import Caller
from fake_es.wire.errors import ResourceNotFound

Tree = dict[str, Any]

_SEARCH, FIELD_CAPS = "indices:data/read/search", "indices:data/read/field_caps"


class Selection:
    """Documents of one index. They are sorted by time when the order is first needed."""

    def __init__(self, index: Index, time_field: str, ordinals: list[int]) -> None:
        column = index.column(time_field)
        assert column is not None, "a range was searched in a field without values"
        self.index = index
        self._values = column.values
        self._found = ordinals

    def unordered(self) -> list[int]:
        """Times of the documents, unsorted (epoch milliseconds)."""
        values = self._values
        return [values[ordinal][0] for ordinal in self._found]

    @cached_property
    def ordinals(self) -> list[int]:
        """Ordinals of the documents by time; documents of the same time in the order of indexing."""
        found = sorted(self._found)
        values = self._values
        times = {ordinal: values[ordinal][0] for ordinal in found}
        return sorted(found, key=times.__getitem__)

    @cached_property
    def times(self) -> list[int]:
        """Times of the documents, ascending."""
        values = self._values
        return [values[ordinal][0] for ordinal in self.ordinals]

    def documents(self) -> list[Document]:
        """The documents in the order of ``ordinals``."""
        return self.index.documents(self.ordinals)


class DocumentSource:
    """The indices of the datafeed ``config`` (in the form of GET) that ``owner`` may read."""

    def __init__(self, cluster: Cluster, config: Tree, time_field: str, owner: Caller | None = None) -> None:
        self._cluster = cluster
        self._indices = cluster.part(SystemIndices)
        self._query = config["query"]
        self._id = config["datafeed_id"]
        self._names: Sequence[str] = config["indices"]
        # Before 7.7 a datafeed has no such options and uses the defaults of searches.
        given = config.get("indices_options", {})
        self._options = IndicesOptions.of(
            given.get("ignore_unavailable", False), given.get("allow_no_indices", True), given.get("expand_wildcards") or None
        )
        self._owner = owner
        self.time_field = time_field

    def targets(self, action: str = _SEARCH) -> list[Target]:
        """The indices at present on which the owner may perform ``action``.

        :raises ElasticsearchError: 404, a named index does not exist; 403, the owner may not read it.
        """
        return self._resolved(CallerIndices(self._cluster, self._owner, action).resolve)

    def _resolved(self, resolve: Callable[[Sequence[str], IndicesOptions], list[Target]]) -> list[Target]:
        try:
            return resolve(self._names, self._options)
        except IndexNotFound as error:
            text = messages.INDEX_MISSING.format(id=self._id, index=error.metadata["index"])
            raise ResourceNotFound(text) from None

    def check_names(self) -> None:
        """Refuse a name that must match an index and does not. From 6.6 the server asks for rolled-up indices first.

        :raises ResourceNotFound: see ``targets``.
        """
        if self._cluster.version >= (6, 6):
            self._resolved(self._indices.resolve)

    def missing(self) -> str | None:
        """What in ``indices`` matches no index; None if enough matches (``DatafeedNodeSelector.verifyIndicesActive``).

        From 7.10 one index is enough for all names together (PR 62827), before each name needs one. From 7.7 the datafeed's own
        options apply.
        """
        release = self._cluster.version
        options = self._options if release >= (7, 7) else IndicesOptions(ignore_unavailable=True)
        groups = [",".join(self._names)] if release >= (7, 10) else self._names
        return next((names for names in groups if not self._indices.resolve(names, options)), None)

    def field(self, name: str) -> FieldType | None:
        """The type of a field in the first index that has it."""
        found = (target.index.mapping.field(name) for target in self.targets(FIELD_CAPS))
        return next((type_ for type_ in found if type_ is not None), None)

    def first_of_kind(self, kind: str, patterns: Sequence[str]) -> str | None:
        """The first field of this type whose name matches one of ``patterns``; None if there is none."""
        mappings = [target.index.mapping for target in self.targets(FIELD_CAPS)]
        names = (
            name
            for pattern in patterns
            for mapping in mappings
            for name in mapping.names(pattern)
            if mapping.type_of(name) == kind
        )
        return next(names, None)

    def query(self, start: int, end: int) -> Tree:
        """The datafeed's query, limited to ``[start, end)`` (epoch milliseconds)."""
        within = {"range": {self.time_field: {"gte": start, "lt": end, "format": "epoch_millis"}}}
        return {"bool": {"filter": [self._query, within]}}

    def selections(self, start: int, end: int) -> list[Selection]:
        """Documents in ``[start, end)``, by index.

        :raises ElasticsearchError: the query fails.
        """
        tree, now = self.query(start, end), self._cluster.clock.now()
        found = []
        for target in self.targets():
            context = self._context(target.index, now)
            ordinals = compile_query(tree, target, context).select(target.index)
            if ordinals:
                found.append(Selection(target.index, self.time_field, ordinals))
        return found

    def times(self, start: int, end: int) -> list[int]:
        """Times of the documents in ``[start, end)``, ascending.

        :raises ElasticsearchError: the query fails.
        """
        return sorted(time for selection in self.selections(start, end) for time in selection.unordered())

    def aggregated(self, start: int, end: int, aggs: Tree) -> Tree:
        """Aggregations over the documents in ``[start, end)``.

        :raises ElasticsearchError: the search fails.
        """
        from fake_es.search.aggregations.aggregate import aggregate

        now = self._cluster.clock.now()
        targets = self.targets()
        contexts = [self._context(target.index, now) for target in targets]
        documents = [document for selection in self.selections(start, end) for document in selection.documents()]
        if not contexts:
            return {}
        every = lambda: without_query(targets, contexts)  # noqa: E731
        return aggregate(aggs, documents, contexts, now, self._cluster.version, every=every)

    def _context(self, index: Index, now: int) -> QueryContext:
        return QueryContext(index, now, self._cluster.version, node_settings=dict(self._cluster.settings.configured))

    def span(self, start: int, end: int) -> tuple[int, int, int] | None:
        """Number of documents in ``[start, end)``, their first and last time; None without documents."""
        times = [time for selection in self.selections(start, end) for time in selection.unordered()]
        return (len(times), min(times), max(times)) if times else None
