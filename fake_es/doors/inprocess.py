"""Shared by the doors without a socket: send a request of a client, decompress the answer."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping

from fake_es.app import Application


def send_request(
    app: Application, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, dict[str, str], bytes]:
    """Send a request to the application.

    :param headers: names in lower case.
    :returns: status, headers (repeated ones joined by commas), and the decompressed body.
    """
    response = app.handle(method, target, headers, body, "client")
    merged = _merged(response.headers)
    if "content-encoding" in merged:
        # 47: gzip or zlib, detected by zlib.
        return response.status, merged, zlib.decompress(response.body, wbits=47) if response.body else b""
    return response.status, merged, response.body


def _merged(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    merged: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        merged[key] = f"{merged[key]}, {value}" if key in merged else value
    return merged


def compressed(body: bytes) -> bytes:
    """A body compressed with gzip, as clients send it."""
    return gzip.compress(body, compresslevel=1)
