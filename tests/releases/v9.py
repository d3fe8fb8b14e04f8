"""9.0 to 9.5."""

from __future__ import annotations

from tests.releases.change import Change

CHANGES: list[Change] = []
