"""Running upgrades of snapshots, each of which is a persistent task (``SnapshotUpgradeTaskExecutor``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.persistent_tasks import PersistentTask, PersistentTasks
from fake_es.ml.config.job.job import job_version
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.job_store.statistics import stored_size
from fake_es.ml.snapshots import model_state, store
from fake_es.ml.snapshots.snapshot_writer import min_version
from fake_es.wire.errors import ElasticsearchError

TASK_NAME = "xpack/ml/job/snapshot/upgrade"


@dataclass(eq=False)
class Upgrade:
    """One upgrade; ``state`` is ``loading_old_state``, then ``stopped``."""

    job: Job
    snapshot_id: str
    allocation_id: int
    state: str = "loading_old_state"


class Upgrades:
    """The running upgrades of a cluster; each job has at most one."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._by_job: dict[str, Upgrade] = {}
        cluster.part(PersistentTasks).provide(self._tasks)

    def __iter__(self) -> Iterator[Upgrade]:
        """Running upgrades, by job."""
        return iter([self._by_job[job_id] for job_id in sorted(self._by_job)])

    def running(self, job_id: str, snapshot_id: str | None = None) -> bool:
        """Whether any snapshot of a job, or this snapshot, is being upgraded."""
        upgrade = self._by_job.get(job_id)
        return upgrade is not None and snapshot_id in (None, upgrade.snapshot_id)

    def start(self, job: Job, snapshot_id: str, now: int) -> Upgrade:
        """Start an upgrade, which ends after the delay of upgrades."""
        allocation = self._cluster.part(PersistentTasks).next_allocation_id()
        upgrade = self._by_job[job.id] = Upgrade(job, snapshot_id, allocation)
        delay = self._cluster.delays.duration("upgrade", job.id, stored_size(self._cluster, job))
        self._cluster.timetable.plan(now + delay, _finished, upgrade)
        return upgrade

    def remove(self, upgrade: Upgrade) -> None:
        """Remove an upgrade that has ended."""
        upgrade.state = "stopped"
        if self._by_job.get(upgrade.job.id) is upgrade:
            del self._by_job[upgrade.job.id]

    def _tasks(self) -> Iterator[PersistentTask]:
        node = self._cluster.part(Node).id
        for upgrade in self:
            params: dict[str, Any] = {"job_id": upgrade.job.id, "snapshot_id": upgrade.snapshot_id}
            state = {"state": upgrade.state, "allocation_id": upgrade.allocation_id}
            task_id = f"job-snapshot-upgrade-{upgrade.job.id}-{upgrade.snapshot_id}"
            yield PersistentTask(task_id, TASK_NAME, params, state, upgrade.allocation_id, node)


def current_version(cluster: Cluster) -> str:
    """The version of this release's configurations. A snapshot with exactly this ``min_version`` is not upgraded."""
    return job_version(cluster.version) or str(cluster.version)


def _finished(cluster: Cluster, at: int, upgrade: Upgrade) -> None:
    """Write the snapshot in the format of this release, unless it was deleted or made invalid."""

    cluster.part(Upgrades).remove(upgrade)
    job = upgrade.job
    try:
        document = store.find(cluster, job, upgrade.snapshot_id)
        model = model_state.read_model(cluster, job.id, upgrade.snapshot_id)
    except ElasticsearchError:
        return
    if model is not None:
        model_state.write_model(cluster, job.id, upgrade.snapshot_id, model)
    minimum = min_version(cluster.version)
    store.change(document, {"min_version": minimum})
    if job.snapshot_id == upgrade.snapshot_id:
        job.change({"model_snapshot_min_version": minimum})
