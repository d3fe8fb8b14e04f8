"""``FakeElasticsearch``: the object that tests hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fake_es.app import Application
from fake_es.clock import Clock, SystemClock, VirtualClock
from fake_es.cluster import Account, Cluster, Settings
from fake_es.delays import Delays, Profile
from fake_es.operations import route_table
from fake_es.version import Version, parse_version


class FakeElasticsearch:
    """An emulated cluster and the ways into it; itself a WSGI application."""

    def __init__(
        self,
        version: str | Version | None = None,
        *,
        security: bool = False,
        clock: Clock | str = "virtual",
        delays: str | Profile | Mapping[str, Any] = "realistic",
        users: Iterable[Account | tuple[str, str, Iterable[str]]] = (),
        password: str = "changeme",
        seed: int = 0,
        max_content_length: int = 100 * 1024 * 1024,
    ) -> None:
        self.version = parse_version(version)
        accounts = tuple(user if isinstance(user, Account) else Account(user[0], user[1], tuple(user[2])) for user in users)
        settings = Settings(
            security=security, password=password, accounts=accounts, seed=seed, max_content_length=max_content_length
        )
        self.clock = _clock(clock)
        self.cluster = Cluster(self.version, self.clock, Delays(delays), settings)
        self.app = Application(self.cluster, route_table(self.version, security))
        self.handle = self.app.handle

    def reset(self) -> None:
        """Forget all jobs, results and users made since the start."""
        self.cluster.reset()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise NotImplementedError


def _clock(clock: Clock | str) -> Clock:
    if isinstance(clock, Clock):
        return clock
    if clock == "virtual":
        return VirtualClock()
    if clock == "system":
        return SystemClock()
    raise ValueError(f"unknown clock [{clock}]: virtual, system or a Clock")
