"""5.4 to 5.6."""

from __future__ import annotations

from tests.releases.change import Change

CHANGES: list[Change] = []
