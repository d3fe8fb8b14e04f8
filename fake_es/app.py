"""The application: one list of steps from a request to its response, whichever door it came through."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from fake_es.cluster import Cluster
from fake_es.security.authentication import authenticate
from fake_es.security.authorization import authorize
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ParseError, PlainError
from fake_es.wire.media_types import negotiate
from fake_es.wire.operation import BodyUse
from fake_es.wire.parameters import parse_query
from fake_es.wire.render import Response, render, render_error
from fake_es.wire.routing import RouteTable

Step = Callable[["Application", Call], None]


class Application:
    """Answers requests to one cluster."""

    def __init__(self, cluster: Cluster, routes: RouteTable) -> None:
        self.cluster = cluster
        self.routes = routes
        # From about 8.7 credentials are looked at before anything else (HttpHeadersValidationException).
        self._steps = AUTHENTICATED_FIRST if cluster.version >= (8, 7) else ROUTED_FIRST

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Response:
        """Answer one request: ``target`` is the raw path with its query, ``headers`` have lower-case names."""
        call = Call(method, target, headers, body, self.cluster.version)
        try:
            for step in self._steps:
                step(self, call)
            if method == "OPTIONS":
                return self._options(call)
            return render(call, self._run(call))
        except (ElasticsearchError, PlainError) as error:
            return render_error(call, error)

    def _run(self, call: Call) -> Any:
        cluster = self.cluster
        with cluster.changed:
            call.now = cluster.clock.now()
            authorize(call, cluster)
            cluster.settle()
            try:
                return call.endpoint.operation.handler(call, cluster)
            finally:
                cluster.tell()

    def _options(self, call: Call) -> Response:
        allowed = self.routes.allowed_methods(call)
        answer = render(call, "")
        return answer._replace(headers=[*answer.headers, ("Allow", ",".join(allowed))] if allowed else answer.headers)


def decode(app: Application, call: Call) -> None:
    """The query string, the body's encoding and size."""
    limit = app.cluster.settings.max_content_length
    _, mark, query = call.target.partition("?")
    if mark:
        call.query = parse_query(query)
    if "%" in call.raw_path:
        call.path = unquote(call.raw_path)
    if call.headers.get("content-encoding", "") == "gzip" and call.body:
        call.body = _inflate(call.body, limit)
    if len(call.body) > limit:
        raise PayloadTooLarge


class PayloadTooLarge(PlainError):
    """413, with no body at all."""

    def __init__(self) -> None:
        super().__init__("", 413, text=True)


def _inflate(body: bytes, limit: int) -> bytes:
    """Unpack a body, never beyond the limit by more than a byte."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise IllegalArgument(f"Content-Encoding is gzip, but the body is not: {error}") from None
    return plain


def media_types(app: Application, call: Call) -> None:
    """What Accept and Content-Type mean."""
    headers = call.headers
    call.media = negotiate(call.version, headers.get("accept"), headers.get("content-type"), bool(call.body))


def authenticated(app: Application, call: Call) -> None:
    """Who is calling; OPTIONS is open to all."""
    if call.method != "OPTIONS":
        call.user = authenticate(call, app.cluster)


def routed(app: Application, call: Call) -> None:
    """Which operation is meant, and whether its body can be read."""
    if call.method == "OPTIONS":
        return
    call.endpoint = endpoint = app.routes.find(call)
    if endpoint.warning is not None:
        call.warn(endpoint.warning)
    if call.body and (endpoint.body is not BodyUse.RAW or call.version >= (8, 0)):
        call.media.check_body(call.version)


def parsed(app: Application, call: Call) -> None:
    """Body and parameters, in the order in which the server's handlers meet their errors."""
    if call.method == "OPTIONS":
        return
    operation, use = call.endpoint.operation, call.endpoint.body
    if not call.body and "source" in call.query and use in _SOURCE:
        call.body = call.query["source"].encode()
    if use is BodyUse.PARAMETERS and call.body:
        call.params = call.endpoint.read_body(call.text())
        call.endpoint.check_query(call, read=False)
        return
    if use is BodyUse.REQUIRED and not call.body.strip():
        raise ParseError("request body is required")
    if operation.parse is not None:
        call.request = operation.parse(call)
    call.params = call.endpoint.read_query(call.query)
    if call.query:
        call.endpoint.check_query(call, read=True)
    if call.body and use is BodyUse.NONE and call.version >= (6, 0):
        raise IllegalArgument(f"request [{call.method} {call.path}] does not support having a body")


_SOURCE = frozenset({BodyUse.PARAMETERS, BodyUse.OPTIONAL, BodyUse.REQUIRED})
AUTHENTICATED_FIRST: tuple[Step, ...] = (decode, media_types, authenticated, routed, parsed)
ROUTED_FIRST: tuple[Step, ...] = (decode, media_types, routed, authenticated, parsed)
