"""Between a search and its aggregations: what those need to know of the indices searched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.indices.document import HasValues
from fake_es.indices.index import Index
from fake_es.mapping.field_types import FieldType
from fake_es.search.aggregations import parse_aggregations
from fake_es.search.aggregations.context import AggregationContext
from fake_es.search.query.base import Query, QueryContext
from fake_es.search.query.parse import parse_query


class Predicate:
    """A query as a test of documents of several indices."""

    def __init__(self, tree: Any, contexts: Sequence[QueryContext]) -> None:
        self._queries: dict[int, Query] = {id(context.index): parse_query(tree, context) for context in contexts}

    def __call__(self, document: HasValues) -> bool:
        return self._queries[id(document.index)].matches(document)


def aggregate(
    tree: Any,
    documents: Sequence[Any],
    indices: Sequence[Index],
    now: int,
    release: tuple[int, ...],
    *,
    typed_keys: bool = False,
) -> dict[str, Any]:
    """The ``aggregations`` of a search that found ``documents`` in ``indices``; ``typed_keys`` as its parameter.

    :raises ElasticsearchError: they cannot be read, or computed.
    """

    def fields(name: str) -> list[FieldType]:
        found = (index.mapping.field(name) for index in indices)
        return [type_ for type_ in found if type_ is not None]

    contexts = [QueryContext(index, now, release) for index in indices]
    context = AggregationContext(
        release,
        now,
        fields,
        compile_query=lambda query: Predicate(query, contexts),
        every=lambda: [document for index in indices for document in index],
        children=lambda document, path: document.nested(path),
    )
    return parse_aggregations(tree, context).collect(documents, typed_keys=typed_keys)
