"""The datafeeds of a cluster: the configuration of each, and the persistent task of each that runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.common.expression import SortedNames, tokens
from fake_es.ml.datafeeds import messages
from fake_es.ml.persistence import indices
from fake_es.ml.persistence.cluster_state import MlMetadata
from fake_es.ml.persistence.names import CONFIG_INDEX, datafeed_config_id
from fake_es.security.caller import Caller
from fake_es.timetable import Entry
from fake_es.wire.errors import ElasticsearchError, ResourceNotFound
from fake_es.wire.render import dumps

if TYPE_CHECKING:
    from fake_es.ml.datafeeds.feeding import Feeding

STOPPED, STARTING, STARTED, STOPPING = "stopped", "starting", "started", "stopping"


class Running(Protocol):
    """The run of a datafeed that has started (``run.Run``); ``in_real_time`` is whether the lookback is over."""

    feeding: Feeding | None
    in_real_time: bool

    def finish(self) -> None:
        """Save the timing of the searches."""


class Task:
    """The persistent task of a datafeed, from its start until it has stopped.

    All times are epoch milliseconds. ``start`` and ``end`` are from the request; without ``end`` the datafeed runs in real
    time. ``began`` is when the task was created. ``due`` is its next entry in the timetable. An ``isolated`` task does not
    close its job. ``error`` is an unexpected error of a step. ``explanation`` tells why no node has the task; empty if one has.
    """

    __slots__ = ("allocation_id", "began", "due", "end", "error", "explanation", "isolated", "number", "run", "start", "state")

    def __init__(self, allocation_id: int, number: int, began: int, start: int, end: int | None) -> None:
        self.allocation_id = allocation_id
        self.number = number
        self.began = began
        self.start = start
        self.end = end
        self.state = STARTING
        self.isolated = False
        self.run: Running | None = None
        self.due: Entry | None = None
        self.error: ElasticsearchError | None = None
        self.explanation = ""


class Datafeed:
    """One datafeed; ``source`` is its configuration as JSON in the form of GET.

    ``owner`` is the user who created or last changed it, None without security. The datafeed searches with the rights of
    that user (``headers`` in the server).
    """

    __slots__ = ("id", "job_id", "owner", "source", "task")

    def __init__(self, tree: dict[str, Any], owner: Caller | None) -> None:
        self.id: str = tree["datafeed_id"]
        self.task: Task | None = None
        self.save(tree, owner)

    def state(self, version: tuple[int, ...]) -> str:
        """``stopped``, ``starting`` (from 7.7, PR 53918), ``started`` or ``stopping``."""
        if self.task is None:
            return STOPPED
        return STOPPED if self.task.state == STARTING and version < (7, 7) else self.task.state

    def tree(self) -> dict[str, Any]:
        """A new copy of the configuration."""
        tree: dict[str, Any] = json.loads(self.source)
        return tree

    def save(self, tree: dict[str, Any], owner: Caller | None) -> None:
        """Replace the configuration and the owner."""
        self.job_id: str = tree["job_id"]
        self.owner = owner
        self.source = dumps(tree)


class Datafeeds:
    """All datafeeds of a cluster, by id and by job."""

    def __init__(self, cluster: Cluster) -> None:
        self._datafeeds: dict[str, Datafeed] = {}
        self._ids = SortedNames()
        self._by_job: dict[str, Datafeed] = {}
        self._cluster = cluster
        cluster.part(MlMetadata).provide("datafeeds", self._configs)

    def _configs(self) -> list[dict[str, Any]]:
        return [self._datafeeds[datafeed_id].tree() for datafeed_id in self._ids]

    def find(self, datafeed_id: str) -> Datafeed | None:
        """The datafeed with this id, or None."""
        return self._datafeeds.get(datafeed_id)

    def get(self, datafeed_id: str) -> Datafeed:
        """The datafeed with this id.

        :raises ResourceNotFound: there is no such datafeed.
        """
        found = self._datafeeds.get(datafeed_id)
        if found is None:
            raise unknown_datafeed(datafeed_id)
        return found

    def of_job(self, job_id: str) -> Datafeed | None:
        """The datafeed of a job, or None."""
        return self._by_job.get(job_id)

    def add(self, datafeed: Datafeed) -> None:
        """Add a datafeed whose id and job are free."""
        self._datafeeds[datafeed.id] = datafeed
        self._ids.add(datafeed.id)
        self._by_job[datafeed.job_id] = datafeed
        self._write(datafeed)

    def _write(self, datafeed: Datafeed) -> None:
        """From 6.6: store the configuration as a document (``DatafeedConfigProvider``)."""
        if self._cluster.version >= (6, 6):
            tree = datafeed.tree() | {"config_type": "datafeed"}
            indices.write(self._cluster, CONFIG_INDEX, datafeed_config_id(datafeed.id), tree)

    def remove(self, datafeed: Datafeed) -> None:
        """Remove a datafeed."""
        del self._datafeeds[datafeed.id]
        self._ids.remove(datafeed.id)
        del self._by_job[datafeed.job_id]
        self._cluster.part(SystemIndices).delete(CONFIG_INDEX, datafeed_config_id(datafeed.id))

    def save(self, datafeed: Datafeed, tree: dict[str, Any], owner: Caller | None) -> None:
        """Replace the configuration of a datafeed, which up to 6.x may name another job."""
        del self._by_job[datafeed.job_id]
        datafeed.save(tree, owner)
        self._by_job[datafeed.job_id] = datafeed
        self._write(datafeed)

    def expand(self, expression: str | None, version: tuple[int, ...], *, allow_no_match: bool = True) -> list[Datafeed]:
        """The datafeeds that an expression matches, by id. Before 6.1 it is one id or ``_all``, later a list with wildcards.

        :raises ResourceNotFound: an id does not exist; if ``allow_no_match`` is false, also if a pattern matches nothing.
        """
        names, everything = tokens(expression)
        if version < (6, 1) and not everything:
            return [self.get(expression or "")]
        matched = {name: self._ids.matching("*" if name == "_all" else name) for name in names}
        unmatched = [name for name, ids in matched.items() if not ids and ("*" not in name or not allow_no_match)]
        if unmatched and not (everything and allow_no_match):
            raise unknown_datafeed(",".join(unmatched))
        return [self._datafeeds[found] for found in sorted({found for ids in matched.values() for found in ids})]

    def running(self) -> list[Datafeed]:
        """Datafeeds that have a task, by id."""
        return [self._datafeeds[found] for found in self._ids if self._datafeeds[found].task is not None]


def unknown_datafeed(name: str) -> ResourceNotFound:
    """The error for an unknown datafeed, or for an expression that matches no datafeed."""
    return ResourceNotFound(messages.NO_DATAFEED.format(id=name))
