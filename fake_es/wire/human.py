"""``?human=true``: a readable twin before each time field (``XContentBuilder.timeField``)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timezone
from typing import Any


def iso_instant(instant: int) -> str:
    """``2017-04-11T08:30:00.000Z`` for epoch milliseconds."""
    seconds, milliseconds = divmod(instant, 1000)
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{milliseconds:03d}Z"


def with_time_twins(tree: dict[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """``tree`` with ``<field>_string`` in front of each of its ``fields`` that it holds."""
    twinned: dict[str, Any] = {}
    for name, value in tree.items():
        if name in fields:
            twinned[f"{name}_string"] = iso_instant(value)
        twinned[name] = value
    return twinned
