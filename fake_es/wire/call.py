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
    """An answer with another status than 200, or with headers."""

    status: int
    body: Any
    headers: Mapping[str, str] = MappingProxyType({})


class Encoded:
    """Stored JSON as bytes, which needs no rendering."""

    __slots__ = ("text",)

    def __init__(self, text: bytes) -> None:
        self.text = text


class Call:
    """A request, and the results of each step.

    * ``request``: the result of the operation's own parser.
    * ``params``: the query parameters, or the fields of a body that replaces them.
    * ``now``: the time of the call in epoch milliseconds; the clock is read once per call.
    * ``task``: the task of a call with ``wait_for_completion=false``.
    * ``fault``: the rule of ``control.faults`` that has hit the call; None without one.
    """

    __slots__ = (
        "body", "endpoint", "fault", "headers", "in_flight", "media", "method", "now", "params", "path", "path_parameters",
        "query", "raw_path", "request", "target", "task", "user", "version", "warnings",
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
        self.fault: Any = None
        self.task: Task | None = None
        self.now = 0
        # Bytes of this call that are counted in ``InFlight``.
        self.in_flight = 0
        self.warnings: list[str] = []

    def flag(self, name: str) -> bool:
        """Whether one of the common switches (``parameters.SWITCHES``) is on."""
        return name in self.query and read_boolean(self.query[name], self.version)

    @property
    def identity(self) -> Hashable:
        """The owner of a scroll or search context that this call opens; only calls with an equal identity may use it.

        None without security.
        """
        return None if self.user is None else self.user.identity

    def warn(self, text: str) -> None:
        """Add a deprecation warning to the answer, unless it has the same one."""
        if text not in self.warnings:
            self.warnings.append(text)

    def check_item(self, place: int) -> None:
        """Refuse the item of a bulk or msearch at this place (from 0) if a rule of ``control.faults`` wants it.

        :raises ElasticsearchError: the error that the rule names.
        """
        error = None if self.fault is None else self.fault.item_error(place)
        if error is not None:
            raise error

    def text(self) -> str:
        """The body as text. An invalid byte of UTF-8 becomes a lone surrogate, which the JSON parser refuses."""
        return self.body.decode("utf-8", "surrogateescape")

    def json_body(self) -> Body:
        """The body for an object parser."""
        return Body(self.text(), self.version)

    def check_query(self, *, read: bool) -> None:
        """Refuse unknown query parameters; if ``read`` is false, also the declared ones.

        :raises IllegalArgument: there are such parameters.
        """
        self.endpoint.check_query(self.path, self.query, self.media.api, read=read)

    def refused(self, name: str, cause: ElasticsearchError) -> ElasticsearchError:
        """The error for an invalid parameter. In a body, the error of its parser wraps it."""
        return self.json_body().refused_field(self.endpoint.parser, (name,), cause) if self.body else cause
