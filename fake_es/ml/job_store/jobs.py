"""The jobs of a cluster: the configuration of each, and the persistent task of each that is not closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from sys import intern
from typing import TYPE_CHECKING, Any

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.common.expression import SortedNames, tokens
from fake_es.ml.config.job.analysis_limits import memory_limit_mib
from fake_es.ml.config.job.job import ordered
from fake_es.ml.job_store import messages
from fake_es.ml.job_store.process import JobProcess
from fake_es.ml.persistence import indices
from fake_es.ml.persistence.cluster_state import MlMetadata
from fake_es.ml.persistence.names import CONFIG_INDEX, job_config_id, results_index
from fake_es.timetable import Entry
from fake_es.wire.errors import ElasticsearchError, ResourceAlreadyExists, ResourceNotFound
from fake_es.wire.render import dumps

if TYPE_CHECKING:
    from fake_es.wire.task import Task as NodeTask

CLOSED, OPENING, OPENED, CLOSING, FAILED = "closed", "opening", "opened", "closing", "failed"


class Task:
    """The persistent task of a job, from the start of its opening until the job is closed.

    * ``process``: None until the job is opened.
    * ``due``: the entry of the timetable that ends the present state.
    * ``started``, ``opened_at``: epoch milliseconds.
    * ``number``: number of the task on its node.
    * ``killed``: whether the process was killed instead of ending in order.
    * ``takes_room``: whether the task counts against the node's maximal number of jobs.
    * ``explanation``: why the task is not assigned to a node; empty if it is.
    * ``refusal``: the error that made the opening fail.
    """

    __slots__ = (
        "allocation_id", "due", "explanation", "killed", "number", "opened_at", "process", "reason", "refusal", "started",
        "state", "takes_room",
    )  # fmt: skip

    def __init__(self, allocation_id: int, number: int, started: int) -> None:
        self.allocation_id = allocation_id
        self.number = number
        self.started = started
        self.state = OPENING
        self.reason: str | None = None
        self.refusal: ElasticsearchError | None = None
        self.process: JobProcess | None = None
        self.opened_at = 0
        self.due: Entry | None = None
        self.killed = False
        self.takes_room = False
        self.explanation = ""


class Job:
    """One job. Its configuration is stored as JSON, so that ten thousand jobs need little memory.

    ``source`` is that JSON in the form of GET. ``saved`` is the same without the latest changes that the server itself
    has made. ``results_index`` is the index of its results.
    """

    __slots__ = (
        "_changes", "_version", "deletion_tasks", "groups", "id", "memory_limit", "on_change", "planned_failure",
        "reset_tasks", "results_index", "saved", "size_stats_id", "snapshot_id", "task",
    )  # fmt: skip

    def __init__(self, tree: dict[str, Any], version: tuple[int, ...]) -> None:
        self.id: str = tree["job_id"]
        self._version = version
        self.task: Task | None = None
        # Node tasks of all calls that delete the job. The first one does the work.
        self.deletion_tasks: list[NodeTask] | None = None
        # Node tasks of all calls that reset the job. The first one does the work.
        self.reset_tasks: list[NodeTask] | None = None
        # A failure that a test has planned: the state ("opening", "opened" or "closing") in which it happens, and the reason.
        self.planned_failure: tuple[str, str] | None = None
        self.size_stats_id: str | None = None
        # Called after each change of the configuration. None until the job is added to ``Jobs``.
        self.on_change: Callable[[Job], None] | None = None
        # Jobs of the same index share one string.
        self.results_index: str = intern(results_index(tree["results_index_name"], version))
        self.save(tree)

    @property
    def state(self) -> str:
        """``closed``, ``opening``, ``opened``, ``closing`` or ``failed``."""
        return CLOSED if self.task is None else self.task.state

    @property
    def blocked(self) -> str | None:
        """Why the job cannot be opened: ``delete`` or ``reset``; None if it can."""
        if self.deletion_tasks is not None:
            return "delete"
        return "reset" if self.reset_tasks is not None else None

    @property
    def source(self) -> bytes:
        """The configuration as JSON in the form of GET."""
        if self._changes is not None:
            self.save(json.loads(self.saved) | self._changes)
        return self.saved

    def config_tree(self) -> dict[str, Any]:
        """A new copy of the configuration."""
        tree: dict[str, Any] = json.loads(self.source)
        return tree

    def save(self, tree: dict[str, Any]) -> None:
        """Replace the configuration."""
        self._changes: dict[str, Any] | None = None
        self.saved = dumps(ordered(tree, self._version))
        # Mebibytes; None without a limit. Each open asks for it, and ``change`` leaves it alone.
        self.memory_limit = memory_limit_mib(tree.get("analysis_limits"))
        self.groups: tuple[str, ...] = tuple(tree.get("groups", ()))
        self.snapshot_id: str | None = tree.get("model_snapshot_id")

    def change(self, changes: dict[str, Any]) -> None:
        """Change fields that the server sets itself, for example when a job is opened. None removes a field.

        The JSON is updated when it is next read, because that takes longer than the rest of a request.
        """
        self._changes = {**(self._changes or {}), **changes}
        self.snapshot_id = changes.get("model_snapshot_id", self.snapshot_id)
        if self.on_change is not None:
            self.on_change(self)


class Jobs:
    """All jobs of a cluster, by id, by pattern and by group."""

    def __init__(self, cluster: Cluster) -> None:
        self._jobs: dict[str, Job] = {}
        self._ids = SortedNames()
        self._groups: dict[str, set[str]] = {}
        self._cluster = cluster
        # From 6.6 configurations are documents; before, they are in the cluster state.
        self._on_change = self._write if cluster.version >= (6, 6) else None
        cluster.part(MlMetadata).provide("jobs", self.configs)

    def __len__(self) -> int:
        return len(self._jobs)

    def configs(self) -> list[dict[str, Any]]:
        """Configurations of all jobs, by id."""
        return [self._jobs[job_id].config_tree() for job_id in self._ids]

    def find(self, job_id: str) -> Job | None:
        """The job with this id, or None."""
        return self._jobs.get(job_id)

    def get(self, job_id: str) -> Job:
        """The job with this id.

        :raises ResourceNotFound: there is no such job.
        """
        job = self._jobs.get(job_id)
        if job is None:
            raise unknown_job(job_id)
        return job

    def add(self, job: Job) -> None:
        """Add a job whose id and groups have been checked."""
        self._jobs[job.id] = job
        self._ids.add(job.id)
        self._join_groups(job)
        job.on_change = self._on_change
        if self._on_change is not None:
            self._on_change(job)

    def remove(self, job: Job) -> None:
        """Remove a job."""
        del self._jobs[job.id]
        self._ids.remove(job.id)
        self._leave_groups(job)
        job.on_change = None
        self._cluster.part(SystemIndices).delete(CONFIG_INDEX, job_config_id(job.id))

    def save(self, job: Job, tree: dict[str, Any]) -> None:
        """Replace the configuration of a job."""
        self._leave_groups(job)
        job.save(tree)
        self._join_groups(job)
        if self._on_change is not None:
            self._on_change(job)

    def _write(self, job: Job) -> None:
        """Store the configuration as a document of ``.ml-config``."""
        index = self._cluster.part(SystemIndices).named(CONFIG_INDEX)
        if index is None:
            indices.ensure(self._cluster, CONFIG_INDEX)
            index = self._cluster.part(SystemIndices).write_index(CONFIG_INDEX)
        index.put_kept(job_config_id(job.id), job.config_tree)

    def _join_groups(self, job: Job) -> None:
        for group in job.groups:
            self._groups.setdefault(group, set()).add(job.id)

    def _leave_groups(self, job: Job) -> None:
        for group in job.groups:
            members = self._groups[group]
            members.discard(job.id)
            if not members:
                del self._groups[group]

    def is_group(self, name: str) -> bool:
        """Whether any job belongs to a group with this name."""
        return name in self._groups

    def check_id_is_free(self, job_id: str) -> None:
        """Refuse the id of an existing job or group.

        :raises ResourceAlreadyExists: the id is not free.
        """
        if job_id in self._jobs:
            raise ResourceAlreadyExists(messages.ID_ALREADY_USED.format(id=job_id))
        if job_id in self._groups:
            raise ResourceAlreadyExists(messages.NAMES_NOT_UNIQUE.format(name=job_id))

    def check_groups_are_free(self, groups: tuple[str, ...] | list[str]) -> None:
        """Refuse groups that have the id of a job.

        :raises ResourceAlreadyExists: a group has the id of a job.
        """
        for group in groups:
            if group in self._jobs:
                raise ResourceAlreadyExists(messages.NAMES_NOT_UNIQUE.format(name=group))

    def expand(self, expression: str | None, version: tuple[int, ...], *, allow_no_match: bool = True) -> list[Job]:
        """The jobs that an expression matches, by id.

        Before 6.1 an expression is one id or ``_all``; later it is a list of ids, groups and wildcards.

        :raises ResourceNotFound: an id does not exist; if ``allow_no_match`` is false, also if a pattern matches nothing.
        """
        if expression in self._jobs:
            return [self._jobs[expression]]
        names, everything = tokens(expression)
        if version < (6, 1) and not everything:
            return [self.get(expression or "")]
        matched = {name: self._matching(name) for name in names}
        unmatched = [name for name, found in matched.items() if not found and ("*" not in name or not allow_no_match)]
        if unmatched:
            raise unknown_job(",".join(unmatched))
        if everything:
            return [self._jobs[job_id] for job_id in self._ids]
        found = matched[names[0]] if len(names) == 1 else sorted({job_id for ids in matched.values() for job_id in ids})
        return [self._jobs[job_id] for job_id in found]

    def _matching(self, name: str) -> list[str]:
        name = "*" if name == "_all" else name
        if "*" not in name:
            if name in self._jobs:
                return [name]
            return sorted(self._groups.get(name, ()))
        ids = self._ids.matching(name)
        groups = _group_names(self._groups, name)
        if not groups:
            return ids
        return sorted(set(ids).union(*(self._groups[group] for group in groups)))


def _group_names(groups: dict[str, set[str]], pattern: str) -> list[str]:
    names = SortedNames()
    for group in groups:
        names.add(group)
    return names.matching(pattern)


def unknown_job(name: str) -> ResourceNotFound:
    """The error for an unknown job, or for an expression that matches no job."""
    return ResourceNotFound(messages.NO_KNOWN_JOB.format(id=name))
