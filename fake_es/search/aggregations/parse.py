"""Parses ``aggs`` of requests (``AggregatorFactories.parseAggregators``)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from fake_es.search.aggregations import messages
from fake_es.search.aggregations.context import AggregationContext
from fake_es.search.aggregations.dependencies import in_order
from fake_es.search.aggregations.errors import AggregationExecution, UnknownNamedObject
from fake_es.search.aggregations.registry import Aggregation, Aggregations, Definition, Kind, Pipeline, kind_of, kinds
from fake_es.search.errors import NamedObjectNotFound
from fake_es.wire.errors import (
    ElasticsearchError,
    IllegalArgument,
    NotImplementedHere,
    ParsingError,
    check_failures,
)
from fake_es.wire.json_text import Path
from fake_es.wire.object_parser import Body, token
from fake_es.wire.similarity import did_you_mean

# Aggregations of the server that fake_es refuses with 501, with their first release.
NOT_EMULATED: Mapping[str, tuple[int, ...]] = {
    "adjacency_matrix": (5, 3), "auto_date_histogram": (6, 5), "boxplot": (7, 7), "bucket_correlation": (7, 14),
    "bucket_count_ks_test": (7, 14), "cartesian_bounds": (8, 6), "cartesian_centroid": (8, 6), "categorize_text": (7, 16),
    "change_point": (8, 2), "children": (0,), "cumulative_cardinality": (7, 4), "diversified_sampler": (5, 0),
    "frequent_item_sets": (8, 7), "frequent_items": (8, 3), "geo_distance": (0,), "geo_line": (7, 11), "geohash_grid": (0,),
    "geohex_grid": (8, 1), "geotile_grid": (7, 0), "inference": (7, 9), "ip_prefix": (8, 1), "ip_range": (0,),
    "matrix_stats": (5, 0), "moving_avg": (0,), "moving_percentiles": (7, 9), "multi_terms": (7, 12), "normalize": (7, 9),
    "parent": (6, 6), "random_sampler": (8, 2), "rate": (7, 10), "sampler": (5, 0), "scripted_metric": (0,),
    "significant_terms": (0,), "significant_text": (6, 0), "string_stats": (7, 6), "t_test": (7, 8), "time_series": (8, 1),
    "variable_width_histogram": (7, 9),
}  # fmt: skip
_REMOVED: Mapping[str, tuple[int, ...]] = {"moving_avg": (8, 0)}
_NAME = re.compile(r"[^\[\]>]+")


def parse_aggregations(tree: Any, context: AggregationContext, path: Path = ()) -> Aggregations:
    """Parse aggregations; ``path`` leads to the tree in the body of ``context``.

    :raises ElasticsearchError: an unknown kind, or options that are wrong.
    :raises NotImplementedHere: a kind or option that the server has and fake_es has not.
    """
    definitions = _Reader(context.with_body(tree), context.release).all(tree, path, None)
    refusals = list(_refusals(definitions, context.release))
    check_failures(refusals)
    return _build(definitions, context)


class _Reader:
    def __init__(self, body: Body, release: tuple[int, ...]) -> None:
        self._body = body
        self._release = release

    def all(self, tree: Any, path: Path, parent: Definition | None) -> list[Definition]:
        """The aggregations of one level."""
        if not isinstance(tree, dict):
            raise self._refusal(messages.UNEXPECTED_TOKEN.format(token=token(tree)), path)
        return [self._one(name, value, (*path, name), parent) for name, value in tree.items()]

    def _one(self, name: str, tree: Any, path: Path, parent: Definition | None) -> Definition:
        if _NAME.fullmatch(name) is None:
            raise self._refusal(messages.BAD_NAME.at(self._release, name=name), path, key=True)
        if not isinstance(tree, dict):
            raise self._refusal(messages.NOT_AN_OBJECT.format(name=name, token=token(tree)), path)
        for key, value in tree.items():
            if not isinstance(value, dict):
                reason = messages.OBJECT_EXPECTED.format(field=key, token=token(value), name=name)
                raise self._refusal(reason, (*path, key))
        if "aggs" in tree and "aggregations" in tree:
            raise self._refusal(messages.TWO_SUBS.format(name=name), path)
        definition = self._definition(name, tree, path)
        definition.parent = parent
        subs = "aggregations" if "aggregations" in tree else "aggs"
        if subs in tree:
            definition.subs = self.all(tree[subs], (*path, subs), definition)
        return definition

    def _definition(self, name: str, tree: dict[str, Any], path: Path) -> Definition:
        types = [key for key in tree if key not in ("aggs", "aggregations", "meta")]
        if not types:
            raise self._refusal(messages.NO_KIND.format(name=name), path)
        kind = self._kind(types[0], (*path, types[0]))
        if len(types) > 1:
            reason = messages.TWO_KINDS.format(name=name, first=types[0], second=types[1])
            raise self._refusal(reason, (*path, types[1]))
        given = tree[types[0]]
        options = {"body": given} if kind.reader is None else kind.reader.parse(given, self._body, (*path, types[0]))
        return Definition(name, kind, options, meta=tree.get("meta"))

    def _kind(self, name: str, path: Path) -> Kind:
        kind = kind_of(name, self._release)
        if kind is not None:
            return kind
        if NOT_EMULATED.get(name, (99,)) <= self._release < _REMOVED.get(name, (99,)):
            raise NotImplementedHere(messages.NOT_EMULATED.format(kind=name))
        raise self._unknown(name, path)

    def _unknown(self, name: str, path: Path) -> ElasticsearchError:
        known = {kind for kind in kinds() if kind_of(kind, self._release)}
        known |= {kind for kind, since in NOT_EMULATED.items() if since <= self._release}
        reason = messages.UNKNOWN_KIND.at(self._release, kind=name, hint=did_you_mean(name, known))
        if self._release >= (7, 9):
            return self._refusal(reason, path)
        if self._release < (6, 4):
            return self._refusal(reason, path, error=UnknownNamedObject)
        line, column = self._body.key_place(path) or (1, 1)
        return NamedObjectNotFound(f"[{line}:{column}] {reason}")

    def _refusal(
        self, reason: str, path: Path, *, key: bool = False, error: type[ParsingError] = ParsingError
    ) -> ElasticsearchError:
        where = self._body.key_place(path) if key else self._body.start_place(path)
        return error(reason) if where is None else error(reason, line=where[0], col=where[1])


def _refusals(definitions: list[Definition], release: tuple[int, ...]) -> Iterator[str]:
    try:
        pipelines = in_order(definitions)
    except IllegalArgument as error:
        yield str(error.reason)
        return
    for definition in pipelines:
        assert issubclass(definition.kind.implementation, Pipeline)
        yield from definition.kind.implementation.refusals(definition, definitions, release)
    for definition in definitions:
        yield from _refusals(definition.subs, release)


def _build(definitions: list[Definition], context: AggregationContext) -> Aggregations:
    names = Counter(definition.name for definition in definitions if not definition.kind.is_pipeline)
    for name, count in names.items():
        if count > 1:
            raise IllegalArgument(messages.SAME_NAME.format(name=name))
    members = [_member(definition, context) for definition in definitions if not definition.kind.is_pipeline]
    pipelines = [_pipeline(definition, context) for definition in in_order(definitions)]
    return Aggregations(members, pipelines, context)


def _member(definition: Definition, context: AggregationContext) -> Aggregation:
    made = definition.kind.implementation
    assert issubclass(made, Aggregation)
    if definition.kind.name == "global" and definition.parent is not None:
        raise AggregationExecution(messages.GLOBAL_BELOW.format(parent=definition.parent.name, name=definition.name))
    return made(definition, _build(definition.subs, context), context)


def _pipeline(definition: Definition, context: AggregationContext) -> Pipeline:
    made = definition.kind.implementation
    assert issubclass(made, Pipeline)
    return made(definition, context)
