"""Which operation a method and a path mean: a tree over path segments, one for each release.

A tree takes a fraction of a millisecond to build for all routes; a regular-expression map takes hundreds. Operations are
loaded when a path first leads to where they may be, so that a process pays for those alone that it asks for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote

from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, PlainError
from fake_es.wire.object_parser import STRING, Body, Field, ObjectParser
from fake_es.wire.operation import BodyUse, Operation, Route
from fake_es.wire.parameters import COMMON, escape_problem
from fake_es.wire.similarity import similar
from fake_es.wire.words import Words

_MOST_KNOWN = 4096
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT"})
_NO_HANDLER = Words(
    "No handler found for uri [{uri}] and method [{method}]",
    ((6, 4), "no handler found for uri [{uri}] and method [{method}]"),
)


class Endpoint:
    """An operation as one release knows it, at one of its routes."""

    def __init__(self, operation: Operation, route: Route, version: tuple[int, ...]) -> None:
        self.operation = operation
        self.route = route
        self._version = version
        self.body = operation.body_use(version)
        self.needs_body = self.body in (BodyUse.REQUIRED, BodyUse.LINES)
        self.names = tuple(part[1:-1] for part in route.template.split("/") if part.startswith("{"))
        known = [parameter for parameter in operation.query if parameter.known_in(version)]
        self._readers = {parameter.name: parameter.kind.from_text for parameter in known if parameter.only != "body"}
        self._defaults = {parameter.name: parameter.default for parameter in operation.query}
        self._fields = [Field(parameter.name, parameter.kind.in_body) for parameter in known if parameter.only != "query"]
        self.warning = self._deprecation()
        self._current = version[0] < 8 or route.since <= version < route.until

    def _deprecation(self) -> str | None:
        route = self.route
        if self._version < route.deprecated:
            return None
        old, new = (f"{route.method} {template}" for template in (route.template, route.replaced_by))
        return f"[{old}] is deprecated! Use [{new}] instead."

    def allows(self, api: int) -> bool:
        """Whether the route may be used under that API version."""
        return self._current or api < self._version[0]

    def read_query(self, query: dict[str, str]) -> dict[str, object]:
        """Values of all declared parameters, defaults for those not sent."""
        values = self._defaults.copy()
        for name, text in query.items():
            read = self._readers.get(name)
            if read is not None:
                values[name] = read(name, text, self._version)
        return values

    def read_body(self, text: str) -> dict[str, object]:
        """The same from a body that stands in place of the query; path parameters may be repeated in it."""
        parser = ObjectParser(self._parser, [*self._fields, *self._path_fields()])
        return self._defaults | parser.parse_text(Body(text, self._version))

    @property
    def _parser(self) -> str:
        return self.operation.action or self.operation.name

    def refused(self, call: Call, name: str, cause: ElasticsearchError) -> ElasticsearchError:
        """The refusal of a parameter's value, which its parser passes on where it stands in a body."""
        return call.json_body().refused_field(self._parser, (name,), cause) if call.body else cause

    def _path_fields(self) -> list[Field]:
        named = {field.name for field in self._fields}
        return [Field(name, STRING) for name in self.names if name not in named]

    def check_query(self, call: Call, *, read: bool) -> None:
        """Refuse parameters that nobody reads; with ``read`` false the declared ones count as unread too.

        :raises IllegalArgument: there are such.
        """
        expected = self._readers.keys() if read else frozenset()
        source = ("source", "source_content_type") if self.body is not BodyUse.NONE else ()
        unknown = sorted(name for name in call.query if name not in expected and name not in COMMON and name not in source)
        if not unknown:
            return
        candidates = {*expected, *COMMON, *self.names}
        described = ", ".join(f"[{name}]{_suggestion(name, candidates)}" for name in unknown)
        plural = "parameters" if len(unknown) > 1 else "parameter"
        raise IllegalArgument(f"request [{call.path}] contains unrecognized {plural}: {described}")


def _suggestion(name: str, candidates: Iterable[str]) -> str:
    close = similar(name, candidates)
    if not close:
        return ""
    return f" -> did you mean [{close[0]}]?" if len(close) == 1 else f" -> did you mean any of [{', '.join(close)}]?"


class Source(NamedTuple):
    """Operations that are loaded when they are needed: ``paths`` are the leading segments of all their routes."""

    paths: tuple[str, ...]
    load: Callable[[], Iterable[Operation]]


class _Node:
    __slots__ = ("any", "endpoints", "exact", "pending")

    def __init__(self) -> None:
        self.exact: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.endpoints: dict[str, Endpoint] = {}
        # What is to be loaded before this node and those below it are complete.
        self.pending: list[Source] = []

    def below(self, template: str) -> _Node:
        """The node of a template, made if there is none."""
        node = self
        for part in _segments(template):
            if part.startswith("{"):
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.exact.setdefault(part, _Node())
        return node


class RouteTable:
    """All routes of one release; they may be asked for by several threads at once."""

    def __init__(self, sources: Iterable[Source], version: tuple[int, ...]) -> None:
        self._version = version
        self._root = _Node()
        self.sources = list(sources)
        self._loaded: dict[Source, list[Endpoint]] = {}
        self._loading = threading.RLock()
        # Paths that were found: a test asks for the same few again and again.
        self._known: dict[tuple[str, str, int], tuple[Endpoint, dict[str, str]]] = {}
        for source in self.sources:
            for path in source.paths:
                self._root.below(path).pending.append(source)

    def __iter__(self) -> Iterator[Endpoint]:
        """All endpoints of the release, in the order of the sources."""
        with self._loading:
            return chain.from_iterable([self._load(source) for source in self.sources])

    def _complete(self, node: _Node) -> None:
        """Load what may have routes at a node or below it."""
        with self._loading:
            for source in node.pending:
                self._load(source)
            node.pending = []

    def _load(self, source: Source) -> list[Endpoint]:
        endpoints = self._loaded.get(source)
        if endpoints is None:
            routes = ((operation, route) for operation in source.load() for route in operation.routes)
            found = [self._add(operation, route) for operation, route in routes if route.known_in(self._version)]
            endpoints = self._loaded[source] = [endpoint for endpoint in found if endpoint is not None]
        return endpoints

    def _add(self, operation: Operation, route: Route) -> Endpoint | None:
        """The new endpoint; None where another operation has the route."""
        node = self._root.below(route.template)
        if route.method in node.endpoints:
            return None
        endpoint = node.endpoints[route.method] = Endpoint(operation, route, self._version)
        return endpoint

    def find(self, call: Call) -> Endpoint:
        """The endpoint a call means; its path parameters are left in the call.

        :raises PlainError: no such route (400), or not with that method (405 from 6.0), which may be none (405 from 6.4).
        """
        if call.method not in _METHODS and self._version < (6, 4):
            # Netty4HttpRequest took what it did not know for GET.
            call.method = "GET"
        asked = (call.method, call.raw_path, call.media.api)
        known = self._known.get(asked)
        if known is None:
            known = self._found(call)
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[asked] = known
        endpoint, values = known
        call.path_parameters = values.copy()
        return endpoint

    def _found(self, call: Call) -> tuple[Endpoint, dict[str, str]]:
        """The endpoint of a path, and what its parameters stand for."""
        found = self._match(self._root, call, call.method, _segments(call.raw_path))
        if found is None:
            raise self._refusal(call, self.allowed_methods(call))
        if "%" in call.raw_path:
            self._check_escapes(call)
        endpoint, values = found
        return endpoint, dict(zip(endpoint.names, values))

    def _check_escapes(self, call: Call) -> None:
        """Refuse a parameter in the path that cannot be decoded.

        :raises PlainError: 405, for ``RestController`` takes any illegal argument for a method that is none; up to 6.3
            there is an IllegalArgument instead.
        """
        problem = next(filter(None, map(escape_problem, _segments(call.raw_path))), None)
        if problem is None:
            return
        if self._version < (6, 4):
            raise IllegalArgument(problem)
        methods = self.allowed_methods(call)
        raise PlainError(f"{problem}, allowed: [{', '.join(methods)}]", 405, headers={"Allow": ",".join(methods)})

    def _match(
        self, node: _Node, call: Call, method: str, parts: list[str], at: int = 0, values: tuple[str, ...] = ()
    ) -> tuple[Endpoint, tuple[str, ...]] | None:
        """The endpoint that the parts of a path from ``at`` on lead to, exact segments first, and what the others stand for."""
        for place in range(at, len(parts)):
            if node.pending:
                self._complete(node)
            part = parts[place]
            exact, other = node.exact.get(part), node.any
            if other is None:
                if exact is None:
                    return None
                node = exact
                continue
            found = None if exact is None else self._match(exact, call, method, parts, place + 1, values)
            if found is not None:
                return found
            node, values = other, (*values, unquote(part) if "%" in part else part)
        if node.pending:
            self._complete(node)
        endpoint = node.endpoints.get(method)
        return None if endpoint is None or not endpoint.allows(call.media.api) else (endpoint, values)

    def allowed_methods(self, call: Call) -> list[str]:
        """Methods that the path of a call has."""
        parts = _segments(call.raw_path)
        return sorted(method for method in _METHODS if self._match(self._root, call, method, parts) is not None)

    def _refusal(self, call: Call, methods: list[str]) -> PlainError:
        if call.method not in _METHODS:
            reason = f"Unexpected http method: {call.method}" + (f", allowed: [{', '.join(methods)}]" if methods else "")
            return PlainError(reason, 405, headers={"Allow": ",".join(methods)} if methods else None)
        if methods and self._version >= (6, 0):
            reason = (
                f"Incorrect HTTP method for uri [{call.target}] and method [{call.method}], allowed: [{', '.join(methods)}]"
            )
            return PlainError(reason, 405, headers={"Allow": ",".join(methods)})
        reason = _NO_HANDLER.at(self._version, uri=call.target, method=call.method)
        return PlainError(reason, 400, show_status=False, text=self._version < (6, 4))


def _segments(path: str) -> list[str]:
    return [part for part in path.split("/") if part]
