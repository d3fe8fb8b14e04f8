"""A task of the node: what it does for a call, or by itself, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fake_es.wire.errors import ElasticsearchError


@dataclass(eq=False)
class Task:
    """One task: ``number`` is its own on the node, ``started`` in epoch milliseconds.

    ``on_cancel`` is called when a client cancels it; without one it cannot be cancelled. Once it has ended,
    ``outcome`` is ``{"response": ...}`` or ``{"error": ...}`` if it is to be ``stored``, as it is for a client that did not
    wait (``setShouldStoreResult``). ``error`` is what a failed one ended with, for those who wait.
    """

    number: int
    action: str
    description: str
    started: int
    type: str = "transport"
    parent: str | None = None
    status: dict[str, Any] | None = None
    on_cancel: Callable[[], None] | None = field(default=None, repr=False)
    stored: bool = False
    outcome: dict[str, Any] | None = None
    cancelled: bool = False
    ended: int | None = None
    error: ElasticsearchError | None = None

    def running_ms(self, now: int) -> int:
        """How long it has run, or ran until it ended."""
        return (now if self.ended is None else self.ended) - self.started
