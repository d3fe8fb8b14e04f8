"""What a name resolves to: indices, each with the filters of the aliases that led to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from fake_es.indices.index import Index


@dataclass(frozen=True, slots=True)
class Target:
    """An index to be searched, and the filters of the aliases it is searched through (None: all of it)."""

    index: Index
    filters: tuple[dict[str, Any], ...] | None = None

    def as_copy(self, copy: Index) -> Target:
        """The same target, with a copy of its index: one with runtime fields, or what a point in time has kept."""
        return replace(self, index=copy)
