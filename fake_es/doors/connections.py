"""Connections for elasticsearch-py 5, 6 and 7, which have no elastic-transport."""

from __future__ import annotations

import base64
import time
from collections.abc import Collection, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar
from urllib.parse import urlencode

from fake_es.app import Application
from fake_es.doors.inprocess import compressed, send_request
from fake_es.wire.faults import ConnectionFault


class FakeConnection:
    """Overrides requests in a client's own ``Connection`` class, which has the client's exceptions and log."""

    application: ClassVar[Application]
    # The client's module of that name.
    exceptions: ClassVar[Any]

    def __init__(self, *args: Any, http_auth: Any = None, headers: Mapping[str, str] | None = None, **settings: Any) -> None:
        self._compressed = bool(settings.get("http_compress"))
        super().__init__(*args, **settings)
        self.headers: dict[str, str] = dict(getattr(self, "headers", None) or {})
        self.headers.update({name.lower(): value for name, value in (headers or {}).items()})
        if http_auth is not None:
            text = http_auth if isinstance(http_auth, str) else ":".join(http_auth)
            self.headers["authorization"] = "Basic " + base64.b64encode(text.encode()).decode()

    def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        timeout: float | None = None,
        ignore: Collection[int] = (),
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, dict[str, str], str]:
        """Answer one request. The client's ``timeout`` has no effect."""
        here: Any = self
        target = here.url_prefix + url + (f"?{urlencode(params)}" if params else "")
        started = time.perf_counter()
        try:
            status, received, answer = send_request(
                self.application, method, target, self._headers(headers, body), self._body(body)
            )
        except ConnectionFault as fault:
            here.log_request_fail(method, here.host + target, target, body, time.perf_counter() - started, exception=fault)
            kind = self.exceptions.ConnectionTimeout if fault.is_timeout else self.exceptions.ConnectionError
            raise kind("TIMEOUT" if fault.is_timeout else "N/A", str(fault), fault) from fault
        duration, text = time.perf_counter() - started, answer.decode("utf-8", "surrogatepass")
        if "warning" in received and hasattr(self, "_raise_warnings"):
            here._raise_warnings([received["warning"]])
        if not 200 <= status < 300 and status not in ignore:
            here.log_request_fail(method, here.host + target, target, body, duration, status, text)
            here._raise_error(status, text)
        here.log_request_success(method, here.host + target, target, body, status, text, duration)
        return status, received, text

    def _headers(self, headers: Mapping[str, str] | None, body: bytes | None) -> dict[str, str]:
        sent = self.headers | {name.lower(): value for name, value in (headers or {}).items()}
        sent.setdefault("content-type", "application/json")
        return sent | {"content-encoding": "gzip"} if body and self._compressed else sent

    def _body(self, body: bytes | None) -> bytes:
        return compressed(body) if body and self._compressed else body or b""

    def close(self) -> None:
        """There is nothing to close."""


def connection_class(application: Application, client: ModuleType | str) -> type[Any]:
    """A class for ``Elasticsearch(..., connection_class=...)`` of a client module; its requests go to ``application``."""
    name = client if isinstance(client, str) else client.__name__
    base = import_module(f"{name}.connection.base").Connection
    own = {"application": application, "exceptions": import_module(f"{name}.exceptions")}
    return type("FakeConnection", (FakeConnection, base), own)
