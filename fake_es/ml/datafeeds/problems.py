"""Reports of problems of a running datafeed, each reported once (``ProblemTracker``)."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.ml.persistence.audit import audit

# Number of consecutive empty searches before a warning (``EMPTY_DATA_WARN_COUNT``).
_EMPTY_DATA_WARN_COUNT = 10
_DAY_MS = 86_400_000


class ProblemTracker:
    """Writes problems of a datafeed, and their end, to the notifications of its job.

    :param frequency: milliseconds between two searches in real time.
    """

    def __init__(self, cluster: Cluster, job_id: str, frequency: int) -> None:
        self._cluster = cluster
        self._job_id = job_id
        self._searches_a_day = max(1, _DAY_MS // frequency)
        self._last_message: str | None = None
        self._has_problems = self._had_problems = False
        self.empty_searches = 0

    def report_extraction_problem(self, message: str, at: int) -> None:
        """Report that documents could not be read."""
        self._report(f"Datafeed is encountering errors extracting data: {message}", message, at)

    def report_analysis_problem(self, message: str, at: int) -> None:
        """Report that the job did not accept the records."""
        self._report(f"Datafeed is encountering errors submitting data for analysis: {message}", message, at)

    def _report(self, text: str, message: str, at: int) -> None:
        self._has_problems = True
        if message != self._last_message:
            self._last_message = message
            audit(self._cluster, self._job_id, text, at, "error")

    def report_empty_search(self, at: int) -> None:
        """Count a search without records; warn about the tenth in a row, from 8.6 on once a day too (pull request 91774)."""
        self.empty_searches += 1
        is_daily = self._cluster.version >= (8, 6) and self.empty_searches % self._searches_a_day == 0
        if self.empty_searches == _EMPTY_DATA_WARN_COUNT or is_daily:
            audit(self._cluster, self._job_id, "Datafeed has been retrieving no data for a while", at, "warning")

    def report_non_empty_search(self, at: int) -> None:
        """Reset the count of empty searches; report it if there was a warning."""
        if self.empty_searches >= _EMPTY_DATA_WARN_COUNT:
            audit(self._cluster, self._job_id, "Datafeed has started retrieving data again", at)
        self.empty_searches = 0

    def finish(self, at: int) -> None:
        """End a search; report the recovery if it is the first one without problems."""
        if self._had_problems and not self._has_problems:
            audit(self._cluster, self._job_id, "Datafeed has recovered data extraction and analysis", at)
        self._had_problems, self._has_problems = self._has_problems, False
