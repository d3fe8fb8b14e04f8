"""The decorator with which each operation of the API is declared, once.

Routing, parameters, privileges and the coverage page read this declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from fake_es.wire.call import Call
from fake_es.wire.endpoint import FIRST, NEVER, BodyUse, Operation, Route
from fake_es.wire.errors import NotImplementedHere
from fake_es.wire.parameters import Parameter

# Gets the call and its cluster. Returns plain data (rendered as JSON with status 200) or an Answer; raises errors.
Handler = Callable[[Call, Any], Any]
Parse = Callable[[Call], Any]
Names = Callable[[Call], Sequence[str] | None]
Guard = Callable[[Call, Any], None]


def operation(
    name: str,
    *,
    routes: Sequence[Route],
    action: str | None,
    query: Sequence[Parameter] = (),
    body: BodyUse = BodyUse.NONE,
    body_since: tuple[int, ...] = FIRST,
    parse: Parse | None = None,
    same_user: bool = False,
    names: Names | None = None,
    acts: Callable[[Call], str | None] | None = None,
    feature: str | None = None,
    task: str | None = None,
    guard: Guard | None = None,
) -> Callable[[Handler], Operation]:
    """Declare the decorated handler as an operation."""

    def declare(handler: Handler) -> Operation:
        return Operation(
            name, tuple(routes), action, handler, tuple(query), body, body_since, parse, same_user, names, acts, feature, task,
            guard,
        )  # fmt: skip

    return declare


def unsupported(name: str, *routes: Route, action: str | None) -> Operation:
    """An operation that Elasticsearch has and fake_es does not emulate: it answers 501."""

    def refuse(call: Call, cluster: Any) -> Any:
        raise NotImplementedHere(f"[{name}] is an API of Elasticsearch {call.version} that fake_es does not emulate")

    return Operation(name, routes, action, refuse, body=BodyUse.RAW, supported=False)


def each_by_itself(call: Call) -> None:
    """``names`` of an operation whose items have separate indices, which are checked one by one."""


def moved(method: str, old: str, new: str, *, since: tuple[int, ...] = FIRST) -> tuple[Route, ...]:
    """Routes of an X-Pack API: ``new`` from 7.0; ``old`` up to 6.x, deprecated in 7.x, in 8.x only for clients of 7.x."""
    routes = []
    if since < (7, 0):
        routes.append(Route(method, old, since=since, until=(8, 0), compatible=8, deprecated=(7, 0), replaced_by=new))
    routes.append(Route(method, new, since=max(since, (7, 0))))
    return tuple(routes)


__all__ = [
    "FIRST", "NEVER", "BodyUse", "Guard", "Handler", "Names", "Operation", "Parse", "Route", "each_by_itself", "moved",
    "operation", "unsupported",
]  # fmt: skip
