"""Listeners: other rooms can act when a job is created, shown, closed or deleted. Jobs do not import those rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.job_store.jobs import Job
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue

Tree = dict[str, Any]


class JobListener:
    """The actions of one room. Methods that the room does not override do nothing. Times are epoch milliseconds."""

    def prepare_datafeed(self, call: Call, datafeed: Tree, job: Tree) -> Callable[[], object] | None:
        """Check the ``datafeed_config`` of a new job. Return a function that creates the datafeed after the job.

        :raises ElasticsearchError: the datafeed cannot be created.
        """
        return None

    def fields_to_show(self, job: Job) -> Tree:
        """Additional fields of the job's configuration in answers."""
        return {}

    def check_may_close(self, jobs: Sequence[Job]) -> None:
        """Refuse to close jobs.

        :raises StatusException: 409, one of them is in use.
        """

    def before_close(self, jobs: Sequence[Job], now: int, timeout: TimeValue, *, force: bool) -> None:
        """Called before jobs are closed; it may wait until ``timeout`` is over.

        :raises StatusException: 409, a user of a job, such as its datafeed, did not stop in time.
        """

    def before_delete(self, job: Job, now: int, *, force: bool) -> None:
        """Called before a job is deleted.

        :raises StatusException: 409, the job is in use.
        """

    def licence_ended(self, now: int) -> None:
        """Called before all jobs are closed because the licence no longer allows machine learning."""


class JobListeners:
    """The listeners of a cluster. They register with the first datafeed, because they have nothing to do before."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._listeners: list[JobListener] = []
        self._loaded = False

    def load(self) -> None:
        """Import the listeners named in ``fake_es.operations`` and register them. Later calls do nothing."""
        if not self._loaded:
            self._loaded = True
            self._cluster.register_listeners(self._cluster, "jobs")

    def register(self, listener: JobListener) -> None:
        """Add a listener."""
        self._listeners.append(listener)

    def prepare_datafeed(self, call: Call, datafeed: Tree, job: Tree) -> list[Callable[[], object]]:
        """See ``JobListener``. This loads the listeners."""
        self.load()
        prepared = [listener.prepare_datafeed(call, datafeed, job) for listener in self._listeners]
        return [create for create in prepared if create is not None]

    def fields_to_show(self, job: Job) -> Tree:
        """See ``JobListener``."""
        shown: Tree = {}
        for listener in self._listeners:
            shown |= listener.fields_to_show(job)
        return shown

    def check_may_close(self, jobs: Sequence[Job]) -> None:
        """See ``JobListener``."""
        for listener in self._listeners:
            listener.check_may_close(jobs)

    def before_close(self, jobs: Sequence[Job], now: int, timeout: TimeValue, *, force: bool) -> None:
        """See ``JobListener``."""
        for listener in self._listeners:
            listener.before_close(jobs, now, timeout, force=force)

    def before_delete(self, job: Job, now: int, *, force: bool) -> None:
        """See ``JobListener``."""
        for listener in self._listeners:
            listener.before_delete(job, now, force=force)

    def licence_ended(self, now: int) -> None:
        """See ``JobListener``."""
        for listener in self._listeners:
            listener.licence_ended(now)
