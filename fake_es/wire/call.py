"""One request on its way through the steps of the application."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from fake_es.version import Version
from fake_es.wire.errors import ElasticsearchError
from fake_es.wire.object_parser import Body
from fake_es.wire.parameters import read_boolean

if TYPE_CHECKING:
    from fake_es.wire.endpoint import Endpoint
    from fake_es.wire.media_types import Exchange
    from fake_es.wire.task import Task


class Answer(NamedTuple):
    """An answer that is more than data with status 200."""

    status: int
    body: Any
    headers: Mapping[str, str] = MappingProxyType({})


class Encoded:
    """JSON already written: kept as bytes by whoever owns it, so that showing it costs nothing."""

    __slots__ = ("text",)

    def __init__(self, text: bytes) -> None:
        self.text = text


class Call:
    """A request: what came, and what each step made of it.

    ``request`` is what the operation's own parser read, ``params`` its query parameters (or the fields of a body in
    their place), ``now`` the one clock reading of the call in epoch milliseconds; ``task`` is that of a call that nobody
    waits for.
    """

    __slots__ = (
        "body", "endpoint", "headers", "in_flight", "media", "method", "now", "params", "path", "path_parameters", "query",
        "raw_path", "request", "target", "task", "user", "version", "warnings",
    )  # fmt: skip

    endpoint: Endpoint
    media: Exchange
    params: dict[str, Any]
    path_parameters: dict[str, str]
    query: dict[str, str]

    def __init__(self, method: str, target: str, headers: Mapping[str, str], body: bytes, version: Version) -> None:
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.version = version
        self.raw_path = target.partition("?")[0]
        self.path = self.raw_path
        self.query = {}
        self.request: Any = None
        self.user: Any = None
        self.task: Task | None = None
        self.now = 0
        # Bytes of the body that count as in flight (see ``in_flight.InFlight``).
        self.in_flight = 0
        self.warnings: list[str] = []

    def flag(self, name: str) -> bool:
        """Whether one of the common switches (``parameters.SWITCHES``) is on."""
        return name in self.query and read_boolean(self.query[name], self.version)

    @property
    def identity(self) -> Hashable:
        """What two callers share who may use what the other has opened; None where there is no security."""
        return None if self.user is None else self.user.identity

    def warn(self, text: str) -> None:
        """Add a deprecation warning to the answer; the same one is given once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def text(self) -> str:
        """The body as text; a byte that is no UTF-8 is a lone surrogate in it, which no JSON holds."""
        return self.body.decode("utf-8", "surrogateescape")

    def json_body(self) -> Body:
        """The body, ready for an object parser."""
        return Body(self.text(), self.version)

    def check_query(self, *, read: bool) -> None:
        """Refuse query parameters that nobody reads; with ``read`` false the declared ones count as unread too.

        :raises IllegalArgument: there are such.
        """
        self.endpoint.check_query(self.path, self.query, read=read)

    def refused(self, name: str, cause: ElasticsearchError) -> ElasticsearchError:
        """The refusal of a parameter's value, which its parser passes on where it stands in a body."""
        return self.json_body().refused_field(self.endpoint.parser, (name,), cause) if self.body else cause
