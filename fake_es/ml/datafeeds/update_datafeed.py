"""``POST _ml/datafeeds/{datafeed_id}/_update`` (``TransportUpdateDatafeedAction``, ``DatafeedManager``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.config.datafeed.datafeed import DATAFEED_UPDATE, ordered, read_found, updated
from fake_es.ml.config.datafeed.parts import OPTION_PARAMETERS, with_options
from fake_es.ml.datafeeds import messages
from fake_es.ml.datafeeds.job_rules import check_against_job
from fake_es.ml.datafeeds.rights import authorization, owner_of
from fake_es.ml.datafeeds.store import Datafeed, Datafeeds
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire.call import Call, Encoded
from fake_es.wire.errors import bad_request, conflict
from fake_es.wire.operation import BodyUse, operation


def _read(call: Call) -> dict[str, Any]:
    body = call.json_body()
    return read_found(DATAFEED_UPDATE.parse_text(body), body, DATAFEED_UPDATE)


@operation(
    "ml.update_datafeed",
    routes=ml("POST", "/datafeeds/{datafeed_id}/_update"),
    action="cluster:admin/xpack/ml/datafeeds/update",
    guard=not_while_upgrading,
    query=OPTION_PARAMETERS,
    body=BodyUse.REQUIRED,
    parse=_read,
)
def update_datafeed(call: Call, cluster: Cluster) -> Any:
    """Change fields of a stopped datafeed's configuration. Return the whole configuration."""
    datafeeds = cluster.part(Datafeeds)
    datafeed = datafeeds.get(call.path_parameters["datafeed_id"])
    if datafeed.task is not None:
        raise conflict(messages.WHILE_STARTED.format(verb="update", id=datafeed.id))
    update = with_options(call, call.request)
    _check_job(call, cluster, datafeed, update.get("job_id", datafeed.job_id))
    tree = updated(datafeed.tree(), update, call.version)
    check_against_job(tree, cluster.part(Jobs).get(tree["job_id"]).config_tree(), call.version)
    tree.pop("authorization", None)
    datafeeds.save(datafeed, ordered(tree | authorization(call), call.version), owner_of(call))
    return Encoded(datafeed.source)


def _check_job(call: Call, cluster: Cluster, datafeed: Datafeed, job_id: str) -> None:
    """Refuse a change of the job: from 8.0 always; before, if the new job does not exist or has a datafeed."""
    if job_id == datafeed.job_id:
        return
    if call.version >= (8, 0):
        raise bad_request(messages.JOB_ID_FIXED)
    cluster.part(Jobs).get(job_id)
    other = cluster.part(Datafeeds).of_job(job_id)
    if other is not None:
        raise conflict(messages.JOB_HAS_ONE.format(id=other.id, job=job_id))
    if call.version >= (7, 4):
        call.warn(messages.JOB_ID_DEPRECATED)
