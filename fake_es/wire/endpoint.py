"""An operation of the API, and its endpoint in one release: parameters, body and route."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple

from fake_es.wire.errors import IllegalArgument
from fake_es.wire.object_parser import STRING, Body, Field, ObjectParser
from fake_es.wire.parameters import COMMON, Parameter
from fake_es.wire.similarity import similar

FIRST = (5, 4)
NEVER = (99,)


class BodyUse(Enum):
    """What an operation does with a request body."""

    NONE = "none"
    PARAMETERS = "parameters"  # replaces the query: if there is a body, only the body is read
    OPTIONAL = "optional"
    REQUIRED = "required"
    LINES = "lines"  # required, one JSON object per line
    RAW = "raw"  # bytes of any type, which the handler checks itself


class Route(NamedTuple):
    """A method and a path template, with the releases that have it: from ``since`` to before ``until``.

    ``compatible`` is a major release that still answers it, after ``until``, to clients that request the API of the
    release before. From ``deprecated`` a warning names the template ``replaced_by``.
    """

    method: str
    template: str
    since: tuple[int, ...] = FIRST
    until: tuple[int, ...] = NEVER
    compatible: int | None = None
    deprecated: tuple[int, ...] = NEVER
    replaced_by: str = ""

    def known_in(self, version: tuple[int, ...]) -> bool:
        """Whether this release has the route, if only for clients of the release before."""
        return self.since <= version < self.until or version[0] == self.compatible


@dataclass(frozen=True, eq=False)
class Operation:
    """The declaration of one API.

    All functions get the ``Call``, a handler also the ``Cluster``: ``operation()`` has their full types.

    * ``name``: the name in Elastic's specification (``ml.close_job``).
    * ``action``: the transport action, which decides about privileges; None if everyone may call it.
    * ``body_since``: first release that accepts a body.
    * ``parse``: reads the body into ``call.request``, before the check of privileges.
    * ``same_user``: whether users may always do this for themselves.
    * ``names``: the indices of a call, if its path does not name them. None if each item is checked separately.
    * ``acts``: another action than ``action`` for some requests; None if it is ``action``.
    * ``feature``: the feature that the licence must allow.
    * ``task``: description of the call's task, with path parameters in braces. With ``wait_for_completion=false`` the
      answer is the id of the task.
    * ``guard``: may refuse a request that the caller's privileges allow (an ``ActionFilter`` of the server).
    """

    name: str
    routes: tuple[Route, ...]
    action: str | None
    handler: Callable[[Any, Any], Any]
    query: tuple[Parameter, ...] = ()
    body: BodyUse = BodyUse.NONE
    body_since: tuple[int, ...] = FIRST
    parse: Callable[[Any], Any] | None = None
    same_user: bool = False
    names: Callable[[Any], Sequence[str] | None] | None = None
    acts: Callable[[Any], str | None] | None = None
    feature: str | None = None
    task: str | None = None
    guard: Callable[[Any, Any], None] | None = None
    supported: bool = True

    def body_use(self, version: tuple[int, ...]) -> BodyUse:
        """What this release does with a body."""
        return self.body if version >= self.body_since else BodyUse.NONE


class Endpoint:
    """One route of an operation in one release."""

    def __init__(self, operation: Operation, route: Route, version: tuple[int, ...]) -> None:
        self.operation = operation
        self.route = route
        self._version = version
        self.body = operation.body_use(version)
        self.needs_body = self.body in (BodyUse.REQUIRED, BodyUse.LINES)
        self.names = tuple(part[1:-1] for part in route.template.split("/") if part.startswith("{"))
        known = [parameter for parameter in operation.query if parameter.known_in(version)]
        self._readers = {parameter.name: parameter.kind.from_text for parameter in known if parameter.only != "body"}
        self._former = frozenset(parameter.name for parameter in known if version >= parameter.until)
        self.deprecated = {parameter.name: parameter.warning for parameter in known if version >= parameter.deprecated}
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
        """Whether clients of this API version may use the route."""
        return self._current or api < self._version[0]

    def read_query(self, query: dict[str, str]) -> dict[str, object]:
        """Values of all declared parameters; defaults for missing ones."""
        values = self._defaults.copy()
        for name, text in query.items():
            read = self._readers.get(name)
            if read is not None:
                values[name] = read(name, text, self._version)
        return values

    def read_body(self, text: str) -> dict[str, object]:
        """Values of all declared parameters from a body that replaces the query. It may repeat path parameters."""
        parser = ObjectParser(self.parser, [*self._fields, *self._path_fields()])
        return self._defaults | parser.parse_text(Body(text, self._version))

    @property
    def parser(self) -> str:
        """Name of the parser of parameters in a body, for errors."""
        return self.operation.action or self.operation.name

    def _path_fields(self) -> list[Field]:
        named = {field.name for field in self._fields}
        return [Field(name, STRING) for name in self.names if name not in named]

    def check_query(self, path: str, query: Iterable[str], api: int, *, read: bool) -> None:
        """Refuse parameters in ``query`` that clients of this API version do not have; if ``read`` is false, also the declared.

        :raises IllegalArgument: there are such parameters.
        """
        expected = self._readers.keys() if read else frozenset()
        if self._former and api >= self._version[0]:
            expected -= self._former
        source = ("source", "source_content_type") if self.body is not BodyUse.NONE else ()
        unknown = sorted(name for name in query if name not in expected and name not in COMMON and name not in source)
        if not unknown:
            return
        candidates = {*expected, *COMMON, *self.names}
        described = ", ".join(f"[{name}]{_suggestion(name, candidates)}" for name in unknown)
        plural = "parameters" if len(unknown) > 1 else "parameter"
        raise IllegalArgument(f"request [{path}] contains unrecognized {plural}: {described}")


def _suggestion(name: str, candidates: Iterable[str]) -> str:
    close = similar(name, candidates)
    if not close:
        return ""
    return f" -> did you mean [{close[0]}]?" if len(close) == 1 else f" -> did you mean any of [{', '.join(close)}]?"
