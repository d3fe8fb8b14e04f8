"""An emulated cluster without a socket, a new one for each test."""

from __future__ import annotations

from collections.abc import Mapping

from fake_es.emulator import FakeElasticsearch
from fake_es.verify.connection import Connection, Reply, read_body


class LocalConnection:
    """Leads to an emulator of a release; ``renew`` puts another in its place."""

    def __init__(self, version: str | None = None) -> None:
        self._version = version
        self._fake = FakeElasticsearch(version)

    def renew(self, connection: Connection) -> None:
        """Begin with a new emulator: a clean-up that leaves nothing behind (``Cleanup``)."""
        self._fake = FakeElasticsearch(self._version)

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Ask and read the answer, whatever its status."""
        sent = {name.lower(): value for name, value in headers.items()}
        response = self._fake.handle(method, target, sent, body)
        given: dict[str, list[str]] = {}
        for name, value in response.headers:
            given.setdefault(name.lower(), []).append(value)
        text = response.body.decode("utf-8", "replace")
        shown = response.status < 400 if method == "HEAD" else read_body(text, given.get("content-type", [""])[0])
        return Reply(response.status, given, text, shown)
