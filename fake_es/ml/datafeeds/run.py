"""One run of a datafeed: first the lookback, page by page, then real time (``DatafeedRunner``, ``DatafeedJob``).

Each step is an entry of the timetable, so other events of the cluster can happen between two steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.config.datafeed.histogram import histogram_of
from fake_es.ml.config.datafeed.parts import milliseconds
from fake_es.ml.config.job.analysis_config import span_ms
from fake_es.ml.datafeeds.delayed_data import DelayedData
from fake_es.ml.datafeeds.ending import broke_down, ended
from fake_es.ml.datafeeds.extraction.extractor import Extractor, Page
from fake_es.ml.datafeeds.feeding import ExtractionProblem, Feeding
from fake_es.ml.datafeeds.problems import ProblemTracker
from fake_es.ml.datafeeds.store import STOPPING, Datafeed, Task
from fake_es.ml.engine.engine import Flush
from fake_es.ml.job_store.jobs import OPENED, OPENING, Jobs
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.cluster_state import MlMetadata
from fake_es.timetable import Steps, next_turn
from fake_es.wire.durations import time_text
from fake_es.wire.errors import ElasticsearchError
from fake_es.wire.human import iso_instant

# Delay between the start of an interval and its search in the server (``NEXT_TASK_DELAY_MS``).
_NEXT_TASK_DELAY_MS = 100
_MINUTE, _HOUR = 60_000, 3_600_000

Step = Callable[[int], Steps]


def _carry_out(cluster: Cluster, at: int, run: Run, step: Step) -> Steps:
    return run.until_over(run.when_assigned(step, at))


def _failed(cluster: Cluster, at: int, error: Exception, run: Run, step: Step) -> None:
    run.broke_down(at, error)


class Run:
    """The steps of a run; all times are epoch milliseconds. ``in_real_time`` tells whether the lookback is over."""

    def __init__(self, cluster: Cluster, datafeed: Datafeed, task: Task, extractor: Extractor) -> None:
        self._cluster = cluster
        self._datafeed = datafeed
        self._task = task
        self._extractor = extractor
        self._job = cluster.part(Jobs).get(datafeed.job_id)
        self._config = config = datafeed.tree()
        tree = self._job.config_tree()
        span = span_ms(tree["analysis_config"])
        self._frequency = _frequency_of(config, span, cluster.version)
        self._query_delay = milliseconds(config["query_delay"])
        self._delayed = DelayedData(cluster, self._job, extractor.source, config, span)
        self._problems = ProblemTracker(cluster, self._job.id, self._frequency)
        self._begin = 0
        self.feeding: Feeding | None = None
        self.in_real_time = False

    def until_over(self, steps: Steps) -> Steps:
        """Carry out steps until the datafeed stops: a request between two of them may stop it at once."""
        for _ in steps:
            yield
            if self._datafeed.task is not self._task:
                return

    def begin(self, at: int) -> Steps:
        """Start to read when the job is open. If the job is neither opened nor opening, the run ends."""
        task = self._job.task
        if task is not None and task.state == OPENING and task.due is not None:
            self._plan(task.due.at, self.begin)
        elif task is None or task.state != OPENED:
            self._stop(at)
        else:
            yield from self._look_back(at)

    def finish(self) -> None:
        """Store the timing statistics."""
        if self.feeding is not None:
            self.feeding.keep_timing()

    def _plan(self, at: int, step: Step) -> None:
        # A datafeed that was asked to stop in the middle of a step finishes that one alone.
        if self._task.state != STOPPING:
            self._task.due = self._cluster.timetable.plan(at, _carry_out, self, step, failed=_failed)

    def when_assigned(self, step: Step, at: int) -> Steps:
        """Carry out a step. Postpone it while the job's process is busy, or in upgrade mode."""
        task = self._job.task
        if task is not None and task.process is not None and task.process.is_busy:
            # A request uses the process and lets other events happen in between.
            self._plan(self._cluster.clock.now() + 1, step)
        elif self._cluster.part(MlMetadata).upgrade_mode:
            self._plan(self._next_turn(at), step)
        else:
            yield from step(at)

    def broke_down(self, at: int, error: Exception) -> None:
        """Stop the datafeed because a step raised an unexpected error."""
        broke_down(self._cluster, at, error, self._datafeed, self._task)

    def _next_turn(self, at: int) -> int:
        return next_turn(at, self._frequency, self._cluster.clock.now())

    def _stop(self, at: int, *, reason: str | None = None, close_job: bool | None = None) -> None:
        ended(self._cluster, self._datafeed, self._task, at, reason=reason, close_job=close_job)

    def _audit(self, message: str, at: int, level: str = "info") -> None:
        audit(self._cluster, self._job.id, message, at, level)

    def _look_back(self, at: int) -> Steps:
        """Begin the lookback: at the requested start, or after the last record of the job."""
        self.feeding = feeding = Feeding(self._cluster, self._job, self._extractor)
        self._begin = begin = feeding.skip_to(self._task.start)
        end = self._task.end if self._task.end is not None else at - self._query_delay
        if end > begin:
            shown = "real-time" if self._task.end is None else iso_instant(end)
            frequency = time_text(self._frequency)
            self._audit(f"Datafeed started (from: {iso_instant(begin)} to: {shown}) with frequency [{frequency}]", at)
            yield from self._page(at, feeding, feeding.pages(begin, end), end)
        elif self._task.end is not None:
            self._stop(at)
        else:
            self._audit("Datafeed started in real-time", at)
            self._go_on(at)

    def _page(self, at: int, feeding: Feeding, pages: Iterator[Page], end: int) -> Steps:
        """Feed one page of the lookback and plan the next one; after the last page finish the lookback."""
        try:
            page = next(pages, None)
            if page is not None:
                took = yield from feeding.take(page, at)
                self._plan(at + took, lambda later: self._page(later, feeding, pages, end))
                return
            found = yield from feeding.conclude(self._begin, end, Flush(calc_interim=True))
            if found and self._task.end is None:
                feeding.persist(at)
        except (ExtractionProblem, ElasticsearchError) as error:
            if self._tolerates(error, at):
                self._looked_back(at)
            return
        if found:
            self._audit("Datafeed lookback completed", at)
        elif self._task.end is None:
            self._problems.report_empty_search(at)
        else:
            self._audit("Datafeed lookback retrieved no data", at, "warning")
        self._looked_back(at, tell=found)

    def _looked_back(self, at: int, *, tell: bool = False) -> None:
        if self._task.end is not None:
            self._stop(at)
            return
        if tell:
            self._audit("Datafeed continued in real-time", at)
        self._go_on(at)

    def _tolerates(self, error: Exception, at: int) -> bool:
        """Report a problem. Return False if it ended the run: the job is no longer open (409)."""
        if isinstance(error, ExtractionProblem):
            self._problems.report_extraction_problem(str(error), at)
            return True
        assert isinstance(error, ElasticsearchError), error
        self._problems.report_analysis_problem(str(error.reason), at)
        if error.status == 409:
            self._stop(at)
        return error.status != 409

    def _go_on(self, at: int) -> None:
        """Plan the next search in real time: at the next interval, plus the query delay modulo the frequency."""
        self.in_real_time = True
        following = self._next_turn(at)
        interval = following - following % self._frequency
        self._plan(interval + self._query_delay % self._frequency + _NEXT_TASK_DELAY_MS, self._search)

    def _search(self, at: int) -> Steps:
        """Search in real time: from the end of the last search to now less the query delay."""
        feeding = self.feeding
        assert feeding is not None, "there is no real time before a lookback"
        before = at - self._query_delay
        start, end = feeding.next_start(self._begin), before - before % self._frequency
        try:
            found = True
            if end > start:
                for page in feeding.pages(start, end):
                    yield from feeding.take(page, at)
                found = yield from feeding.conclude(start, end, Flush(calc_interim=True, advance_time=end))
        except (ExtractionProblem, ElasticsearchError) as error:
            if not self._tolerates(error, at):
                return
            found = True
        else:
            if not found:
                self._problems.report_empty_search(at)
            elif end > start:
                self._problems.report_non_empty_search(at)
            if self._delayed.is_due(at):
                self._delayed.report(feeding.finished, at)
        if found or not self._gives_up(feeding, at):
            self._problems.finish(at)
            self._go_on(at)

    def _gives_up(self, feeding: Feeding, at: int) -> bool:
        """Stop the datafeed if it never fed a record and has had ``max_empty_searches`` empty searches."""
        most, empty = self._config.get("max_empty_searches"), self._problems.empty_searches
        if most is None or empty < most or feeding.has_fed:
            return False
        reason = (
            f"Datafeed for [{self._job.id}] has seen no data in [{empty}] attempts,"
            " and never seen any data previously, so stopping..."
        )
        # Up to 8.5 the reason is only logged (pull request 91774).
        self._stop(at, reason=reason if self._cluster.version >= (8, 6) else None, close_job=True)
        return True


def _frequency_of(config: dict[str, Any], bucket_span: int, version: tuple[int, ...]) -> int:
    """Milliseconds between two searches in real time: as configured, or a default for ``bucket_span`` (milliseconds).

    Source: ``DatafeedConfig.defaultFrequency``.
    """
    if "frequency" in config:
        return milliseconds(config["frequency"])
    default = _default_frequency(bucket_span)
    if not config.get("aggregations"):
        return default
    interval = histogram_of(config["aggregations"], version).interval
    return max(interval, default - default % interval)


def _default_frequency(bucket_span: int) -> int:
    """A part of the bucket span, between one minute and one hour."""
    if bucket_span <= 2 * _MINUTE:
        return _MINUTE
    if bucket_span <= 20 * _MINUTE:
        return bucket_span // 2
    return 10 * _MINUTE if bucket_span <= 12 * _HOUR else _HOUR
