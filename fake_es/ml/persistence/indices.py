"""The indices of ML. They are created with mappings, settings and aliases when ML first writes to them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.indices.types import claim_type
from fake_es.mapping.mapping import Mapping
from fake_es.ml.persistence import mappings, names
from fake_es.wire.errors import ElasticsearchError

Tree = dict[str, Any]
# Settings of all indices of ML. From 7.7 wildcards that do not begin with a dot do not match them.
_SETTINGS = {"number_of_shards": "1"}
_EXPANDED_SINCE = (6, 2)


class _Kind(NamedTuple):
    """Indices with the same prefix: their mapping, aliases and additional settings."""

    prefix: str
    mapping: Callable[[mappings.Release], Tree]
    aliases: Callable[[tuple[int, ...]], tuple[str, ...]] = lambda version: ()
    settings: tuple[tuple[str, str], ...] = ()


_KINDS = (
    _Kind(".ml-anomalies-", mappings.results_mapping, settings=(("query.default_field", mappings.ALL_FIELD_VALUES),)),
    _Kind(".ml-state", lambda release: mappings.state_mapping(), names.state_aliases),
    _Kind(".ml-notifications", lambda release: mappings.notifications_mapping(), names.notifications_aliases),
    _Kind(".ml-annotations", lambda release: mappings.annotations_mapping(), lambda version: names.ANNOTATIONS_ALIASES),
    _Kind(".ml-config", lambda release: mappings.config_mapping()),
    _Kind(".ml-meta", lambda release: mappings.meta_mapping()),
)


@cache
def _mapping(kind: _Kind, release: tuple[int, ...]) -> Mapping:
    """The mapping of a kind of index, parsed once; each index gets a copy."""
    return Mapping(release, kind.mapping(release))


def ensure(cluster: Cluster, index: str) -> None:
    """Create an index of ML if it does not exist."""
    indices = cluster.part(SystemIndices)
    if indices.exists(index):
        return
    kind = next(kind for kind in _KINDS if index.startswith(kind.prefix))
    hidden = {"is_hidden": True} if cluster.version >= (7, 7) else {}
    replicas = {"auto_expand_replicas": "0-1"} if cluster.version >= _EXPANDED_SINCE else {}
    settings: Tree = _SETTINGS | replicas | dict(kind.settings) | ({"hidden": "true"} if hidden else {})
    aliases = {alias: dict(hidden) for alias in kind.aliases(cluster.version) if not indices.exists(alias)}
    made = indices.create(index, mappings=_mapping(kind, cluster.version), settings=settings, aliases=aliases)
    if cluster.version < (7, 0):
        made.type_name = str(names.document_type(index, {}, cluster.version))
    made.is_system = True


def write(cluster: Cluster, index: str, document_id: str | None, source: Tree) -> None:
    """Store a document of ML. ``source`` is stored without a copy, so the caller must not change it later."""
    ensure(cluster, index)
    put(cluster, index, document_id, source)


def put(cluster: Cluster, index: str, document_id: str | None, source: Tree) -> None:
    """Store a document of ML in an existing index, under its type: from 6.0 the only one of the index."""
    documents = cluster.part(SystemIndices)
    if cluster.version >= (6, 0):
        documents.put(index, document_id, source)
        return
    type_name = names.document_type(index, source, cluster.version)
    assert type_name is not None, "documents of 5.x have a type"
    claim_type(documents.write_index(index), type_name, cluster.version)
    documents.put(index, document_id, source, type_name=type_name)


def leave(cluster: Cluster, index: str, source: Tree) -> None:
    """Store a document of ML with a generated id, like ``write``; if the index refuses it, it is lost without an error.

    It is checked only if a client has created the index.
    """
    target = cluster.part(SystemIndices).named(index)
    if target is not None and target.is_system and not target.closed and target.types is None:
        target.add(cluster.ids.document_id(), source)
        return
    with suppress(ElasticsearchError):
        write(cluster, index, None, source)
