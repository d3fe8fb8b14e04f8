"""Every door with every client: one way to speak to each, so that the same tests run through all."""

from __future__ import annotations

import asyncio
import json
import warnings
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import import_module
from importlib.metadata import version as installed_version
from typing import Any, ClassVar, NamedTuple

import pytest

from fake_es import FakeElasticsearch

JOBS = "/anomaly_detectors"


class Refusal(Exception):
    """What a client made of an error: its status and the type of the error."""

    def __init__(self, status: int, kind: str) -> None:
        super().__init__(status, kind)
        self.status = status
        self.kind = kind


@contextmanager
def _deprecation_allowed() -> Iterator[None]:
    """Posting data is deprecated from 7.11 on, flushing from 9.1, and the clients say so as a Python warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class Door:
    """The nine job APIs and a job's buckets, however they are reached. Each answers the JSON body or raises Refusal."""

    def put(self, job_id: str, job: dict[str, Any]) -> Any:
        raise NotImplementedError

    def call(self, name: str, job_id: str, **arguments: Any) -> Any:
        raise NotImplementedError

    def update(self, job_id: str, **changes: Any) -> Any:
        raise NotImplementedError

    def post_data(self, job_id: str, records: list[dict[str, Any]]) -> Any:
        raise NotImplementedError

    def state(self, job_id: str) -> str:
        return str(self.call("get_job_stats", job_id)["jobs"][0]["state"])


class Legacy(Door):
    """elasticsearch-py up to 7: bodies are dicts, query parameters are keywords."""

    def __init__(self, client: Any, namespace: Any, transport_error: type[Exception]) -> None:
        self.client = client
        self._ml = namespace
        self._error = transport_error

    def _run(self, name: str, **arguments: Any) -> Any:
        try:
            with _deprecation_allowed():
                return getattr(self._ml, name)(**arguments)
        except self._error as error:
            raise _legacy_refusal(error) from error

    def put(self, job_id: str, job: dict[str, Any]) -> Any:
        return self._run("put_job", job_id=job_id, body=job)

    def call(self, name: str, job_id: str, **arguments: Any) -> Any:
        return self._run(name, job_id=job_id, **arguments)

    def update(self, job_id: str, **changes: Any) -> Any:
        return self._run("update_job", job_id=job_id, body=changes)

    def post_data(self, job_id: str, records: list[dict[str, Any]]) -> Any:
        return self._run("post_data", job_id=job_id, body="\n".join(map(json.dumps, records)))


class XPack(Legacy):
    """elasticsearch-xpack 5.4.0, whose ``post_data`` calls a method of its client that does not exist."""

    def post_data(self, job_id: str, records: list[dict[str, Any]]) -> Any:
        body = "\n".join(map(json.dumps, records))
        try:
            return self.client.transport.perform_request("POST", f"/_xpack/ml{JOBS}/{job_id}/_data", body=body)
        except self._error as error:
            raise _legacy_refusal(error) from error


def _legacy_refusal(error: Any) -> Refusal:
    info = error.info if isinstance(error.info, dict) else {}
    shown = info.get("error", {})
    return Refusal(error.status_code, shown.get("type", "") if isinstance(shown, dict) else "")


class Paths(Door):
    """Anything that sends a method, a path and a body: transports, ``requests``, WSGI test clients."""

    METHODS: ClassVar[dict[str, tuple[str, str]]] = {
        "get_jobs": ("GET", ""), "get_job_stats": ("GET", "/_stats"), "delete_job": ("DELETE", ""),
        "open_job": ("POST", "/_open"), "close_job": ("POST", "/_close"), "flush_job": ("POST", "/_flush"),
        "get_buckets": ("GET", "/results/buckets"),
    }  # fmt: skip

    def __init__(self, prefix: str, send: Callable[[str, str, bytes], tuple[int, Any]]) -> None:
        self._prefix = prefix + JOBS
        self._send = send

    def _run(self, method: str, path: str, body: bytes = b"") -> Any:
        status, answer = self._send(method, self._prefix + path, body)
        if status >= 400:
            raise Refusal(status, answer["error"]["type"])
        return answer

    def put(self, job_id: str, job: dict[str, Any]) -> Any:
        return self._run("PUT", f"/{job_id}", json.dumps(job).encode())

    def call(self, name: str, job_id: str, **arguments: Any) -> Any:
        method, action = self.METHODS[name]
        query = "&".join(f"{key}={str(value).lower()}" for key, value in arguments.items())
        return self._run(method, f"/{job_id}{action}" + (f"?{query}" if query else ""))

    def update(self, job_id: str, **changes: Any) -> Any:
        return self._run("POST", f"/{job_id}/_update", json.dumps(changes).encode())

    def post_data(self, job_id: str, records: list[dict[str, Any]]) -> Any:
        return self._run("POST", f"/{job_id}/_data", "\n".join(map(json.dumps, records)).encode())


class Modern(Door):
    """The clients from 8.0: everything is a keyword."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self._error = import_module(type(client).__module__.partition(".")[0]).ApiError

    def _run(self, name: str, **arguments: Any) -> Any:
        try:
            with _deprecation_allowed():
                return self._finish(getattr(self.client.ml, name)(**arguments)).body
        except self._error as error:
            raise Refusal(error.status_code, error.body["error"]["type"]) from error

    def _finish(self, answer: Any) -> Any:
        return answer

    def put(self, job_id: str, job: dict[str, Any]) -> Any:
        return self._run("put_job", job_id=job_id, **job)

    def call(self, name: str, job_id: str, **arguments: Any) -> Any:
        return self._run(name, job_id=job_id, **arguments)

    def update(self, job_id: str, **changes: Any) -> Any:
        return self._run("update_job", job_id=job_id, **changes)

    def post_data(self, job_id: str, records: list[dict[str, Any]]) -> Any:
        return self._run("post_data", job_id=job_id, data=records)


class ModernAsync(Modern):
    """The same through asyncio, on a loop of its own."""

    def __init__(self, client: Any, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(client)
        self._loop = loop

    def _finish(self, answer: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(answer)


Open = Callable[[FakeElasticsearch], AbstractContextManager[Door]]


class Way(NamedTuple):
    """One door with one client, and the release it is tried at."""

    release: str
    opened: Open
    module: str | None = None
    major: int = 0

    def missing(self) -> bool:
        """Whether its client is not installed here."""
        try:
            return self.module is not None and int(installed_version(self.module).partition(".")[0]) != self.major
        except ImportError:
            return True


def _legacy(module: str, namespace: str, *, live: bool) -> Open:
    @contextmanager
    def opened(fake: FakeElasticsearch) -> Iterator[Door]:
        package = import_module(module)
        with _url(fake, live) as url:
            settings: dict[str, Any] = {} if live else {"connection_class": fake.connection_class(module)}
            client = package.Elasticsearch([url], **settings)
            xpack = module == "elasticsearch"
            if xpack:
                import_module("elasticsearch_xpack").XPackClient.infect_client(client)
            space: Any = client
            for name in namespace.split("."):
                space = getattr(space, name)
            yield (XPack if xpack else Legacy)(client, space, package.TransportError)
            for connection in client.transport.connection_pool.connections:
                getattr(connection, "pool", connection).close()

    return opened


def _transport(module: str, *, live: bool) -> Open:
    """Client 5.5.6 knows nothing of machine learning: its transport sends what it is given."""

    @contextmanager
    def opened(fake: FakeElasticsearch) -> Iterator[Door]:
        package = import_module(module)
        with _url(fake, live) as url:
            settings: dict[str, Any] = {} if live else {"connection_class": fake.connection_class(module)}
            client = package.Elasticsearch([url], **settings)

            def send(method: str, path: str, body: bytes) -> tuple[int, Any]:
                try:
                    return 200, client.transport.perform_request(method, path, body=body.decode() or None)
                except package.TransportError as error:
                    return error.status_code, error.info

            yield Paths("/_xpack/ml", send)
            for connection in client.transport.connection_pool.connections:
                getattr(connection, "pool", connection).close()

    return opened


def _modern(module: str, *, live: bool) -> Open:
    @contextmanager
    def opened(fake: FakeElasticsearch) -> Iterator[Door]:
        package = import_module(module)
        with _url(fake, live) as url:
            settings: dict[str, Any] = {} if live else {"node_class": fake.node_class}
            with package.Elasticsearch(url, **settings) as client:
                yield Modern(client)

    return opened


def _asynchronous(module: str, *, live: bool) -> Open:
    @contextmanager
    def opened(fake: FakeElasticsearch) -> Iterator[Door]:
        package, loop = import_module(module), asyncio.new_event_loop()
        with _url(fake, live) as url:
            settings: dict[str, Any] = {} if live else {"node_class": fake.async_node_class}
            client = package.AsyncElasticsearch(url, **settings)
            try:
                yield ModernAsync(client, loop)
            finally:
                loop.run_until_complete(client.close())
                loop.close()

    return opened


@contextmanager
def _url(fake: FakeElasticsearch, live: bool) -> Iterator[str]:
    if live:
        with fake.serve() as url:
            yield url
    else:
        yield "http://fake-es:9200"


@contextmanager
def _responses(fake: FakeElasticsearch) -> Iterator[Door]:
    requests = pytest.importorskip("requests")
    pytest.importorskip("responses")
    with fake.responses("http://elastic.example:9200"), requests.Session() as session:
        yield Paths(_prefix(fake), _through_requests(session, "http://elastic.example:9200"))


@contextmanager
def _requests(fake: FakeElasticsearch) -> Iterator[Door]:
    requests = pytest.importorskip("requests")
    with fake.serve() as url, requests.Session() as session:
        yield Paths(_prefix(fake), _through_requests(session, url))


def _through_requests(session: Any, url: str) -> Callable[[str, str, bytes], tuple[int, Any]]:
    def send(method: str, path: str, body: bytes) -> tuple[int, Any]:
        response = session.request(method, url + path, data=body, headers={"content-type": "application/json"})
        return response.status_code, response.json()

    return send


@contextmanager
def _werkzeug(fake: FakeElasticsearch) -> Iterator[Door]:
    from werkzeug.test import Client

    client = Client(fake)

    def send(method: str, path: str, body: bytes) -> tuple[int, Any]:
        response = client.open(path, method=method, data=body, content_type="application/json")
        return response.status_code, json.loads(response.get_data())

    yield Paths(_prefix(fake), send)


@contextmanager
def _httpx(fake: FakeElasticsearch) -> Iterator[Door]:
    httpx = pytest.importorskip("httpx")
    with httpx.Client(transport=httpx.WSGITransport(app=fake), base_url="http://fake-es:9200") as client:

        def send(method: str, path: str, body: bytes) -> tuple[int, Any]:
            response = client.request(method, path, content=body, headers={"content-type": "application/json"})
            return response.status_code, response.json()

        yield Paths(_prefix(fake), send)


def _prefix(fake: FakeElasticsearch) -> str:
    return "/_xpack/ml" if fake.version < (7, 0) else "/_ml"


def _ways() -> Iterator[tuple[str, Way]]:
    for live in (False, True):
        place = "socket" if live else "in-process"
        yield f"xpack-5.4-{place}", Way("5.4.0", _legacy("elasticsearch", "xpack.ml", live=live), "elasticsearch", 5)
        yield f"client-5-{place}", Way("5.6.16", _transport("elasticsearch5", live=live), "elasticsearch5", 5)
        yield f"client-6-{place}", Way("6.8.23", _legacy("elasticsearch6", "xpack.ml", live=live), "elasticsearch6", 6)
        yield f"client-7-{place}", Way("7.17.13", _legacy("elasticsearch7", "ml", live=live), "elasticsearch7", 7)
        for name, module, release, major in (
            ("client-8", "elasticsearch8", "8.19.3", 8),
            ("client-9.0", "elasticsearch9", "9.0.5", 9),
            ("client-newest", "elasticsearch", "9", 9),
        ):
            yield f"{name}-{place}", Way(release, _modern(module, live=live), module, major)
            yield f"{name}-async-{place}", Way(release, _asynchronous(module, live=live), module, major)
    for release in ("5.4.0", "9"):
        for name, opened in (("responses", _responses), ("requests", _requests), ("werkzeug", _werkzeug), ("httpx", _httpx)):
            yield f"{name}-{release}", Way(release, opened)


WAYS = dict(_ways())
