"""The application: one list of steps from a request to its response, for all doors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from fake_es.cluster import Cluster
from fake_es.security.authentication import authenticate
from fake_es.security.authorization import authorize
from fake_es.wire.bodies import PayloadTooLarge, check_type, take_source
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ParseError, PlainError, TooLongLine, logged_refusal
from fake_es.wire.faults import Replaced
from fake_es.wire.in_flight import InFlight
from fake_es.wire.media_types import negotiate
from fake_es.wire.operation import BodyUse
from fake_es.wire.packing import unpacked
from fake_es.wire.parameters import SWITCHES, parse_query, read_boolean
from fake_es.wire.render import Response, render, render_error
from fake_es.wire.routing import RouteTable

if TYPE_CHECKING:
    from fake_es.licence.licence import Licence

Step = Callable[["Application", Call], None]

# Bodies up to this number of bytes are not counted as in flight.
_SMALL = 64 * 1024
# The check of pull request 37504 (7.0) has no effect before pull request 66043.
_UNREAD_BODIES_SINCE = (7, 12)


class Application:
    """Answers requests to one cluster."""

    def __init__(self, cluster: Cluster, routes: RouteTable) -> None:
        self.cluster = cluster
        self.routes = routes
        # Two bodies of the maximal size. The limit of a real node depends on its heap.
        self.in_flight = InFlight(2 * cluster.settings.max_content_length, cluster.version)
        # From about 8.7 credentials are checked before routing (HttpHeadersValidationException).
        self._steps = AUTHENTICATED_FIRST if cluster.version >= (8, 7) else ROUTED_FIRST

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"", door: str = "python") -> Response:
        """Answer one request, and add it to the journal.

        :param target: the path with its query, as the client sent it.
        :param headers: headers with lower-case names. Several values of Accept or Content-Type are joined with line feeds
            (see ``media_types.collected``).
        :param door: the way in that the journal shows.
        :raises TypeError: the body is not bytes.
        :raises ConnectionFault: a rule of ``control.faults`` breaks the connection.
        """
        if not isinstance(body, bytes):
            raise TypeError(f"body must be bytes, such as json.dumps(...).encode(), not {type(body).__name__}")
        cluster = self.cluster
        call = Call(method, target, headers, body, cluster.version)
        response = self._answer(call)
        cluster.journal.add(call, response, cluster.clock.now(), door)
        return response if call.fault is None else call.fault.deliver(response, door)

    def _answer(self, call: Call) -> Response:
        # The time for a request that is refused in one of the steps; ``_run`` reads the clock again.
        call.now = self.cluster.clock.now()
        try:
            try:
                for step in self._steps:
                    step(self, call)
            finally:
                # Rules come last, because they ask for operation and user, and they count more than a refusal.
                if self.cluster.faults is not None:
                    self.cluster.faults.apply(call)
            if call.method == "OPTIONS":
                return self._options(call)
            return render(call, self._run(call))
        except (ElasticsearchError, PlainError) as error:
            return render_error(call, error, detailed=self.cluster.settings.detailed_errors)
        except Replaced as given:
            return given.response
        except RecursionError as error:
            return self._too_deep(call, error)
        except Exception as error:
            return render_error(call, logged_refusal(error, f"answering {call.method} {call.target}"))
        finally:
            if call.in_flight:
                self.in_flight.release(call.in_flight)

    def _too_deep(self, call: Call, error: RecursionError) -> Response:
        """Refuse a request that is nested too deeply for Python and was not refused by a limit of the server."""
        import logging

        logging.getLogger("fake_es").warning("too deep: %s %s (%s)", call.method, call.target, error)
        return render_error(call, IllegalArgument("the request is nested more deeply than fake_es can follow"))

    def _run(self, call: Call) -> Any:
        cluster = self.cluster
        with cluster.lock:
            cluster.taken_at = monotonic()
            if cluster.clock.tick is not None and not call.path.startswith("/_fake"):
                cluster.tick((call.method, call.target, call.body, None if call.user is None else call.user.name))
            call.now = cluster.clock.now()
            if call.endpoint.operation.task is not None and not call.params["wait_for_completion"]:
                # Imported with the first request that does not wait.
                from fake_es.cluster_api.background import in_background

                return in_background(call, cluster, self._carry_out)
            return self._carry_out(call)

    def _carry_out(self, call: Call) -> Any:
        cluster, operation = self.cluster, call.endpoint.operation
        authorize(call, cluster)
        if operation.guard is not None:
            operation.guard(call, cluster)
        if operation.feature is not None:
            cluster.part(_licence()).require(operation.feature)
        cluster.settle()
        try:
            return operation.handler(call, cluster)
        finally:
            cluster.tell()

    def _options(self, call: Call) -> Response:
        allowed = self.routes.allowed_methods(call)
        answer = render(call, "")
        return answer._replace(headers=[*answer.headers, ("Allow", ",".join(allowed))] if allowed else answer.headers)


@cache
def _licence() -> type[Licence]:
    """The class ``Licence``, imported with the first operation that needs a licence. The cache saves time per request."""
    from fake_es.licence.licence import Licence

    return Licence


def decode(app: Application, call: Call) -> None:
    """Step: parse the query string, decompress the body and check its size."""
    if len(call.method) + len(call.target) + len("  HTTP/1.1") > TooLongLine.longest:
        raise TooLongLine
    limit = app.cluster.settings.max_content_length
    _, mark, query = call.target.partition("?")
    if mark:
        call.query = parse_query(query)
        _check_switches(call)
    if "%" in call.raw_path:
        call.path = unquote(call.raw_path)
    if "content-encoding" in call.headers and call.body:
        call.body = unpacked(call.body, call.headers["content-encoding"], limit, partial(_hold, app, call))
    if len(call.body) > limit:
        raise PayloadTooLarge
    if len(call.body) > _SMALL and not call.in_flight:
        _hold(app, call, len(call.body))


def _hold(app: Application, call: Call, size: int) -> None:
    """Count bytes of the body as in flight until the call is answered.

    :raises CircuitBreaking: the bodies of all current calls are too large.
    """
    app.in_flight.take(size)
    call.in_flight += size


def _check_switches(call: Call) -> None:
    """Check the common switches (such as ``pretty``) first, like ``AbstractRestChannel``. An invalid one has no effect.

    :raises IllegalArgument: from 6.0 the value is neither true nor false.
    """
    for name in SWITCHES:
        if name in call.query:
            try:
                read_boolean(call.query[name], call.version)
            except IllegalArgument:
                call.query = {}
                raise


def media_types(app: Application, call: Call) -> None:
    """Step: interpret Accept and Content-Type."""
    headers = call.headers
    media = negotiate(call.version, headers.get("accept"), headers.get("content-type"), bool(call.body))
    if "format" in call.query:
        media = media.answering(call.query["format"], call.version)
    if media.answer != "json":
        # Imported only for other formats.
        from fake_es.wire.formats import check_can_write

        check_can_write(media.answer)
    call.media = media


def authenticated(app: Application, call: Call) -> None:
    """Step: authenticate the caller. OPTIONS needs no credentials."""
    if call.method != "OPTIONS":
        call.user = authenticate(call, app.cluster)


def routed(app: Application, call: Call) -> None:
    """Step: find the operation, and check the media type of the body."""
    if call.query and call.flag("error_trace") and not app.cluster.settings.detailed_errors:
        raise PlainError("error traces in responses are disabled.", 400)
    if call.method == "OPTIONS":
        return
    call.endpoint = endpoint = app.routes.find(call)
    if endpoint.warning is not None:
        call.warn(endpoint.warning)
    if call.body and (endpoint.body is not BodyUse.RAW or call.version >= (8, 0)):
        check_type(call)


def parsed(app: Application, call: Call) -> None:
    """Step: parse body and parameters, with their errors in the order of the server's handlers."""
    if call.method == "OPTIONS":
        return
    operation, use = call.endpoint.operation, call.endpoint.body
    if not call.body and call.query:
        take_source(call)
    if call.body and use is BodyUse.PARAMETERS:
        call.params = call.endpoint.read_body(call.text())
        call.check_query(read=False)
        return
    if call.endpoint.needs_body and not call.body.strip():
        raise ParseError("request body is required")
    if operation.parse is not None:
        call.request = operation.parse(call)
    call.params = call.endpoint.read_query(call.query)
    # Operations that are not emulated answer 501 with any parameters.
    if call.query and operation.supported:
        call.check_query(read=True)
        for name in call.endpoint.deprecated.keys() & call.query.keys():
            call.warn(call.endpoint.deprecated[name])
    if call.body and use is BodyUse.NONE and call.version >= (6, 7):
        _refuse_body(call)


def _refuse_body(call: Call) -> None:
    """A body that is not read: refused from 7.12, in 6.7 and 6.8 a warning (PR 37534). The check of 7.0 has no effect."""
    reason = f"request [{call.method} {call.path}] does not support having a body"
    if call.version >= _UNREAD_BODIES_SINCE:
        raise IllegalArgument(reason)
    if call.version < (7, 0):
        call.warn(f"{reason}, Elasticsearch 7.x will reject such requests")


AUTHENTICATED_FIRST: tuple[Step, ...] = (decode, media_types, authenticated, routed, parsed)
ROUTED_FIRST: tuple[Step, ...] = (decode, media_types, routed, authenticated, parsed)
