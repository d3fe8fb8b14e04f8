"""The socket door: a threaded HTTP/1.1 server with keep-alive, on werkzeug's server.

werkzeug's own handler closes every connection; this one reads each body to its end, so the next request on the same
connection starts where it should, and writes each answer at once, so that no delayed acknowledgement slows it.
"""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any

from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler

from fake_es.app import Application
from fake_es.doors.bodies import BAD_BODY, TOO_LARGE, BrokenBodyError, bad_request, read_chunked, read_sized, refusal
from fake_es.doors.wsgi import status_line
from fake_es.version import Version
from fake_es.wire.errors import TooLongHeader, TooLongLine
from fake_es.wire.media_types import collected
from fake_es.wire.render import Response

_POLL_SECONDS = 0.005
# How much of a refused body is read and thrown away, so that its sender can hear the refusal.
_DRAINED = 1024 * 1024 * 1024


class _Handler(WSGIRequestHandler):
    """One connection: requests are read, answered and forgotten until the client goes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def run_wsgi(self) -> None:
        """Answer one request; there is no environ in between."""
        headers = collected(self.headers.items())
        if sum(map(len, headers)) + sum(map(len, headers.values())) > TooLongHeader.longest(self._version):
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        try:
            body = self._body(headers)
        except BrokenBodyError:
            self.send_error(400, BAD_BODY)
            return
        if body is None:
            self._refuse()
            return
        target = self.path if self.path.startswith("/") else "/" + self.path.partition("://")[2].partition("/")[2]
        self._write(self.server.application.handle(self.command, target, headers, body))

    @property
    def _version(self) -> Version:
        return self.server.application.cluster.version

    def _body(self, headers: dict[str, str]) -> bytes | None:
        """The body; None if it is larger than is taken, then it is left unread."""
        limit = self.server.application.cluster.settings.max_content_length
        if len(set(self.headers.get_all("content-length", ()))) > 1:
            raise BrokenBodyError("more than one length")
        if "transfer-encoding" not in headers:
            return read_sized(self.rfile, headers.get("content-length", "0"), limit)
        if headers["transfer-encoding"].lower() != "chunked":
            raise BrokenBodyError(headers["transfer-encoding"])
        return read_chunked(self.rfile, limit)

    def handle_expect_100(self) -> bool:
        """Ask for the announced body, unless it would be too large."""
        length = self.headers.get("content-length", "0")
        if length.isdigit() and int(length) > self.server.application.cluster.settings.max_content_length:
            self._refuse()
            return False
        return super().handle_expect_100()

    def _refuse(self) -> None:
        self.close_connection = True
        self._write(TOO_LARGE)
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(1.0)
        drained = 0
        while drained < _DRAINED and (piece := self.rfile.read1(1024 * 1024)):
            drained += len(piece)

    def _write(self, response: Response) -> None:
        head = [f"HTTP/1.1 {status_line(response.status)}"]
        head += [f"{name}: {value}" for name, value in response.headers]
        if self.close_connection:
            head.append("Connection: close")
        elif self.request_version == "HTTP/1.0":
            head.append("Connection: keep-alive")
        self.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1", "replace") + response.body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Requests are not logged."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nor is anything else."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what is no HTTP request."""
        self.close_connection = True
        if code == HTTPStatus.REQUEST_URI_TOO_LONG:
            self._write(refusal(TooLongLine()))
        elif code == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            self._write(refusal(TooLongHeader(self._version)))
        else:
            self._write(bad_request(message or "bad request", int(code)))


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, host: str, listening: socket.socket, application: Application) -> None:
        port = listening.getsockname()[1]
        BaseWSGIServer.__init__(self, host, port, _no_wsgi, _Handler, fd=listening.fileno())
        self.application = application
        self.connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection before its thread begins, so that none escapes ``stop``."""
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection, and close it."""
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: tuple[str, int] | str) -> None:
        """A client that went away is no error; anything else is one of the emulator and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _no_wsgi(environ: Any, start_response: Any) -> Any:
    raise AssertionError("the handler calls the application itself")


class Server:
    """A live server over one application, from its making until ``stop``; a context manager giving its URL.

    :param port: 0 for any that is free.
    :raises OSError: the address cannot be listened on.
    """

    def __init__(self, application: Application, host: str = "127.0.0.1", port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family, backlog=128) as listening:
            self._server = _Server(host, listening, application)
        self.host, self.port = host, self._server.port
        self._thread = threading.Thread(target=self._serve, name=f"fake-es:{self.port}", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=_POLL_SECONDS)

    @property
    def url(self) -> str:
        """``http://HOST:PORT``."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        from ipaddress import ip_address

        return ip_address(self._server.socket.getsockname()[0]).is_loopback

    def stop(self) -> None:
        """End it: no connection is left open; requests that wait are left to themselves."""
        self._server.shutdown()
        for connection in list(self._server.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def __enter__(self) -> str:
        return self.url

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
