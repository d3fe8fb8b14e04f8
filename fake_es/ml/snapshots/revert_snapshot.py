"""``POST .../model_snapshots/{snapshot_id}/_revert`` (``TransportRevertModelSnapshotAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.config.job.job import job_version
from fake_es.ml.job_store import results_index, statistics
from fake_es.ml.job_store.data_counts import DataCounts
from fake_es.ml.job_store.jobs import CLOSED, Job, Jobs
from fake_es.ml.persistence import names
from fake_es.ml.persistence.annotations import delete_annotations
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.ml.snapshots import messages, model_state, store
from fake_es.ml.snapshots.upgrade_tasks import Upgrades
from fake_es.search.system_search import SystemSearch
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import conflict
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

# The id that reverts a job to a model without data.
_EMPTY = "empty"
Tree = dict[str, Any]


@operation(
    "ml.revert_model_snapshot",
    routes=ml("POST", "/anomaly_detectors/{job_id}/model_snapshots/{snapshot_id}/_revert"),
    action="cluster:admin/xpack/ml/job/model_snapshots/revert",
    guard=not_while_upgrading,
    query=[Parameter("delete_intervening_results", parameters.BOOLEAN, False)],
    body=BodyUse.PARAMETERS,
)
def revert_model_snapshot(call: Call, cluster: Cluster) -> Any:
    """Revert a closed job to an earlier snapshot, and delete later results if requested."""
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    snapshot_id = call.path_parameters["snapshot_id"]
    _check_may_revert(call, cluster, job, snapshot_id)
    if snapshot_id == _EMPTY and call.version >= (7, 11):
        snapshot = _empty(call, cluster, job)
    else:
        snapshot = store.read(cluster, store.find(cluster, job, snapshot_id))
    counts = statistics.stored_counts(cluster, job) if call.params["delete_intervening_results"] else None
    _revert(cluster, job, snapshot, call.now)
    if counts is not None:
        _delete_after(cluster, job, snapshot, counts)
    return {"model": store.SNAPSHOT.of(snapshot, call.version, call.flag("human"))}


def _check_may_revert(call: Call, cluster: Cluster, job: Job, snapshot_id: str) -> None:
    if job.state != CLOSED:
        raise conflict(messages.REVERT_NOT_CLOSED)
    if cluster.part(Upgrades).running(job.id, snapshot_id):
        raise conflict(messages.REVERT_UPGRADING.format(id=job.id, snapshot=snapshot_id))
    if job.blocked is not None and call.version >= (7, 14):
        raise conflict(messages.REVERT_BLOCKED.format(id=job.id, snapshot=snapshot_id, reason=job.blocked))


def _empty(call: Call, cluster: Cluster, job: Job) -> Tree:
    return {
        "job_id": job.id,
        **({"min_version": job_version(call.version)} if call.version >= (6, 3) else {}),
        "timestamp": call.now,
        "description": "empty snapshot",
        "snapshot_id": _EMPTY,
        "snapshot_doc_count": 0,
        "model_size_stats": statistics.size_stats(cluster, job.id, {"model_bytes": 0}, call.now, None),
    }


def _revert(cluster: Cluster, job: Job, snapshot: Tree, now: int) -> None:
    """Make a snapshot the job's current one, and restore its model size statistics and quantiles."""
    is_empty = snapshot["snapshot_id"] == _EMPTY
    changes: Tree = {"model_snapshot_id": None if is_empty else str(snapshot["snapshot_id"])}
    if cluster.version >= (6, 3):
        changes["model_snapshot_min_version"] = None if is_empty else snapshot.get("min_version")
    job.change(changes)
    size = snapshot.get("model_size_stats")
    if size is not None:
        job.size_stats_id = names.size_stats_id(job.id, now)
        results_index.write(cluster, job, job.size_stats_id, size | {"log_time": now})
    if snapshot.get("quantiles") is not None:
        model_state.write_quantiles(cluster, job.id, snapshot["quantiles"])
    audit(cluster, job.id, messages.AUDIT_REVERTED.format(description=snapshot.get("description", "")), now)


def _delete_after(cluster: Cluster, job: Job, snapshot: Tree, counts: DataCounts) -> None:
    """Delete results and annotations after a snapshot, so that the same data can be fed again."""
    counts.latest_record_timestamp = snapshot.get("latest_record_time_stamp")
    results_index.write(cluster, job, names.data_counts_id(job.id, cluster.version), counts.to_json())
    latest_result = snapshot.get("latest_result_time_stamp")
    since = 1 if latest_result is None else latest_result + 1
    later = [{"term": {"job_id": job.id}}, {"exists": {"field": "result_type"}}, {"range": {"timestamp": {"gte": since}}}]
    cluster.part(SystemSearch).delete_by_query(names.read_alias(job.id), {"bool": {"filter": later}})
    delete_annotations(cluster, job.id, since=since)
