"""The process of an open job: it takes records, writes results, and leaves its model behind when it ends."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.delays import JobSize
from fake_es.documents.indices import Indices
from fake_es.ml import names
from fake_es.ml.audit import audit
from fake_es.ml.engine.counting import Engine, Flush
from fake_es.ml.jobs.config.job import analysis_of, data_description_of
from fake_es.ml.jobs.data.counts import DataCounts
from fake_es.ml.jobs.data.upload import upload
from fake_es.ml.jobs.store import Job
from fake_es.wire.human import iso_instant


class Autodetect:
    """What a real node runs as ``autodetect`` beside itself, and the writers around it.

    ``opened_at`` is in epoch milliseconds. The model restored is that of the job's current snapshot, so what a killed
    process had learnt since is lost.
    """

    def __init__(self, cluster: Cluster, job: Job, opened_at: int) -> None:
        tree = job.config_tree()
        self._cluster = cluster
        self._job = job
        self._indices = cluster.part(Indices)
        self.analysis = analysis_of(tree)
        self.description = data_description_of(tree)
        self.counts = stored_counts(cluster, job)
        self.timing = stored_timing(cluster, job)
        snapshot_id = tree.get("model_snapshot_id")
        self.engine = Engine(job.id, self.analysis, _stored_state(cluster, job.id, snapshot_id))
        self.buckets_seen = 0
        self._learnt = False
        audit(cluster, job.id, self._loading(snapshot_id), opened_at)

    def _loading(self, snapshot_id: str | None) -> str:
        latest = self.counts.latest_record_timestamp
        return (
            f"Loading model snapshot [{snapshot_id or 'N/A'}],"
            f" job latest_record_timestamp [{iso_instant(latest) if latest is not None else 'N/A'}]"
        )

    def post(self, body: bytes, now: int) -> DataCounts:
        """Take a body of records; answers the counts of this upload.

        :raises ElasticsearchError: the body cannot be read on; what came before stays counted.
        """
        try:
            counts = upload(body, self.description, self.analysis, self.counts, self.engine, now, self._cluster.version)
        finally:
            self._learnt = True
            self._write_results(now)
            self._write_counts(now)
        return counts

    def flush(self, request: Flush, now: int) -> int | None:
        """Bring results up to date; answers the end of the last finalized bucket in epoch milliseconds."""
        end = self.engine.flush(request)
        self._write_results(now)
        self._write_counts(now)
        return end

    def end(self, at: int) -> dict[str, Any]:
        """End in order: write what is left, persist the model. Answers what this changes in the job's configuration."""
        self._write_results(at)
        self._write_counts(at)
        return self._persist(at) if self._learnt else {}

    def size(self) -> JobSize:
        """What the duration of opening and closing depends on."""
        return JobSize(
            model_bytes=self.engine.model_size()["model_bytes"],
            records=self.counts.processed_record_count,
            buckets=self.counts.bucket_count,
        )

    def size_stats(self, now: int) -> dict[str, Any]:
        """``model_size_stats`` as they are now."""
        return size_stats(self._job.id, self.engine.model_size(), now, self.engine.latest_bucket(), self._cluster.version)

    def _write_results(self, now: int) -> None:
        index = self._job.results_index
        for document_id, source in self.engine.take_results():
            self._indices.put(index, document_id, source)
            self.timing.add(source)
        for document_id in self.engine.take_deletions():
            self._indices.delete(index, document_id)
        if self.timing.changed:
            self._indices.put(index, names.timing_stats_id(self._job.id), self.timing.document(self._job.id))

    def _write_counts(self, now: int) -> None:
        document = self.counts.to_json(self._cluster.version)
        self._indices.put(self._job.results_index, names.data_counts_id(self._job.id), document)
