"""One emulated cluster, the object that holds all its state."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from fake_es.clock import AUTO, Clock
from fake_es.delays import Delays
from fake_es.ids import Ids
from fake_es.journal import Journal
from fake_es.timetable import Timetable
from fake_es.version import Version
from fake_es.wire.errors import StatusException

if TYPE_CHECKING:
    from fake_es.wire.faults import FaultRules

Part = TypeVar("Part")
Result = TypeVar("Result")
# Called between two steps of a long request.
Step = Callable[[], None]

# Seconds of real time after which a long request lets others run, and seconds that it waits for them.
_SLICE, _PAUSE = 0.05, 0.001
# A waiting request moves the clock to this many new entries of the timetable one by one, then to its deadline.
_MOST_MOVES = 2000
# After this many moves other requests can run.
_MOVES_AT_ONCE = 20
# How often ``in_steps`` lets others run between the steps.
_ATTEMPTS = 3

LicenceName = Literal["basic", "standard", "gold", "platinum", "enterprise", "trial", "expired"]
LICENCES: tuple[str, ...] = get_args(LicenceName)


class StateChanged(Exception):  # noqa: N818 - it is no error: the work begins again
    """Another request has changed what a long request reads."""


def no_step() -> None:
    """The step of work that makes others wait."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user from the configuration of the emulator, like a user of the file realm of a real node."""

    name: str
    password: str = field(repr=False)
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Anonymous:
    """The user of requests without credentials (``xpack.security.authc.anonymous.*``).

    What ``roles`` do not allow is refused with 403, or without ``authz_exception`` with 401.
    """

    roles: tuple[str, ...]
    username: str = "_anonymous"
    authz_exception: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of an emulator, which a reset does not change.

    * ``password``: password of the built-in user ``elastic``.
    * ``roles``: cluster privileges by name of the role.
    * ``anonymous``: None if every request needs credentials.
    * ``max_content_length``: bytes.
    * ``detailed_errors``: without it an error is one line.
    * ``licence``: one of ``LICENCES``; None is a trial without an end.
    * ``configured``: settings as in ``elasticsearch.yml``, with values as text.
    """

    security: bool = False
    password: str = field(default="changeme", repr=False)
    accounts: tuple[Account, ...] = ()
    roles: tuple[tuple[str, tuple[str, ...]], ...] = ()
    anonymous: Anonymous | None = None
    seed: int = 0
    cluster_name: str = "elasticsearch"
    node_name: str = "node-1"
    max_content_length: int = 100 * 1024 * 1024
    detailed_errors: bool = True
    licence: str | None = None
    configured: tuple[tuple[str, str], ...] = ()

    @property
    def ml(self) -> bool:
        """Whether there is machine learning (``xpack.ml.enabled``)."""
        return ("xpack.ml.enabled", "false") not in self.configured


class Node:
    """The only node of the cluster, as job statistics and ``GET /`` show it."""

    def __init__(self, cluster: Cluster) -> None:
        self.id = cluster.ids.uuid()
        self.ephemeral_id = cluster.ids.uuid()
        self.cluster_uuid = cluster.ids.uuid()
        self.name = cluster.settings.node_name
        self.transport_address = "127.0.0.1:9300"


class Cluster:
    """The state of one cluster, with its lock, clock and timetable.

    Other rooms store their state in parts: ``cluster.part(Jobs)`` is the only ``Jobs`` of this cluster. It is created as
    ``Jobs(cluster)`` on first use. All state is read and changed while ``lock`` is held. A request that waits releases the
    lock, and checks its condition again when ``changed`` is notified.
    """

    def __init__(
        self,
        version: Version,
        clock: Clock,
        delays: Delays,
        settings: Settings,
        register_listeners: Callable[[Cluster, str], None] = lambda cluster, topic: None,
    ) -> None:
        """``register_listeners(cluster, topic)`` imports the rooms that listen to operations of other rooms."""
        self.register_listeners = register_listeners
        self.version = version
        self.clock = clock
        self.delays = delays
        self.settings = settings
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._epoch = 0
        self._waiting = 0
        # The time (``time.monotonic``) when the lock was last taken, or other requests could last run.
        self.taken_at = 0.0
        self.journal = Journal()
        self._question: tuple[Any, ...] | None = None
        # None until there is a first rule, so that requests without rules lose no time. A reset keeps the rules.
        self.faults: FaultRules | None = None
        self._empty()
        clock.attach(self._clock_moved)

    def _empty(self) -> None:
        self.timetable = Timetable()
        self.ids = Ids(self.settings.seed)
        self.made_at = self.clock.now()
        self._parts: dict[type[Any], Any] = {}

    def part(self, kind: type[Part]) -> Part:
        """The part of this kind, created on first use."""
        try:
            part: Part = self._parts[kind]
        except KeyError:
            part = self._parts[kind] = kind(self)  # type: ignore[call-arg]
        return part

    def reset(self, *, everything: bool = False) -> None:
        """Delete all state. Waiting requests end. The version and the configuration remain.

        :param everything: whether the clock, the delays, the journal and the fault rules go back to their start too.
        """
        with self.lock:
            self._epoch += 1
            if everything:
                self.clock.restart()
                self.delays.restart()
                self.journal.clear()
                if self.faults is not None:
                    self.faults.restart()
            self._empty()
            self.tell()

    def tick(self, question: tuple[Any, ...]) -> None:
        """Let the time of one request pass on a clock that ticks. ``lock`` must be held.

        :param question: what is asked and by whom. On a clock that ticks ``auto`` only the same question again moves it.
        """
        clock, now = self.clock, self.clock.now()
        if clock.tick == AUTO:
            again, self._question = question == self._question, question
            due = self.timetable.next_at() if again else None
            if due is not None:
                clock.set(max(due, now))
        elif isinstance(clock.tick, int):
            clock.set(now + clock.tick)

    def tell(self) -> None:
        """Let waiting requests check their condition again. ``lock`` must be held."""
        if self._waiting:
            self.changed.notify_all()

    def let_in(self) -> bool:
        """Let other requests run if this one has held the lock for long. Return whether they could.

        ``lock`` must be held. A long request calls this between two steps that could also be separate requests.
        """
        if time.monotonic() - self.taken_at <= _SLICE:
            return False
        self.changed.wait(_PAUSE)
        self.taken_at = time.monotonic()
        return True

    def in_steps(self, state: Callable[[], object], work: Callable[[Step], Result]) -> Result:
        """Return the result of ``work(step)``, which only reads. It calls ``step`` often, so that other requests can run.

        If one of them changes ``state()``, the work begins again. After three attempts it makes others wait.
        """
        for _ in range(_ATTEMPTS):
            known = state()

            def step(known: object = known) -> None:
                if self.let_in() and state() != known:
                    raise StateChanged

            try:
                return work(step)
            except StateChanged:
                continue
        return work(no_step)

    def without_lock(self, work: Callable[[], Result]) -> Result:
        """Return the result of ``work()``, which uses no state of the cluster. Other requests can run in the meantime.

        ``lock`` must be held, and is held again afterwards.
        """
        self.lock.release()
        try:
            return work()
        finally:
            self.lock.acquire()
            self.taken_at = time.monotonic()

    def carry_out(self, steps: Generator[None, None, Result]) -> Result:
        """Carry out the steps of a long request. Other requests can run between them. Return the result of the steps."""
        while True:
            try:
                next(steps)
            except StopIteration as end:
                result: Result = end.value
                return result
            self.let_in()

    def wait_for(self, done: Callable[[], bool]) -> None:
        """Wait for another request that let this one run in between, or for a long planned action. The clock is not moved.
        ``lock`` must be held.
        """
        while not done():
            self.settle()
            self.changed.wait(_PAUSE)

    def settle(self) -> bool:
        """Carry out due entries of the timetable for a short time. ``lock`` must be held.

        Return whether due entries are left. The request that has moved the clock carries these out, and lets other
        requests run in between.
        """
        now = self.clock.now()
        if self.timetable.run_due(self, now, _SLICE):
            self.tell()
        following = self.timetable.next_at()
        return following is not None and following <= now

    def _settle_all(self) -> None:
        """Carry out all due entries of the timetable, and let other requests run in between."""
        epoch = self._epoch
        while self.settle() and epoch == self._epoch:
            self.changed.wait(_PAUSE)

    def wait_until(self, done: Callable[[], bool], timeout: int | None = None) -> bool:
        """Let time pass until ``done()``, at most ``timeout`` milliseconds. Return False if the timeout is over.

        ``lock`` must be held; it is released while time passes.

        :raises StatusException: 503, the cluster was reset during the wait.
        """
        epoch, moves, most = self._epoch, 0, _MOST_MOVES + len(self.timetable)
        deadline = None if timeout is None else self.clock.now() + timeout
        self._settle_all()
        while not done():
            now = self.clock.now()
            if deadline is not None and now >= deadline:
                return False
            planned = self.timetable.next_at()
            planned_first = deadline is None or (planned is not None and planned < deadline and moves < most)
            self._pass_time(planned if planned_first else deadline)
            moves += 1
            if moves % _MOVES_AT_ONCE == 0:
                self.changed.wait(_PAUSE)
            if epoch != self._epoch:
                raise StatusException("the cluster was reset while this request waited", status=503)
        return True

    def _pass_time(self, until: int | None) -> None:
        """Wait without the lock until ``until`` (None: until a notification) or less, then carry out due entries."""
        self._waiting += 1
        try:
            moved = self.clock.wait(self.changed, until)
        finally:
            self._waiting -= 1
        if moved:
            self.tell()
        self._settle_all()

    def _clock_moved(self) -> None:
        with self.lock:
            self._settle_all()
            self.tell()
