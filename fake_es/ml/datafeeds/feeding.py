"""Reading documents and feeding them to the job (``DatafeedJob``). ``Run`` decides when."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from fake_es.cluster import Cluster
from fake_es.delays import JobSize
from fake_es.ml.datafeeds import timing
from fake_es.ml.datafeeds.extraction.extractor import Extractor, Page
from fake_es.ml.engine.engine import Flush
from fake_es.ml.job_store import messages as job_messages
from fake_es.ml.job_store import results_index
from fake_es.ml.job_store.jobs import OPENED, Job, Jobs
from fake_es.ml.job_store.process import JobProcess
from fake_es.wire.errors import ElasticsearchError, conflict


class ExtractionProblem(Exception):
    """Documents could not be read. The datafeed goes on and tries again at its next search."""


class Feeding:
    """Reads pages and feeds them to the job; all times are epoch milliseconds.

    No document is read twice. The first search never begins before the job's last record, even if the request has an earlier
    start. Each later search begins at the end of the one before. ``has_fed`` tells whether this run has fed
    any record. ``interval`` is the interval of the latest search.
    """

    def __init__(self, cluster: Cluster, job: Job, extractor: Extractor) -> None:
        self._cluster = cluster
        self._job = job
        self._extractor = extractor
        self.timing = timing.read_timing(cluster, job)
        self.interval: tuple[int, int] | None = None
        self.has_fed = False
        self.finished = self._process().flush(Flush()) or 0
        # The last millisecond of the last finished bucket, or the time of a later record (``DatafeedJobBuilder``).
        self._last = max(self.finished - 1, self._process().counts.latest_record_timestamp or 0, 0)
        self._records = 0

    def _process(self) -> JobProcess:
        """The job's process.

        :raises StatusException: 409, the job is no longer open.
        """
        task = self._job.task
        if task is None or task.state != OPENED or task.process is None:
            raise conflict(job_messages.NOT_OPEN.format(id=self._job.id))
        return task.process

    def skip_to(self, start: int) -> int:
        """Where to begin reading: after the job's last record, or at ``start`` if that is later.

        A job that skips ahead to ``start`` begins at a whole bucket.
        """
        if not self._last:
            return start
        if self._last + 1 > start:
            return self._last + 1
        return self._process().flush(Flush(skip_time=start)) or start

    def next_start(self, least: int) -> int:
        """Start of the next search, not before ``least``."""
        return max(least, self._last + 1) if self._last else least

    def pages(self, start: int, end: int) -> Iterator[Page]:
        """Pages of records in ``[start, end)``; one empty page if there are none.

        :raises ExtractionProblem: a search failed.
        """
        self._records = 0
        page: Page | None = None
        try:
            for page in self._extractor.pages(start, end):
                yield page
        except ElasticsearchError as error:
            raise ExtractionProblem(error.reason) from error
        if page is None:
            yield Page([], [], start, end)

    def take(self, page: Page, now: int) -> Generator[None, None, int]:
        """Feed a page to the job, step by step. Return how many milliseconds the search took.

        :raises StatusException: 409, the job is no longer open.
        """
        took = self._cluster.delays.duration("lookback", self._job.id, JobSize(records=len(page.records)))
        self.timing.searched(took)
        self.interval = page.start, page.end
        if page.records:
            counts = yield from self._process().feeding(page.times, page.records, now)
            self._records += counts.processed_record_count
            self.has_fed = self.has_fed or counts.processed_record_count > 0
            self._last = counts.latest_record_timestamp or self._last
            self.timing.fed(counts.bucket_count, counts.latest_record_timestamp)
        return took

    def conclude(self, start: int, end: int, flush: Flush) -> Generator[None, None, bool]:
        """Flush the job after all pages of ``[start, end)``, step by step. Return whether any record was processed.

        :raises StatusException: 409, the job is no longer open.
        """
        self._last = max(self._last, self._extractor.aligned(start, end)[1] - 1)
        self.finished = (yield from self._process().flushing(flush)) or self.finished
        return self._records > 0

    def persist(self, now: int) -> None:
        """Write a model snapshot, as the server does between lookback and real time (from 7.4)."""
        if self._cluster.version >= (7, 4):
            self._process().persist_in_background(now)

    def keep_timing(self) -> None:
        """Store the timing statistics, unless the job was deleted."""
        if self._cluster.version >= (7, 4) and self._cluster.part(Jobs).find(self._job.id) is self._job:
            results_index.write(self._cluster, self._job, timing.document_id(self._job.id), self.timing.document())
