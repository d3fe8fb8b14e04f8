"""The ``aggregations`` of a search: the door of this package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fake_es.indices.document import HasValues
from fake_es.mapping.field_types import FieldType
from fake_es.search.aggregations import parse_aggregations
from fake_es.search.aggregations.context import AggregationContext
from fake_es.search.pauses import Step, no_step
from fake_es.search.query.base import Query, QueryContext
from fake_es.search.query.parse import parse_query


class Predicate:
    """A query as a function that tests documents of several indices."""

    def __init__(self, tree: Any, contexts: Sequence[QueryContext]) -> None:
        self._queries: dict[int, Query] = {}
        for context in contexts:
            context.begin_query()
            self._queries[id(context.index)] = parse_query(tree, context)

    def __call__(self, document: HasValues) -> bool:
        return self._queries[id(document.index)].matches(document)


def aggregate(
    tree: Any,
    documents: Sequence[Any],
    contexts: Sequence[QueryContext],
    now: int,
    release: tuple[int, ...],
    *,
    every: Callable[[], Sequence[Any]] = tuple,
    typed_keys: bool = False,
    step: Step = no_step,
) -> dict[str, Any]:
    """Compute aggregations over documents.

    :param tree: ``aggs`` of the request.
    :param documents: those that the search has found.
    :param contexts: for queries of filters, one for each index that was searched.
    :param now: epoch milliseconds.
    :param every: returns the documents that the search would find without its query.
    :param typed_keys: whether names in the result contain the type, as in ``sterms#name``.
    :param step: called often; see ``pauses.in_steps``.
    :return: ``aggregations`` of the response.
    :raises ElasticsearchError: the aggregations cannot be parsed or computed.
    """

    indices = [context.index for context in contexts]

    def fields(name: str) -> list[FieldType]:
        found = (index.mapping.field(name) for index in indices)
        return [type_ for type_ in found if type_ is not None]

    context = AggregationContext(
        release,
        now,
        fields,
        compile_query=lambda query: Predicate(query, contexts),
        every=every,
        setting=lambda name: [context.index.settings.get(name) for context in contexts if not context.parse_only],
        step=step,
    )
    return parse_aggregations(tree, context).collect(documents, typed_keys=typed_keys)
