"""From the name and the parameters of an API to a request, by the table of operations of the release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

from fake_es.operations import route_table
from fake_es.verify import messages
from fake_es.verify.bodies import Body
from fake_es.verify.java_text import java_text
from fake_es.version import Version
from fake_es.wire.endpoint import Endpoint
from fake_es.wire.operation import BodyUse
from fake_es.wire.parameters import COMMON
from fake_es.wire.routing import RouteTable

_EVERYWHERE = COMMON | {"source", "source_content_type"}
# APIs that the table only has as HEAD requests of other operations.
_HEAD_OF = {"ping": "info", "exists": "get", "exists_source": "get_source", "indices.exists": "indices.get"}
_HEAD_OF |= {"indices.exists_alias": "indices.get_alias"}


class RefusedParameters(Exception):
    """The API of this release does not have these parameters, so no request is sent (``catch: param``)."""


class Request(NamedTuple):
    """A request; ``target`` is the escaped path and query."""

    method: str
    target: str
    body: Body | None = None


class Apis:
    """The APIs of a release.

    :param security: whether it has the APIs of security.
    """

    def __init__(self, version: Version, security: bool = True) -> None:
        self._version = version
        self._security = security

    @cached_property
    def _endpoints(self) -> dict[str, list[Endpoint]]:
        # This imports all operations. Pages of documentation do not need it, because they do not name APIs.
        return _by_name(route_table(self._version, self._security), self._version)

    def missing(self, names: Iterable[str]) -> str | None:
        """Why a test with these APIs cannot run: the release does not have one, or it is not emulated. None if it can."""
        for name in names:
            endpoints = self._of(name)
            if not endpoints:
                return messages.UNKNOWN_API.format(api=name)
            if not any(endpoint.operation.supported for endpoint in endpoints):
                return messages.NOT_EMULATED.format(what=name)
        return None

    def request(self, api: str, parameters: Mapping[str, Any], body: Body | None = None) -> Request:
        """The request of a client for this release. A list becomes a text with commas, and null is left out.

        :raises RefusedParameters: no path has these parameters, one is unknown, or a body is missing or not allowed.
        """
        parameters = {name: value for name, value in parameters.items() if value is not None}
        candidates = [endpoint for endpoint in self._of(api) if parameters.keys() >= set(endpoint.names)]
        if not candidates:
            names = ", ".join(name for name in parameters if name not in _EVERYWHERE)
            raise RefusedParameters(messages.NO_PATH.format(api=api, names=names))
        most = max(len(endpoint.names) for endpoint in candidates)
        best = next(endpoint for endpoint in candidates if len(endpoint.names) == most).route.template
        endpoint = _method([each for each in candidates if each.route.template == best], body is not None)
        _check_body(api, endpoint, body)
        query = {name: value for name, value in parameters.items() if name not in endpoint.names}
        self._check_query(api, endpoint, query)
        return Request(endpoint.route.method, _target(endpoint, parameters, query), body)

    def _check_query(self, api: str, endpoint: Endpoint, query: Mapping[str, Any]) -> None:
        declared = endpoint.operation.query
        known = {each.name for each in declared if each.known_in(self._version) and each.only != "body"}
        unknown = [name for name in query if name not in known and name not in _EVERYWHERE]
        if unknown:
            raise RefusedParameters(messages.UNKNOWN_PARAMETER.format(api=api, names=", ".join(unknown)))

    def _of(self, name: str) -> list[Endpoint]:
        if name in self._endpoints:
            return self._endpoints[name]
        return [each for each in self._endpoints.get(_HEAD_OF.get(name, ""), []) if each.route.method == "HEAD"]


def _by_name(table: RouteTable, version: Version) -> dict[str, list[Endpoint]]:
    """Routes of each API. Deprecated routes and those for older clients are only included if there are no others."""
    found: dict[str, list[Endpoint]] = {}
    for endpoint in table:
        if endpoint.route.since <= version < endpoint.route.until:
            found.setdefault(endpoint.operation.name, []).append(endpoint)
    return {name: [each for each in all_ if each.warning is None] or all_ for name, all_ in found.items()}


def _method(endpoints: list[Endpoint], with_body: bool) -> Endpoint:
    """The method that clients use: GET without and POST with a body, otherwise the first declared one."""
    methods = {endpoint.route.method: endpoint for endpoint in endpoints}
    if {"GET", "POST"} <= methods.keys():
        return methods["POST" if with_body else "GET"]
    return endpoints[0]


def _check_body(api: str, endpoint: Endpoint, body: Body | None) -> None:
    if body is None and endpoint.body in (BodyUse.REQUIRED, BodyUse.LINES):
        raise RefusedParameters(messages.BODY_MISSING.format(api=api))
    if body is not None and endpoint.body is BodyUse.NONE:
        raise RefusedParameters(messages.BODY_UNWANTED.format(api=api))


def _target(endpoint: Endpoint, parameters: Mapping[str, Any], query: Mapping[str, Any]) -> str:
    path = endpoint.route.template
    for name in endpoint.names:
        path = path.replace(f"{{{name}}}", quote(_text(parameters[name]), safe=",*:"))
    pairs = "&".join(f"{quote(name)}={quote(_text(value), safe=',*:')}" for name, value in query.items())
    return f"{path}?{pairs}" if pairs else path


def _text(value: Any) -> str:
    return ",".join(map(java_text, value)) if isinstance(value, list) else java_text(value)
