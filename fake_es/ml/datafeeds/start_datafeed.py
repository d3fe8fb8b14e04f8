"""``POST _ml/datafeeds/{datafeed_id}/_start`` (``TransportStartDatafeedAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.persistent_tasks import allocation_disabled
from fake_es.ml.common.dates import parse_exact_date
from fake_es.ml.common.routes import ml
from fake_es.ml.common.waiting import timed_out, wait_limit
from fake_es.ml.datafeeds import lifecycle, messages
from fake_es.ml.datafeeds.extraction.extractor import Extractor
from fake_es.ml.datafeeds.extraction.factory import extractor_of
from fake_es.ml.datafeeds.job_rules import check_against_job
from fake_es.ml.datafeeds.persistent import NAME
from fake_es.ml.datafeeds.store import STARTING, Datafeed, Datafeeds, Task
from fake_es.ml.job_store.jobs import OPENED, OPENING, Job, Jobs
from fake_es.ml.jobs.assignment import has_no_node
from fake_es.ml.persistence.cluster_state import UPGRADING, MlMetadata, not_while_upgrading
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue, time_text
from fake_es.wire.errors import ActionRequestValidation, ElasticsearchError, IllegalState, ParseError, StatusException, conflict
from fake_es.wire.object_parser import ANY, STRING, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_TIMEOUT = TimeValue(20, "s")
_FIELDS = (
    Field("start", STRING),
    Field("end", STRING),
    Field("timeout", parameters.TIME.in_body),
    Field("datafeed_id", STRING),
    Field("job_id", STRING),
    Field("indices", ANY),
)
_BODY = ObjectParser(NAME, _FIELDS)


def _read(call: Call) -> dict[str, Any] | None:
    """Read the body, which replaces the query parameters; None without a body. From 6.3 unknown fields are ignored."""
    if not call.body.strip():
        return None
    call.check_query(read=False)
    body = call.json_body()
    if call.version < (6, 3):
        return _BODY.parse_text(body)
    tree = body.tree()
    known = {field.name for field in _FIELDS}
    return _BODY.parse({key: value for key, value in tree.items() if key in known} if isinstance(tree, dict) else tree, body)


@operation(
    "ml.start_datafeed",
    routes=ml("POST", "/datafeeds/{datafeed_id}/_start"),
    action="cluster:admin/xpack/ml/datafeed/start",
    guard=not_while_upgrading,
    feature="ml",
    query=[
        Parameter("start", parameters.TEXT),
        Parameter("end", parameters.TEXT),
        Parameter("timeout", parameters.TIME),
    ],
    body=BodyUse.OPTIONAL,
    parse=_read,
)
def start_datafeed(call: Call, cluster: Cluster) -> Any:
    """Start a datafeed, which reads from ``start`` (default: the first document) to ``end`` (default: in real time)."""
    given = call.params if call.request is None else call.request
    start, end = _times(call, given)
    datafeed = cluster.part(Datafeeds).get(call.path_parameters["datafeed_id"])
    extractor = _check_may_start(call, cluster, datafeed, cluster.part(Jobs).get(datafeed.job_id))
    task = lifecycle.start(cluster, datafeed, extractor, call.now, start, end)
    timeout: TimeValue = given.get("timeout") or _TIMEOUT
    if not cluster.wait_until(lambda: datafeed.task is not task or _has_settled(task), wait_limit(timeout)):
        raise timed_out(messages.START_TIMED_OUT.format(id=datafeed.id, timeout=time_text(timeout.ms)), call.version)
    if task.state == STARTING and task.error is not None:
        raise task.error
    node = "" if task.explanation else cluster.part(Node).id
    return {"started": True, "node": node} if call.version >= (7, 8) else {"started": True}


def _has_settled(task: Task) -> bool:
    """Whether a start is answered: the datafeed has started, or waits for its job to get a node."""
    return task.state != STARTING or bool(task.explanation)


def _times(call: Call, given: dict[str, Any]) -> tuple[int, int | None]:
    start, end = (_time(call, given, name) for name in ("start", "end"))
    start = start or 0
    if end is not None and end <= start:
        raise ActionRequestValidation(messages.START_AFTER_END.format(start=start, end=end))
    return start, end


def _time(call: Call, given: dict[str, Any], name: str) -> int | None:
    if not given.get(name):
        return None
    try:
        return parse_exact_date(given[name], name, call.now, call.version)
    except ParseError as error:
        if call.request is None:
            raise
        raise call.json_body().refused_field(NAME, (name,), error) from None


def _check_may_start(call: Call, cluster: Cluster, datafeed: Datafeed, job: Job) -> Extractor:
    """Check in the server's order whether a datafeed can start. Return its extractor.

    :raises ElasticsearchError: 400, 404, 409 or 429 by the first check that fails.
    """
    config, tree = datafeed.tree(), job.config_tree()
    check_against_job(config, tree, call.version)
    if job.state not in ((OPENED,) if call.version < (5, 5) else (OPENED, OPENING)):
        raise conflict(messages.JOB_NOT_OPEN.at(call.version, id=datafeed.id, job=job.id, state=job.state))
    extractor = extractor_of(cluster, config, tree, datafeed.owner)
    extractor.check()
    if datafeed.task is not None:
        raise conflict(messages.ALREADY_STARTED.format(id=datafeed.id))
    if cluster.part(MlMetadata).upgrade_mode:
        cause = IllegalState(messages.UPGRADING_CAUSE.format(id=datafeed.id, explanation=UPGRADING))
        raise StatusException(messages.UPGRADING.format(id=datafeed.id), status=429, cause=cause)
    missing = extractor.source.missing()
    if missing is not None:
        why = messages.INDEX_NOT_READY.format(id=datafeed.id, index=missing)
        reason = messages.NO_NODE.format(id=datafeed.id, reason=why)
        raise ElasticsearchError(reason) if call.version < (5, 5) else conflict(reason)
    _check_can_be_assigned(cluster, job)
    return extractor


def _check_can_be_assigned(cluster: Cluster, job: Job) -> None:
    """Refuse a datafeed that no node would get. From 7.7 one waits for its job to get a node (PR 53918).

    :raises StatusException: 429.
    """
    explanation = allocation_disabled(cluster, NAME)
    if explanation is None and has_no_node(job) and cluster.version < (7, 7):
        explanation = ""
    if explanation is not None:
        raise StatusException(messages.NOT_ASSIGNED.format(explanation=explanation), status=429)
