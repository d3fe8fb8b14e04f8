"""What goes wrong while a datafeed runs, told once each (``ProblemTracker``)."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.ml.persistence.audit import audit

# Empty searches in a row that are worth a warning (``EMPTY_DATA_WARN_COUNT``).
_MANY = 10


class Problems:
    """Tells of problems in the notifications of a job, and when they are over."""

    def __init__(self, cluster: Cluster, job_id: str) -> None:
        self._cluster = cluster
        self._job_id = job_id
        self._last: str | None = None
        self._now = self._before = False
        self.empty_searches = 0

    def extracting(self, message: str, at: int) -> None:
        """The documents could not be read."""
        self._tell(f"Datafeed is encountering errors extracting data: {message}", message, at)

    def analysing(self, message: str, at: int) -> None:
        """The job did not take the records."""
        self._tell(f"Datafeed is encountering errors submitting data for analysis: {message}", message, at)

    def _tell(self, text: str, message: str, at: int) -> None:
        self._now = True
        if message != self._last:
            self._last = message
            audit(self._cluster, self._job_id, text, at, "error")

    def empty(self, at: int) -> None:
        """A search found nothing."""
        self.empty_searches += 1
        if self.empty_searches == _MANY:
            audit(self._cluster, self._job_id, "Datafeed has been retrieving no data for a while", at, "warning")

    def found(self, at: int) -> None:
        """A search found something."""
        if self.empty_searches >= _MANY:
            audit(self._cluster, self._job_id, "Datafeed has started retrieving data again", at)
        self.empty_searches = 0

    def finish(self, at: int) -> None:
        """A search is over: tell if it was the first without problems."""
        if self._before and not self._now:
            audit(self._cluster, self._job_id, "Datafeed has recovered data extraction and analysis", at)
        self._before, self._now = self._now, False
