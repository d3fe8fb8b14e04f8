"""What a caller may do."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.wire.call import Call


def authorize(call: Call, cluster: Cluster) -> None:
    """Placeholder until the privileges are in."""
