"""What a name resolves to: indices, each with the filters of the aliases that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fake_es.indices.index import Index


@dataclass(frozen=True, slots=True)
class Target:
    """An index to be searched, and the filters of the aliases it is searched through (None: all of it)."""

    index: Index
    filters: tuple[dict[str, Any], ...] | None = None
