"""``FakeElasticsearch``: the object that tests hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fake_es.app import Application
from fake_es.clock import Clock, SystemClock, VirtualClock
from fake_es.cluster import LICENCES, Account, Anonymous, Cluster, Settings
from fake_es.delays import Delays, Profile
from fake_es.doors.wsgi import answer_wsgi
from fake_es.operations import register_listeners, route_table
from fake_es.version import Version, parse_version

if TYPE_CHECKING:
    from elastic_transport import BaseAsyncNode, BaseNode

    from fake_es.doors.bridge import Bridge
    from fake_es.doors.server import Server

_HUNDRED_MB = 100 * 1024 * 1024


class FakeElasticsearch:
    """An emulated cluster and the ways into it; itself a WSGI application.

    :param version: release to emulate, from ``"5.4.0"`` on; ``"7"`` or ``"8.19"`` is the newest known of that line,
        None the newest of all.
    :param security: whether credentials and privileges are asked for.
    :param clock: ``"virtual"`` (a waiting request moves time itself), ``"system"``, or a clock.
    :param delays: ``"realistic"``, ``"none"``, figures such as ``{"close": "4m"}``, or a function (see ``Delays``).
    :param users: accounts, or tuples of name, password and role names.
    :param roles: cluster privileges by role name, beside the built-in roles.
    :param password: password of the user ``elastic``.
    :param anonymous: who a request without credentials is from: role names, or an ``Anonymous``; None for nobody.
    :param seed: what the ids of the cluster are drawn from; the same seed gives the same ids.
    :param max_content_length: largest body taken, in bytes (``http.max_content_length``).
    :param detailed_errors: whether errors say all there is to say (``http.detailed_errors.enabled``).
    :param licence: ``"trial"``, ``"basic"``, ``"standard"``, ``"gold"``, ``"platinum"``, ``"enterprise"`` or ``"expired"``;
        None for a trial that does not end. ``license`` is the same in American.
    :param settings: settings as in ``elasticsearch.yml``, such as ``{"xpack.ml.max_open_jobs": 2}``.
    :raises UnknownVersionError: no release of that name.
    :raises ValueError: a setting that the release does not have, or cannot have with that value.
    """

    def __init__(
        self,
        version: str | Version | None = None,
        *,
        security: bool = False,
        clock: Clock | str = "virtual",
        delays: str | Profile | Mapping[str, Any] = "realistic",
        users: Iterable[Account | tuple[str, str, Iterable[str]]] = (),
        roles: Mapping[str, Iterable[str]] | None = None,
        password: str = "changeme",
        anonymous: Anonymous | Iterable[str] | None = None,
        seed: int = 0,
        max_content_length: int = _HUNDRED_MB,
        detailed_errors: bool = True,
        licence: str | None = None,
        license: str | None = None,  # noqa: A002 - as Elasticsearch spells it
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.version = parse_version(version)
        chosen = Settings(
            security=security,
            password=password,
            accounts=tuple(user if isinstance(user, Account) else Account(user[0], user[1], tuple(user[2])) for user in users),
            roles=tuple((name, tuple(privileges)) for name, privileges in (roles or {}).items()),
            anonymous=_anonymous(anonymous),
            seed=seed,
            max_content_length=max_content_length,
            detailed_errors=detailed_errors,
            licence=_licence(licence if license is None else license),
            configured=_configured(settings, self.version),
        )
        self.clock = _clock(clock)
        self.cluster = Cluster(self.version, self.clock, Delays(delays), chosen, register_listeners)
        self.app = Application(self.cluster, route_table(self.version, security))
        self.handle = self.app.handle

    def __repr__(self) -> str:
        return f"<FakeElasticsearch {self.version}>"

    def reset(self) -> None:
        """Forget all jobs, results and users made since the start; time and delays stay as they are."""
        self.cluster.reset()

    @property
    def delays(self) -> Delays:
        """How long things take: ``fake.delays.change({"close": "4m"})`` while the cluster runs."""
        return self.cluster.delays

    @property
    def licence(self) -> str | None:
        """The type of the licence in force, ``"expired"`` once it has run out, None where it was deleted.

        Setting it puts another in force: ``fake.licence = "basic"``. None is the trial without an end.

        :raises ValueError: no licence has that name.
        """
        from fake_es.licence.licence import EXPIRED, Licence

        with self.cluster.lock:
            current = self.cluster.part(Licence).current
            if current is None:
                return None
            return current.type if current.status(self.clock.now()) == "active" else EXPIRED

    @licence.setter
    def licence(self, name: str | None) -> None:
        from fake_es.licence.licence import Licence

        with self.cluster.lock:
            self.cluster.part(Licence).choose(_licence(name), self.clock.now())
            self.cluster.tell()

    def fail(self, job_id: str, *, during: str = "opened", reason: str | None = None) -> None:
        """Let the native process of an anomaly detection job die: the job's state becomes ``failed``.

        :param during: ``"opened"`` for now; ``"opening"`` or ``"closing"`` for the next time the job is in that state.
        :param reason: what the server would say of it; by default ``Unexpected death of autodetect``.
        :raises ValueError: there is no such job, it is closed and has no process, or ``during`` is no such state.
        """
        from fake_es.control.failing import REASON, fail_job
        from fake_es.wire.errors import ElasticsearchError

        try:
            with self.cluster.lock:
                self.cluster.settle()
                fail_job(self.cluster, job_id, during, REASON if reason is None else reason)
                self.cluster.tell()
        except ElasticsearchError as error:
            raise ValueError(str(error)) from None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one WSGI request."""
        return answer_wsgi(self.app, environ, start_response)

    def serve(self, port: int = 0, host: str = "127.0.0.1") -> Server:
        """A live server, listening when this returns: ``with fake.serve() as url``.

        :raises OSError: the address is taken, or none of this machine's.
        """
        from fake_es.doors.server import Server

        return Server(self.app, host, port)

    def client(self, client: ModuleType | str | None = None, **settings: Any) -> Any:
        """An official client without a socket: of the module ``client`` (``elasticsearch7``), else of the one installed.

        :param settings: arguments of its ``Elasticsearch``; with security on it is the user ``elastic`` unless told.
        :raises ImportError: no client is installed.
        """
        from fake_es.doors.clients import make_client

        return make_client(self.app, client, settings)

    def async_client(self, client: ModuleType | str | None = None, **settings: Any) -> Any:
        """The same for asyncio (``AsyncElasticsearch``, from client 8.0)."""
        from fake_es.doors.clients import make_async_client

        return make_async_client(self.app, client, settings)

    @property
    def node_class(self) -> type[BaseNode]:
        """For ``Elasticsearch("http://anything:9200", node_class=...)`` of clients 8 and 9."""
        from fake_es.doors.nodes import node_class

        return node_class(self.app)

    @property
    def async_node_class(self) -> type[BaseAsyncNode]:
        """For ``AsyncElasticsearch("http://anything:9200", node_class=...)`` of clients 8 and 9."""
        from fake_es.doors.nodes import async_node_class

        return async_node_class(self.app)

    def connection_class(self, client: ModuleType | str = "elasticsearch") -> type[Any]:
        """For ``Elasticsearch(connection_class=...)`` of clients 5 to 7: ``client`` is the module it is imported as."""
        from fake_es.doors.connections import connection_class

        return connection_class(self.app, client)

    def responses(self, base_url: str = "http://localhost:9200") -> Bridge:
        """Catches what ``requests`` sends to ``base_url``: a context manager and a decorator. Needs ``responses``."""
        from fake_es.doors.bridge import Bridge

        return Bridge(self.app, base_url)


def _anonymous(given: Anonymous | Iterable[str] | None) -> Anonymous | None:
    """No roles are no anonymous user, as with the setting of a real node."""
    anonymous = given if given is None or isinstance(given, Anonymous) else Anonymous(tuple(given))
    return anonymous if anonymous is not None and anonymous.roles else None


def _licence(name: str | None) -> str | None:
    if name is not None and name not in LICENCES:
        raise ValueError(f"unknown licence [{name}]: {', '.join(LICENCES)}")
    return name


def _configured(settings: Mapping[str, Any] | None, version: Version) -> tuple[tuple[str, str], ...]:
    if not settings:
        return ()
    # Loaded only for those who set something.
    from fake_es.cluster_settings import configured

    return configured(settings, version)


def _clock(clock: Clock | str) -> Clock:
    if isinstance(clock, Clock):
        return clock
    if clock == "virtual":
        return VirtualClock()
    if clock == "system":
        return SystemClock()
    raise ValueError(f"unknown clock [{clock}]: virtual, system or a Clock")
