"""Errors of aggregations, by their names in the server."""

from __future__ import annotations

from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ParsingError


class AggregationExecution(ElasticsearchError):
    """An aggregation that cannot be computed: 500."""

    type = "aggregation_execution_exception"


class AggregationInitialization(ElasticsearchError):
    """An aggregation that cannot be set up, up to 8.13: 500."""

    type = "aggregation_initialization_exception"


class InvalidAggregationPath(AggregationExecution):
    """A path that leads nowhere: 500 up to 8.2, then 400 (``AggregationExecutionException.InvalidPath``)."""

    def __init__(self, reason: str, release: tuple[int, ...]) -> None:
        super().__init__(reason, status=400 if release >= (8, 3) else 500)


class NoInterval(IllegalArgument):
    """A date histogram without an interval: 400. The server notices it only when it runs the search."""


class WindowTooLarge(IllegalArgument):
    """More top hits than ``index.max_inner_result_window``: 400, as a failure of the shards."""


class TooManyBuckets(ElasticsearchError):
    """More buckets than ``search.max_buckets``: 503 up to 7.x, then 400."""

    type = "too_many_buckets_exception"
    default_status = 400


class UnknownNamedObject(ParsingError):
    """An unknown kind of aggregation, up to 6.3: 400."""

    type = "unknown_named_object_exception"
