"""Renormalization: new scores for results that were written earlier (``ScoresUpdater``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.job_store import results_index
from fake_es.ml.job_store.jobs import Job
from fake_es.search.system_search import SystemSearch

if TYPE_CHECKING:
    from fake_es.ml.engine.engine import Engine

Document = dict[str, Any]
_SCORES = {"record": "record_score", "influencer": "influencer_score", "bucket": "anomaly_score"}
# Default window: 30 days or 100 buckets, whichever is longer (AutodetectCommunicator).
_DAYS, _BUCKETS, _DAY_MS = 30, 100, 86_400_000
# Smaller changes are not written ("big change" in BucketNormalizable and similar classes).
_BIG_CHANGE = 0.1
# The bucket influencer for the whole bucket.
_WHOLE = "bucket_time"


class Renormaliser:
    """Rewrites the scores of one job after the quantiles of its scores have changed. Initial scores do not change."""

    def __init__(self, cluster: Cluster, job: Job, engine: Engine, window_days: int | None, bucket_span: int) -> None:
        self._cluster = cluster
        self._job = job
        self._engine = engine
        self._window = _DAY_MS * window_days if window_days is not None else max(_DAYS * _DAY_MS, _BUCKETS * bucket_span * 1000)
        self._limits = engine.score_limits()

    def run(self) -> None:
        """Update the scores, if the score limits have changed since the last run."""
        limits, latest = self._engine.score_limits(), self._engine.latest_bucket()
        if limits == self._limits or latest is None or not self._window:
            return
        self._limits = limits
        for document_id, source in list(self._scored(latest - self._window)):
            changed = self._renormalised(source)
            if changed is not None:
                results_index.write(self._cluster, self._job, document_id, changed)

    def _scored(self, since: int) -> Iterator[tuple[str, Document]]:
        documents, name = self._cluster.part(SystemIndices), self._job.results_index
        index = documents.named(name)
        for kind, field in _SCORES.items():
            # Most jobs have no anomalies. Without these three searches a small upload is 10% faster.
            if index is not None and index.is_system and not index.exceeds(field, 0):
                continue
            wanted = [
                {"term": {"job_id": self._job.id}},
                {"term": {"result_type": kind}},
                {"range": {"timestamp": {"gte": since}}},
                {"range": {field: {"gt": 0}}},
            ]
            for document in self._cluster.part(SystemSearch).scan(name, {"bool": {"filter": wanted}}):
                if _has_scores(document.source, field):
                    yield document.id, document.source

    def _renormalised(self, source: Document) -> Document | None:
        """The result with its new score; None if the score has not changed enough."""
        field = _SCORES[source["result_type"]]
        parts = [self._rescored(part, "anomaly_score") for part in source.get("bucket_influencers", ())]
        if source["result_type"] == "bucket":
            score = next(
                (part["anomaly_score"] for part in parts if part.get("influencer_field_name") == _WHOLE), source[field]
            )
            changed = source | {field: score, "bucket_influencers": parts}
        else:
            changed = self._rescored(source, field)
        return changed if abs(changed[field] - source[field]) >= _BIG_CHANGE else None

    def _rescored(self, result: Document, field: str) -> Document:
        probability = result.get("probability")
        if not isinstance(probability, float):
            return result
        return result | {field: self._engine.renormalized_score(probability)}


def _has_scores(source: Document, field: str) -> bool:
    """Whether a result has valid scores. Results that a client has indexed may have anything, and are not changed."""
    parts = source.get("bucket_influencers", [])
    if not isinstance(parts, list) or not isinstance(source["result_type"], str):
        return False
    scores = [source[field], *(part.get("anomaly_score") if isinstance(part, dict) else None for part in parts)]
    return all(type(score) in (int, float) for score in scores)
