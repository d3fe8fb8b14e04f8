"""7.0 to 7.17."""

from __future__ import annotations

from tests.releases.change import Change

CHANGES: list[Change] = []
