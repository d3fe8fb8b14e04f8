"""``POST _ml/datafeeds/{datafeed_id}/_stop`` (``TransportStopDatafeedAction``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.common.waiting import TASKS_TIMED_OUT, wait_limit
from fake_es.ml.datafeeds import lifecycle, messages
from fake_es.ml.datafeeds.ending import close_job
from fake_es.ml.datafeeds.selection import ALLOW_NO_MATCH, datafeeds_of
from fake_es.ml.datafeeds.store import Datafeed
from fake_es.ml.persistence.cluster_state import MlMetadata, not_while_upgrading
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue, time_text
from fake_es.wire.errors import ElasticsearchError, IllegalState, conflict
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_FIVE_MINUTES = TimeValue(5, "m")
_CLOSE_JOB_SINCE = (9, 3)
# From then on a stopped datafeed can be stopped.
_IDEMPOTENT_SINCE = (6, 1)


class _RuntimeFailure(ElasticsearchError):
    """An error of the type ``runtime_exception``."""

    type = "runtime_exception"
    elastic = False


@operation(
    "ml.stop_datafeed",
    routes=ml("POST", "/datafeeds/{datafeed_id}/_stop"),
    action="cluster:admin/xpack/ml/datafeed/stop",
    guard=not_while_upgrading,
    query=[
        Parameter("timeout", parameters.TIME, _FIVE_MINUTES),
        Parameter("force", parameters.BOOLEAN, False),
        # Pull request 138634.
        Parameter("close_job", parameters.BOOLEAN, False, since=_CLOSE_JOB_SINCE),
        *ALLOW_NO_MATCH,
    ],
    body=BodyUse.PARAMETERS,
)
def stop_datafeed(call: Call, cluster: Cluster) -> Any:
    """Stop the datafeeds that an expression matches, and wait until they have stopped."""
    datafeeds = datafeeds_of(call, cluster)
    if call.version < _IDEMPOTENT_SINCE and call.path_parameters["datafeed_id"] != "_all":
        _check_running(datafeeds[0], force=call.params["force"])
    stop_all(cluster, datafeeds, call.now, call.params["timeout"], force=call.params["force"])
    if call.params["close_job"]:
        for datafeed in datafeeds:
            close_job(cluster, datafeed, cluster.clock.now())
    return {"stopped": True}


def stop_all(cluster: Cluster, datafeeds: Sequence[Datafeed], now: int, timeout: TimeValue, *, force: bool) -> None:
    """Stop datafeeds. Without ``force`` they finish their current step, and this function waits for them.

    :raises ElasticsearchError: 500, the timeout is over, although the datafeeds will still stop; 409, see
        ``_check_assigned``.
    """
    if force:
        for datafeed in datafeeds:
            lifecycle.force_stop(cluster, datafeed, now)
        return
    _check_assigned(cluster, datafeeds)
    waiting = [(datafeed, datafeed.task) for datafeed in datafeeds if datafeed.task is not None]
    for datafeed, _ in waiting:
        lifecycle.stop(cluster, datafeed, now)
    if not cluster.wait_until(lambda: all(datafeed.task is not task for datafeed, task in waiting), wait_limit(timeout)):
        raise IllegalState(TASKS_TIMED_OUT.format(timeout=time_text(timeout.ms)))


def _check_running(datafeed: Datafeed, *, force: bool) -> None:
    """Refuse to stop a datafeed that does not run (``StopDatafeedAction`` of 5.x).

    :raises ElasticsearchError: 409; with ``force`` 500.
    """
    if datafeed.task is not None:
        return
    if force:
        cause = messages.NO_TASK.format(id=datafeed.id)
        raise ElasticsearchError(messages.FORCE_STOP_FAILED.format(id=datafeed.id, why=cause), cause=_RuntimeFailure(cause))
    raise conflict(messages.ALREADY_STOPPED.format(id=datafeed.id))


def _check_assigned(cluster: Cluster, datafeeds: Sequence[Datafeed]) -> None:
    """Up to 6.8: refuse to stop datafeeds in upgrade mode, which have no node.

    :raises StatusException: 409.
    """
    running = [datafeed for datafeed in datafeeds if datafeed.task is not None]
    if running and cluster.version < (7, 0) and cluster.part(MlMetadata).upgrade_mode:
        raise conflict(messages.STOP_UNASSIGNED.format(id=running[0].id))
