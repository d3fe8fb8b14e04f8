"""The process of an open job: it takes records, writes results, and leaves its model behind when it ends."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from fake_es.cluster import Cluster
from fake_es.delays import JobSize
from fake_es.ml import indices, names
from fake_es.ml.audit import audit
from fake_es.ml.engine.analysis import Analysis, DataDescription
from fake_es.ml.engine.engine import Engine, Flush
from fake_es.ml.jobs import results_index, stored
from fake_es.ml.jobs.config.analysis import analysis_of, data_description_of
from fake_es.ml.jobs.data.counts import DataCounts
from fake_es.ml.jobs.data.upload import Upload, count_buckets
from fake_es.ml.jobs.store import Job
from fake_es.ml.jobs.writer import ResultWriter
from fake_es.wire.human import iso_instant


class Autodetect:
    """What a real node runs as ``autodetect`` beside itself, and the writers around it.

    The model restored is that of the job's current snapshot, so what a killed process had learnt since is lost.
    Configuration and model are those of the moment of opening, read when they are first needed: many a job is opened
    and closed without a record. All times are epoch milliseconds.
    """

    def __init__(self, cluster: Cluster, job: Job, now: int) -> None:
        self._cluster = cluster
        self._job = job
        self._config = job.saved
        self._state = stored.stored_state(cluster, job, job.snapshot_id)
        self._learnt = False
        self.counts = stored.stored_counts(cluster, job)
        self.timing = stored.stored_timing(cluster, job)
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
        """The model at work."""
        return Engine(self._job.id, self._analysis, self._state)

    @cached_property
    def _writer(self) -> ResultWriter:
        return ResultWriter(self._cluster, self._job)

    def _loading(self, snapshot: str | None) -> str:
        latest = self.counts.latest_record_timestamp
        shown = "N/A" if latest is None else iso_instant(latest)
        loaded = "[N/A]" if snapshot is None else f"[{snapshot}] with latest_record_timestamp [{shown}]"
        return f"Loading model snapshot {loaded}, job latest_record_timestamp [{shown}]"

    def post(self, body: bytes, now: int) -> DataCounts:
        """Take a body of records; answers the counts of this upload.

        :raises ElasticsearchError: the body cannot be read on; what came before stays counted.
        """
        upload = Upload(self._description, self._analysis, self.counts, self.engine, self._cluster.version)
        try:
            upload.take(body, now)
        finally:
            self._learnt = True
            count_buckets(upload.counts, self._write_results())
            self.counts.add(upload.counts, len(self._analysis.fields))
            self._write_counts()
        return upload.counts

    def flush(self, request: Flush) -> int | None:
        """Bring results up to date; answers the end of the last finalized bucket."""
        end = self.engine.flush(request)
        if self._write_results():
            self._learnt = True
        return end

    def end(self, now: int) -> dict[str, Any]:
        """End in order: the model is persisted. Answers what this changes in the job's configuration."""
        if not self._learnt:
            return {}
        size = self.size_stats(now)
        self._job.size_stats_id = names.size_stats_id(self._job.id, now)
        self._put(self._job.size_stats_id, size)
        return self._persist(str(now // 1000), size, now)

    def size(self) -> JobSize:
        """What the duration of closing depends on."""
        idle = "engine" not in self.__dict__
        return JobSize(
            model_bytes=stored.stored_model_bytes(self._cluster, self._job)
            if idle
            else self.engine.model_size()["model_bytes"],
            records=self.counts.processed_record_count,
            buckets=self.counts.bucket_count,
        )

    def size_stats(self, now: int) -> dict[str, Any]:
        """``model_size_stats`` as they are now."""
        model, latest = self.engine.model_size(), self.engine.latest_bucket()
        return stored.size_stats(self._cluster, self._job.id, model, now, latest)

    def _persist(self, snapshot: str, size: dict[str, Any], now: int) -> dict[str, Any]:
        """Write the model and the description of its snapshot, which becomes the job's current one."""
        version, job_id = self._cluster.version, self._job.id
        state = self.engine.state() | {"job_id": job_id}
        indices.write(self._cluster, names.state_index(version), names.model_state_id(job_id, snapshot), state)
        minimum = "6.4.0" if version >= (6, 4) else str(version)
        self._put(names.snapshot_id(job_id, snapshot), self._description_of(snapshot, minimum, size, now))
        if version >= (7, 0):
            audit(self._cluster, job_id, f"Job model snapshot with id [{snapshot}] stored", now)
        changes: dict[str, Any] = {"model_snapshot_id": snapshot}
        return changes | {"model_snapshot_min_version": minimum} if version >= (6, 0) else changes

    def _description_of(self, snapshot: str, minimum: str, size: dict[str, Any], now: int) -> dict[str, Any]:
        described = {
            "job_id": self._job.id,
            "min_version": minimum,
            "timestamp": now,
            "description": f"State persisted due to job close at {iso_instant(now)}",
            "snapshot_id": snapshot,
            "snapshot_doc_count": 1,
            "model_size_stats": size,
            "latest_record_time_stamp": self.counts.latest_record_timestamp,
            "latest_result_time_stamp": self.engine.latest_bucket(),
            "retain": False,
        }
        return {name: value for name, value in described.items() if value is not None}

    def _write_results(self) -> list[dict[str, Any]]:
        """Write the results that are ready; answers the finished buckets among them."""
        finished = self._writer.write(self.engine.take_results())
        for bucket in finished:
            self.timing.add(bucket)
        if finished:
            self._put(names.timing_stats_id(self._job.id), self.timing.to_json() | {"result_type": "timing_stats"})
        return finished

    def _write_counts(self) -> None:
        self._put(names.data_counts_id(self._job.id), self.counts.to_json())

    def _put(self, document_id: str, source: dict[str, Any]) -> None:
        results_index.write(self._cluster, self._job, document_id, source)
