"""What clients are compared to: an official client whose node answers always the same, without asking anybody."""

from __future__ import annotations

from typing import Any, NamedTuple

from elastic_transport import ApiResponseMeta, BaseNode, HttpHeaders

from fake_es.doors.clients import installed_client

CLIENT = installed_client(9)
_HEADERS = HttpHeaders({"x-elastic-product": "Elasticsearch", "content-type": "application/json"})


class _Answer(NamedTuple):
    meta: ApiResponseMeta
    body: bytes


class ConstantNode(BaseNode):
    """A node that closes every job."""

    def perform_request(  # type: ignore[override]
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: HttpHeaders | None = None,
        request_timeout: Any = None,
    ) -> _Answer:
        """Answer ``{"closed": true}``."""
        return _Answer(ApiResponseMeta(200, "1.1", _HEADERS, 0.0, self.config), _BODY)

    def close(self) -> None:
        """Nothing is open."""


_BODY = b'{"closed":true}'


def constant_client() -> Any:
    """The floor of any request through the client."""
    return CLIENT.Elasticsearch("http://constant:9200", node_class=ConstantNode)
