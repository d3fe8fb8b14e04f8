"""A persistent HTTP connection to a cluster, with the standard library only."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from select import select
from types import TracebackType
from typing import Any, NamedTuple, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from fake_es.verify import messages
from fake_es.verify.outcome import Failed
from fake_es.verify.yaml_text import read_documents


class Reply(NamedTuple):
    """An answer.

    ``body`` is the parsed JSON or YAML, or else the text. For a HEAD request it tells whether the resource exists.
    ``headers`` have lower-case names; a header that was sent several times has several values.
    """

    status: int
    headers: dict[str, list[str]]
    text: str
    body: Any


class Connection(Protocol):
    """A connection to a cluster."""

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Send a request and return the answer with any status.

        :raises Failed: there is no answer.
        """


class HttpConnection:
    """A connection to ``http://user:password@host:port/prefix`` (or https), which is opened on demand.

    :param headers: default headers of all requests.
    :param timeout: seconds to wait for an answer.
    :param ca_certs: file of trusted certificates; by default those of the system.
    :raises ValueError: the URL is not an http or https URL.
    :raises OSError: the file of certificates cannot be read.
    """

    def __init__(
        self, url: str, headers: Mapping[str, str] | None = None, timeout: float = 90.0, ca_certs: str | None = None
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"[{url}] is no URL such as http://localhost:9200")
        self._connection = _connection(parts, timeout, ca_certs)
        self._prefix = parts.path.rstrip("/")
        self._headers = _lower(headers or {})
        if parts.username is not None:
            credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers.setdefault("authorization", f"Basic {b64encode(credentials.encode()).decode()}")

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Send a request and return the answer with any status.

        :raises Failed: there is no answer.
        """
        sent = self._headers | _lower(headers)
        try:
            response, data = self._ask(method, self._prefix + target, sent, body)
        except (OSError, HTTPException) as error:
            self.close()
            problem = str(error) or type(error).__name__
            raise Failed(messages.NO_CONNECTION.format(method=method, target=target, problem=problem)) from None
        return _reply(method, response, data)

    def _ask(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[HTTPResponse, bytes]:
        connection = self._connection
        # A server may close an idle connection. This is checked first, because no request may be sent twice.
        if connection.sock is not None and select([connection.sock], [], [], 0)[0]:
            connection.close()
        connection.request(method, target, body or None, headers)
        response = connection.getresponse()
        return response, response.read()

    def close(self) -> None:
        """Close the connection; the next request opens it again."""
        self._connection.close()

    def __enter__(self) -> HttpConnection:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _connection(parts: SplitResult, timeout: float, ca_certs: str | None) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return HTTPConnection(host, parts.port, timeout=timeout)
    # Imported only for https, because the import takes long.
    from ssl import create_default_context

    return HTTPSConnection(host, parts.port, timeout=timeout, context=create_default_context(cafile=ca_certs))


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _reply(method: str, response: HTTPResponse, data: bytes) -> Reply:
    headers: dict[str, list[str]] = {}
    for name, value in response.getheaders():
        headers.setdefault(name.lower(), []).append(value)
    text = data.decode("utf-8", "replace")
    media = headers.get("content-type", [""])[0]
    body = response.status < 400 if method == "HEAD" else read_body(text, media)
    return Reply(response.status, headers, text, body)


def read_body(text: str, media_type: str) -> Any:
    """Parse JSON and YAML; return anything else, and invalid JSON or YAML, as text."""
    try:
        if "json" in media_type:
            return json.loads(text)
        if "yaml" in media_type:
            return read_documents(text, "answer")[0].plain()
    except (ValueError, IndexError):
        return text
    return text
