"""The order of pipelines: each after those it depends on (``AggregatorFactories.resolvePipelineAggregatorOrder``)."""

from __future__ import annotations

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.paths import split_path
from fake_es.search.aggregations.registry import Definition, Pipeline
from fake_es.wire.errors import IllegalArgument

_SPECIAL = frozenset({"_count", "_key", "_bucket_count"})


def in_order(definitions: list[Definition]) -> list[Definition]:
    """The pipelines among ``definitions``, each after those that its ``buckets_path`` names.

    :raises IllegalArgument: a path leads nowhere, or the pipelines depend on each other in a circle.
    """
    pipelines = {definition.name: definition for definition in definitions if definition.kind.is_pipeline}
    others = {definition.name: definition for definition in definitions if not definition.kind.is_pipeline}
    ordered: dict[str, Definition] = {}

    def visit(definition: Definition, above: tuple[str, ...]) -> None:
        if definition.name in above:
            raise IllegalArgument(messages.CYCLE.format(name=definition.name))
        if definition.name in ordered:
            return
        for path in _paths(definition):
            first = split_path(path)[0]
            if first in pipelines:
                visit(pipelines[first], (*above, definition.name))
            elif first not in _SPECIAL:
                _check(path, others)
        ordered[definition.name] = definition

    for definition in pipelines.values():
        visit(definition, ())
    return list(ordered.values())


def _paths(definition: Definition) -> list[str]:
    assert issubclass(definition.kind.implementation, Pipeline)
    return list(definition.kind.implementation.paths(definition.options).values())


def _check(path: str, others: dict[str, Definition]) -> None:
    first, *rest = split_path(path)
    found = others.get(first)
    if found is None:
        raise IllegalArgument(messages.NO_PATH.format(path=path))
    for name in rest:
        if name in _SPECIAL or name.startswith("'"):
            continue
        below = {sub.name: sub for sub in found.subs}
        if name not in below:
            # The last part may be the name of a value instead of an aggregation.
            if name is rest[-1] and not found.subs:
                return
            raise IllegalArgument(messages.NO_PATH.format(path=path))
        found = below[name]
