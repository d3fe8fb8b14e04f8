"""Writing the engine's results to the job's results index, in the form of each release."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.job_store import results_index
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.persistence.mappings import EXPLANATION_SINCE, RESULTS_SINCE
from fake_es.ml.persistence.result_ids import document_id, numbered
from fake_es.search.system_search import SystemSearch

Document = dict[str, Any]
_CATEGORY_TYPE_SINCE = (7, 10)
_INGESTED, _INGESTED_SINCE = frozenset({"bucket", "record", "influencer"}), (9, 5)
# In 5.4 results of a bucket are told apart by ``sequence_num``.
_NUMBERED_UNTIL = (5, 5)


class ResultWriter:
    """Writes the results of one job. New results replace earlier interim results."""

    def __init__(self, cluster: Cluster, job: Job) -> None:
        self._cluster = cluster
        self._job = job
        self._unknown = frozenset(name for name, since in RESULTS_SINCE.items() if cluster.version < since)
        self._unexplained = frozenset(name for name, since in EXPLANATION_SINCE.items() if cluster.version < since)
        # An earlier process may have written interim results.
        self._has_interim = True

    def write(self, results: Iterable[Document]) -> list[Document]:
        """Write results. Return the finished buckets among them."""
        results = list(results)
        if self._cluster.version >= _INGESTED_SINCE:
            results = [_ingested(result, self._cluster.clock.now()) for result in results]
        if self._has_interim and any(result["result_type"] == "bucket" for result in results):
            interim = [{"term": {"job_id": self._job.id}}, {"term": {"is_interim": True}}]
            self._cluster.part(SystemSearch).delete_by_query(self._job.results_index, {"bool": {"filter": interim}})
        if self._cluster.version < _NUMBERED_UNTIL:
            results = numbered(results)
        for result in results:
            results_index.write(self._cluster, self._job, document_id(result, self._cluster.version), self._in_release(result))
        buckets = [result for result in results if result["result_type"] == "bucket"]
        self._has_interim = any(bucket["is_interim"] for bucket in buckets)
        return [bucket for bucket in buckets if not bucket["is_interim"]]

    def _in_release(self, result: Document) -> Document:
        """A result without the fields that the release does not have."""
        if result["result_type"] == "category_definition" and self._cluster.version < _CATEGORY_TYPE_SINCE:
            return _without(result, self._unknown | {"result_type", "mlcategory"})
        explanation, causes = result.get("anomaly_score_explanation", {}), result.get("causes", ())
        if not self._unexplained.isdisjoint(explanation):
            result = result | {"anomaly_score_explanation": _without(explanation, self._unexplained)}
        if any(not self._unknown.isdisjoint(cause) for cause in causes):
            result = result | {"causes": [_without(cause, self._unknown) for cause in causes]}
        return result if self._unknown.isdisjoint(result) else _without(result, self._unknown)


def _ingested(result: Document, now: int) -> Document:
    """A result with the time at which it is written (pull request 148583)."""
    if result["result_type"] not in _INGESTED:
        return result
    event: Document = {"event": {"ingested": now}}
    if "bucket_influencers" in result:
        return result | event | {"bucket_influencers": [influencer | event for influencer in result["bucket_influencers"]]}
    return result | event


def _without(document: Document, names: frozenset[str]) -> Document:
    return {name: value for name, value in document.items() if name not in names}


def categorizer_stats(job_id: str, stats: Document, latest_bucket: int | None, now: int) -> Document:
    """A ``categorizer_stats`` document (from 7.9) at the time ``now`` (epoch milliseconds)."""
    field = stats.get("partition_field_name")
    named = {} if field is None else {field: stats["partition_field_value"]}
    times = {"log_time": now, "timestamp": latest_bucket or 0}
    return {"job_id": job_id, "result_type": "categorizer_stats", **stats, **named, **times}
