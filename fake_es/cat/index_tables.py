"""``_cat/indices``, ``aliases`` and ``count`` (``RestIndicesAction``, ``RestAliasAction``, ``RestCountAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cat.cells import EPOCH, TIMESTAMP, stamp
from fake_es.cat.operation import LOCAL, cat, cat_routes
from fake_es.cluster import Cluster
from fake_es.indices import shard_health
from fake_es.indices.access import indices_of
from fake_es.indices.errors import IndexNotFound
from fake_es.indices.expressions import IndicesOptions
from fake_es.indices.index import Index
from fake_es.indices.shard_health import IndexHealth
from fake_es.patterns.wildcards import simple_match
from fake_es.search.search_body import parse_search_body
from fake_es.search.searcher import Searcher
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.human import iso_instant
from fake_es.wire.parameters import Parameter
from fake_es.wire.tables import Column, Size

# Made-up sizes: of an empty shard, and of one document.
_SHARD_BYTES, _DOCUMENT_BYTES = 225, 100
_HEALTHS = ("green", "yellow", "red")
UNKNOWN_HEALTH = "unknown cluster health status [{value}]"

_EXPAND = Parameter("expand_wildcards", parameters.TEXT)


@cat(
    "cat.indices",
    routes=cat_routes("/indices", "/indices/{index}"),
    action="indices:monitor/stats",
    columns=(
        Column("health", ("h",), "current health status"),
        Column("status", ("s",), "open/close status"),
        Column("index", ("i", "idx"), "index name"),
        Column("uuid", ("id",), "index uuid"),
        Column("pri", ("p", "shards.primary", "shardsPrimary"), "number of primary shards", right=True),
        Column("rep", ("r", "shards.replica", "shardsReplica"), "number of replica shards", right=True),
        Column("docs.count", ("dc", "docsCount"), "available docs", right=True),
        Column("docs.deleted", ("dd", "docsDeleted"), "deleted docs", right=True),
        Column("creation.date", ("cd",), "index creation date (millisecond value)", default=False),
        Column("creation.date.string", ("cds",), "index creation date (as string)", default=False),
        Column("store.size", ("ss", "storeSize"), "store size of primaries & replicas", right=True),
        Column("pri.store.size", (), "store size of primaries", right=True),
        Column("dataset.size", (), "total size of dataset (including the cache for partially mounted indices)",
               right=True, since=(8, 11)),
    ),
    query=[
        *LOCAL,
        _EXPAND,
        Parameter("health", parameters.TEXT),
        Parameter("include_unloaded_segments", parameters.BOOLEAN, False, since=(7, 2)),
    ],
)  # fmt: skip
def indices(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """The indices, with health and number of documents."""
    wanted = call.params["health"]
    if wanted is not None and wanted.lower() not in _HEALTHS:
        raise IllegalArgument(UNKNOWN_HEALTH.format(value=wanted.upper()))
    return [_index(health) for health in _chosen(call, cluster) if wanted is None or health.status == wanted.lower()]


def _chosen(call: Call, cluster: Cluster) -> list[IndexHealth]:
    """The indices of the path; hidden ones too, unless the request has ``expand_wildcards``."""
    expression = call.path_parameters.get("index")
    wildcards = call.params["expand_wildcards"]
    options = IndicesOptions(closed=True, hidden=True) if wildcards is None else IndicesOptions.of(False, True, wildcards)
    found = shard_health.chosen_indices(indices_of(call, cluster), expression or "*", options)
    if found is None:
        raise IndexNotFound(str(expression), call.version)
    return found


def _index(health: IndexHealth) -> dict[str, Any]:
    index = health.index
    size = Size(_SHARD_BYTES * health.primaries + _DOCUMENT_BYTES * len(index))
    return {
        "health": health.status,
        "status": "close" if index.closed else "open",
        "index": index.name,
        "uuid": index.uuid,
        "pri": health.primaries,
        "rep": health.replicas,
        "docs.count": len(index),
        "docs.deleted": index.deleted,
        "creation.date": index.created,
        "creation.date.string": iso_instant(index.created),
        **dict.fromkeys(("store.size", "pri.store.size", "dataset.size"), size),
    }


@cat(
    "cat.aliases",
    routes=cat_routes("/aliases", "/aliases/{name}"),
    action="indices:admin/aliases/get",
    columns=(
        Column("alias", ("a",), "alias name"),
        Column("index", ("i", "idx"), "index alias points to"),
        Column("filter", ("f", "fi"), "filter"),
        Column("routing.index", ("ri", "routingIndex"), "index routing"),
        Column("routing.search", ("rs", "routingSearch"), "search routing"),
        Column("is_write_index", ("w", "isWriteIndex"), "write index", since=(6, 4)),
    ),
    query=[*LOCAL, Parameter("expand_wildcards", parameters.TEXT, since=(7, 7))],
    names=lambda call: call.path_parameters.get("name", "*").split(","),
)
def aliases(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """Aliases, with a row for each index of an alias."""
    patterns = call.path_parameters.get("name", "*").split(",")
    part = indices_of(call, cluster)
    names = [name for name in part.aliases() if any(simple_match(name, pattern) for pattern in patterns)]
    pairs = ((name, index) for name in names for index in part.aliased(name))
    return [_alias(name, index) for name, index in pairs if part.sees(index.name)]


def _alias(name: str, index: Index) -> dict[str, Any]:
    options = index.aliases[name]
    routing = options.get("routing")
    writes = options.get("is_write_index")
    return {
        "alias": name,
        "index": index.name,
        "filter": "*" if options.get("filter") else "-",
        "routing.index": options.get("index_routing", routing) or "-",
        "routing.search": options.get("search_routing", routing) or "-",
        "is_write_index": "-" if writes is None else str(writes).lower(),
    }


@cat(
    "cat.count",
    routes=cat_routes("/count", "/count/{index}"),
    action="indices:data/read/search",
    columns=(EPOCH, TIMESTAMP, Column("count", ("dc", "docs.count", "docsCount"), "the document count")),
    query=LOCAL,
)
def count(call: Call, cluster: Cluster) -> list[dict[str, Any]]:
    """The number of documents in the indices."""
    expression = call.path_parameters.get("index", "*")
    part = indices_of(call, cluster)
    found = cluster.part(Searcher).find(
        part.resolve(expression, IndicesOptions(hidden=True)), parse_search_body(None, call.version)
    )
    return [stamp(call.now) | {"count": len(found.documents)}]
