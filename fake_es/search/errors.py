"""Errors of searches, by their names in the server."""

from __future__ import annotations

from fake_es.wire.errors import ElasticsearchError, IllegalArgument


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
