"""``POST .../model_snapshots/{snapshot_id}/_update`` (``TransportUpdateModelSnapshotAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.ml.snapshots import messages, store
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import BOOLEAN, STRING, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation

_ACTION = "cluster:admin/xpack/ml/job/model_snapshots/update"
_UPDATE = ObjectParser(
    _ACTION, (Field("job_id", STRING), Field("snapshot_id", STRING), Field("description", STRING), Field("retain", BOOLEAN))
)


def _read(call: Call) -> dict[str, Any]:
    return _UPDATE.parse_text(call.json_body())


@operation(
    "ml.update_model_snapshot",
    routes=ml("POST", "/anomaly_detectors/{job_id}/model_snapshots/{snapshot_id}/_update"),
    action=_ACTION,
    guard=not_while_upgrading,
    body=BodyUse.REQUIRED,
    parse=_read,
)
def update_model_snapshot(call: Call, cluster: Cluster) -> Any:
    """Change the description of a snapshot, or protect it from deletion after its retention (``retain``)."""
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    document = store.find(cluster, job, call.path_parameters["snapshot_id"])
    changes = {name: call.request[name] for name in ("description", "retain") if call.request.get(name) is not None}
    if call.version < (6, 0) and "description" in changes:
        description = changes["description"]
        if any(other.source.get("description") == description for other in store.of_job(cluster, job.id)):
            raise IllegalArgument(messages.DESCRIPTION_USED.format(description=description, id=job.id))
    source = store.change(document, changes)
    return {"acknowledged": True, "model": store.SNAPSHOT.of(source, call.version, call.flag("human"))}
