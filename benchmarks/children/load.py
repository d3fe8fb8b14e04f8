"""Loads a server: so many connections, so many seconds, each asking again once it was answered; prints requests a second.

One thread and a selector, so that it takes as little of the machine from the server as can be. A connection is kept
for as long as the server keeps it.
"""

from __future__ import annotations

import selectors
import socket
import sys
import time
from typing import NoReturn

_CLOSES = b"connection: close"


class Refused(Exception):
    """An answer is none, or of a status other than 200."""


class Connection:
    """One of the connections: opens and closes a job of its own in turn."""

    def __init__(self, port: int, number: int, selector: selectors.BaseSelector) -> None:
        self._port = port
        self._selector = selector
        self._requests = [_request(f"load-{number}", action) for action in ("_open", "_close")]
        self._socket: socket.socket | None = None
        self._received = b""
        self.answered = 0

    def ask(self) -> None:
        """Send the next request, on a new connection if there is none."""
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(self._socket, selectors.EVENT_READ, self)
        self._socket.sendall(self._requests[self.answered % 2])

    def receive(self) -> bool:
        """Take what has come; True once the answer is complete.

        :raises Refused: it is not one to be counted.
        """
        assert self._socket is not None
        piece = self._socket.recv(65536)
        self._received += piece
        head, blank, body = self._received.partition(b"\r\n\r\n")
        if not piece or (blank and not head.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200"))):
            raise Refused(self._received.decode("latin-1"))
        if not blank or len(body) < _length(head.lower()):
            return False
        self._received = b""
        self.answered += 1
        if _CLOSES in head.lower():
            self.close()
        return True

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None


def _request(job: str, action: str) -> bytes:
    head = f"POST /_ml/anomaly_detectors/{job}/{action} HTTP/1.1\r\nHost: localhost:9200\r\nAccept: application/json\r\n"
    return f"{head}User-Agent: load\r\nContent-Length: 0\r\n\r\n".encode()


def _length(head: bytes) -> int:
    return int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])


def _silent() -> NoReturn:
    raise Refused("no answer within five seconds")


def load(port: int, connections: int, seconds: float) -> float:
    """Requests answered in a second."""
    with selectors.DefaultSelector() as selector:
        clients = [Connection(port, number, selector) for number in range(connections)]
        started = time.perf_counter()
        for client in clients:
            client.ask()
        # At least one answer: a rate of nothing says nothing.
        while time.perf_counter() < started + seconds or not any(client.answered for client in clients):
            for key, _ in selector.select(timeout=5) or _silent():
                if key.data.receive():
                    key.data.ask()
        elapsed = time.perf_counter() - started
        for client in clients:
            client.close()
    return sum(client.answered for client in clients) / elapsed


if __name__ == "__main__":
    print(load(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
