"""All rows, in the order of their releases."""

from __future__ import annotations

from tests.releases import v5, v6, v6_4, v7, v8, v8_10, v9
from tests.releases.change import Change


def changes() -> list[Change]:
    """Every change, the oldest first; those of one release in the order of the table."""
    rows = [*v5.CHANGES, *v6.CHANGES, *v6_4.CHANGES, *v7.CHANGES, *v8.CHANGES, *v8_10.CHANGES, *v9.CHANGES]
    return sorted(rows, key=lambda change: change.releases[0])
