"""The ``responses`` door: the emulator answers what ``requests`` sends to a base URL; other URLs are refused as usual."""

from __future__ import annotations

import re
from contextlib import ContextDecorator
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import responses

from fake_es.app import Application
from fake_es.wire.faults import ConnectionFault

if TYPE_CHECKING:
    from requests import PreparedRequest

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")


class Bridge(ContextDecorator):
    """A context manager and decorator. It gives the ``responses.RequestsMock``, to which tests can add answers."""

    def __init__(self, application: Application, base_url: str) -> None:
        self._application = application
        self._base_url = base_url.rstrip("/")
        self._mocks: list[responses.RequestsMock] = []

    def __enter__(self) -> responses.RequestsMock:
        mock = responses.RequestsMock(assert_all_requests_are_fired=False)
        mock.start()
        self._mocks.append(mock)
        pattern = re.compile(re.escape(self._base_url) + r"(?:[/?].*)?\Z", re.DOTALL)
        for method in _METHODS:
            # The declared type is a mapping of headers. A list works too, and can have ``Warning`` twice.
            mock.add_callback(method, pattern, cast("Any", self._answer), content_type=None)
        return mock

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        mock = self._mocks.pop()
        mock.stop()
        mock.reset()

    def _answer(self, request: PreparedRequest) -> tuple[int, list[tuple[str, str]], bytes]:
        url = urlsplit((request.url or "")[len(self._base_url) :])
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        try:
            response = self._application.handle(request.method or "GET", target, headers, _bytes(request.body), "responses")
        except ConnectionFault as fault:
            raise _raised(fault, request) from fault
        return response.status, response.headers, response.body


def _raised(fault: ConnectionFault, request: PreparedRequest) -> Exception:
    """What ``requests`` raises."""
    from requests import exceptions

    if fault.is_timeout:
        return exceptions.ReadTimeout(str(fault), request=request)
    kind = exceptions.ChunkedEncodingError if fault.is_cut else exceptions.ConnectionError
    return kind(str(fault), request=request)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: object) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body)
    read = getattr(body, "read", None)
    pieces = [read()] if read is not None else list(body)  # type: ignore[call-overload]
    return b"".join(_bytes(piece) for piece in pieces)
