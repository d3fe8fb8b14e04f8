"""Paths of the machine learning APIs."""

from __future__ import annotations

from fake_es.wire.operation import FIRST, Route, moved


def ml(method: str, path: str, *, since: tuple[int, ...] = FIRST) -> tuple[Route, ...]:
    """Routes of an ML API below ``/_xpack/ml`` and ``/_ml``."""
    new = "/_ml" + path
    # The new paths came before the old ones were deprecated (pull request 36373).
    both = [Route(method, new, since=max(since, (6, 6)), until=(7, 0))] if since < (7, 0) else []
    return (*moved(method, "/_xpack/ml" + path, new, since=since), *both)
