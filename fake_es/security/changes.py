"""The version number of all security data, by which caches know that they are out of date."""

from __future__ import annotations

from fake_es.cluster import Cluster


class Changes:
    """Counts changes of users, roles, keys, tokens, profiles and privileges.

    A cached authorization decision is valid only while ``generation`` has not changed. Expiry is not counted: the stores of
    keys and tokens check it themselves.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.generation = 0

    def note(self) -> None:
        """Count a change."""
        self.generation += 1
