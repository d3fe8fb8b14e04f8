"""Compression of bodies with gzip or deflate, in requests and answers."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache

from fake_es.wire.errors import IllegalArgument

# The parameter ``wbits`` of zlib.
_GZIP, _ZLIB, _BARE = 31, 15, -15
# How many bytes are read and decompressed at once.
_READ, _PIECE = 64 * 1024, 1024 * 1024
_MOST_MEMBERS = 1000


@lru_cache(maxsize=64)
def encoding_for(accepted: str) -> str | None:
    """``gzip`` or ``deflate``, the one with the higher weight in an Accept-Encoding header; None for neither.

    Source: Netty's ``HttpContentCompressor.determineEncoding``. A node has no other encodings, such as br.
    """
    rated: dict[str, float] = {}
    for part in accepted.split(","):
        name = next((each for each in ("*", "gzip", "deflate") if each in part), None)
        if name is not None:
            rated[name] = max(rated.get(name, -1.0), _rating(part))
    packed = rated.get("gzip", -1.0), rated.get("deflate", -1.0)
    if max(packed) > 0:
        return "gzip" if packed[0] >= packed[1] else "deflate"
    if rated.get("*", -1.0) > 0 and min(packed) < 0:
        return "gzip" if packed[0] < 0 else "deflate"
    return None


def _rating(part: str) -> float:
    _, equals, number = part.partition("=")
    try:
        return float(number) if equals else 1.0
    except ValueError:
        return 0.0


def packed(body: bytes, encoding: str) -> bytes:
    """Compress a body with the encoding that ``encoding_for`` returned."""
    return gzip.compress(body, compresslevel=1, mtime=0) if encoding == "gzip" else zlib.compress(body, 1)


def unpacked(body: bytes, encoding: str, limit: int, take: Callable[[int], None]) -> bytes:
    """Decompress a body. With an encoding other than gzip and deflate it is returned unchanged.

    The rules are those of Netty (``HttpContentDecompressor``, ``JdkZlibDecoder``). gzip may have several members. deflate
    may lack the header of zlib, and bytes after its end are ignored. A truncated body is decompressed as far as possible.

    :param limit: number of bytes at which decompression stops; the result may be longer by one piece.
    :param take: called with the length of each piece before it is stored; an error that it raises stops decompression.
    :raises IllegalArgument: the body has another encoding. A real node closes the connection instead.
    """
    named = encoding.strip().lower().removeprefix("x-")
    if named not in ("gzip", "deflate"):
        return body
    pieces: list[bytes] = []
    size = 0
    try:
        for piece in _inflated(body, _GZIP if named == "gzip" else _ZLIB if _looks_like_zlib(body) else _BARE):
            take(len(piece))
            pieces.append(piece)
            size += len(piece)
            if size > limit:
                break
    except (zlib.error, _TooManyMembersError) as error:
        raise IllegalArgument(f"Content-Encoding is {named}, but the body is not: {error}") from None
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _inflated(body: bytes, window: int) -> Iterator[bytes]:
    """Pieces of the decompressed body, each of about ``_PIECE`` bytes at most."""
    unpacker, members = zlib.decompressobj(window), 1
    for start in range(0, len(body), _READ):
        # Read in parts, because zlib copies the unused rest each time.
        rest = body[start : start + _READ]
        while rest:
            if unpacker.eof:
                if window != _GZIP:
                    return
                members += 1
                if members > _MOST_MEMBERS:
                    raise _TooManyMembersError(f"more than {_MOST_MEMBERS} members")
                unpacker = zlib.decompressobj(window)
            piece = unpacker.decompress(rest, _PIECE)
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if piece:
                yield piece
    if not unpacker.eof:
        yield unpacker.flush()


class _TooManyMembersError(ValueError):
    """Each member of gzip costs time, even if it is empty."""


def _looks_like_zlib(body: bytes) -> bool:
    return len(body) >= 2 and body[0] & 0x78 == 0x78 and int.from_bytes(body[:2], "big") % 31 == 0
