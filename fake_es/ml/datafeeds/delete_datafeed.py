"""``DELETE _ml/datafeeds/{datafeed_id}`` (``TransportDeleteDatafeedAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.common.routes import ml
from fake_es.ml.datafeeds import messages, timing
from fake_es.ml.datafeeds.lifecycle import remove_isolated
from fake_es.ml.datafeeds.store import Datafeed, Datafeeds
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import conflict
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter


@operation(
    "ml.delete_datafeed",
    routes=ml("DELETE", "/datafeeds/{datafeed_id}"),
    action="cluster:admin/xpack/ml/datafeeds/delete",
    guard=not_while_upgrading,
    query=[
        Parameter("force", parameters.BOOLEAN, False),
        Parameter("timeout", parameters.TIME),
        Parameter("master_timeout", parameters.TIME),
    ],
)
def delete_datafeed(call: Call, cluster: Cluster) -> Any:
    """Delete a stopped datafeed; with ``force`` also a running one."""
    datafeed = cluster.part(Datafeeds).get(call.path_parameters["datafeed_id"])
    delete(cluster, datafeed, call.now, force=call.params["force"])
    return {"acknowledged": True}


def delete(cluster: Cluster, datafeed: Datafeed, now: int, *, force: bool) -> None:
    """Delete a datafeed and its timing statistics. The job of a running datafeed stays open.

    :raises StatusException: 409, it runs and ``force`` is false.
    """
    if datafeed.task is not None and not force:
        raise conflict(messages.WHILE_STARTED.format(verb="delete", id=datafeed.id))
    remove_isolated(cluster, datafeed, now)
    cluster.part(Datafeeds).remove(datafeed)
    job = cluster.part(Jobs).find(datafeed.job_id)
    if job is not None:
        cluster.part(SystemIndices).delete(job.results_index, timing.document_id(job.id))
