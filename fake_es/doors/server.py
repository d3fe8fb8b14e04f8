"""The socket door: a threaded HTTP/1.1 server with keep-alive, built on werkzeug's server.

werkzeug's own handler closes every connection, and ignores headers that it does not understand. The handler here reads each
request to its end, so that the next one on the connection can follow. It writes each answer in one piece, so that delayed
acknowledgements of TCP do not slow it down.
"""

from __future__ import annotations

import socket
import struct
import sys
import threading
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any

from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler

from fake_es.app import Application
from fake_es.doors.bodies import EXPECTATION_FAILED, TOO_LARGE, read_chunked, read_sized, refusal
from fake_es.doors.wsgi import status_line
from fake_es.wire.errors import ElasticsearchError
from fake_es.wire.faults import ConnectionFault
from fake_es.wire.media_types import collected
from fake_es.wire.render import Response
from fake_es.wire.request_head import RequestHead, read_head

_POLL_SECONDS = 0.005
# Most bytes of a refused body that are read and dropped, so that its sender can read the answer.
_DRAINED = 1024 * 1024 * 1024
# Seconds without data after which the connection of a refused request is closed.
_PATIENCE_SECONDS = 1.0
# A slow answer is sent in so many pieces a second.
_PIECES_PER_SECOND = 10


class _Handler(WSGIRequestHandler):
    """One connection: reads and answers requests until the client closes it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle_one_request(self) -> None:
        """Read and answer the next request. A bad request is refused, and the connection is closed."""
        self.close_connection, self._protocol = True, self.protocol_version
        application = self.server.application
        try:
            head = read_head(self.rfile, application.cluster.version)
            if head is None:
                return
            self._protocol = head.protocol
            body = self._body(head)
        except ElasticsearchError as error:
            self._refuse(refusal(error))
            return
        if isinstance(body, Response):
            self._refuse(body)
            return
        self.close_connection = not _is_kept(head)
        try:
            response = application.handle(head.method, _path(head), collected(head.fields), body, "socket")
        except ConnectionFault as fault:
            self._break(fault)
        else:
            self._write(response)

    def _body(self, head: RequestHead) -> bytes | Response:
        """The body, or an error response if the body is not read.

        :raises ElasticsearchError: the body does not match its headers.
        """
        cluster = self.server.application.cluster
        limit = cluster.settings.max_content_length
        if head.length is not None and head.length > limit:
            return TOO_LARGE
        expected = next((value for name, value in head.fields if name == "expect"), None)
        if expected is not None and head.protocol != "HTTP/1.0":
            if expected.lower() != "100-continue":
                return EXPECTATION_FAILED
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if head.length is None:
            body = read_chunked(self.rfile, limit, cluster.version)
        else:
            body = read_sized(self.rfile, head.length, limit)
        return TOO_LARGE if body is None else body

    def _refuse(self, response: Response) -> None:
        """Answer, and close the connection. The rest of the body is read and dropped: else the client may lose the answer."""
        self._write(response)
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_PATIENCE_SECONDS)
        drained = 0
        while drained < _DRAINED and (piece := self.rfile.read1(1024 * 1024)):
            drained += len(piece)

    def _break(self, fault: ConnectionFault) -> None:
        """Let the client see a broken connection, or a slow answer."""
        data = self._head(fault.response) + fault.response.body
        if fault.kind == "slow":
            self._trickle(data, fault.rate)
            return
        self.close_connection = True
        if fault.is_timeout:
            # Until the client gives up, or the server stops.
            while self.rfile.read1(64 * 1024):
                pass
        elif fault.is_cut:
            # Half of the body, or of the head if there is none.
            missing = len(fault.response.body) or len(data)
            self.wfile.write(data[: len(data) - (missing + 1) // 2])
        if fault.kind.startswith("reset"):
            self._reset()

    def _trickle(self, data: bytes, rate: int) -> None:
        size = max(1, rate // _PIECES_PER_SECOND)
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            # Not ``time.sleep``, which the fixture ``fake_es_sleep`` replaces.
            threading.Event().wait(len(piece) / rate)
            self.wfile.write(piece)

    def _reset(self) -> None:
        """Close the connection with RST. The reader is closed first, because the socket stays open as long as it has one."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()

    def _write(self, response: Response) -> None:
        self.wfile.write(self._head(response) + response.body)

    def _head(self, response: Response) -> bytes:
        head = [f"HTTP/1.1 {status_line(response.status)}"]
        head += [f"{name}: {value}" for name, value in response.headers]
        if self.close_connection:
            head.append("Connection: close")
        elif self._protocol == "HTTP/1.0":
            head.append("Connection: keep-alive")
        return "\r\n".join([*head, "", ""]).encode("latin-1", "replace")


def _is_kept(head: RequestHead) -> bool:
    """Whether the connection stays open after the answer (RFC 9112, section 9.3)."""
    options = {word.strip().lower() for name, value in head.fields if name == "connection" for word in value.split(",")}
    return "close" not in options and (head.protocol != "HTTP/1.0" or "keep-alive" in options)


def _path(head: RequestHead) -> str:
    """Path and query of a request target, which may also be an absolute URI, or ``*``."""
    if head.target.startswith("/"):
        return head.target
    _, scheme, rest = head.target.partition("://")
    if scheme:
        return "/" + rest.partition("/")[2]
    return "/" if head.method == "OPTIONS" else "/" + head.target


class _Server(ThreadedWSGIServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, host: str, listening: socket.socket, application: Application) -> None:
        port = listening.getsockname()[1]
        BaseWSGIServer.__init__(self, host, port, _no_wsgi, _Handler, fd=listening.fileno())
        self.application = application
        self.connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Store the connection before its thread starts, so that ``stop`` can close it."""
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close the connection, and no longer store it."""
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: tuple[str, int] | str) -> None:
        """Ignore errors of the connection (the client has gone); print all others: they are bugs of the emulator."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _no_wsgi(environ: Any, start_response: Any) -> Any:
    raise AssertionError("the handler calls the application itself")


class Server:
    """A server for one application. It runs from its creation until ``stop``; as a context manager it gives its URL.

    :param port: 0 for any free port.
    :raises OSError: the address cannot be used.
    """

    def __init__(self, application: Application, host: str = "127.0.0.1", port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family, backlog=128) as listening:
            self._server = _Server(host, listening, application)
        self.host, self.port = host, self._server.port
        serve = partial(self._server.serve_forever, poll_interval=_POLL_SECONDS)
        self._thread = threading.Thread(target=serve, name=f"fake-es:{self.port}", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """``http://HOST:PORT``."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        from ipaddress import ip_address

        return ip_address(self._server.socket.getsockname()[0]).is_loopback

    def stop(self) -> None:
        """Stop the server and close all connections. Threads of requests that wait are not ended."""
        self._server.shutdown()
        for connection in list(self._server.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def __enter__(self) -> str:
        return self.url

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
