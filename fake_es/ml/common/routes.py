"""Paths of the machine learning APIs."""

from __future__ import annotations

from fake_es.wire.operation import FIRST, Route, moved


def ml(method: str, path: str, *, since: tuple[int, ...] = FIRST) -> tuple[Route, ...]:
    """Routes of an ML API below ``/_xpack/ml`` and ``/_ml``."""
    return moved(method, "/_xpack/ml" + path, "/_ml" + path, since=since)
