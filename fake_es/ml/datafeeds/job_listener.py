"""What datafeeds do when their job is created, shown, closed or deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from fake_es.cluster import Cluster
from fake_es.ml.datafeeds import lifecycle, messages
from fake_es.ml.datafeeds.delete_datafeed import delete
from fake_es.ml.datafeeds.ending import broke_down
from fake_es.ml.datafeeds.put_datafeed import create, embedded
from fake_es.ml.datafeeds.stop_datafeed import stop_all
from fake_es.ml.datafeeds.store import Datafeed, Datafeeds, Task
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.job_store.listeners import JobListener, JobListeners, Tree
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import IllegalState, StatusException, conflict


def register(cluster: Cluster) -> None:
    """Register the listener of datafeeds with the jobs of a cluster."""
    cluster.part(JobListeners).register(DatafeedListener(cluster))


class DatafeedListener(JobListener):
    """Creates the datafeed that comes with a job, and stops or deletes it with the job."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._datafeeds = cluster.part(Datafeeds)

    def prepare_datafeed(self, call: Call, datafeed: Tree, job: Tree) -> Callable[[], object] | None:
        """See ``JobListener``. The datafeed runs with the rights of the caller."""
        return partial(create, call, self._cluster, embedded(call, self._cluster, datafeed, job))

    def fields_to_show(self, job: Job) -> Tree:
        """From 7.15: the configuration of the job's datafeed."""
        datafeed = self._datafeeds.of_job(job.id) if self._cluster.version >= (7, 15) else None
        return {} if datafeed is None else {"datafeed_config": datafeed.tree()}

    def check_may_close(self, jobs: Sequence[Job]) -> None:
        """Up to 7.13: refuse to close a job while its datafeed runs. Later releases stop the datafeed first."""
        if self._cluster.version < (7, 14):
            for datafeed in self._running(jobs):
                reason = messages.JOB_NOT_CLOSED.at(self._cluster.version, job=datafeed.job_id, datafeed=datafeed.id)
                raise conflict(reason)

    def before_close(self, jobs: Sequence[Job], now: int, timeout: TimeValue, *, force: bool) -> None:
        """Stop the datafeeds of the jobs and wait for them. With ``force``, remove their tasks at once."""
        running = self._running(jobs)
        if force:
            for datafeed in running:
                lifecycle.remove_isolated(self._cluster, datafeed, now)
        elif running:
            try:
                stop_all(self._cluster, running, now, timeout, force=False)
            except IllegalState as error:
                ids = ", ".join(datafeed.id for datafeed in running)
                raise conflict(messages.NOT_STOPPED_WITH_JOB.format(datafeeds=ids, why=error.reason), error) from None

    def before_delete(self, job: Job, now: int, *, force: bool) -> None:
        """From 7.15: delete the job's datafeed. Up to 7.14: refuse to delete a job that has a datafeed."""
        datafeed = self._datafeeds.of_job(job.id)
        if datafeed is None:
            return
        if self._cluster.version < (7, 15):
            raise conflict(messages.JOB_HAS_DATAFEED.format(job=job.id, id=datafeed.id))
        try:
            delete(self._cluster, datafeed, now, force=force)
        except StatusException as error:
            raise conflict(messages.NOT_DELETED_WITH_JOB.format(job=job.id, id=datafeed.id), error) from None

    def licence_ended(self, now: int) -> None:
        """Stop every datafeed at once."""
        for datafeed in self._datafeeds.running():
            self._cluster.timetable.carry_out(self._cluster, now, _stop, datafeed, datafeed.task, failed=broke_down)

    def _running(self, jobs: Sequence[Job]) -> list[Datafeed]:
        """Datafeeds of these jobs that have a task."""
        found = (self._datafeeds.of_job(job.id) for job in jobs)
        return [datafeed for datafeed in found if datafeed is not None and datafeed.task is not None]


def _stop(cluster: Cluster, at: int, datafeed: Datafeed, task: Task) -> None:
    lifecycle.force_stop(cluster, datafeed, at)
