"""The WSGI door, for gunicorn, waitress, werkzeug's test client and others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fake_es.app import Application
from fake_es.doors.bodies import TOO_LARGE, read_sized, read_to_end, refusal
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.render import Response
from fake_es.wire.request_head import content_length

_UNPREFIXED = {"CONTENT_TYPE": "content-type", "CONTENT_LENGTH": "content-length"}
_PLAIN = re.compile(r"[\w/*,.\-]*", re.ASCII).fullmatch
_REASONS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def status_line(status: int) -> str:
    """Status and reason, such as ``404 Not Found``."""
    return _REASONS.get(status) or f"{status} Unknown"


def answer_wsgi(app: Application, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one WSGI request."""
    response = _answer(app, environ)
    start_response(status_line(response.status), list(response.headers))
    return (response.body,)


def _answer(app: Application, environ: dict[str, Any]) -> Response:
    try:
        body = _body(environ, app.cluster.settings.max_content_length)
    except IllegalArgument as error:
        return refusal(error)
    if body is None:
        return TOO_LARGE
    return app.handle(environ["REQUEST_METHOD"], _target(environ), _headers(environ), body, "wsgi")


def _target(environ: dict[str, Any]) -> str:
    """Path and query as they were sent, if the server has them; else encoded again from the decoded path."""
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI")
    if target is not None and target.startswith("/"):
        return str(target)
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    if not _PLAIN(path):
        path = quote(path.encode("latin-1"), safe="/:*,!$&'()+;=@~-._")
    query = environ.get("QUERY_STRING", "")
    return f"{path or '/'}?{query}" if query else path or "/"


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    headers = {name: environ[key] for key, name in _header_names(tuple(environ))}
    for key, name in _UNPREFIXED.items():
        if environ.get(key):
            headers[name] = environ[key]
    return headers


@lru_cache(maxsize=256)
def _header_names(keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The keys of headers in an environ, with the names of the headers. Cached: a client sends the same ones each time."""
    return tuple((key, key[5:].lower().replace("_", "-")) for key in keys if key.startswith("HTTP_"))


def _body(environ: dict[str, Any], limit: int) -> bytes | None:
    """The body; None if it is above ``limit``.

    :raises IllegalArgument: the length is not a number, or the body is shorter.
    """
    length = environ.get("CONTENT_LENGTH")
    if length:
        return read_sized(environ["wsgi.input"], content_length([length]), limit)
    return read_to_end(environ["wsgi.input"], limit) if environ.get("wsgi.input_terminated") else b""
