"""``POST _ml/anomaly_detectors/{job_id}/_open`` (``TransportOpenJobAction``)."""

from __future__ import annotations

import re
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.ml.common.routes import ml
from fake_es.ml.common.waiting import HALF_AN_HOUR, timed_out, wait_limit
from fake_es.ml.filters import store as filters
from fake_es.ml.filters.messages import NOT_FOUND as NO_FILTER_FOUND
from fake_es.ml.job_store.jobs import FAILED, OPENING, Job, Jobs, Task
from fake_es.ml.jobs import lifecycle, messages
from fake_es.ml.jobs.assignment import check_enabled, no_node, obstacle, opens_lazily
from fake_es.ml.jobs.licence_enforcer import watch
from fake_es.ml.persistence.cluster_state import MlMetadata, not_while_upgrading
from fake_es.ml.snapshots import store as snapshots
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue, time_text
from fake_es.wire.errors import (
    ElasticsearchError,
    ResourceAlreadyExists,
    ResourceNotFound,
    StatusException,
    bad_request,
    conflict,
)
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter


@operation(
    "ml.open_job",
    routes=ml("POST", "/anomaly_detectors/{job_id}/_open"),
    action="cluster:admin/xpack/ml/job/open",
    guard=not_while_upgrading,
    feature="ml",
    query=[
        Parameter("timeout", parameters.TIME, HALF_AN_HOUR),
        Parameter("ignore_downtime", parameters.BOOLEAN, False, until=(7, 0)),
    ],
    body=BodyUse.PARAMETERS,
)
def open_job(call: Call, cluster: Cluster) -> Any:
    """Open a closed job, and wait until it is open."""
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    if call.version >= (8, 0):
        _check_snapshot(call, cluster, job)
    if call.version >= (8, 6):
        _check_filters(cluster, job)
    _check_may_open(call, job)
    if cluster.part(MlMetadata).upgrade_mode:
        raise StatusException(messages.OPEN_UPGRADING, status=429)
    watch(cluster)
    explanation = obstacle(cluster, job)
    if explanation and not opens_lazily(cluster, job):
        raise no_node(call.version, explanation)
    check_enabled(cluster)
    if explanation:
        lifecycle.start_waiting(cluster, job, call.now)
        return _answer(call, "")
    task = lifecycle.start_opening(cluster, job, call.now)
    timeout: TimeValue = call.params["timeout"]
    settled = cluster.wait_until(lambda: job.task is not task or task.state != OPENING, wait_limit(timeout))
    if not settled:
        reason = messages.OPEN_TIMED_OUT.format(id=job.id, timeout=time_text(timeout.ms))
        raise timed_out(reason, call.version)
    return _opened(call, cluster, job, task)


def _check_snapshot(call: Call, cluster: Cluster, job: Job) -> None:
    """Refuse a job whose model was written by a release that is too old (pull requests 78401, 81039 and 118166)."""
    if job.snapshot_id is None:
        return
    try:
        snapshot = snapshots.find(cluster, job, job.snapshot_id).source
    except ResourceNotFound:
        return
    oldest, shown = ((8, 3), "8.3.0") if call.version >= (8, 18) else ((6, 4), "7.0.0")
    version = snapshot.get("min_version", snapshots.OLDEST_MIN_VERSION)
    if tuple(int(part) for part in re.findall(r"\d+", version)) < oldest:
        raise bad_request(messages.OPEN_OLD_SNAPSHOT.format(id=job.id, snapshot=job.snapshot_id, version=shown))


def _check_filters(cluster: Cluster, job: Job) -> None:
    """Refuse a job with rules that use filters which do not exist (pull request 92207)."""
    if b"filter" not in job.source:  # most jobs: no need to read the configuration
        return
    named = sorted(filters.referenced_by(job.config_tree()))
    missing = [filter_id for filter_id in named if filters.find(cluster, filter_id) is None]
    if missing:
        raise ResourceNotFound(NO_FILTER_FOUND.at(cluster.version, id=",".join(missing)))


def _check_may_open(call: Call, job: Job) -> None:
    if job.blocked is not None:
        raise conflict(messages.OPEN_BLOCKED.at(call.version, id=job.id, reason=job.blocked))
    if job.task is not None:
        reason = messages.ALREADY_OPEN.format(id=job.id)
        cause = ResourceAlreadyExists(f"task with id {{job-{job.id}}} already exist")
        raise conflict(reason, cause if call.version >= (6, 1) else None)


def _opened(call: Call, cluster: Cluster, job: Job, task: Task) -> Any:
    if task.state == FAILED:
        if call.version < (6, 1):
            return {"opened": False}
        raise ElasticsearchError(messages.OPEN_FAILED.format(reason=task.reason))
    if task.refusal is not None:
        raise task.refusal
    if job.task is not task:
        raise conflict(messages.CLOSED_WHILE_OPENING)
    return _answer(call, cluster.part(Node).id)


def _answer(call: Call, node: str) -> dict[str, Any]:
    return {"opened": True, "node": node} if call.version >= (7, 8) else {"opened": True}
