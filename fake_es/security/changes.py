"""The counter that tells caches of security when they are out of date."""

from __future__ import annotations

from fake_es.cluster import Cluster


class Changes:
    """Counts the changes of users, roles, keys, tokens, profiles and privileges.

    A cache stores ``generation`` with its entries, and drops them once the number has changed. Expiry is not counted
    as a change: the stores of keys and tokens check it themselves.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.generation = 0

    def note(self) -> None:
        """Count a change."""
        self.generation += 1
