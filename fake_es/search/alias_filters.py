"""The check of an alias's filter: it must be a valid query for its index."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.index import Index
from fake_es.indices.system_indices import SystemIndices
from fake_es.search.query.base import QueryContext
from fake_es.search.query.parse import parse_query


def register(cluster: Cluster) -> None:
    """Register the check with the indices of a cluster."""

    def check(tree: Any, index: Index, now: int) -> None:
        parse_query(tree, QueryContext(index, now, cluster.version, node_settings=dict(cluster.settings.configured)))

    cluster.part(SystemIndices).filter_check = check
