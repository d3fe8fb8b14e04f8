"""8.0 to 8.19."""

from __future__ import annotations

from tests.releases.change import Change

CHANGES: list[Change] = []
