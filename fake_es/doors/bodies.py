"""Reads bodies of requests from sockets and WSGI servers: the whole body, but not more than the limit."""

from __future__ import annotations

import re
from typing import Protocol

from fake_es.wire.errors import ElasticsearchError, IllegalArgument, NumberFormat, TooLongLine
from fake_es.wire.render import Response, dumps
from fake_es.wire.request_head import read_fields

_PIECE = 64 * 1024
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]+)[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n")
_LONGEST_CHUNK = 2**31 - 1

TOO_LARGE = Response(413, [("content-length", "0")], b"")
EXPECTATION_FAILED = Response(417, [("content-length", "0")], b"")


class Stream(Protocol):
    """The source of a body. ``read`` returns ``size`` bytes; fewer only if the sender has closed the connection."""

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes."""

    def readline(self, size: int, /) -> bytes:
        """The next line, at most ``size`` bytes of it."""


def refusal(error: ElasticsearchError) -> Response:
    """The answer for an error that occurs before the request is complete."""
    body = dumps(error.document())
    return Response(error.status, [("content-type", "application/json"), ("content-length", str(len(body)))], body)


def read_sized(stream: Stream, length: int, limit: int) -> bytes | None:
    """Read a body of ``length`` bytes. If that is above ``limit``, read nothing and return None.

    :raises IllegalArgument: the sender closed the connection too early.
    """
    if length > limit:
        return None
    body = stream.read(length)
    if len(body) < length:
        raise _cut_short()
    return body


def read_chunked(stream: Stream, limit: int, version: tuple[int, ...]) -> bytes | None:
    """Read a body in chunks (RFC 9112, section 7.1); trailers are dropped. Returns None when it is above ``limit``.

    :raises NumberFormat: a chunk has no valid length.
    :raises IllegalArgument: a chunk or trailer is malformed, or the sender closed the connection too early.
    :raises TooLongLine, TooLongHeader: extensions or trailers are longer than the release allows.
    """
    # Not a list of chunks: a body in chunks of two bytes would need twenty times its length.
    body = bytearray()
    while length := _chunk_length(stream):
        if len(body) + length > limit:
            return None
        body += stream.read(length)
        end = stream.readline(2)
        if end != b"\r\n":
            raise IllegalArgument("Chunk data section not terminated by CR LF") if end else _cut_short()
    read_fields(stream, version)
    return bytes(body)


def _chunk_length(stream: Stream) -> int:
    line = stream.readline(TooLongLine.longest + 2)
    found = _CHUNK.fullmatch(line)
    if found is None:
        if len(line.rstrip(b"\r\n")) > TooLongLine.longest:
            raise TooLongLine
        if not line.endswith(b"\n"):
            raise _cut_short()
        raise NumberFormat("Invalid character in chunk size" if line.strip() else "Empty chunk size")
    length = int(found[1], 16)
    if length > _LONGEST_CHUNK:
        raise NumberFormat("Chunk size overflow")
    return length


def _cut_short() -> IllegalArgument:
    return IllegalArgument("Connection closed before the end of the body")


def read_to_end(stream: Stream, limit: int) -> bytes | None:
    """Read a body of unknown length, where the server marks its end; None if it is above ``limit``."""
    body = bytearray()
    while len(body) <= limit:
        piece = stream.read(_PIECE)
        if not piece:
            return bytes(body)
        body += piece
    return None
