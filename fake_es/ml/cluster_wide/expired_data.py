"""``DELETE _ml/_delete_expired_data`` (``TransportDeleteExpiredDataAction`` and the removers of ``job.retention``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.document import Document
from fake_es.ml.common.routes import ml
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.job_store.results_index import delete_model
from fake_es.ml.persistence import names
from fake_es.ml.persistence.annotations import SYSTEM_USER
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.ml.persistence.document_shapes import epoch_ms
from fake_es.ml.snapshots import store as snapshots
from fake_es.search.system_search import SystemSearch
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation
from fake_es.wire.human import iso_instant
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]
_DAY_MS = 86_400_000
# From this release (not certain) the age of data is relative to the latest bucket of the job, before to the present time.
_BY_DATA_SINCE = (7, 8)
_ANNOTATIONS_SINCE = (7, 15)
BAD_RATE = "[requests_per_second] must either be -1 or greater than 0"
RESULTS_DELETED = "Deleted results prior to {date}"
ANNOTATIONS_DELETED = "Deleted annotations prior to {date}"
SNAPSHOTS_DELETED = "[{count}] expired model snapshots deleted"
# Results that are never deleted, or by another rule.
_KEPT = ["model_size_stats", "model_forecast_request_stats", "model_forecast"]


@operation(
    "ml.delete_expired_data",
    routes=[
        *ml("DELETE", "/_delete_expired_data"),
        *ml("DELETE", "/_delete_expired_data/{job_id}", since=(7, 9)),
    ],
    action="cluster:admin/xpack/ml/delete_expired_data",
    guard=not_while_upgrading,
    query=[
        Parameter("requests_per_second", parameters.DOUBLE, since=(7, 8)),
        Parameter("timeout", parameters.TIME, since=(7, 8)),
    ],
    body=BodyUse.PARAMETERS,
    body_since=(7, 8),
)
def delete_expired_data(call: Call, cluster: Cluster) -> Any:
    """Delete results, snapshots, annotations and forecasts after their retention, and model state without a job.

    In fake_es this takes no time, so the timeout has no effect.
    """
    rate = call.params["requests_per_second"]
    if rate is not None and rate <= 0 and rate != -1:
        raise ActionRequestValidation(BAD_RATE)
    expression = call.path_parameters.get("job_id")
    for job in cluster.part(Jobs).expand(expression, call.version):
        if job.deletion_tasks is None:
            _ExpiredData(cluster, job, call.now).delete()
    if expression is None:
        _delete_orphans(cluster)
    return {"deleted": True}


class _ExpiredData:
    """The data of one job that have expired at ``now`` (epoch milliseconds)."""

    def __init__(self, cluster: Cluster, job: Job, now: int) -> None:
        self._cluster, self._job, self._now = cluster, job, now
        self._documents = cluster.part(SystemSearch)
        self._index = names.read_alias(job.id)
        self._config = job.config_tree()

    def delete(self) -> None:
        """Delete the data and write an audit message for each kind of data that was deleted."""
        self._delete_results()
        self._delete_forecasts()
        self._delete_snapshots()
        self._delete_annotations()

    def _of_job(self, *filters: Tree, but: list[Tree] | None = None) -> Tree:
        return {"bool": {"filter": [{"term": {"job_id": self._job.id}}, *filters], "must_not": but or []}}

    def _cutoff(self, days: int | None, latest: int | None) -> int | None:
        """Data before this time (epoch milliseconds) are deleted; None if nothing is deleted."""
        if days is None:
            return None
        if self._cluster.version < _BY_DATA_SINCE:
            return self._now - self._now % _DAY_MS - days * _DAY_MS
        return None if latest is None else latest - days * _DAY_MS

    def _latest_bucket(self) -> int | None:
        query = self._of_job({"term": {"result_type": "bucket"}})
        order = [{"timestamp": {"order": "desc", "unmapped_type": "date"}}]
        found = self._documents.search(self._index, {"query": query, "sort": order, "size": 1}).sources
        return _time_of(found[0]) if found else None

    def _delete_results(self) -> None:
        cutoff = self._cutoff(self._config.get("results_retention_days"), self._latest_bucket())
        if cutoff is None:
            return
        old = ({"range": {"timestamp": {"lt": cutoff}}}, {"exists": {"field": "result_type"}})
        self._delete(self._index, self._of_job(*old, but=[{"terms": {"result_type": _KEPT}}]), RESULTS_DELETED, cutoff)

    def _delete_annotations(self) -> None:
        """From 7.15: annotations of the server expire with the results (pull requests 75617, 76096)."""
        if self._cluster.version < _ANNOTATIONS_SINCE:
            return
        cutoff = self._cutoff(self._config.get("results_retention_days"), self._latest_bucket())
        if cutoff is None:
            return
        old = ({"range": {"timestamp": {"lt": cutoff}}}, {"term": {"create_username": SYSTEM_USER}})
        index = names.annotations_index(self._cluster.version)
        self._delete(index, self._of_job(*old), ANNOTATIONS_DELETED, cutoff)

    def _delete(self, index: str, query: Tree, message: str, cutoff: int) -> None:
        if self._documents.delete_by_query(index, query):
            date = iso_instant(cutoff).replace(".000Z", "Z")
            audit(self._cluster, self._job.id, message.format(date=date), self._now)

    def _delete_forecasts(self) -> None:
        expired = {"range": {"forecast_expiry_timestamp": {"lt": self._now}}}
        known = self._documents.scan(self._index, self._of_job({"term": {"result_type": _KEPT[1]}}, expired))
        ids = [document.source["forecast_id"] for document in known if isinstance(document.source.get("forecast_id"), str)]
        if ids:
            self._documents.delete_by_query(self._index, self._of_job({"terms": {"forecast_id": ids}}))

    def _delete_snapshots(self) -> None:
        if self._job.snapshot_id is None:
            return
        expired = list(self._expired(snapshots.of_job(self._cluster, self._job.id)))
        for snapshot in expired:
            delete_model(self._cluster, self._job.id, snapshot.source)
            snapshot.index.delete(snapshot.id, type_name=snapshot.type)
        if expired:
            audit(self._cluster, self._job.id, SNAPSHOTS_DELETED.format(count=len(expired)), self._now)

    def _expired(self, known: list[Document]) -> Iterator[Document]:
        """Snapshots to delete: all that are too old. From 7.8 also all but the first of a day, after some days."""
        times = [(snapshot, at) for snapshot in known if (at := _time_of(snapshot.source)) is not None]
        latest = max((at for _, at in times), default=None)
        retention = self._config.get("model_snapshot_retention_days")
        daily = self._config.get("daily_model_snapshot_retention_after_days", retention)
        considered, keep_from = self._cutoff(daily, latest), self._cutoff(retention, latest) or 0
        for snapshot, at in times:
            if considered is None or at >= considered or self._is_kept(snapshot):
                continue
            if at < keep_from:
                yield snapshot
            else:
                keep_from += ((at - keep_from) // _DAY_MS + 1) * _DAY_MS

    def _is_kept(self, snapshot: Document) -> bool:
        return bool(snapshot.source.get("snapshot_id") == self._job.snapshot_id or snapshot.source.get("retain"))


def _time_of(source: Mapping[str, Any]) -> int | None:
    """Timestamp of a document in epoch milliseconds.

    None for a document of a client without exactly one time; the server's removers skip such documents.
    """
    found = epoch_ms(source.get("timestamp"))
    return found if isinstance(found, int) else None


def _delete_orphans(cluster: Cluster) -> None:
    """Delete models and quantiles of jobs that no longer exist (``UnusedStateRemover``)."""
    documents, jobs = cluster.part(SystemSearch), cluster.part(Jobs)
    for document in list(documents.scan(names.state_index(cluster.version))):
        owner = names.owner_of_state(document.id)
        if owner is not None and jobs.find(owner) is None:
            document.index.delete(document.id, type_name=document.type)
