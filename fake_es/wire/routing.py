"""Routing of a method and a path to an operation, by a tree of path segments for each release.

A tree of all routes is built in less than a millisecond; a map of regular expressions takes hundreds of milliseconds. The
modules of operations are imported when a request first has a path below their leading segments.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote

from fake_es.wire.call import Call
from fake_es.wire.endpoint import Endpoint, Operation, Route
from fake_es.wire.errors import IllegalArgument, PlainError
from fake_es.wire.parameters import escape_problem
from fake_es.wire.words import Words

_MOST_KNOWN = 4096
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT"})
_NO_HANDLER = Words(
    "No handler found for uri [{uri}] and method [{method}]",
    ((6, 4), "no handler found for uri [{uri}] and method [{method}]"),
)


class Source(NamedTuple):
    """Operations that are loaded on demand. ``paths`` are the leading segments of their routes."""

    paths: tuple[str, ...]
    load: Callable[[], Iterable[Operation]]


class _Node:
    __slots__ = ("any", "endpoints", "exact", "pending")

    def __init__(self) -> None:
        self.exact: dict[str, _Node] = {}
        self.any: _Node | None = None
        self.endpoints: dict[str, Endpoint] = {}
        # Sources that must be loaded before this node and the nodes below it are complete.
        self.pending: list[Source] = []

    def below(self, template: str) -> _Node:
        """The node of a path template; it is created if it does not exist."""
        node = self
        for part in _segments(template):
            if part.startswith("{"):
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.exact.setdefault(part, _Node())
        return node


class RouteTable:
    """All routes of one release. Several threads may use it at once."""

    def __init__(self, sources: Iterable[Source], version: tuple[int, ...]) -> None:
        self._version = version
        self._root = _Node()
        self.sources = list(sources)
        self._loaded: dict[Source, list[Endpoint]] = {}
        self._loading = threading.RLock()
        # Cache of paths, because tests repeat the same few.
        self._known: dict[tuple[str, str, int], tuple[Endpoint, dict[str, str]]] = {}
        for source in self.sources:
            for path in source.paths:
                self._root.below(path).pending.append(source)

    def __iter__(self) -> Iterator[Endpoint]:
        """All endpoints of the release, in the order of the sources."""
        with self._loading:
            return chain.from_iterable([self._load(source) for source in self.sources])

    def _complete(self, node: _Node) -> None:
        """Load all sources that may have routes at a node or below it."""
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
        """Add a route. Return its endpoint; None if another operation has the route already."""
        node = self._root.below(route.template)
        if route.method in node.endpoints:
            return None
        endpoint = node.endpoints[route.method] = Endpoint(operation, route, self._version)
        return endpoint

    def find(self, call: Call) -> Endpoint:
        """The endpoint for a call. Its path parameters are stored in the call.

        :raises PlainError: 400, there is no such route; 405 (from 6.0), the route does not allow this method; 405 (from
            6.4), the method is unknown.
        """
        if call.method not in _METHODS and self._version < (6, 4):
            # Netty4HttpRequest treated unknown methods as GET.
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
        """The endpoint of a path, and the values of its path parameters."""
        parts = _segments(call.raw_path)
        # A last segment that a route names goes before others: ``/{index}/{type}/_mapping`` before ``/{index}/_doc/{id}``
        # (``PathTrie.TrieMatchingMode``).
        found = self._match(self._root, call, call.method, parts, named_end=True)
        found = found or self._match(self._root, call, call.method, parts)
        if found is None:
            raise self._refusal(call, self.allowed_methods(call))
        if "%" in call.raw_path:
            self._check_escapes(call)
        endpoint, values = found
        return endpoint, dict(zip(endpoint.names, values))

    def _check_escapes(self, call: Call) -> None:
        """Refuse a parameter in the path that cannot be decoded.

        :raises PlainError: 405, because ``RestController`` treats any illegal argument as an unknown method. Up to 6.3 it
            is an IllegalArgument.
        """
        problem = next(filter(None, map(escape_problem, _segments(call.raw_path))), None)
        if problem is None:
            return
        if self._version < (6, 4):
            raise IllegalArgument(problem)
        methods = self.allowed_methods(call)
        raise PlainError(f"{problem}, allowed: [{', '.join(methods)}]", 405, headers={"Allow": ",".join(methods)})

    def _match(
        self,
        node: _Node,
        call: Call,
        method: str,
        parts: list[str],
        at: int = 0,
        values: tuple[str, ...] = (),
        *,
        named_end: bool = False,
    ) -> tuple[Endpoint, tuple[str, ...]] | None:
        """The endpoint for the parts of a path from ``at`` on, and the values of path parameters. Exact segments come first.

        With ``named_end`` the last segment must be exact. A placeholder then stands for the first segment if that is no name,
        or for a later one that is a name too (``TrieMatchingMode.WILDCARD_ROOT_NODES_ALLOWED``).
        """
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
            found = None if exact is None else self._match(exact, call, method, parts, place + 1, values, named_end=named_end)
            if found is not None:
                return found
            if named_end and (place == len(parts) - 1 or (exact is None) == bool(place)):
                return None
            # No name of an index begins so: what is below the placeholder need not be loaded.
            if named_end and place == 0 and part.startswith("_") and part != "_all":
                return None
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
