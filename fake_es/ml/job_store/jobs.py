"""The jobs of a cluster: their configuration as it is shown, and the persistent task of each that is not closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from sys import intern
from typing import TYPE_CHECKING, Any

from fake_es.cluster import Cluster
from fake_es.indices.indices import SystemIndices
from fake_es.ml.common.expression import SortedNames, tokens
from fake_es.ml.config.job.job import ordered
from fake_es.ml.job_store import messages
from fake_es.ml.job_store.process import JobProcess
from fake_es.ml.persistence import indices
from fake_es.ml.persistence.cluster_state import MlMetadata
from fake_es.ml.persistence.names import CONFIG_INDEX, RESULTS_PREFIX, job_config_id
from fake_es.timetable import Entry
from fake_es.wire.errors import ElasticsearchError, ResourceAlreadyExists, ResourceNotFound
from fake_es.wire.render import dumps

if TYPE_CHECKING:
    from fake_es.wire.task import Task as NodeTask

CLOSED, OPENING, OPENED, CLOSING, FAILED = "closed", "opening", "opened", "closing", "failed"


class Task:
    """The persistent task of a job, from the start of its opening until it is closed.

    ``process`` is there from the moment the job is opened; ``due`` is the timetable's entry that ends the present
    state; ``started`` and ``opened_at`` are in epoch milliseconds, ``number`` is that of the task on its node.
    ``killed`` says of one that is gone that it did not end in order, ``takes_room`` whether it counts against what the
    node can run; where it waits for a node, ``explanation`` says why. ``refusal`` is why a job could not be opened at all.
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
    """One job. Its configuration is kept as the JSON that GET shows, so that ten thousand jobs need little memory.

    ``saved`` is that JSON without the changes that the server itself has made since: ``source`` has all. ``results_index`` is
    the index that its results are written to.
    """

    __slots__ = (
        "_changes", "_version", "deletion", "fails", "groups", "id", "resetting", "results_index", "saved",
        "size_stats_id", "snapshot_id", "task", "written",
    )  # fmt: skip

    def __init__(self, tree: dict[str, Any], version: tuple[int, ...]) -> None:
        self.id: str = tree["job_id"]
        self._version = version
        self.task: Task | None = None
        # The tasks on the node of all who delete it, the first of which does the work.
        self.deletion: list[NodeTask] | None = None
        # Those of all who reset it, likewise.
        self.resetting: list[NodeTask] | None = None
        # What a test has planned: the state ("opening", "opened" or "closing") in which the job fails next, and why.
        self.fails: tuple[str, str] | None = None
        self.size_stats_id: str | None = None
        # Called whenever the configuration has changed, once it is among the jobs of a cluster.
        self.written: Callable[[Job], None] | None = None
        self.save(tree)

    @property
    def state(self) -> str:
        """``closed``, ``opening``, ``opened``, ``closing`` or ``failed``."""
        return CLOSED if self.task is None else self.task.state

    @property
    def blocked(self) -> str | None:
        """What keeps it from being opened: ``delete`` or ``reset``."""
        if self.deletion is not None:
            return "delete"
        return "reset" if self.resetting is not None else None

    @property
    def source(self) -> bytes:
        """The configuration as JSON, as GET shows it."""
        if self._changes is not None:
            self.save(json.loads(self.saved) | self._changes)
        return self.saved

    def config_tree(self) -> dict[str, Any]:
        """The configuration, as a tree of one's own."""
        tree: dict[str, Any] = json.loads(self.source)
        return tree

    def save(self, tree: dict[str, Any]) -> None:
        """Take ``tree`` as the configuration."""
        self._changes: dict[str, Any] | None = None
        self.saved = dumps(ordered(tree, self._version))
        self.groups: tuple[str, ...] = tuple(tree.get("groups", ()))
        # One text for all the jobs of an index.
        self.results_index: str = intern(RESULTS_PREFIX + tree["results_index_name"])
        self.snapshot_id: str | None = tree.get("model_snapshot_id")

    def change(self, changes: dict[str, Any]) -> None:
        """Change fields that the server sets itself, as each opening and closing does; None takes a field away.

        The JSON is only made when it is read: that costs more than the rest of a request.
        """
        self._changes = {**(self._changes or {}), **changes}
        self.snapshot_id = changes.get("model_snapshot_id", self.snapshot_id)
        if self.written is not None:
            self.written(self)


class Jobs:
    """All jobs of a cluster, by id, by pattern and by group."""

    def __init__(self, cluster: Cluster) -> None:
        self._jobs: dict[str, Job] = {}
        self._ids = SortedNames()
        self._groups: dict[str, set[str]] = {}
        self._cluster = cluster
        # From 6.6 configurations are documents; before, they stand in the cluster state.
        self._written = self._write if cluster.version >= (6, 6) else None
        cluster.part(MlMetadata).provide("jobs", self.configs)

    def __len__(self) -> int:
        return len(self._jobs)

    def configs(self) -> list[dict[str, Any]]:
        """Configurations of all jobs, by id."""
        return [self._jobs[job_id].config_tree() for job_id in self._ids]

    def find(self, job_id: str) -> Job | None:
        """The job of that id, if there is one."""
        return self._jobs.get(job_id)

    def get(self, job_id: str) -> Job:
        """The job of that id.

        :raises ResourceNotFound: there is none.
        """
        job = self._jobs.get(job_id)
        if job is None:
            raise unknown_job(job_id)
        return job

    def add(self, job: Job) -> None:
        """Add a job, whose names have been checked."""
        self._jobs[job.id] = job
        self._ids.add(job.id)
        self._join_groups(job)
        job.written = self._written
        if self._written is not None:
            self._written(job)

    def remove(self, job: Job) -> None:
        """Remove a job."""
        del self._jobs[job.id]
        self._ids.remove(job.id)
        self._leave_groups(job)
        job.written = None
        self._cluster.part(SystemIndices).delete(CONFIG_INDEX, job_config_id(job.id))

    def save(self, job: Job, tree: dict[str, Any]) -> None:
        """Give a job a new configuration."""
        self._leave_groups(job)
        job.save(tree)
        self._join_groups(job)
        if self._written is not None:
            self._written(job)

    def _write(self, job: Job) -> None:
        """Make the configuration a document of ``.ml-config``."""
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
        """Whether a job belongs to a group of that name."""
        return name in self._groups

    def check_id_is_free(self, job_id: str) -> None:
        """Refuse an id that is the name of a job or a group.

        :raises ResourceAlreadyExists: it is taken.
        """
        if job_id in self._jobs:
            raise ResourceAlreadyExists(messages.ID_ALREADY_USED.format(id=job_id))
        if job_id in self._groups:
            raise ResourceAlreadyExists(messages.NAMES_NOT_UNIQUE.format(name=job_id))

    def check_groups_are_free(self, groups: tuple[str, ...] | list[str]) -> None:
        """Refuse groups with the name of a job.

        :raises ResourceAlreadyExists: one is.
        """
        for group in groups:
            if group in self._jobs:
                raise ResourceAlreadyExists(messages.NAMES_NOT_UNIQUE.format(name=group))

    def expand(self, expression: str | None, version: tuple[int, ...], *, allow_no_match: bool = True) -> list[Job]:
        """The jobs an expression means, by id: before 6.1 one id or ``_all``, then lists, wildcards and groups too.

        :raises ResourceNotFound: a name that is no pattern matches nothing; with ``allow_no_match`` false a pattern
            that matches nothing is refused as well.
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
    """The refusal of an unknown job, or of an expression that matches no job."""
    return ResourceNotFound(messages.NO_KNOWN_JOB.format(id=name))
