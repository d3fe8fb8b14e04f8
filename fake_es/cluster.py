"""One emulated cluster: everything it holds hangs here, and nothing anywhere else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fake_es.clock import Clock
from fake_es.delays import Delays
from fake_es.ids import Ids
from fake_es.timetable import Timetable
from fake_es.version import Version
from fake_es.wire.errors import StatusException

Part = TypeVar("Part")

# Seconds of real time for which planned actions are carried out before other requests are let in, and how long that takes.
_SLICE, _PAUSE = 0.05, 0.001
# To so many entries of the timetable, beside those there are already, one wait moves the clock one by one; then it moves it to
# its deadline.
_MOST_MOVES = 2000
# After so many of them others are let in.
_MOVES_AT_ONCE = 20

LICENCES = ("basic", "standard", "gold", "platinum", "enterprise", "trial", "expired")


@dataclass(frozen=True, slots=True)
class Account:
    """A user given when the emulator is made, as a file realm gives users to a real node."""

    name: str
    password: str = field(repr=False)
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Who a request without credentials is from (``xpack.security.authc.anonymous.*``).

    What his ``roles`` do not allow is refused with 403, without ``authz_exception`` with 401.
    """

    roles: tuple[str, ...]
    username: str = "_anonymous"
    authz_exception: bool = True


@dataclass(frozen=True, slots=True)
class Settings:
    """What stays as it was set when the emulator was made, through every reset.

    ``password`` is that of the built-in user ``elastic``; ``roles`` are names with their cluster privileges;
    ``anonymous`` is None where every request needs credentials;
    ``max_content_length`` is in bytes; without ``detailed_errors`` errors are a line each;
    ``licence`` is one of ``LICENCES``, None a trial without an end; ``configured`` are settings as in ``elasticsearch.yml``,
    their values as text.
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


class Node:
    """The one node of the cluster, as job statistics and ``GET /`` show it."""

    def __init__(self, cluster: Cluster) -> None:
        self.id = cluster.ids.uuid()
        self.ephemeral_id = cluster.ids.uuid()
        self.cluster_uuid = cluster.ids.uuid()
        self.name = cluster.settings.node_name
        self.transport_address = "127.0.0.1:9300"


class Cluster:
    """The state of one cluster, with its lock, clock and timetable.

    Rooms above keep their state in parts: ``cluster.part(Jobs)`` is the one ``Jobs`` of this cluster, made as
    ``Jobs(cluster)`` when first asked for. All of it is read and changed with ``lock`` held; a request that waits lets go of
    it, and looks again when ``changed`` is notified.
    """

    def __init__(
        self,
        version: Version,
        clock: Clock,
        delays: Delays,
        settings: Settings,
        register_listeners: Callable[[Cluster, str], None] = lambda cluster, topic: None,
    ) -> None:
        """``register_listeners(cluster, topic)`` imports the rooms that take part in operations of those below them."""
        self.register_listeners = register_listeners
        self.version = version
        self.clock = clock
        self.delays = delays
        self.settings = settings
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._epoch = 0
        self._waiting = 0
        # When the lock was last taken, or others let in, as ``time.monotonic`` says.
        self.taken_at = 0.0
        self._empty()
        clock.attach(self._clock_moved)

    def _empty(self) -> None:
        self.timetable = Timetable()
        self.ids = Ids(self.settings.seed)
        self.made_at = self.clock.now()
        self._parts: dict[type[Any], Any] = {}

    def part(self, kind: type[Part]) -> Part:
        """The part of that kind, made when first asked for."""
        try:
            part: Part = self._parts[kind]
        except KeyError:
            part = self._parts[kind] = kind(self)  # type: ignore[call-arg]
        return part

    def reset(self) -> None:
        """Forget everything, as if newly made; the time, the delays and the version stay. Waiting requests end."""
        with self.lock:
            self._epoch += 1
            self._empty()
            self.tell()

    def tell(self) -> None:
        """Let requests that wait look again; to be called with ``lock`` held."""
        if self._waiting:
            self.changed.notify_all()

    def let_in(self) -> None:
        """Let other requests in if this one has held the lock for long; to be called with ``lock`` held, between two steps of a
        long request of which each could be a request of its own.
        """
        if time.monotonic() - self.taken_at > _SLICE:
            self.changed.wait(_PAUSE)
            self.taken_at = time.monotonic()

    def wait_for(self, done: Callable[[], bool]) -> None:
        """Wait, without time passing, for another request that has let this one in; to be called with ``lock`` held."""
        while not done():
            self.changed.wait(_PAUSE)

    def settle(self) -> bool:
        """Carry out what is due by now, as far as that takes no time worth speaking of; to be called with ``lock`` held.

        Answers whether something is left. The request that has moved the clock carries that out, and lets others in meanwhile.
        """
        now = self.clock.now()
        if self.timetable.run_due(self, now, _SLICE):
            self.tell()
        following = self.timetable.next_at()
        return following is not None and following <= now

    def _settle_all(self) -> None:
        """Carry out all that is due by now, letting others in between the actions."""
        epoch = self._epoch
        while self.settle() and epoch == self._epoch:
            self.changed.wait(_PAUSE)

    def wait_until(self, done: Callable[[], bool], timeout: int | None = None) -> bool:
        """Pass time until ``done()``, at most ``timeout`` milliseconds; False if it ran out.

        To be called with ``lock`` held; it is let go while time passes.

        :raises StatusException: 503, the cluster was reset meanwhile.
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
        """Let go of the lock until then (None: until told), or less long, and carry out what is due."""
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
