"""What a verdict that is kept has to ask: has anything of security changed since?"""

from __future__ import annotations

from fake_es.cluster import Cluster


class Changes:
    """Counts the changes of users, roles, keys, tokens, profiles and privileges.

    Whoever keeps a verdict keeps ``generation`` beside it, and believes it no longer once the two differ. Time alone
    is no change: keys and tokens that expire are for their stores to tell.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.generation = 0

    def note(self) -> None:
        """Something has changed."""
        self.generation += 1
