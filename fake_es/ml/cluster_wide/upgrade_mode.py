"""``POST _ml/set_upgrade_mode`` (``TransportSetUpgradeModeAction``).

In upgrade mode jobs and datafeeds are not assigned to a node.
"""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.ml.common.routes import ml
from fake_es.ml.datafeeds.store import Datafeeds
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.cluster_state import MlMetadata
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter

_JOB = {True: "Job unassigned from node [{node}]", False: "Opening job on node [{node}]"}
_DATAFEED = {True: "Datafeed [{id}] unassigned from node [{node}]", False: "Starting datafeed [{id}] on node [{node}]"}


@operation(
    "ml.set_upgrade_mode",
    routes=ml("POST", "/set_upgrade_mode", since=(6, 7)),
    action="cluster:admin/xpack/ml/upgrade_mode",
    query=[
        Parameter("enabled", parameters.BOOLEAN, False),
        Parameter("timeout", parameters.TIME),
        Parameter("master_timeout", parameters.TIME),
    ],
)
def set_upgrade_mode(call: Call, cluster: Cluster) -> Any:
    """Pause or resume all work of ML at once. Jobs remain opened and datafeeds remain started."""
    metadata, enabled = cluster.part(MlMetadata), call.params["enabled"]
    if metadata.upgrade_mode != enabled:
        metadata.upgrade_mode = enabled
        _tell(call, cluster, enabled)
    return {"acknowledged": True}


def _tell(call: Call, cluster: Cluster, enabled: bool) -> None:
    node = cluster.part(Node).name
    for job in cluster.part(Jobs).expand("_all", call.version):
        if job.task is not None:
            audit(cluster, job.id, _JOB[enabled].format(node=node), call.now)
    for datafeed in cluster.part(Datafeeds).running():
        audit(cluster, datafeed.job_id, _DATAFEED[enabled].format(id=datafeed.id, node=node), call.now)
