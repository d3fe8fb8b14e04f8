"""The licence of a cluster. Other rooms call ``require(feature)``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from fake_es.cluster import Cluster
from fake_es.licence import messages
from fake_es.timetable import Entry
from fake_es.wire.errors import SecurityError

DAY = 24 * 60 * 60 * 1000
TRIAL_DAYS = 30
TRIAL, BASIC, PLATINUM, ENTERPRISE, EXPIRED = "trial", "basic", "platinum", "enterprise", "expired"
# From the lowest level to the highest; a trial allows everything.
LEVELS = {"missing": 0, BASIC: 1, "standard": 2, "gold": 3, PLATINUM: 4, ENTERPRISE: 5, TRIAL: 6}
# Older names of levels, which licences may still have.
ALIASES = {"silver": "gold", "dev": "basic", "internal": PLATINUM, "cloud_internal": PLATINUM}
# The level that each feature needs; other features need no licence.
NEEDS = {"ml": PLATINUM}


@dataclass(frozen=True, slots=True)
class Terms:
    """The fields of one licence. Dates are epoch milliseconds; ``expires`` is None if the licence never expires."""

    type: str
    uid: str
    issued: int
    expires: int | None
    issued_to: str
    issuer: str = "elasticsearch"
    max_nodes: int | None = 1000
    max_resource_units: int | None = None
    start_date: int = -1

    def status(self, now: int) -> str:
        """``active`` or ``expired``."""
        return "expired" if self.expires is not None and now >= self.expires else "active"

    @property
    def mode(self) -> str:
        """The level of the type, as in ``LEVELS``."""
        return ALIASES.get(self.type, self.type)


# Called with the cluster and the instant (epoch milliseconds).
Listener = Callable[[Cluster, int], None]


class Licence:
    """The licence of a cluster, with those who listen for its changes."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._current: Terms | None = None
        self._expiry: Entry | None = None
        self._listeners: dict[Listener, None] = {}
        self._renewed = False
        self.trial_used = False
        self.choose(cluster.settings.licence, cluster.made_at)

    @property
    def current(self) -> Terms | None:
        """The licence, even if it has expired; None if it was deleted. Assigning another one calls the listeners."""
        now = self._cluster.clock.now()
        if self._renewed and self._current is not None and self._current.status(now) == "expired":
            self._current = replace(self._current, expires=now + TRIAL_DAYS * DAY)
        return self._current

    @current.setter
    def current(self, terms: Terms | None) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
        self._current, self._renewed = terms, False
        expires = None if terms is None else terms.expires
        self._expiry = None if expires is None else self._cluster.timetable.plan(expires, self._tell)
        self._tell(self._cluster, self._cluster.clock.now())

    def listen(self, listener: Listener) -> None:
        """Call ``listener(cluster, at)`` whenever the licence changes or expires. Each listener is registered once only."""
        self._listeners[listener] = None

    def _tell(self, cluster: Cluster, at: int) -> None:
        """Call all listeners; if one fails, its error is logged and the others are still called."""
        for listener in list(self._listeners):
            try:
                listener(cluster, at)
            except Exception:  # noqa: PERF203 - listeners are few
                logging.getLogger("fake_es").exception("what follows from a change of the licence failed")

    def choose(self, kind: str | None, now: int) -> None:
        """Set a licence of that type (one of ``LICENCES``); ``expired`` is a trial that has just ended.

        None is a trial that begins again whenever it would end, so that no test fails because of the licence.
        """
        chosen = self.generate(kind if kind not in (None, EXPIRED) else TRIAL, now)
        self.trial_used = self.trial_used or chosen.type == TRIAL
        self.current = chosen if kind != EXPIRED else replace(chosen, expires=chosen.issued)
        if kind is None and self._expiry is not None:
            self._renewed = True
            self._expiry.cancel()

    def generate(self, kind: str, now: int) -> Terms:
        """A licence of that type from ``now`` on: a trial for 30 days, basic (from 6.3) without an end, others for a year."""
        days = {TRIAL: TRIAL_DAYS, BASIC: None if self._cluster.version >= (6, 3) else 365}.get(kind, 365)
        expires = None if days is None else now + days * DAY
        return Terms(kind, self._cluster.ids.guid(), now, expires, self._cluster.settings.cluster_name)

    def allows(self, feature: str) -> bool:
        """Whether the licence is active, and its level has the feature."""
        needed = LEVELS[NEEDS.get(feature, "missing")]
        if self._renewed or needed == 0:
            return True
        terms = self.current
        if terms is None or terms.status(self._cluster.clock.now()) != "active":
            return False
        return LEVELS.get(terms.mode, 0) >= needed

    def require(self, feature: str) -> None:
        """Refuse a feature (``ml``) that the licence does not allow.

        :raises SecurityError: 403.
        """
        if not self.allows(feature):
            metadata: dict[str, Any] = {"license.expired.feature": feature}
            raise SecurityError(messages.NON_COMPLIANT.format(feature=feature), **metadata)

    def loses_ml(self, kind: str) -> bool:
        """Whether the cluster has ML now, and would not have it with a licence of that type."""
        return self.allows("ml") and LEVELS.get(ALIASES.get(kind, kind), 0) < LEVELS[PLATINUM]
