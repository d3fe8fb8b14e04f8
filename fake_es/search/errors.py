"""Refusals, by the names the server gives them."""

from __future__ import annotations

from fake_es.wire.errors import ElasticsearchError, IllegalArgument


class SearchContextMissing(ElasticsearchError):
    """A scroll or a point in time that is not there any more: 404."""

    type = "search_context_missing_exception"
    default_status = 404


class QueryShard(ElasticsearchError):
    """A query that a shard cannot make anything of: 400."""

    type = "query_shard_exception"
    default_status = 400


class NoFielddata(IllegalArgument):
    """What a shard says of a field that has no values to sort or to aggregate by: 400."""


class QueryParse(ElasticsearchError):
    """What Lucene says of a query string that it cannot read; Java's class of that name is no ElasticsearchException."""

    type = "parse_exception"
    default_status = 400
    elastic = False


class NamedObjectNotFound(ElasticsearchError):
    """What a parser says of a name in its registry that is not there."""

    type = "named_object_not_found_exception"
    default_status = 400
    elastic = False
