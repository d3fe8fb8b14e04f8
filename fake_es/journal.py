"""The journal of a cluster: its last requests with their responses. ``control.calls`` reads it."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from fake_es.wire.call import Call
    from fake_es.wire.render import Response

# So many requests are kept, and so many bytes of each body.
SIZE = 1000
LARGEST = 64 * 1024


class Entry(NamedTuple):
    """One request: its number from 1, what it was, its response, its times in epoch milliseconds, and its door.

    ``fault`` is the name of the rule that has hit it, if one has. With status 0 it was not carried out, and not answered.
    """

    number: int
    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    operation: str | None
    path: str
    values: Mapping[str, str]
    user: str | None
    status: int
    answer: bytes
    started: int
    ended: int
    door: str
    fault: str | None


class Journal:
    """The last entries, the oldest first. Requests to ``/_fake`` have no entry. A reset keeps the journal."""

    def __init__(self, size: int = SIZE) -> None:
        # Plain tuples of what is no container: they cost the least time and memory, also that of the garbage collector.
        self._entries: deque[tuple[Any, ...]] = deque(maxlen=size)
        self.listeners: list[Callable[[Entry], None]] = []
        self._number = itertools.count(1)

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return (Entry(*entry) for entry in list(self._entries))

    def clear(self) -> None:
        """Remove all entries."""
        self._entries.clear()

    def add(self, call: Call, response: Response, ended: int, door: str) -> None:
        """Add a request. Of large bodies only the beginning is kept, and of a response only the body of an error."""
        if call.raw_path.startswith("/_fake"):
            return
        body, status = call.body, response.status
        try:
            operation, values = call.endpoint.operation.name, call.path_parameters
        except AttributeError:
            operation, values = None, {}
        fault = call.fault
        entry = (
            next(self._number), call.method, call.target, call.headers, body if len(body) <= LARGEST else body[:LARGEST],
            operation, call.path, values, None if call.user is None else call.user.name, status,
            response.body[:LARGEST] if status >= 400 else b"", call.now if fault is None else fault.started, ended, door,
            None if fault is None else fault.name,
        )  # fmt: skip
        self._entries.append(entry)
        for listener in self.listeners:
            listener(Entry(*entry))
