"""A task of the node: the work for a call or in the background, and its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fake_es.wire.errors import ElasticsearchError


@dataclass(eq=False)
class Task:
    """One task.

    * ``number``: its number on the node.
    * ``started``: epoch milliseconds.
    * ``on_cancel``: called when a client cancels the task; without it the task cannot be cancelled.
    * ``stored``: whether its result is stored, as for a client that does not wait (``setShouldStoreResult``).
    * ``outcome``: the stored result of a task that has ended, ``{"response": ...}`` or ``{"error": ...}``.
    * ``error``: the error of a failed task, for calls that wait for it.
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
        """Milliseconds that it has run until now, or until its end."""
        return (now if self.ended is None else self.ended) - self.started
