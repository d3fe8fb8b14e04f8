"""What the doors without a socket have in common: a request in a client's terms, an answer unpacked."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping

from fake_es.app import Application


def ask(
    app: Application, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (repeated ones joined) and plain body of one request; ``headers`` have lower-case names."""
    response = app.handle(method, target, headers, body)
    merged = _merged(response.headers)
    if "content-encoding" in merged:
        # 47: gzip or zlib, whichever it is.
        return response.status, merged, zlib.decompress(response.body, wbits=47) if response.body else b""
    return response.status, merged, response.body


def _merged(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        merged[key] = f"{merged[key]}, {value}" if key in merged else value
    return merged


def packed(body: bytes) -> bytes:
    """A body as a client that compresses sends it."""
    return gzip.compress(body, compresslevel=1)
