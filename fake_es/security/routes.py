"""Routes of the security APIs: ``/_xpack/security`` up to 6.x, ``/_security`` from 6.7 (from 7.0 the only documented path)."""

from __future__ import annotations

from fake_es.wire.operation import Route, moved

_BOTH = (6, 7)


def security(methods: str, path: str, *, since: tuple[int, ...] = (5, 4)) -> list[Route]:
    """The routes of an API from release ``since`` on, for each of ``methods`` (such as ``PUT,POST``)."""
    routes: list[Route] = []
    for method in methods.split(","):
        routes += moved(method, "/_xpack/security" + path, "/_security" + path, since=since)
        if since < (7, 0):
            routes.append(Route(method, "/_security" + path, since=max(since, _BOTH), until=(7, 0)))
    return routes
