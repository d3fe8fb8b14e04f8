"""Errors of searches, by their names in the server."""

from __future__ import annotations

from typing import Any

from fake_es.search import messages
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NotImplementedHere


class SearchContextMissing(ElasticsearchError):
    """A scroll or point in time that has expired or was closed: 404."""

    type = "search_context_missing_exception"
    default_status = 404


class QueryShard(ElasticsearchError):
    """A query that does not go with the mapping of an index: 400."""

    type = "query_shard_exception"
    default_status = 400


class NoFielddata(IllegalArgument):
    """A field that has no values to sort or aggregate by: 400. It fails the search of one index, not the request."""


class QueryParse(ElasticsearchError):
    """Lucene's syntax error in a query string: 400. Its Java class is not an ElasticsearchException."""

    type = "parse_exception"
    default_status = 400
    elastic = False


class NamedObjectNotFound(ElasticsearchError):
    """A name that is not in the registry of a parser: 400."""

    type = "named_object_not_found_exception"
    default_status = 400
    elastic = False


class SearchPhaseFailure(ElasticsearchError):
    """A search that failed on every shard, with the status of its cause. The root cause is the error of the shards."""

    type = "search_phase_execution_exception"

    def __init__(self, reason: str, cause: ElasticsearchError, failed_shards: list[dict[str, Any]] | None = None) -> None:
        super().__init__(
            reason, status=cause.status, cause=cause, phase="query", grouped=True, failed_shards=failed_shards or []
        )

    def root_cause(self) -> ElasticsearchError:
        return self.cause or self


def not_emulated(name: str) -> NotImplementedHere:
    """The 501 for a part of a search that the server has and fake_es has not."""
    return NotImplementedHere(messages.NOT_IN_SEARCH.format(name=name))
