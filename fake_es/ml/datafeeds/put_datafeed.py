"""``PUT _ml/datafeeds/{datafeed_id}`` (``TransportPutDatafeedAction``, ``DatafeedManager``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.config.datafeed.datafeed import DATAFEED, completed, ordered, read_found
from fake_es.ml.config.datafeed.parts import OPTION_PARAMETERS, with_options
from fake_es.ml.datafeeds import messages
from fake_es.ml.datafeeds.job_rules import check_against_job
from fake_es.ml.datafeeds.rights import authorization, check_may_search, owner_of
from fake_es.ml.datafeeds.store import Datafeed, Datafeeds
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.job_store.listeners import JobListeners
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire.call import Call, Encoded
from fake_es.wire.errors import ResourceAlreadyExists, conflict
from fake_es.wire.operation import BodyUse, operation

Tree = dict[str, Any]


def _read(call: Call) -> Tree:
    """The body with the field names of GET. The id of the path replaces one in the body."""
    body = call.json_body()
    tree = read_found(DATAFEED.parse_text(body), body)
    return tree | {"datafeed_id": call.path_parameters["datafeed_id"]}


@operation(
    "ml.put_datafeed",
    routes=ml("PUT", "/datafeeds/{datafeed_id}"),
    action="cluster:admin/xpack/ml/datafeeds/put",
    guard=not_while_upgrading,
    feature="ml",
    query=OPTION_PARAMETERS,
    body=BodyUse.REQUIRED,
    parse=_read,
)
def put_datafeed(call: Call, cluster: Cluster) -> Any:
    """Create a datafeed. Return its configuration with all defaults."""
    tree = completed(with_options(call, call.request), call.version)
    check_may_search(call, cluster, tree)
    _check_free(call, cluster, tree)
    job = cluster.part(Jobs).get(tree["job_id"])
    _check_job_is_free(cluster, tree["job_id"])
    check_against_job(tree, job.config_tree(), call.version)
    if cluster.part(Datafeeds).find(tree["datafeed_id"]) is not None:
        raise ResourceAlreadyExists(messages.ID_TAKEN.format(id=tree["datafeed_id"]))
    return Encoded(create(call, cluster, tree).source)


def _check_free(call: Call, cluster: Cluster, tree: Tree) -> None:
    """The check before the search for the job: up to 6.5 that the id is free, later that the job has no datafeed."""
    if call.version >= (6, 6):
        _check_job_is_free(cluster, tree["job_id"])
    elif cluster.part(Datafeeds).find(tree["datafeed_id"]) is not None:
        raise ResourceAlreadyExists(messages.ID_TAKEN.format(id=tree["datafeed_id"]))


def _check_job_is_free(cluster: Cluster, job_id: str) -> None:
    other = cluster.part(Datafeeds).of_job(job_id)
    if other is not None:
        raise conflict(messages.JOB_HAS_ONE.format(id=other.id, job=job_id))


def create(call: Call, cluster: Cluster, tree: Tree) -> Datafeed:
    """Create a datafeed with a checked configuration. It runs with the rights of the caller."""
    datafeed = Datafeed(ordered(tree | authorization(call), call.version), owner_of(call))
    cluster.part(JobListeners).load()
    cluster.part(Datafeeds).add(datafeed)
    return datafeed


def embedded(call: Call, cluster: Cluster, tree: Tree, job: Tree) -> Tree:
    """Check and complete the ``datafeed_config`` in the configuration of a new job.

    :raises ElasticsearchError: see ``put_datafeed``.
    """
    if tree.get("job_id", job["job_id"]) != job["job_id"]:
        raise conflict(messages.OTHER_JOB_ID.format(datafeed=tree["job_id"], job=job["job_id"]))
    names = {"datafeed_id": tree.get("datafeed_id", job["job_id"]), "job_id": job["job_id"]}
    config = completed(with_options(call, tree | names), call.version)
    check_may_search(call, cluster, config)
    check_against_job(config, job, call.version)
    if cluster.part(Datafeeds).find(config["datafeed_id"]) is not None:
        raise ResourceAlreadyExists(messages.ID_TAKEN.format(id=config["datafeed_id"]))
    return config
