"""Cells that several tables share."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from fake_es.wire.tables import Column

EPOCH = Column("epoch", ("t", "time"), "seconds since 1970-01-01 00:00:00")
TIMESTAMP = Column("timestamp", ("ts", "hms", "hhmmss"), "time in HH:MM:SS")


def clock_time(instant: int) -> str:
    """Epoch milliseconds as ``HH:MM:SS``, in UTC."""
    return datetime.fromtimestamp(instant // 1000, timezone.utc).strftime("%H:%M:%S")


def stamp(now: int) -> dict[str, Any]:
    """The cells for the columns ``EPOCH`` and ``TIMESTAMP``."""
    return {"epoch": now // 1000, "timestamp": clock_time(now)}
