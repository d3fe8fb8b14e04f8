"""Who is calling."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.wire.call import Call


def authenticate(call: Call, cluster: Cluster) -> None:
    """Placeholder until the realms are in."""
