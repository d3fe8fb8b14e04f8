"""The result of resolving names: indices, each with the filters of the aliases by which it was named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fake_es.indices.index import Index


@dataclass(frozen=True, slots=True)
class Target:
    """An index to search, with the filters of the aliases by which it was named. None means all its documents."""

    index: Index
    filters: tuple[dict[str, Any], ...] | None = None

    def as_copy(self, copy: Index) -> Target:
        """The same target with a copy of its index: one with runtime fields, or that of a point in time."""
        return replace(self, index=copy)
