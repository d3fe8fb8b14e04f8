"""The health of indices. There is one node: it has all primaries, and replicas stay unassigned."""

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
    """The shards of one index: the number of primaries, all active, and of replicas for each, all unassigned."""

    index: Index
    primaries: int
    replicas: int

    @property
    def name(self) -> str:
        """The name of the index."""
        return self.index.name

    @property
    def status(self) -> str:
        """``green``, or ``yellow`` if there are replicas."""
        return "yellow" if self.unassigned else "green"

    @property
    def unassigned(self) -> int:
        """The number of unassigned shards."""
        return self.primaries * self.replicas

    def to_json(self, version: tuple[int, ...]) -> dict[str, Any]:
        """The entry of the index in ``_cluster/health`` with ``level=indices``."""
        return {
            "status": self.status,
            "number_of_shards": self.primaries,
            "number_of_replicas": self.replicas,
            **reported_counts([self], version),
        }


def counts(indices: Sequence[IndexHealth]) -> dict[str, int]:
    """The numbers of shards by their state."""
    active = sum(index.primaries for index in indices)
    return {
        "active_primary_shards": active,
        "active_shards": active,
        "relocating_shards": 0,
        "initializing_shards": 0,
        "unassigned_shards": sum(index.unassigned for index in indices),
    }


def reported_counts(indices: Sequence[IndexHealth], version: tuple[int, ...]) -> dict[str, int]:
    """The numbers of shards in ``_cluster/health``."""
    primaries = {"unassigned_primary_shards": 0} if version >= (8, 16) else {}
    return counts(indices) | primaries


def status_of(indices: Iterable[IndexHealth]) -> str:
    """The worst status of the indices."""
    return "yellow" if any(index.unassigned for index in indices) else "green"


def active_percent(indices: Sequence[IndexHealth]) -> float:
    """The percentage of shards that are active."""
    found = counts(indices)
    total = found["active_shards"] + found["unassigned_shards"]
    return 100.0 * found["active_shards"] / total if total else 100.0


def all_indices(cluster: Cluster) -> list[IndexHealth]:
    """All indices, sorted by name."""
    return [health_of(index) for index in cluster.part(SystemIndices)]


def chosen_indices(
    indices: CallerIndices, expression: str | None, options: IndicesOptions = _EVERYTHING
) -> list[IndexHealth] | None:
    """The indices of an expression (None: all), sorted by name; None if it names one that does not exist."""
    try:
        return [health_of(target.index) for target in indices.resolve(expression or "*", options)]
    except IndexNotFound:
        return None


def health_of(index: Index) -> IndexHealth:
    """The health of an index."""
    settings = index.settings
    # With ``auto_expand_replicas`` a single node means no replicas.
    expands = str(settings.get("index.auto_expand_replicas", "false")).startswith("0-")
    replicas = 0 if expands else int(settings.get("index.number_of_replicas", 0))
    return IndexHealth(index, int(settings.get("index.number_of_shards", 1)), replicas)
