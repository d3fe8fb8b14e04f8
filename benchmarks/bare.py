"""What requests are compared to: the least that an application on werkzeug can do; run, it is werkzeug's own server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Look at the request, answer ``{"closed": true}``."""
    request = Request(environ)
    assert request.path
    assert request.method
    response = Response(
        json.dumps({"closed": True}),
        status=200,
        headers={"X-elastic-product": "Elasticsearch"},
        content_type="application/json",
    )
    return response(environ, start_response)


class _Silent(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Logging is no part of the comparison: fake_es does none."""


def main() -> None:
    """Serve until killed, on any free port, after a line that ends with the URL."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Silent)
    print(f"listening on http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
