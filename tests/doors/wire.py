"""A client that speaks in bytes, for what no decent client would send."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit


class Heard(NamedTuple):
    """One answer: ``headers`` have lower-case names."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)


class Line:
    """One connection."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self.socket = socket.create_connection((place.hostname, place.port or 80), timeout=10)
        self._file = self.socket.makefile("rb")

    def say(self, *lines: str, body: bytes = b"") -> None:
        """Send a head of those lines, and a body."""
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def hear(self, *, head: bool = False) -> Heard:
        """One answer; ``head`` if it is one to HEAD, which has no body."""
        status = int(self._file.readline().split()[1])
        headers: dict[str, str] = {}
        while line := self._file.readline().rstrip(b"\r\n").decode("latin-1"):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = 0 if head else int(headers.get("content-length", 0))
        return Heard(status, headers, self._file.read(length))

    def ask(self, *lines: str, body: bytes = b"") -> Heard:
        """Send and hear."""
        self.say(*lines, body=body)
        return self.hear(head=lines[0].startswith("HEAD"))

    @property
    def closed(self) -> bool:
        """Whether the other side has hung up, once all it said was heard."""
        return self._file.read(1) == b""

    def hang_up(self) -> None:
        """Close."""
        self._file.close()
        self.socket.close()


@contextmanager
def line_to(url: str) -> Iterator[Line]:
    """A connection for the length of a block."""
    line = Line(url)
    try:
        yield line
    finally:
        line.hang_up()
