"""All rows, in the order of their releases."""

from __future__ import annotations

from tests.releases import v5, v6, v6_4, v7_0, v7_7, v7_11, v8, v8_10, v9
from tests.releases.change import Change


def changes() -> list[Change]:
    """Every change, the oldest first; those of one release in the order of the table."""
    parts = (v5, v6, v6_4, v7_0, v7_7, v7_11, v8, v8_10, v9)
    return sorted((row for part in parts for row in part.CHANGES), key=lambda change: change.releases[0])
