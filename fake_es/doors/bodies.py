"""Bodies of requests as sockets and WSGI servers hand them over, read to their end and never beyond the limit."""

from __future__ import annotations

from typing import Protocol

from fake_es.wire.errors import ElasticsearchError, IllegalArgument
from fake_es.wire.render import Response, dumps

_CHUNK = 64 * 1024
_LONGEST_LINE = 8 * 1024

TOO_LARGE = Response(413, [("content-length", "0")], b"")
BAD_BODY = "the body does not keep to its headers"


class Stream(Protocol):
    """What a body is read from; ``read`` gives as many bytes as are asked for, unless the sender has gone."""

    def read(self, size: int, /) -> bytes:
        """Some bytes."""

    def readline(self, size: int, /) -> bytes:
        """A line, cut at ``size``."""


class BrokenBodyError(ValueError):
    """The body is not what its headers say, or ended before its end."""


def bad_request(reason: str, status: int = 400) -> Response:
    """The answer to what is no HTTP request."""
    return refusal(IllegalArgument(reason, status=status))


def refusal(error: ElasticsearchError) -> Response:
    """An error that was met before there was a request to answer."""
    body = dumps(error.document())
    return Response(error.status, [("content-type", "application/json"), ("content-length", str(len(body)))], body)


def read_sized(stream: Stream, announced: str, limit: int) -> bytes | None:
    """A body of ``announced`` bytes; None, with nothing read, if that is more than ``limit``.

    :raises BrokenBodyError: it is no number, or more than came.
    """
    if not (announced.isascii() and announced.isdigit()):
        raise BrokenBodyError(announced)
    length = int(announced)
    if length > limit:
        return None
    body = stream.read(length)
    if len(body) < length:
        raise BrokenBodyError(f"{len(body)} of {length} bytes")
    return body


def read_chunked(stream: Stream, limit: int) -> bytes | None:
    """A body in chunks (RFC 9112, section 7.1), its trailers thrown away; None as soon as it is seen to pass ``limit``.

    :raises BrokenBodyError: it is none.
    """
    pieces: list[bytes] = []
    size = 0
    while length := _chunk_length(stream):
        size += length
        if size > limit:
            return None
        piece = stream.read(length)
        if len(piece) < length or _line(stream):
            raise BrokenBodyError("a chunk is not as long as it says")
        pieces.append(piece)
    while _line(stream):
        pass
    return b"".join(pieces)


def _chunk_length(stream: Stream) -> int:
    digits = _line(stream).partition(b";")[0].strip()
    try:
        length = int(digits, 16)
    except ValueError:
        length = -1
    if length < 0 or not digits.isalnum():
        raise BrokenBodyError("a chunk without a length")
    return length


def _line(stream: Stream) -> bytes:
    line = stream.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise BrokenBodyError("a line without an end")
    return line.rstrip(b"\r\n")


def read_to_end(stream: Stream, limit: int) -> bytes | None:
    """All that comes, for servers that know the end of a body by themselves; None if it is more than ``limit``."""
    pieces: list[bytes] = []
    size = 0
    while size <= limit:
        piece = stream.read(_CHUNK)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
    return None
