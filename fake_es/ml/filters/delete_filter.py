"""``DELETE _ml/filters/{filter_id}`` (``TransportDeleteFilterAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.common.routes import ml
from fake_es.ml.filters import messages, store
from fake_es.ml.filters.store import users_of
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.ml.persistence.names import META_INDEX
from fake_es.wire.call import Call
from fake_es.wire.errors import ResourceNotFound, conflict
from fake_es.wire.operation import operation


@operation(
    "ml.delete_filter",
    routes=ml("DELETE", "/filters/{filter_id}"),
    action="cluster:admin/xpack/ml/filters/delete",
    guard=not_while_upgrading,
)
def delete_filter(call: Call, cluster: Cluster) -> Any:
    """Delete a filter that no job uses."""
    filter_id = call.path_parameters["filter_id"]
    users = users_of(cluster, filter_id)
    if users:
        raise conflict(messages.IN_USE.format(id=filter_id, jobs=", ".join(job.id for job in users)))
    if not cluster.part(SystemIndices).delete(META_INDEX, store.document_id(filter_id)):
        raise ResourceNotFound(messages.NOT_DELETED.format(id=filter_id))
    return {"acknowledged": True}
