"""``POST .../model_snapshots/{snapshot_id}/_upgrade`` and its statistics (``TransportUpgradeJobModelSnapshotAction``)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.node import attributes, roles
from fake_es.ml.common.expression import tokens
from fake_es.ml.common.routes import ml
from fake_es.ml.common.waiting import HALF_AN_HOUR, wait_limit
from fake_es.ml.job_store.jobs import CLOSED, Job, Jobs
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.ml.snapshots import messages, store
from fake_es.ml.snapshots.upgrade_tasks import Upgrade, Upgrades, current_version
from fake_es.patterns.wildcards import simple_match
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue, time_text
from fake_es.wire.errors import ResourceNotFound, StatusException, conflict
from fake_es.wire.operation import operation
from fake_es.wire.parameters import Parameter

_PATH = "/anomaly_detectors/{job_id}/model_snapshots/{snapshot_id}/_upgrade"


@operation(
    "ml.upgrade_job_snapshot",
    routes=ml("POST", _PATH, since=(7, 11)),
    action="cluster:admin/xpack/ml/job/model_snapshots/upgrade",
    guard=partial(not_while_upgrading, since=(7, 13)),  # PR 71654
    feature="ml",
    query=[
        Parameter("wait_for_completion", parameters.BOOLEAN, False),
        Parameter("timeout", parameters.TIME, HALF_AN_HOUR),
    ],
)
def upgrade_job_snapshot(call: Call, cluster: Cluster) -> Any:
    """Upgrade a snapshot: write it in the format of this release."""
    job_id, snapshot_id = call.path_parameters["job_id"], call.path_parameters["snapshot_id"]
    upgrades = cluster.part(Upgrades)
    if upgrades.running(job_id):
        raise conflict(messages.UPGRADE_OTHER.format(id=job_id, snapshot=snapshot_id))
    job = cluster.part(Jobs).get(job_id)
    _check_may_upgrade(cluster, job, snapshot_id)
    upgrade = upgrades.start(job, snapshot_id, call.now)
    if call.params["wait_for_completion"]:
        timeout: TimeValue = call.params["timeout"]
        if not cluster.wait_until(lambda: upgrade.state == "stopped", wait_limit(timeout)):
            place = {"id": job_id, "snapshot": snapshot_id}
            reason = messages.UPGRADE_TIMED_OUT.format(**place, timeout=time_text(timeout.ms))
            raise StatusException(reason, status=408)
    return {"completed": call.params["wait_for_completion"], "node": cluster.part(Node).id}


def _check_may_upgrade(cluster: Cluster, job: Job, snapshot_id: str) -> None:
    if snapshot_id == job.snapshot_id and job.state != CLOSED:
        raise conflict(messages.UPGRADE_PRIMARY.format(id=job.id, snapshot=snapshot_id, state=job.state))
    current = current_version(cluster)
    if store.find(cluster, job, snapshot_id).source.get("min_version") == current:
        raise conflict(messages.UPGRADE_COMPATIBLE.format(id=job.id, snapshot=snapshot_id, version=current))


@operation(
    "ml.get_model_snapshot_upgrade_stats",
    routes=ml("GET", _PATH + "/_stats", since=(7, 16, 2)),
    action="cluster:monitor/xpack/ml/job/model_snapshots/upgrade/stats/get",
    query=[Parameter("allow_no_match", parameters.BOOLEAN, True)],
)
def get_model_snapshot_upgrade_stats(call: Call, cluster: Cluster) -> Any:
    """Running upgrades of the jobs and snapshots that two expressions match."""
    allow: bool = call.params["allow_no_match"]
    jobs = set(cluster.part(Jobs).expand(call.path_parameters["job_id"], call.version, allow_no_match=allow))
    names = tokens(call.path_parameters["snapshot_id"]).names
    running = [upgrade for upgrade in cluster.part(Upgrades) if upgrade.job in jobs]
    found = [upgrade for upgrade in running if any(_fits(upgrade, name) for name in names)]
    _check_matched(names, found, allow)
    stats = [_stats(cluster, upgrade) for upgrade in found]
    return {"count": len(stats), "model_snapshot_upgrades": stats}


def _fits(upgrade: Upgrade, name: str) -> bool:
    return name == "_all" or simple_match(upgrade.snapshot_id, name)


def _check_matched(names: Iterable[str], found: list[Upgrade], allow_no_match: bool) -> None:
    """Refuse ids that match nothing; if ``allow_no_match`` is false, also patterns."""
    unmatched = [name for name in names if not any(_fits(upgrade, name) for upgrade in found)]
    if allow_no_match:
        unmatched = [name for name in unmatched if "*" not in name and name != "_all"]
    if unmatched:
        raise ResourceNotFound(messages.NO_UPGRADE.format(snapshots=",".join(unmatched)))


def _stats(cluster: Cluster, upgrade: Upgrade) -> dict[str, Any]:
    return {
        "job_id": upgrade.job.id,
        "snapshot_id": upgrade.snapshot_id,
        "state": upgrade.state,
        "node": {cluster.part(Node).id: _node(cluster)},
        "assignment_explanation": "",
    }


def _node(cluster: Cluster) -> dict[str, Any]:
    """The node in the form of ``DiscoveryNode``."""
    version, node = cluster.version, cluster.part(Node)
    shown: dict[str, Any] = {
        "name": node.name,
        "ephemeral_id": node.ephemeral_id,
        "transport_address": node.transport_address,
        "attributes": attributes(cluster),
        "roles": roles(cluster),
    }
    if version < (8, 0):
        return shown
    newest = version.major * 1_000_000 + version.minor * 10_000 + 99
    oldest = (version.major - 1) * 1_000_000 + 99
    indices = {"version": str(version), "min_index_version": oldest, "max_index_version": newest}
    return shown | {"external_id": node.name} | indices
