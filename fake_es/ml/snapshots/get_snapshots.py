"""``GET _ml/anomaly_detectors/{job_id}/model_snapshots[/{snapshot_id}]`` (``TransportGetModelSnapshotsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.expression import by_token
from fake_es.ml.common.paging import page_of
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.results.result_query import results_routes
from fake_es.ml.snapshots.store import SNAPSHOTS
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter


@operation(
    "ml.get_model_snapshots",
    routes=results_routes("model_snapshots", "model_snapshots/{snapshot_id}"),
    action="cluster:monitor/xpack/ml/job/model_snapshots/get",
    query=[*SNAPSHOTS.parameters(), Parameter("snapshot_id", parameters.TEXT, only="body")],
    body=BodyUse.PARAMETERS,
)
def get_model_snapshots(call: Call, cluster: Cluster) -> Any:
    """Snapshots of one job, by default the newest first. From 7.11 the id may be a list with wildcards."""
    page_of(call)
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    return SNAPSHOTS.answer(call, SNAPSHOTS.search(cluster, job, call, *_wanted(call)))


def _wanted(call: Call) -> list[dict[str, Any]]:
    snapshot_id = call.path_parameters.get("snapshot_id") or call.params["snapshot_id"]
    if call.version >= (7, 11) or snapshot_id in (None, "_all"):
        return by_token("snapshot_id", snapshot_id)
    return [{"term": {"snapshot_id": snapshot_id}}]
