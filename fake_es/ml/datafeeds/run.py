"""One run of a datafeed: first the lookback, page by page, then real time (``DatafeedRunner``, ``DatafeedJob``).

Each step is an entry of the timetable, so that other actions of the cluster can come between two steps.
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
from fake_es.ml.datafeeds.extraction.page import Page
from fake_es.ml.datafeeds.extraction.source import DocumentSource
from fake_es.ml.datafeeds.feeding import ExtractionProblem, Feeding
from fake_es.ml.datafeeds.problems import Problems
from fake_es.ml.datafeeds.store import Datafeed, Task
from fake_es.ml.engine.engine import Flush
from fake_es.ml.job_store.jobs import OPENED, OPENING, Jobs
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.cluster_state import MlMetadata
from fake_es.timetable import next_turn
from fake_es.wire.durations import time_text
from fake_es.wire.errors import ElasticsearchError
from fake_es.wire.human import iso_instant

# What the server leaves between the start of an interval and its search (``NEXT_TASK_DELAY_MS``).
_MARGIN_MS = 100
_MINUTE, _HOUR = 60_000, 3_600_000

Step = Callable[[int], None]


def _carry_out(cluster: Cluster, at: int, run: Run, step: Step) -> None:
    run.when_assigned(step, at)


def _failed(cluster: Cluster, at: int, error: Exception, run: Run, step: Step) -> None:
    run.broke_down(at, error)


class Run:
    """The steps of a run; all times are epoch milliseconds. ``in_real_time`` is whether the lookback is over."""

    def __init__(self, cluster: Cluster, datafeed: Datafeed, task: Task, source: DocumentSource) -> None:
        self._cluster = cluster
        self._datafeed = datafeed
        self._task = task
        self._source = source
        self._job = cluster.part(Jobs).get(datafeed.job_id)
        self._config = config = datafeed.tree()
        tree = self._job.config_tree()
        span = span_ms(tree["analysis_config"])
        self._frequency = _frequency_of(config, span, cluster.version)
        self._query_delay = milliseconds(config["query_delay"])
        self._delayed = DelayedData(cluster, self._job, source, config, span)
        self._problems = Problems(cluster, self._job.id)
        self._begin = 0
        self.feeding: Feeding | None = None
        self.in_real_time = False

    def begin(self, at: int) -> None:
        """Start to read as soon as the job is open; a job that will not be opened ends the run."""
        task = self._job.task
        if task is not None and task.state == OPENING and task.due is not None:
            self._plan(task.due.at, self.begin)
        elif task is None or task.state != OPENED:
            self._stop(at)
        else:
            self._look_back(at)

    def finish(self) -> None:
        """Save the timing of the searches."""
        if self.feeding is not None:
            self.feeding.keep_timing()

    def _plan(self, at: int, step: Step) -> None:
        self._task.due = self._cluster.timetable.plan(at, _carry_out, self, step, failed=_failed)

    def when_assigned(self, step: Step, at: int) -> None:
        """Carry out a step, later if upgrade mode has taken the datafeed from its node."""
        task = self._job.task
        if task is not None and task.process is not None and task.process.is_busy:
            # With a request, which lets others in meanwhile.
            self._plan(self._cluster.clock.now() + 1, step)
        elif self._cluster.part(MlMetadata).upgrade_mode:
            self._plan(self._next_turn(at), step)
        else:
            step(at)

    def broke_down(self, at: int, error: Exception) -> None:
        """Say that a step has raised an error that it should not."""
        broke_down(self._cluster, at, error, self._datafeed, self._task)

    def _next_turn(self, at: int) -> int:
        return next_turn(at, self._frequency, self._cluster.clock.now())

    def _stop(self, at: int, *, reason: str | None = None, close_job: bool | None = None) -> None:
        ended(self._cluster, self._datafeed, self._task, at, reason=reason, close_job=close_job)

    def _tell(self, message: str, at: int, level: str = "info") -> None:
        audit(self._cluster, self._job.id, message, at, level)

    def _look_back(self, at: int) -> None:
        """Begin at the requested start, or after the last record of the job."""
        self.feeding = feeding = Feeding(self._cluster, self._job, self._config, self._source)
        self._begin = begin = feeding.skip_to(self._task.start)
        end = self._task.end if self._task.end is not None else at - self._query_delay
        if end > begin:
            shown = "real-time" if self._task.end is None else iso_instant(end)
            frequency = time_text(self._frequency)
            self._tell(f"Datafeed started (from: {iso_instant(begin)} to: {shown}) with frequency [{frequency}]", at)
            self._page(at, feeding, feeding.pages(begin, end), end)
        elif self._task.end is not None:
            self._stop(at)
        else:
            self._tell("Datafeed started in real-time", at)
            self._go_on(at)

    def _page(self, at: int, feeding: Feeding, pages: Iterator[Page], end: int) -> None:
        """One page of the lookback, and the next when its time has come."""
        try:
            page = next(pages, None)
            if page is not None:
                took = feeding.take(page, at)
                self._plan(at + took, lambda later: self._page(later, feeding, pages, end))
                return
            found = feeding.conclude(self._begin, end, Flush(calc_interim=True))
            if found and self._task.end is None:
                feeding.persist(at)
        except (ExtractionProblem, ElasticsearchError) as error:
            if self._tolerates(error, at):
                self._looked_back(at)
            return
        if found:
            self._tell("Datafeed lookback completed", at)
        elif self._task.end is None:
            self._problems.empty(at)
        else:
            self._tell("Datafeed lookback retrieved no data", at, "warning")
        self._looked_back(at, told=found)

    def _looked_back(self, at: int, *, told: bool = False) -> None:
        if self._task.end is not None:
            self._stop(at)
            return
        if told:
            self._tell("Datafeed continued in real-time", at)
        self._go_on(at)

    def _tolerates(self, error: Exception, at: int) -> bool:
        """Report a problem; False if it ends the run, as when the job is not open any more."""
        if isinstance(error, ExtractionProblem):
            self._problems.extracting(str(error), at)
            return True
        assert isinstance(error, ElasticsearchError), error
        self._problems.analysing(str(error.reason), at)
        if error.status == 409:
            self._stop(at)
        return error.status != 409

    def _go_on(self, at: int) -> None:
        """Plan the next search in real time: at the next interval, plus the part of the query delay beyond whole intervals."""
        self.in_real_time = True
        following = self._next_turn(at)
        interval = following - following % self._frequency
        self._plan(interval + self._query_delay % self._frequency + _MARGIN_MS, self._search)

    def _search(self, at: int) -> None:
        """One search in real time: what came since the last, up to the query delay."""
        feeding = self.feeding
        assert feeding is not None, "there is no real time before a lookback"
        before = at - self._query_delay
        start, end = feeding.next_start(self._begin), before - before % self._frequency
        try:
            found = end <= start or self._read(feeding, start, end, at)
        except (ExtractionProblem, ElasticsearchError) as error:
            if not self._tolerates(error, at):
                return
            found = True
        else:
            if end > start:
                self._count(found, at)
            self._check_delayed_data(feeding, at)
        if found or not self._gives_up(feeding, at):
            self._problems.finish(at)
            self._go_on(at)

    def _read(self, feeding: Feeding, start: int, end: int, at: int) -> bool:
        for page in feeding.pages(start, end):
            feeding.take(page, at)
        return feeding.conclude(start, end, Flush(calc_interim=True, advance_time=end))

    def _count(self, found: bool, at: int) -> None:
        if found:
            self._problems.found(at)
        else:
            self._problems.empty(at)

    def _gives_up(self, feeding: Feeding, at: int) -> bool:
        """Stop after as many empty searches as the configuration allows, if there never was anything."""
        most, empty = self._config.get("max_empty_searches"), self._problems.empty_searches
        if most is None or empty < most or feeding.has_fed:
            return False
        reason = (
            f"Datafeed for [{self._job.id}] has seen no data in [{empty}] attempts,"
            " and never seen any data previously, so stopping..."
        )
        self._stop(at, reason=reason, close_job=True)
        return True

    def _check_delayed_data(self, feeding: Feeding, at: int) -> None:
        if self._delayed.is_due(at):
            self._delayed.report(feeding.finished, at)


def _frequency_of(config: dict[str, Any], bucket_span: int, version: tuple[int, ...]) -> int:
    """Milliseconds between two searches in real time: the configured ones, or a default that suits ``bucket_span`` (ms).

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
    """A part of the bucket span, but no less than a minute and no more than an hour."""
    if bucket_span <= 2 * _MINUTE:
        return _MINUTE
    if bucket_span <= 20 * _MINUTE:
        return bucket_span // 2
    return 10 * _MINUTE if bucket_span <= 12 * _HOUR else _HOUR
