"""An operation of the API, declared once: routing, parameters, privileges and the coverage page all read it here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from fake_es.wire.errors import NotImplementedHere
from fake_es.wire.parameters import Parameter

if TYPE_CHECKING:
    from fake_es.cluster import Cluster
    from fake_es.wire.call import Call

    # Answers plain data (rendered as JSON with status 200) or an Answer; refuses by raising.
    Handler = Callable[[Call, Cluster], Any]
    Parse = Callable[[Call], Any]
    Names = Callable[[Call], Sequence[str] | None]

FIRST = (5, 4)
NEVER = (99,)


class BodyUse(Enum):
    """What an operation does with a request body."""

    NONE = "none"
    PARAMETERS = "parameters"  # in place of the query: where there is a body, only the body is read
    OPTIONAL = "optional"
    REQUIRED = "required"
    LINES = "lines"  # required, and a JSON object a line
    RAW = "raw"  # bytes of any type; the handler looks at them itself


class Route(NamedTuple):
    """A method and a path template, with the releases that have it (``until`` is the first that does not).

    ``compatible`` is the major release that still answers it, after ``until``, to a client asking for the API before;
    ``replaced_by`` is the template that a deprecation warning names, from release ``deprecated`` on.
    """

    method: str
    template: str
    since: tuple[int, ...] = FIRST
    until: tuple[int, ...] = NEVER
    compatible: int | None = None
    deprecated: tuple[int, ...] = NEVER
    replaced_by: str = ""

    def known_in(self, version: tuple[int, ...]) -> bool:
        """Whether that release has the route at all."""
        return self.since <= version < self.until or version[0] == self.compatible


@dataclass(frozen=True, eq=False)
class Operation:
    """One API by its own name (``ml.close_job``), with everything that is known of it.

    ``action`` is the transport action that privileges are decided by (None: open to everybody); ``own_affair`` says
    that a user may always do it for himself; ``feature`` is what the licence must allow. ``task`` describes the task that a
    call is, with names of the path in braces: with ``wait_for_completion=false`` the answer is its id, whatever comes of it.
    ``parse`` reads the body before the caller's privileges are looked at and leaves what it read in ``call.request``;
    ``names`` tells the indices that a call means, where its path does not (None: each of its items is looked at by itself);
    ``acts`` an action in place of ``action`` for some of the requests (None: that one).
    Before ``body_since`` a body is as unwelcome as with ``BodyUse.NONE``.
    """

    name: str
    routes: tuple[Route, ...]
    action: str | None
    handler: Handler
    query: tuple[Parameter, ...] = ()
    body: BodyUse = BodyUse.NONE
    body_since: tuple[int, ...] = FIRST
    parse: Parse | None = None
    own_affair: bool = False
    names: Names | None = None
    acts: Callable[[Call], str | None] | None = None
    feature: str | None = None
    task: str | None = None
    supported: bool = True

    def body_use(self, version: tuple[int, ...]) -> BodyUse:
        """What that release does with a body."""
        return self.body if version >= self.body_since else BodyUse.NONE


def operation(
    name: str,
    *,
    routes: Sequence[Route],
    action: str | None,
    query: Sequence[Parameter] = (),
    body: BodyUse = BodyUse.NONE,
    body_since: tuple[int, ...] = FIRST,
    parse: Parse | None = None,
    own_affair: bool = False,
    names: Names | None = None,
    acts: Callable[[Call], str | None] | None = None,
    feature: str | None = None,
    task: str | None = None,
) -> Callable[[Handler], Operation]:
    """Declare the decorated handler as an operation."""

    def declare(handler: Handler) -> Operation:
        return Operation(
            name, tuple(routes), action, handler, tuple(query), body, body_since, parse, own_affair, names, acts, feature, task
        )  # fmt: skip

    return declare


def unsupported(name: str, *routes: Route, action: str | None) -> Operation:
    """An operation that Elasticsearch has and this double has not: it answers 501."""

    def refuse(call: Call, cluster: Cluster) -> Any:
        raise NotImplementedHere(f"[{name}] is an API of Elasticsearch {call.version} that fake_es does not emulate")

    return Operation(name, routes, action, refuse, body=BodyUse.RAW, supported=False)


def each_by_itself(call: Call) -> None:
    """``names`` of an operation whose items have indices of their own."""


def moved(method: str, old: str, new: str, *, since: tuple[int, ...] = FIRST) -> tuple[Route, ...]:
    """Routes of an X-Pack API: ``old`` up to 6.x, deprecated in 7.x, in 8.x only for 7.x clients; ``new`` from 7.0."""
    routes = []
    if since < (7, 0):
        routes.append(Route(method, old, since=since, until=(8, 0), compatible=8, deprecated=(7, 0), replaced_by=new))
    routes.append(Route(method, new, since=max(since, (7, 0))))
    return tuple(routes)


def ml(method: str, path: str, *, since: tuple[int, ...] = FIRST) -> tuple[Route, ...]:
    """Routes of an ML API below ``/_xpack/ml`` and ``/_ml``."""
    return moved(method, "/_xpack/ml" + path, "/_ml" + path, since=since)
