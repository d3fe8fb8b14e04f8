"""Emulated clusters without a socket, a new one for each test."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from fake_es.emulator import FakeElasticsearch
from fake_es.verify.connection import Connection, Reply, read_body
from fake_es.version import parse_version

# The password of the users in the build of the documentation and in the suites of the clients.
_PASSWORD = "x-pack-test-password"
_USERS = tuple((name, _PASSWORD, ("superuser",)) for name in ("test_admin", "x_pack_rest_user"))
_AUTHORIZATION = f"Basic {b64encode(f'test_admin:{_PASSWORD}'.encode()).decode()}"


class LocalConnection:
    """A connection to an emulator of a release, with security. ``renew`` replaces the emulator with a new one.

    A request without credentials is from the user ``test_admin``, as in the build of the documentation.
    """

    def __init__(self, version: str | None = None) -> None:
        self._version = parse_version(version)
        self._fake = self._new()

    def _new(self) -> FakeElasticsearch:
        return FakeElasticsearch(self._version, security=True, users=_USERS)

    def renew(self, connection: Connection) -> None:
        """Replace the emulator with a new one (a ``Cleanup``)."""
        self._fake = self._new()

    def pause(self, seconds: float) -> None:
        """Move the emulator's clock."""
        self._fake.clock.advance(seconds)

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Send a request and return the answer with any status."""
        sent = {"authorization": _AUTHORIZATION} | {name.lower(): value for name, value in headers.items()}
        response = self._fake.handle(method, target, sent, body)
        given: dict[str, list[str]] = {}
        for name, value in response.headers:
            given.setdefault(name.lower(), []).append(value)
        text = response.body.decode("utf-8", "replace")
        shown = response.status < 400 if method == "HEAD" else read_body(text, given.get("content-type", [""])[0])
        return Reply(response.status, given, text, shown)
