"""``DELETE .../model_snapshots/{snapshot_id}`` (``TransportDeleteModelSnapshotAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.ml.snapshots import messages, store
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.operation import operation


@operation(
    "ml.delete_model_snapshot",
    routes=ml("DELETE", "/anomaly_detectors/{job_id}/model_snapshots/{snapshot_id}"),
    action="cluster:admin/xpack/ml/job/model_snapshots/delete",
    guard=not_while_upgrading,
)
def delete_model_snapshot(call: Call, cluster: Cluster) -> Any:
    """Delete a snapshot and its model. The job's current snapshot cannot be deleted."""
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    snapshot_id = call.path_parameters["snapshot_id"]
    document = store.find(cluster, job, snapshot_id)
    if snapshot_id == job.snapshot_id:
        raise IllegalArgument(messages.DELETE_ACTIVE.format(snapshot=snapshot_id, id=job.id))
    store.delete(cluster, job.id, document, call.now)
    return {"acknowledged": True}
