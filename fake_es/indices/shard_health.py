"""Shards of the indices on the one node: a replica beside its primary finds no node and stays unassigned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.access import CallerIndices
from fake_es.indices.errors import IndexNotFound
from fake_es.indices.expressions import IndicesOptions
from fake_es.indices.index import Index
from fake_es.indices.system_indices import SystemIndices

_EVERYTHING = IndicesOptions(closed=True, hidden=True)


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """One index as the cluster sees it: primary shards, all on the node, and replicas of each, all unassigned."""

    index: Index
    primaries: int
    replicas: int

    @property
    def name(self) -> str:
        """Name of the index."""
        return self.index.name

    @property
    def status(self) -> str:
        """``green``, or ``yellow`` where replicas wait for a second node."""
        return "yellow" if self.unassigned else "green"

    @property
    def unassigned(self) -> int:
        """Shards that no node holds."""
        return self.primaries * self.replicas

    def shown(self, version: tuple[int, ...]) -> dict[str, Any]:
        """The index in a health report of level ``indices``."""
        return {
            "status": self.status,
            "number_of_shards": self.primaries,
            "number_of_replicas": self.replicas,
            **shown_counts([self], version),
        }


def counts(indices: Sequence[IndexHealth]) -> dict[str, int]:
    """Shards of the indices by what has become of them."""
    active = sum(index.primaries for index in indices)
    return {
        "active_primary_shards": active,
        "active_shards": active,
        "relocating_shards": 0,
        "initializing_shards": 0,
        "unassigned_shards": sum(index.unassigned for index in indices),
    }


def shown_counts(indices: Sequence[IndexHealth], version: tuple[int, ...]) -> dict[str, int]:
    """The same as health reports show them."""
    primaries = {"unassigned_primary_shards": 0} if version >= (8, 16) else {}
    return counts(indices) | primaries


def status_of(indices: Iterable[IndexHealth]) -> str:
    """The worst status of the indices."""
    return "yellow" if any(index.unassigned for index in indices) else "green"


def active_percent(indices: Sequence[IndexHealth]) -> float:
    """Percentage of all shards that a node holds."""
    found = counts(indices)
    total = found["active_shards"] + found["unassigned_shards"]
    return 100.0 * found["active_shards"] / total if total else 100.0


def all_indices(cluster: Cluster) -> list[IndexHealth]:
    """All indices, by name."""
    return [health_of(index) for index in cluster.part(SystemIndices)]


def chosen_indices(
    indices: CallerIndices, expression: str | None, options: IndicesOptions = _EVERYTHING
) -> list[IndexHealth] | None:
    """The indices an expression means (None: all), by name; None if it names one that does not exist."""
    try:
        return [health_of(target.index) for target in indices.resolve(expression or "*", options)]
    except IndexNotFound:
        return None


def health_of(index: Index) -> IndexHealth:
    """An index as the cluster sees it."""
    return IndexHealth(index, int(index.settings.get("index.number_of_shards", 1)), _replicas(index))


def _replicas(index: Index) -> int:
    """Replicas of each shard; where their number follows that of the nodes there is none beside the one node."""
    expands = str(index.settings.get("index.auto_expand_replicas", "false")).startswith("0-")
    return 0 if expands else int(index.settings.get("index.number_of_replicas", 0))
