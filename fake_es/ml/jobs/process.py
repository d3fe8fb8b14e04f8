"""The process of an open job: it takes records, writes results, and leaves its model behind when it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
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
from fake_es.ml.jobs.writer import ResultWriter, categorizer_stats
from fake_es.ml.persistence import names
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.result_ids import document_id
from fake_es.ml.snapshots.models import read_model
from fake_es.ml.snapshots.persisting import Learnt, background_persist_interval, persist
from fake_es.timetable import Entry, Failed
from fake_es.wire.errors import conflict
from fake_es.wire.human import iso_instant
from fake_es.wire.sizes import size_text

if TYPE_CHECKING:
    from fake_es.ml.engine.engine import Engine, Flush

_CATEGORIZER_STATS_SINCE = (7, 9)
_MEMORY_LEVELS = {"soft_limit": "warning", "hard_limit": "error"}


class Autodetect:
    """The ``autodetect`` process of a real node, and the writers around it.

    It restores the model of the job's current snapshot: what a killed process learnt after that snapshot is lost.
    Configuration and model are those of the moment of opening. They are read when first needed, because many jobs are
    opened and closed without a record. All times are epoch milliseconds.
    """

    def __init__(self, cluster: Cluster, job: Job, now: int, failed: Failed) -> None:
        """``failed(cluster, at, error)`` is called when what the process does by itself raises an error."""
        self._cluster = cluster
        self._failed = failed
        # Whether a request uses the process and lets other requests in meanwhile.
        self.is_busy = False
        self._job = job
        self._config = job.saved
        self._state = read_model(cluster, job.id, job.snapshot_id)
        self._learnt = False
        self._persists: Entry | None = None
        # The memory status of the last report.
        self._memory = "ok"
        self.counts = statistics.stored_counts(cluster, job)
        # How long the buckets took.
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
        """The model at work; the numbers behind it are loaded only with the first that are needed."""
        from fake_es.ml.engine.engine import Engine

        engine = Engine(self._job.id, self._analysis, self._state)
        engine.set_events(calendars.events_of(self._cluster, self._job.id, self._job.groups))
        engine.set_filters(filters.items_of(self._cluster, self._tree))
        return engine

    @property
    def _is_idle(self) -> bool:
        """Whether nothing has needed the engine yet; when something does, it is told of what there is then."""
        return "engine" not in self.__dict__

    def calendars_changed(self) -> None:
        """Tell the engine of the job's scheduled events."""
        if not self._is_idle:
            self.engine.set_events(calendars.events_of(self._cluster, self._job.id, self._job.groups))

    def filters_changed(self) -> None:
        """Tell the engine of the filters that the job's rules name."""
        if not self._is_idle:
            self.engine.set_filters(filters.items_of(self._cluster, self._job.config_tree()))

    def configuration_changed(self) -> None:
        """Take over what may change while the job is open: rules, groups, what is plotted."""
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
        """Take a body of records; answers the counts of this upload.

        :raises ElasticsearchError: the body cannot be read on; what came before stays counted.
        """
        with self._letting_in():
            return self._upload(lambda upload: upload.take(body, now), now)

    @contextmanager
    def _letting_in(self) -> Iterator[None]:
        """Let other requests in between the buckets that are finished meanwhile; they find the process busy."""
        # Made now if it is not there yet, which may be refused.
        engine = self.engine
        self.is_busy, engine.between = True, self._between
        try:
            yield
        finally:
            self.is_busy, engine.between = False, None
            self._cluster.tell()

    def _between(self) -> None:
        self._cluster.let_in()
        if not self.is_alive:
            raise conflict(store_messages.NOT_OPEN.format(id=self._job.id))

    @property
    def is_alive(self) -> bool:
        """Whether it is still the process of its job, and the job one of the cluster's."""
        task = self._job.task
        return task is not None and task.process is self and self._cluster.part(Jobs).find(self._job.id) is self._job

    def feed(self, times: Sequence[int], records: Sequence[Record], now: int) -> DataCounts:
        """Take the records of a datafeed in the order of their times; whatever format the job's own have, these are in
        epoch milliseconds.
        """
        return self._upload(lambda upload: upload.take_records(times, records, now), now)

    def _upload(self, take: Callable[[Upload], None], now: int) -> DataCounts:
        upload = Upload(self._description, self._analysis, self.counts, self.engine, self._cluster.version)
        renormaliser = self._renormaliser
        try:
            take(upload)
        finally:
            if self.is_alive:
                self._conclude(upload, renormaliser, now)
        return upload.counts

    def _conclude(self, upload: Upload, renormaliser: Renormaliser, now: int) -> None:
        """Write down what an upload has led to, as far as it came."""
        self._learns(now)
        count_buckets(upload.counts, self._write_results())
        renormaliser.run()
        self.counts.add(upload.counts, len(self._analysis.fields))
        self._write_counts()
        self._memory = _report_memory_status(self._cluster, self._job.id, self._memory, self.engine.model_size(), now)

    def flush(self, request: Flush, *, letting_in: bool = False) -> int | None:
        """Bring results up to date; answers the end of the last finalized bucket.

        :param letting_in: whether other requests may be let in meanwhile.
        :raises StatusException: 409, one of them has killed the process.
        """
        with self._letting_in() if letting_in else nullcontext():
            end = self.engine.flush(request)
        if self._write_results():
            self._learnt = True
        return end

    def end(self, now: int) -> dict[str, Any]:
        """End in order: the model is persisted. Answers what this changes in the job's configuration."""
        if not self._learnt:
            return {}
        self.engine.refresh_categories()
        self._write_results()
        return self._persist("State persisted due to job close", now)

    def stop(self) -> None:
        """Write no more snapshots in the background."""
        if self._persists is not None:
            self._persists.cancel()
            self._persists = None

    def _learns(self, now: int) -> None:
        """There is something to persist: a snapshot is written in the background when it is time."""
        self._learnt = True
        if self._persists is None:
            interval = background_persist_interval(self._job.id, self._tree)
            self._persists = self._cluster.timetable.plan(now + interval, _persist_in_background, self, failed=_not_persisted)

    def persist_in_background(self, at: int) -> None:
        """Write a snapshot while the job goes on; a job that is closing writes its last one at the end."""
        self.stop()
        if self._job.state == CLOSING:
            return
        if self._learnt and self.is_busy:
            self._learns(at)
        elif self._learnt:
            self._job.change(self._persist("Periodic background persist", at))

    def broke_down(self, at: int, error: Exception) -> None:
        """Say that something the process does by itself has raised an error."""
        self._failed(self._cluster, at, error)

    def size(self) -> JobSize:
        """What the duration of closing depends on."""
        return JobSize(
            model_bytes=statistics.stored_model_bytes(self._cluster, self._job)
            if self._is_idle
            else self.engine.model_size()["model_bytes"],
            records=self.counts.processed_record_count,
            buckets=self.counts.bucket_count,
        )

    def size_stats(self, now: int) -> dict[str, Any]:
        """``model_size_stats`` as they are now."""
        model, latest = self.engine.model_size(), self.engine.latest_bucket()
        return statistics.size_stats(self._cluster, self._job.id, model, now, latest)

    def _persist(self, why: str, now: int) -> dict[str, Any]:
        """Write the model as a snapshot, which becomes the job's current one; answers what this changes in the job."""
        size = self.size_stats(now)
        self._job.size_stats_id = names.size_stats_id(self._job.id, now)
        self._put(self._job.size_stats_id, size)
        self._write_categorizer_stats(now)
        engine, latest = self.engine, self.counts.latest_record_timestamp
        learnt = Learnt(engine.state(), size, latest, engine.latest_bucket())
        self._learnt = False
        return persist(self._cluster, self._job, learnt, f"{why} at {iso_instant(now)}", now)

    def _write_results(self) -> list[dict[str, Any]]:
        """Write the results that are ready; answers the finished buckets among them."""
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
                self._put(document_id(document), document)

    def _write_counts(self) -> None:
        self._put(names.data_counts_id(self._job.id), self.counts.to_json())

    def _put(self, document_id: str, source: dict[str, Any]) -> None:
        results_index.write(self._cluster, self._job, document_id, source)


def _persist_in_background(cluster: Cluster, at: int, process: Autodetect) -> None:
    process.persist_in_background(at)


def _not_persisted(cluster: Cluster, at: int, error: Exception, process: Autodetect) -> None:
    process.broke_down(at, error)


def _report_memory_status(cluster: Cluster, job_id: str, before: str, model: dict[str, Any], now: int) -> str:
    """Leave a message when the model comes near its memory limit or reaches it; answers its memory status now.

    Source: ``AutodetectResultProcessor``.

    :param before: the memory status of the last report.
    :param model: the fields of ``model_size_stats`` that the engine gives.
    """
    status = str(model.get("memory_status", "ok"))
    if status != before and status in _MEMORY_LEVELS:
        limit, over = model.get("model_bytes_memory_limit") or 0, model.get("model_bytes_exceeded") or 0
        size = size_text(int(model["model_bytes"]))
        sizes = {"size": size, "limit": size_text(int(limit)), "excess": size_text(int(over))}
        words = messages.HARD_LIMIT if status == "hard_limit" else messages.SOFT_LIMIT
        audit(cluster, job_id, words.at(cluster.version, **sizes), now, _MEMORY_LEVELS[status])
    return status
