"""Nodes for elastic-transport 8 and 9 (official clients from 8.0), without socket and thread."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, ClassVar, NamedTuple

from elastic_transport import ApiResponseMeta, BaseAsyncNode, BaseNode, ConnectionTimeout, HttpHeaders
from elastic_transport import ConnectionError as TransportConnectionError

from fake_es.app import Application
from fake_es.clock import VirtualClock
from fake_es.doors.inprocess import compressed, send_request
from fake_es.wire.faults import ConnectionFault

_CLIENT = ("fk", "1")
_LOG = logging.getLogger("elastic_transport.node")


class Answered(NamedTuple):
    """The response of a node, in the form of elastic-transport."""

    meta: ApiResponseMeta
    body: bytes


class _Exchange(BaseNode):
    """Sends one request to the application, for the sync and the async node."""

    _CLIENT_META_HTTP_CLIENT = _CLIENT
    application: ClassVar[Application]

    def exchange(self, method: str, target: str, body: bytes | None, headers: HttpHeaders | None) -> Answered:
        sent = {name.lower(): value for name, value in (*self.headers.items(), *(headers or {}).items())}
        data = body or b""
        if data and self._http_compress:
            data, sent["content-encoding"] = compressed(data), "gzip"
        started = time.perf_counter()
        try:
            status, received, answer = send_request(self.application, method, self.path_prefix + target, sent, data)
        except ConnectionFault as fault:
            raised = self._raised(fault)
            self._log_request(method, target, headers, body, exception=raised)
            raise raised from fault
        duration = time.perf_counter() - started
        meta = ApiResponseMeta(
            node=self.config, duration=duration, http_version="1.1", status=status, headers=HttpHeaders(received)
        )
        # The client would format request and answer for its log even if the level is off, which takes time.
        if _LOG.isEnabledFor(logging.DEBUG):
            self._log_request(method, target, headers, body, meta, answer)
        return Answered(meta, answer)

    @staticmethod
    def _raised(fault: ConnectionFault) -> Exception:
        """What the client's own nodes raise."""
        if fault.is_timeout:
            return ConnectionTimeout("Connection timed out", errors=(fault,))
        return TransportConnectionError(str(fault), errors=(fault,))


class FakeNode(_Exchange):
    """A node for ``Elasticsearch(..., node_class=...)``."""

    def perform_request(  # type: ignore[override]
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = None,
    ) -> Answered:
        """Answer one request; the client's own timeout is not looked at."""
        return self.exchange(method, target, body, headers)

    def close(self) -> None:
        """Nothing is open."""


class FakeAsyncNode(_Exchange, BaseAsyncNode):
    """A node for ``AsyncElasticsearch(..., node_class=...)``."""

    async def perform_request(  # type: ignore[override]
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = None,
    ) -> Answered:
        """Answer one request: at once if requests move the clock, else in a thread, because it may have to wait."""
        cluster = self.application.cluster
        if isinstance(cluster.clock, VirtualClock) and cluster.clock.auto and cluster.faults is None:
            return self.exchange(method, target, body, headers)
        return await asyncio.to_thread(self.exchange, method, target, body, headers)

    async def close(self) -> None:  # type: ignore[override]
        """Nothing is open."""


def node_class(application: Application) -> type[BaseNode]:
    """A node class for requests to ``application``."""
    return type("FakeNode", (FakeNode,), {"application": application})


def async_node_class(application: Application) -> type[BaseAsyncNode]:
    """A node class for requests to ``application``, for asyncio."""
    return type("FakeAsyncNode", (FakeAsyncNode,), {"application": application})
