"""``FakeElasticsearch``: the object that tests hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any

from fake_es.app import Application
from fake_es.arguments import (
    ClockName,
    DelaysName,
    read_anonymous,
    read_clock,
    read_licence,
    read_roles,
    read_settings,
    read_users,
    read_version,
)
from fake_es.clock import Clock
from fake_es.cluster import Account, Anonymous, Cluster, LicenceName, Settings
from fake_es.delays import Delays, Profile
from fake_es.doors.wsgi import answer_wsgi
from fake_es.operations import register_listeners, route_table
from fake_es.version import Version

if TYPE_CHECKING:
    from elastic_transport import BaseAsyncNode, BaseNode

    from fake_es.control.calls import Calls
    from fake_es.control.faults import Faults
    from fake_es.doors.bridge import Bridge
    from fake_es.doors.server import Server
    from fake_es.wire.render import Response

_HUNDRED_MB = 100 * 1024 * 1024


class FakeElasticsearch:
    """An emulated cluster with its doors; the object is also a WSGI application.

    :param version: release to emulate, from ``"5.4.0"`` on; ``"7"`` or ``"8.19"`` is its newest known patch release,
        None the newest of all.
    :param security: whether requests need credentials and privileges.
    :param clock: ``"virtual"`` (a waiting request moves the clock itself), ``"system"``, or a clock.
    :param delays: ``"realistic"``, ``"none"``, figures such as ``{"close": "4m"}``, or a function (see ``Delays``).
    :param users: accounts, or tuples of name, password and role names.
    :param roles: roles besides the built-in ones: role name -> cluster privileges.
    :param password: password of the user ``elastic``.
    :param anonymous: the user of requests without credentials: role names, or an ``Anonymous``; with None they get 401.
    :param seed: seed of the ids of the cluster; the same seed gives the same ids.
    :param max_content_length: largest request body, in bytes (``http.max_content_length``).
    :param detailed_errors: whether error responses have all details (``http.detailed_errors.enabled``).
    :param licence: ``"trial"``, ``"basic"``, ``"standard"``, ``"gold"``, ``"platinum"``, ``"enterprise"`` or ``"expired"``;
        None for a trial that does not end. ``license`` is another spelling.
    :param settings: settings as in ``elasticsearch.yml``, such as ``{"xpack.ml.max_open_jobs": 2}``.
    :param faults: rules for requests that go wrong: dicts of the arguments of ``fake.faults.add``, with a ``name``.
    :raises UnknownVersionError: there is no such release.
    :raises ValueError: a licence, clock, role or setting is unknown, or a setting or a rule has a bad value.
    :raises TypeError: an argument is of the wrong type.
    """

    def __init__(
        self,
        version: str | Version | None = None,
        *,
        security: bool = False,
        clock: Clock | ClockName = "virtual",
        delays: DelaysName | Profile | Mapping[str, Any] = "realistic",
        users: Iterable[Account | tuple[str, str, Iterable[str]]] = (),
        roles: Mapping[str, Iterable[str]] | None = None,
        password: str = "changeme",
        anonymous: Anonymous | Iterable[str] | None = None,
        seed: int = 0,
        max_content_length: int = _HUNDRED_MB,
        detailed_errors: bool = True,
        licence: LicenceName | None = None,
        license: LicenceName | None = None,  # noqa: A002 - as Elasticsearch spells it
        settings: Mapping[str, Any] | None = None,
        faults: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self.version = read_version(version)
        own_roles = read_roles(roles)
        chosen = Settings(
            security=security,
            password=password,
            accounts=read_users(users, own_roles, self.version),
            roles=own_roles,
            anonymous=read_anonymous(anonymous),
            seed=seed,
            max_content_length=max_content_length,
            detailed_errors=detailed_errors,
            licence=read_licence(licence if license is None else license),
            configured=read_settings(settings, self.version, security),
        )
        self.clock = read_clock(clock)
        self.cluster = Cluster(self.version, self.clock, Delays(delays), chosen, register_listeners)
        self.app = Application(self.cluster, route_table(self.version, security, self.cluster.settings.ml))
        if faults:
            # Loaded only if there are rules.
            from fake_es.control.faults import read_faults

            read_faults(self.cluster, faults)

    def __init_subclass__(cls, **arguments: Any) -> None:
        super().__init_subclass__(**arguments)
        if "handle" in vars(cls):
            raise TypeError(f"{cls.__name__}.handle would have no effect: doors lead to the application, not to this object")

    @property
    def handle(self) -> Callable[..., Response]:
        """Answer one request without a client: ``handle(method, target, headers, body=b"")``.

        The names of the headers are in lower case, the body is bytes. It cannot be replaced.
        """
        return self.app.handle

    def __repr__(self) -> str:
        return f"<FakeElasticsearch {self.version}>"

    def reset(self, *, all: bool = False) -> None:  # noqa: A002 - as in the control API
        """Delete everything that requests have created: jobs, results, indices, users. The rest stays.

        :param all: whether the clock, the delays, the calls and the fault rules go back to their start too.
        """
        self.cluster.reset(everything=all)

    @property
    def delays(self) -> Delays:
        """How long operations take. Change it with ``fake.delays.change({"close": "4m"})``."""
        return self.cluster.delays

    @property
    def licence(self) -> str | None:
        """The type of the current licence; ``"expired"`` after its end, None if it was deleted.

        Assign a type to change the licence: ``fake.licence = "basic"``. None stands for a trial that does not end.

        :raises ValueError: there is no such licence.
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
            self.cluster.part(Licence).choose(read_licence(name), self.clock.now())
            self.cluster.tell()

    def fail(self, job_id: str, *, during: str = "opened", reason: str | None = None) -> None:
        """Let the native process of an anomaly detection job die: the job's state becomes ``failed``.

        :param during: ``"opened"`` for now; ``"opening"`` or ``"closing"`` for the next time the job is in that state.
        :param reason: the cause that the server reports; by default ``Unexpected death of autodetect``.
        :raises ValueError: the job does not exist, it is closed and has no process, or ``during`` is none of these.
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

    @property
    def faults(self) -> Faults:
        """Rules for requests that go wrong: ``fake.faults.add("busy", operation="ml.close_job", error="no_ml_capacity")``."""
        from fake_es.control.faults import faults_of

        return faults_of(self.cluster)

    @property
    def calls(self) -> Calls:
        """The last thousand requests with their answers: ``fake.calls.of("ml.close_job", job_id="x")``."""
        from fake_es.control.calls import Calls

        return Calls(self.cluster.journal)

    def assert_called(self, operation: str, /, *, times: int | None = None, **wanted: Any) -> None:
        """Fail unless the operation was called with these values.

        :param operation: name of the API, such as ``ml.close_job``; ``*`` stands for any text.
        :param times: how often exactly; None for at least once.
        :param wanted: parts of the path, query parameters, or fields of a JSON body (see ``Calls.of``).
        :raises AssertionError: it was not; the message shows the nearest calls, and in what each differs.
        """
        __tracebackhide__ = True
        _assert_none(self.calls.check(operation, times, wanted))

    def assert_not_called(self, operation: str, /, **wanted: Any) -> None:
        """Fail if the operation was called with these values.

        :raises AssertionError: it was.
        """
        __tracebackhide__ = True
        _assert_none(self.calls.check(operation, 0, wanted))

    def assert_order(self, *operations: str) -> None:
        """Fail unless these operations were called one after another; others may have been called between them.

        :raises AssertionError: they were not; the message shows all calls.
        """
        __tracebackhide__ = True
        _assert_none(self.calls.check_order(operations))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one WSGI request."""
        return answer_wsgi(self.app, environ, start_response)

    def serve(self, port: int = 0, host: str = "127.0.0.1") -> Server:
        """Start a server, which listens when the call returns: ``with fake.serve() as url``.

        :param port: 0 for any free port.
        :raises OSError: the address is in use, or not one of this machine.
        """
        from fake_es.doors.server import Server

        return Server(self.app, host, port)

    def client(self, client: ModuleType | str | None = None, **settings: Any) -> Any:
        """An official client that works without a socket.

        :param client: module of the client, such as ``elasticsearch7``; by default one that is installed.
        :param settings: arguments of its ``Elasticsearch``. With security on, the default user is ``elastic``.
        :raises ImportError: no client is installed.
        """
        from fake_es.doors.clients import make_client

        return make_client(self.app, client, settings)

    def async_client(self, client: ModuleType | str | None = None, **settings: Any) -> Any:
        """``client`` for asyncio: an ``AsyncElasticsearch``, from client 8.0 on."""
        from fake_es.doors.clients import make_async_client

        return make_async_client(self.app, client, settings)

    @property
    def node_class(self) -> type[BaseNode]:
        """Node class for ``Elasticsearch("http://anything:9200", node_class=...)`` of clients 8 and 9."""
        from fake_es.doors.nodes import node_class

        return node_class(self.app)

    @property
    def async_node_class(self) -> type[BaseAsyncNode]:
        """Node class for ``AsyncElasticsearch("http://anything:9200", node_class=...)`` of clients 8 and 9."""
        from fake_es.doors.nodes import async_node_class

        return async_node_class(self.app)

    def connection_class(self, client: ModuleType | str = "elasticsearch") -> type[Any]:
        """Connection class for ``Elasticsearch(connection_class=...)`` of clients 5 to 7; ``client`` is their module."""
        from fake_es.doors.connections import connection_class

        return connection_class(self.app, client)

    def responses(self, base_url: str = "http://localhost:9200") -> Bridge:
        """Answer what ``requests`` sends to ``base_url``: a context manager and decorator. Needs the package ``responses``."""
        from fake_es.doors.bridge import Bridge

        return Bridge(self.app, base_url)


def _assert_none(wrong: str | None) -> None:
    __tracebackhide__ = True
    if wrong is not None:
        raise AssertionError(wrong)
