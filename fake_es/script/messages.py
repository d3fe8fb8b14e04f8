"""Texts of the room, each written once."""

from __future__ import annotations

DATA_TOO_LARGE = "[parent] Data too large, data for [{what}] would be [{wanted}], which is larger than the limit of [{limit}]"
SELF_REFERENCE = "Iterable object is self-referencing itself"
