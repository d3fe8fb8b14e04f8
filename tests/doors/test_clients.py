"""The official clients without a socket: nodes for the new ones, connections for the old ones."""

from __future__ import annotations

import asyncio
import logging
from importlib import import_module
from operator import attrgetter
from typing import Any

import pytest

from fake_es import FakeElasticsearch, VirtualClock
from fake_es.doors import clients
from tests.support import JOB

MODERN = [pytest.param("8.19", "elasticsearch8", id="8"), pytest.param("9.5", "elasticsearch9", id="9")]
LEGACY = [
    pytest.param("5.6", "elasticsearch5", id="5"),
    pytest.param("6.8", "elasticsearch6", id="6"),
    pytest.param("7.17", "elasticsearch7", id="7"),
]


def client_of(fake: FakeElasticsearch, module: str, **settings: Any) -> Any:
    pytest.importorskip(module)
    return fake.client(module, **settings)


@pytest.mark.parametrize(("release", "module"), [*MODERN, *LEGACY])
def test_a_client_is_found_for_the_release(release: str, module: str) -> None:
    pytest.importorskip(module)
    client = FakeElasticsearch(release).client()
    assert client.info()["version"]["number"].startswith(release)
    assert import_module(type(client).__module__.partition(".")[0]).__version__[0] == int(release[0])


@pytest.mark.filterwarnings("ignore:The client is unable to verify that the server is Elasticsearch")
@pytest.mark.parametrize(("release", "module"), [*MODERN, *LEGACY])
def test_with_security_on_it_is_elastic_unless_told(release: str, module: str) -> None:
    fake = FakeElasticsearch(release, security=True, password="other-password", users=[("joe", "secret-joe", [])])
    assert client_of(fake, module).info()["tagline"] == "You Know, for Search"
    name = "basic_auth" if int(release[0]) >= 8 else "http_auth"
    errors = import_module(module).exceptions
    with pytest.raises(errors.AuthorizationException, match="cluster:monitor/main"):
        client_of(fake, module, **{name: ("joe", "secret-joe")}).info()
    with pytest.raises(errors.AuthenticationException):
        client_of(fake, module, **{name: ("joe", "wrong")}).info()


@pytest.mark.parametrize(("release", "module"), LEGACY)
def test_credentials_of_old_clients_may_be_a_text(release: str, module: str) -> None:
    fake = FakeElasticsearch(release, security=True)
    assert client_of(fake, module, http_auth="elastic:changeme").info()["tagline"]


@pytest.mark.parametrize(("release", "module"), [*MODERN, pytest.param("7.17", "elasticsearch7", id="7")])
def test_bodies_are_packed_when_the_client_packs_them(release: str, module: str) -> None:
    fake = FakeElasticsearch(release)
    client = client_of(fake, module, http_compress=True)
    body = {"body": JOB} if release < "8" else JOB
    assert client.ml.put_job(job_id="x", **body)["job_id"] == "x"
    assert client.ml.get_jobs(job_id="x")["count"] == 1
    assert client.ping() is True


@pytest.mark.parametrize(("release", "module"), [*MODERN, *LEGACY])
def test_what_is_not_there_is_the_clients_own_error(release: str, module: str) -> None:
    client = client_of(FakeElasticsearch(release), module)
    errors = import_module(module).exceptions
    path = "/_ml/anomaly_detectors/x" if release >= "7" else "/_xpack/ml/anomaly_detectors/x"
    arguments = {"headers": {"accept": "application/json"}} if release >= "8" else {}
    with pytest.raises(errors.NotFoundError) as missing:
        client.transport.perform_request("GET", path, **arguments) if release < "8" else client.ml.get_jobs(job_id="x")
    assert "No known job with id 'x'" in str(missing.value)


@pytest.mark.parametrize(("release", "module"), LEGACY)
def test_old_clients_may_ignore_a_status(release: str, module: str) -> None:
    client = client_of(FakeElasticsearch(release), module)
    path = "/_ml/anomaly_detectors/x" if release >= "7" else "/_xpack/ml/anomaly_detectors/x"
    answer = client.transport.perform_request("GET", path, params={"ignore": 404})
    assert answer["status"] == 404


@pytest.mark.parametrize(("release", "module"), [*MODERN, *LEGACY])
def test_headers_of_the_client_are_sent(release: str, module: str) -> None:
    fake, sent = FakeElasticsearch(release), []
    handle = fake.app.handle

    def noting(method: str, target: str, headers: Any, body: bytes = b"", door: str = "") -> Any:
        sent.append(dict(headers))
        return handle(method, target, headers, body, door)

    fake.app.handle = noting  # type: ignore[method-assign]
    client_of(fake, module, headers={"X-Opaque-Id": "mine"}).info()
    assert {headers.get("x-opaque-id") for headers in sent} == {"mine"}


def test_deprecations_are_python_warnings_of_the_client() -> None:
    pytest.importorskip("elasticsearch7")
    client = FakeElasticsearch("7.17").client("elasticsearch7")
    client.ml.put_job(job_id="x", body=JOB)
    client.ml.open_job(job_id="x")
    with pytest.warns(match="deprecated"):
        client.ml.post_data(job_id="x", body=[{"time": 1}])


@pytest.mark.parametrize(("release", "module", "name"), [("8.19", "elasticsearch8", "elastic_transport.transport"),
                                                         ("7.17", "elasticsearch7", "elasticsearch")])  # fmt: skip
def test_the_log_of_the_client_has_each_request(release: str, module: str, name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client_of(FakeElasticsearch(release), module).info()
    assert any("200" in record.getMessage() for record in caplog.records if record.name == name)


@pytest.mark.parametrize(("release", "module"), MODERN)
def test_asynchronous_clients(release: str, module: str) -> None:
    pytest.importorskip(module)
    fake = FakeElasticsearch(release, security=True, users=[("joe", "secret-joe", [])])

    async def ask(**settings: Any) -> Any:
        async with fake.async_client(module, **settings) as client:
            return (await client.security.authenticate())["username"]

    assert asyncio.run(ask()) == "elastic"
    assert asyncio.run(ask(basic_auth=("joe", "secret-joe"))) == "joe"


@pytest.mark.parametrize(("release", "module"), MODERN)
def test_an_asynchronous_request_that_waits_leaves_the_loop_free(release: str, module: str) -> None:
    pytest.importorskip(module)
    fake = FakeElasticsearch(release, clock=VirtualClock(auto=False), delays={"close": "4m"})

    async def run() -> Any:
        async with fake.async_client(module) as client:
            await client.ml.put_job(job_id="x", **JOB)
            opening = asyncio.ensure_future(client.ml.open_job(job_id="x"))
            while not opening.done():
                fake.clock.advance("1s")
                await asyncio.sleep(0)
            closing = asyncio.ensure_future(client.ml.close_job(job_id="x"))
            while not closing.done():
                fake.clock.advance("1m")
                await asyncio.sleep(0)
            return closing.result().body

    assert asyncio.run(run()) == {"closed": True}


def test_two_emulators_never_see_each_other() -> None:
    pytest.importorskip("elasticsearch8")
    one, other = FakeElasticsearch("8.19"), FakeElasticsearch("8.19")
    one.client("elasticsearch8").ml.put_job(job_id="x", **JOB)
    assert other.client("elasticsearch8").ml.get_jobs()["count"] == 0


def test_a_client_may_be_given_as_its_module() -> None:
    module = pytest.importorskip("elasticsearch8")
    client = FakeElasticsearch("8.19").client(module)
    assert isinstance(client, module.Elasticsearch)


def test_without_any_client_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match="pip install elasticsearch"):
        FakeElasticsearch("9.5").client()


def test_a_client_of_another_release_is_better_than_none(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("elasticsearch8")
    monkeypatch.setattr(clients, "find_spec", lambda name: True if name == "elasticsearch8" else None)
    assert type(FakeElasticsearch("9.5").client()).__module__.startswith("elasticsearch8")


@pytest.mark.parametrize(("release", "module"), [*MODERN, *LEGACY])
def test_clients_that_sniff_find_the_server_again(release: str, module: str) -> None:
    """They ask for the addresses of nodes, and from then on go there alone."""
    library = pytest.importorskip(module)
    sniffing = "sniff_on_start" if release < "9" else "sniff_before_requests"
    with FakeElasticsearch(release).serve() as url:
        client = library.Elasticsearch([url], **{sniffing: True})
        assert client.info()["tagline"] == "You Know, for Search"
        pool, where = ("connection_pool.connections", "host") if release < "8" else ("node_pool.all", "base_url")
        nodes = attrgetter(pool)(client.transport)
        assert {getattr(node, where) for node in (nodes() if callable(nodes) else nodes)} == {url}
