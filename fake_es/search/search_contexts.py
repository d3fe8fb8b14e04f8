"""Search contexts, which stay open between requests: scrolls and points in time (``ReaderContext``)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Hashable
from typing import TypeVar

from fake_es.cluster import Cluster
from fake_es.indices.document import Document
from fake_es.indices.index import Index
from fake_es.indices.targets import Target
from fake_es.search import messages
from fake_es.search.errors import SearchContextMissing
from fake_es.search.search_request import SearchRequest
from fake_es.search.searcher import Found, Hit, hits_of
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import IllegalArgument

# ``search.max_keep_alive``.
_MAX_KEEP_ALIVE = TimeValue(24, "h")
_Context = TypeVar("_Context", bound="SearchContext")


class SearchContext:
    """One open context; it expires at ``until`` (epoch milliseconds) unless it is extended."""

    def __init__(self, number: int, keep_alive: TimeValue, now: int) -> None:
        self.number = number
        self.extend(keep_alive, now)

    def extend(self, keep_alive: TimeValue, now: int) -> None:
        """Let it expire ``keep_alive`` after ``now``.

        :raises IllegalArgument: longer than a day.
        """
        if keep_alive.ms > _MAX_KEEP_ALIVE.ms:
            raise IllegalArgument(messages.KEEP_ALIVE.format(asked=keep_alive, most="1d"))
        self.until = now + keep_alive.ms


class Scroll(SearchContext):
    """The results of a search as they were at its start, read page by page; ``owner`` is the identity of its caller."""

    def __init__(
        self, number: int, search: SearchRequest, found: Found, shards: int, keep_alive: TimeValue, now: int, owner: Hashable
    ) -> None:
        super().__init__(number, keep_alive, now)
        self.search = search
        self.owner = owner
        self.shards = shards
        self.total = len(found.documents)
        self._found = found
        self._at = 0

    @property
    def highest(self) -> float | None:
        """The best score of all hits; None if scores are not needed or there are no hits."""
        if not self.search.body.scored or not self._found.documents:
            return None
        return max(self._found.scores.values()) if self._found.scores else self._found.constant

    def page(self) -> list[Hit]:
        """The next page; empty at the end."""
        size = self.search.body.size
        documents: list[Document] = self._found.documents[self._at : self._at + size]
        self._at += size
        return hits_of(documents, self.search.body, self._found)


class PointInTime(SearchContext):
    """Indices as they were when it was opened.

    Only their documents are kept. An index that has changed since is rebuilt from them when it is searched.
    """

    def __init__(self, number: int, targets: list[Target], keep_alive: TimeValue, now: int) -> None:
        super().__init__(number, keep_alive, now)
        self._targets = [(target, target.index.generation, list(target.index)) for target in targets]
        self._copies: dict[str, Index] = {}

    @property
    def names(self) -> list[str]:
        """The names of its indices."""
        return [target.index.name for target, _, _ in self._targets]

    def targets(self) -> list[Target]:
        """The indices to search."""
        return [self._target(*kept) for kept in self._targets]

    def _target(self, target: Target, generation: tuple[int, int], documents: list[Document]) -> Target:
        index = target.index
        if index.generation == generation:
            return target
        copy = self._copies.get(index.uuid)
        if copy is None:
            copy = self._copies[index.uuid] = index.of(documents, generation)
        return target.as_copy(copy)


class SearchContexts:
    """The open contexts of a cluster by their ids."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._contexts: dict[str, SearchContext] = {}
        self._numbered = 0

    def number(self) -> int:
        """The number for the next context."""
        self._numbered += 1
        return self._numbered

    def add(self, context: SearchContext, kind: str) -> str:
        """Add a context; returns its id."""
        self._drop_expired()
        text = f"{kind}:{context.number}:{self._cluster.ids.uuid()}"
        key = base64.urlsafe_b64encode(text.encode()).decode()
        self._contexts[key] = context
        return key

    def scroll(self, scroll_id: str, caller: Hashable) -> Scroll:
        """The scroll with this id, if the caller has started it (``SecuritySearchOperationListener``).

        :param caller: see ``Caller.identity``; None without security.
        :raises IllegalArgument: the text is not an id of a scroll.
        :raises SearchContextMissing: it has expired, was cleared, or belongs to another user.
        """
        number = _number(scroll_id, "scroll", messages.UNPARSABLE_SCROLL)
        scroll = self._context(scroll_id, number, Scroll)
        if scroll.owner != caller:
            raise SearchContextMissing(messages.NO_CONTEXT.format(id=number))
        return scroll

    def point_in_time(self, pit_id: str) -> PointInTime:
        """The point in time with this id, for any caller: each search in it authorizes its indices.

        :raises IllegalArgument: the text is not an id of a point in time.
        :raises SearchContextMissing: it has expired or was closed.
        """
        number = _number(pit_id, "pit", messages.BAD_PIT.format(id=pit_id))
        return self._context(pit_id, number, PointInTime)

    def close(self, key: str) -> bool:
        """Close the context with this id; returns whether it was open."""
        self._drop_expired()
        return self._contexts.pop(key, None) is not None

    def check_scroll_id(self, scroll_id: str) -> None:
        """:raises IllegalArgument: the text is not an id of a scroll."""
        _number(scroll_id, "scroll", messages.UNPARSABLE_SCROLL)

    def check_pit_id(self, pit_id: str) -> None:
        """:raises IllegalArgument: the text is not an id of a point in time."""
        _number(pit_id, "pit", messages.BAD_PIT.format(id=pit_id))

    def scroll_ids(self) -> list[str]:
        """The ids of all open scrolls."""
        self._drop_expired()
        return [key for key, context in self._contexts.items() if isinstance(context, Scroll)]

    def _context(self, key: str, number: str, kind: type[_Context]) -> _Context:
        self._drop_expired()
        context = self._contexts.get(key)
        if not isinstance(context, kind):
            raise SearchContextMissing(messages.NO_CONTEXT.format(id=number))
        return context

    def _drop_expired(self) -> None:
        now = self._cluster.clock.now()
        for key in [key for key, context in self._contexts.items() if context.until < now]:
            del self._contexts[key]


def _number(key: str, kind: str, refusal: str) -> str:
    """The number in an id, which is ``kind:number:uuid`` in base64; ``refusal`` is the text if it is not."""
    try:
        found, number, _ = base64.urlsafe_b64decode(key.encode("utf-8", "replace")).decode().split(":")
    except (ValueError, binascii.Error):
        raise IllegalArgument(refusal) from None
    if found != kind:
        raise IllegalArgument(refusal)
    return number
