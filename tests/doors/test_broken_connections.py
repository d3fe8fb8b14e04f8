"""Connections that break by a rule: real over a socket, and what the client raises without one."""

from __future__ import annotations

import asyncio
import importlib
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
import requests

from fake_es import FakeElasticsearch


def _transport_error(name: str, timeout: bool) -> type[Exception]:
    module = importlib.import_module("elastic_transport" if name[-1] in "89" else f"{name}.exceptions")
    return getattr(module, "ConnectionTimeout" if timeout else "ConnectionError")  # type: ignore[no-any-return]


CONNECTIONS = ("reset", "reset_after", "reset_in_answer", "half_body", "no_answer", "no_answer_after")


@pytest.mark.parametrize("connection", CONNECTIONS)
@pytest.mark.parametrize("name", [f"elasticsearch{major}" for major in range(5, 10)])
def test_clients_raise_what_they_raise_for_a_broken_connection(name: str, connection: str) -> None:
    pytest.importorskip(name)
    fake = FakeElasticsearch({"5": "5.6", "6": "6.8"}.get(name[-1], f"{name[-1]}"))
    fault = fake.faults.add("broken", operation="indices.create", connection=connection)
    client = fake.client(name, max_retries=0)
    timeout = connection.startswith("no_answer")
    with pytest.raises(_transport_error(name, timeout)) as raised:
        client.indices.create(index="logs")
    # A timeout is a ConnectionError only in clients 5 to 7.
    assert ("Timeout" in type(raised.value).__name__) is timeout
    assert fault.fired == 1
    assert bool(client.indices.exists(index="logs")) is (connection not in ("reset", "no_answer"))
    assert fake.calls.of("indices.create")[0].status == (0 if connection in ("reset", "no_answer") else 200)


def test_a_client_tries_again_after_a_reset() -> None:
    fake = FakeElasticsearch("9.5")
    fake.faults.add("broken", connection="reset", times=1)
    assert fake.client("elasticsearch9").info()["version"]["number"].startswith("9.5")
    assert [(call.status, call.fault) for call in fake.calls] == [(0, "broken"), (200, None)]


def test_an_async_client() -> None:
    fake = FakeElasticsearch("9.5")
    fake.faults.add("broken", connection="no_answer")

    async def ask() -> None:
        async with fake.async_client("elasticsearch9", max_retries=0) as client:
            with pytest.raises(_transport_error("elasticsearch9", timeout=True)):
                await client.info()

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("connection", "error"),
    [
        ("reset", requests.exceptions.ConnectionError),
        ("reset_after", requests.exceptions.ConnectionError),
        ("half_body", requests.exceptions.ChunkedEncodingError),
        ("reset_in_answer", requests.exceptions.ChunkedEncodingError),
        ("no_answer", requests.exceptions.ReadTimeout),
    ],
)
@pytest.mark.parametrize("door", ["responses", "socket"])
def test_requests_raises_the_same_with_and_without_a_socket(door: str, connection: str, error: type[Exception]) -> None:
    fake = FakeElasticsearch("9.5")
    fake.faults.add("broken", connection=connection, times=1)
    with fake.responses() if door == "responses" else fake.serve() as opened:
        url = opened if isinstance(opened, str) else "http://localhost:9200"
        with pytest.raises(error):
            requests.get(url, timeout=0.2 if connection == "no_answer" else 5)
        assert requests.get(url, timeout=5).status_code == 200
    assert [call.fault for call in fake.calls] == ["broken", None]


def received(fake: FakeElasticsearch) -> tuple[bytes, type[Exception] | None]:
    """What a client gets on a plain socket, and how it ends."""
    with fake.serve() as url:
        parts = urlsplit(url)
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            data = b""
            try:
                while piece := connection.recv(65536):
                    data += piece
            except ConnectionResetError:
                return data, ConnectionResetError
            return data, None


@pytest.mark.parametrize(
    ("connection", "half", "end"),
    [
        ("reset", False, ConnectionResetError),
        ("reset_after", False, ConnectionResetError),
        ("half_body", True, None),
        ("reset_in_answer", True, ConnectionResetError),
    ],
)
def test_what_comes_through_a_socket(connection: str, half: bool, end: type[Exception] | None) -> None:
    fake = FakeElasticsearch("9.5")
    whole = fake.handle("GET", "/", {}).body
    fake.faults.add("broken", connection=connection)
    data, ended = received(fake)
    assert ended is end
    assert data.partition(b"\r\n\r\n")[2] == (whole[: len(whole) // 2] if half else b"")
    assert (b"content-length: %d" % len(whole) in data) is half


def test_a_server_stops_while_it_gives_no_answer() -> None:
    fake = FakeElasticsearch("9.5")
    fake.faults.add("broken", connection="no_answer")
    raised: list[BaseException] = []

    def ask(url: str) -> None:
        try:
            requests.get(url, timeout=30)
        except requests.exceptions.RequestException as error:
            raised.append(error)

    server = fake.serve()
    thread = threading.Thread(target=ask, args=(server.url,), daemon=True)
    thread.start()
    while not len(fake.calls):
        time.sleep(0.001)
    server.stop()
    thread.join(timeout=5)
    assert len(raised) == 1


def test_a_slow_answer_over_a_socket_and_without_one() -> None:
    fake = FakeElasticsearch("9.5")
    body = fake.handle("GET", "/", {}).body
    fake.faults.add("slow", bytes_per_second=10_000)
    before = fake.clock.now()
    assert fake.handle("GET", "/", {}).body == body
    assert fake.clock.now() - before == len(body) * 1000 // 10_000
    with fake.serve() as url:
        before, started = fake.clock.now(), time.monotonic()
        assert requests.get(url, headers={"accept-encoding": "identity"}, timeout=5).content == body
        assert time.monotonic() - started >= len(body) / 10_000
        assert fake.clock.now() == before


def test_a_request_without_a_client_raises_a_connection_error() -> None:
    fake = FakeElasticsearch("9.5")
    fake.faults.add("broken", connection="reset", method="GET")
    with pytest.raises(ConnectionError, match="Connection reset by peer"):
        fake.handle("GET", "/", {})
    with pytest.raises(ConnectionError):
        fake({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda status, headers: None)
