"""The process of an open job: it processes records, writes results, and stores its model when it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fake_es.cluster import Cluster
from fake_es.delays import JobSize
from fake_es.ml.calendars import store as calendars
from fake_es.ml.config.job.analysis import analysis_of, data_description_of
from fake_es.ml.engine.analysis import Analysis, DataDescription
from fake_es.ml.filters import store as filters
from fake_es.ml.job_store import messages as store_messages
from fake_es.ml.job_store import results_index, statistics
from fake_es.ml.job_store.data_counts import DataCounts
from fake_es.ml.job_store.jobs import CLOSING, Job, Jobs
from fake_es.ml.job_store.timing_stats import SINCE as TIMED_SINCE
from fake_es.ml.jobs import messages
from fake_es.ml.jobs.data.records import Record
from fake_es.ml.jobs.data.upload import Upload, count_buckets
from fake_es.ml.jobs.renormaliser import Renormaliser
from fake_es.ml.jobs.result_writer import ResultWriter, categorizer_stats
from fake_es.ml.persistence import names
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.result_ids import document_id
from fake_es.ml.snapshots.model_state import read_model
from fake_es.ml.snapshots.snapshot_writer import Learnt, background_persist_interval, persist
from fake_es.timetable import Entry, Failed
from fake_es.version import has_change
from fake_es.wire.errors import conflict
from fake_es.wire.human import iso_instant, iso_seconds
from fake_es.wire.sizes import size_text

if TYPE_CHECKING:
    from fake_es.ml.engine.engine import Engine, Flush

_CATEGORIZER_STATS_SINCE = (7, 9)
# So many results are written together where more come.
_MANY_RESULTS = 200
_MEMORY_LEVELS = {"soft_limit": "warning", "hard_limit": "error"}


class Autodetect:
    """The ``autodetect`` process of a real node, together with its writers. All times are epoch milliseconds.

    It restores the model of the job's current snapshot; everything that a killed process learnt later is lost. The
    configuration and the model are those of the time of opening. They are parsed when first needed, because many jobs
    are opened and closed without data.
    """

    def __init__(self, cluster: Cluster, job: Job, now: int, failed: Failed) -> None:
        """``failed(cluster, at, error)`` is called if a step that no request has started raises an error."""
        self._cluster = cluster
        self._failed = failed
        # Whether a request or a datafeed uses the process while other requests run in between.
        self.is_busy = False
        self._job = job
        self._config = job.saved
        self._state = read_model(cluster, job.id, job.snapshot_id)
        self._learnt = False
        self._persists: Entry | None = None
        # The memory status of the last report.
        self._memory = "ok"
        self.counts = statistics.stored_counts(cluster, job)
        self.timing = statistics.stored_timing(cluster, job)
        audit(cluster, job.id, self._loading(job.snapshot_id), now)

    @cached_property
    def _tree(self) -> dict[str, Any]:
        tree: dict[str, Any] = json.loads(self._config)
        return tree

    @cached_property
    def _analysis(self) -> Analysis:
        return analysis_of(self._tree)

    @cached_property
    def _description(self) -> DataDescription:
        return data_description_of(self._tree)

    @cached_property
    def engine(self) -> Engine:
        """The engine with the job's model; created on first use."""
        from fake_es.ml.engine.engine import Engine

        engine = Engine(self._job.id, self._analysis, self._state)
        engine.set_events(calendars.events_of(self._cluster, self._job.id, self._job.groups))
        engine.set_filters(filters.items_of(self._cluster, self._tree))
        return engine

    @property
    def _is_idle(self) -> bool:
        """Whether the engine does not exist yet. It reads calendars and filters when it is created."""
        return "engine" not in self.__dict__

    def calendars_changed(self) -> None:
        """Pass the job's scheduled events to the engine."""
        if not self._is_idle:
            self.engine.set_events(calendars.events_of(self._cluster, self._job.id, self._job.groups))

    def filters_changed(self) -> None:
        """Pass the filters that the job's rules use to the engine."""
        if not self._is_idle:
            self.engine.set_filters(filters.items_of(self._cluster, self._job.config_tree()))

    def configuration_changed(self) -> None:
        """Apply the settings that may change while the job is open: rules, groups, model plot."""
        if self._is_idle:
            self._config = self._job.source
            for name in ("_tree", "_analysis"):
                self.__dict__.pop(name, None)
            return
        self.engine.update(analysis_of(self._job.config_tree()))
        self.calendars_changed()
        self.filters_changed()

    @cached_property
    def _writer(self) -> ResultWriter:
        return ResultWriter(self._cluster, self._job)

    @cached_property
    def _renormaliser(self) -> Renormaliser:
        window = self._tree.get("renormalization_window_days")
        return Renormaliser(self._cluster, self._job, self.engine, window, self._analysis.bucket_span)

    def _loading(self, snapshot: str | None) -> str:
        latest = self.counts.latest_record_timestamp
        shown = "N/A" if latest is None else iso_instant(latest)
        loaded = "[N/A]" if snapshot is None else f"[{snapshot}] with latest_record_timestamp [{shown}]"
        return f"Loading model snapshot {loaded}, job latest_record_timestamp [{shown}]"

    def post(self, body: bytes, now: int) -> DataCounts:
        """Process a body of records. Return the counts of this upload.

        :raises ElasticsearchError: the rest of the body cannot be read. Records before the error remain processed.
        """
        return self._cluster.carry_out(self._upload(lambda upload: upload.take(body, now), now))

    def _at_work(self, steps: Iterator[None]) -> Iterator[None]:
        """Carry out steps of the engine. Other requests may run between two steps. They see that the process is busy.

        :raises StatusException: 409, another request has killed the process.
        """
        self.is_busy = True
        try:
            for _ in steps:
                yield
                if not self.is_alive:
                    raise conflict(store_messages.NOT_OPEN.format(id=self._job.id))
        finally:
            self.is_busy = False
            self._cluster.tell()

    @property
    def is_alive(self) -> bool:
        """Whether this is still the process of its job, and the job still exists."""
        task = self._job.task
        return task is not None and task.process is self and self._cluster.part(Jobs).find(self._job.id) is self._job

    def feeding(self, times: Sequence[int], records: Sequence[Record], now: int) -> Generator[None, None, DataCounts]:
        """Process records of a datafeed step by step. Their times are ascending, and epoch milliseconds for any job."""
        return self._upload(lambda upload: upload.take_records(times, records, now), now)

    def _upload(self, take: Callable[[Upload], Iterator[None]], now: int) -> Generator[None, None, DataCounts]:
        # The engine is made now if it is not there yet, which may be refused.
        upload = Upload(
            self._description, self._analysis, self.counts, self.engine, self._cluster.version, self._cluster.without_lock
        )
        renormaliser = self._renormaliser
        try:
            for _ in self._at_work(take(upload)):
                if self.engine.pending >= _MANY_RESULTS:
                    count_buckets(upload.counts, self._write_results())
                yield
        finally:
            if self.is_alive:
                self._conclude(upload, renormaliser, now)
        return upload.counts

    def _conclude(self, upload: Upload, renormaliser: Renormaliser, now: int) -> None:
        """Write the results and counts of an upload, even if it ended with an error."""
        self._plan_persist(now)
        count_buckets(upload.counts, self._write_results())
        renormaliser.run()
        self.counts.add(upload.counts, len(self._analysis.fields))
        self._write_counts()
        self._memory = _report_memory_status(self._cluster, self._job.id, self._memory, self.engine.model_size(), now)

    def flush(self, request: Flush) -> int | None:
        """Bring results up to date. Return the end of the last finalized bucket. Other requests may run in between.

        :raises StatusException: 409, another request has killed the process.
        """
        return self._cluster.carry_out(self.flushing(request))

    def flushing(self, request: Flush) -> Generator[None, None, int | None]:
        """The same, step by step."""
        engine = self.engine
        for _ in self._at_work(engine.flushing(request)):
            if engine.pending >= _MANY_RESULTS and self._write_results():
                self._learnt = True
            yield
        if self._write_results():
            self._learnt = True
        return engine.finished

    def end(self, now: int) -> dict[str, Any]:
        """End in order and write the model. Return the changes of the job's configuration."""
        if not self._learnt:
            return {}
        self.engine.refresh_categories()
        self._write_results()
        return self._persist("State persisted due to job close", now)

    def stop(self) -> None:
        """Stop writing snapshots in the background."""
        if self._persists is not None:
            self._persists.cancel()
            self._persists = None

    def _plan_persist(self, now: int) -> None:
        """Note that there is something to write, and plan the next snapshot in the background."""
        self._learnt = True
        if self._persists is None:
            interval = background_persist_interval(self._job.id, self._tree)
            self._persists = self._cluster.timetable.plan(now + interval, _persist_in_background, self, failed=_not_persisted)

    def persist_in_background(self, at: int) -> None:
        """Write a snapshot while the job remains open. A closing job writes its last snapshot at its end."""
        self.stop()
        if self._job.state == CLOSING:
            return
        if self._learnt and self.is_busy:
            self._plan_persist(at)
        elif self._learnt:
            self._job.change(self._persist("Periodic background persist", at))

    def broke_down(self, at: int, error: Exception) -> None:
        """Report an error of a step that no request has started."""
        self._failed(self._cluster, at, error)

    def size(self) -> JobSize:
        """The size of the job, on which the duration of closing depends."""
        return JobSize(
            model_bytes=statistics.stored_model_bytes(self._cluster, self._job)
            if self._is_idle
            else self.engine.model_size()["model_bytes"],
            records=self.counts.processed_record_count,
            buckets=self.counts.bucket_count,
        )

    def size_stats(self, now: int) -> dict[str, Any]:
        """The present ``model_size_stats``.

        Until the first bucket has ended they are zeros without a limit; from 8.19 and 9.1 on the process tells it as it starts.
        """
        latest = self.engine.latest_bucket()
        tells = latest is not None or has_change(self._cluster.version, (8, 19), (9, 1))
        model = self.engine.model_size() if tells else {}
        return statistics.size_stats(self._cluster, self._job.id, model, now, latest)

    def _persist(self, why: str, now: int) -> dict[str, Any]:
        """Write a snapshot, which becomes the job's current one. Return the changes of the job's configuration."""
        size = self.size_stats(now)
        self._job.size_stats_id = names.size_stats_id(self._job.id, now)
        self._put(self._job.size_stats_id, size)
        self._write_categorizer_stats(now)
        engine, latest = self.engine, self.counts.latest_record_timestamp
        learnt = Learnt(engine.state(), size, latest, engine.latest_bucket())
        self._learnt = False
        return persist(self._cluster, self._job, learnt, f"{why} at {iso_seconds(now)}", now)

    def _write_results(self) -> list[dict[str, Any]]:
        """Write the results that are ready. Return the finished buckets among them."""
        finished = self._writer.write(self.engine.take_results())
        if not finished or self._cluster.version < TIMED_SINCE:
            return finished
        for bucket in finished:
            self.timing.add(bucket)
        self._put(names.timing_stats_id(self._job.id), self.timing.to_json() | {"result_type": "timing_stats"})
        return finished

    def _write_categorizer_stats(self, now: int) -> None:
        if self._cluster.version >= _CATEGORIZER_STATS_SINCE:
            for stats in self.engine.categorizer_stats():
                document = categorizer_stats(self._job.id, stats, self.engine.latest_bucket(), now)
                self._put(document_id(document, self._cluster.version), document)

    def _write_counts(self) -> None:
        self._put(names.data_counts_id(self._job.id, self._cluster.version), self.counts.to_json())

    def _put(self, document_id: str, source: dict[str, Any]) -> None:
        results_index.write(self._cluster, self._job, document_id, source)


def _persist_in_background(cluster: Cluster, at: int, process: Autodetect) -> None:
    process.persist_in_background(at)


def _not_persisted(cluster: Cluster, at: int, error: Exception, process: Autodetect) -> None:
    process.broke_down(at, error)


def _report_memory_status(cluster: Cluster, job_id: str, before: str, model: dict[str, Any], now: int) -> str:
    """Write a message if the model has come near its memory limit or reached it. Return the new memory status.

    Source: ``AutodetectResultProcessor``.

    :param before: the memory status at the last report.
    :param model: the fields of ``model_size_stats`` that the engine computes.
    """
    status = str(model.get("memory_status", "ok"))
    if status != before and status in _MEMORY_LEVELS:
        limit, over = model.get("model_bytes_memory_limit") or 0, model.get("model_bytes_exceeded") or 0
        size = size_text(int(model["model_bytes"]))
        sizes = {"size": size, "limit": size_text(int(limit)), "excess": size_text(int(over))}
        words = messages.HARD_LIMIT if status == "hard_limit" else messages.SOFT_LIMIT
        audit(cluster, job_id, words.at(cluster.version, **sizes), now, _MEMORY_LEVELS[status])
    return status
