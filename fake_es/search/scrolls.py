"""What searches leave open between requests: scrolls, and points in time (``ReaderContext``)."""

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
from fake_es.search.search import Found, Hit, hits_of
from fake_es.search.search_request import SearchRequest
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import IllegalArgument

_LONGEST = TimeValue(24, "h")
Open = TypeVar("Open", bound="Kept")


class Kept:
    """One thing left open; it ends ``until`` (epoch milliseconds) unless it is used before."""

    def __init__(self, number: int, keep_alive: TimeValue, now: int) -> None:
        self.number = number
        self.keep(keep_alive, now)

    def keep(self, keep_alive: TimeValue, now: int) -> None:
        """Let it live from now on.

        :raises IllegalArgument: longer than a day.
        """
        if keep_alive.ms > _LONGEST.ms:
            raise IllegalArgument(messages.KEEP_ALIVE.format(asked=keep_alive, most="1d"))
        self.until = now + keep_alive.ms


class Scroll(Kept):
    """A search whose hits are handed out page by page, as they were when it began; ``owner`` is who began it."""

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
        """The best score of all."""
        if not self.search.request.scored or not self._found.documents:
            return None
        return max(self._found.scores.values()) if self._found.scores else self._found.constant

    def page(self) -> list[Hit]:
        """The next hits."""
        size = self.search.request.size
        documents: list[Document] = self._found.documents[self._at : self._at + size]
        self._at += size
        return hits_of(documents, self.search.request, self._found)


class PointInTime(Kept):
    """Indices as they were when it was opened: documents are kept, and made an index again once theirs has changed."""

    def __init__(self, number: int, targets: list[Target], keep_alive: TimeValue, now: int) -> None:
        super().__init__(number, keep_alive, now)
        self._targets = [(target, target.index.generation, list(target.index)) for target in targets]
        self._copies: dict[str, Index] = {}

    @property
    def names(self) -> list[str]:
        """Names of its indices."""
        return [target.index.name for target, _, _ in self._targets]

    def targets(self) -> list[Target]:
        """What a search in it searches."""
        return [self._target(*kept) for kept in self._targets]

    def _target(self, target: Target, generation: tuple[int, int], documents: list[Document]) -> Target:
        if target.index.generation == generation:
            return target
        return Target(self._copy(target.index, documents, generation), target.filters)

    def _copy(self, index: Index, documents: list[Document], generation: tuple[int, int]) -> Index:
        copy = self._copies.get(index.uuid)
        if copy is None:
            copy = self._copies[index.uuid] = index.of(documents, generation)
        return copy


class SearchContexts:
    """All that is left open in a cluster, by the id that clients hold."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._kept: dict[str, Kept] = {}
        self._numbered = 0

    def number(self) -> int:
        """The next number of a context."""
        self._numbered += 1
        return self._numbered

    def keep(self, kept: Kept, kind: str) -> str:
        """Leave something open; answers its id."""
        self._forget_old()
        text = f"{kind}:{kept.number}:{self._cluster.ids.uuid()}"
        key = base64.urlsafe_b64encode(text.encode()).decode()
        self._kept[key] = kept
        return key

    def scroll(self, scroll_id: str, caller: Hashable) -> Scroll:
        """The scroll of an id, for the one who began it (``SecuritySearchOperationListener``).

        :param caller: who asks, see ``Caller.identity``; None where there is no security.
        :raises IllegalArgument: it can be no id.
        :raises SearchContextMissing: it is over, or never was, or somebody else's.
        """
        number = _number(scroll_id, "scroll", messages.UNPARSABLE_SCROLL)
        scroll = self._alive(scroll_id, number, Scroll)
        if scroll.owner != caller:
            raise SearchContextMissing(messages.NO_CONTEXT.format(id=number))
        return scroll

    def point_in_time(self, pit_id: str) -> PointInTime:
        """The point in time of an id, whoever asks: its indices are authorized with every search in it.

        :raises IllegalArgument: it can be no id.
        :raises SearchContextMissing: it is over, or never was.
        """
        number = _number(pit_id, "pit", messages.BAD_PIT.format(id=pit_id))
        return self._alive(pit_id, number, PointInTime)

    def close(self, key: str) -> bool:
        """End what has that id; answers whether it was open."""
        self._forget_old()
        return self._kept.pop(key, None) is not None

    def check_scroll_id(self, scroll_id: str) -> None:
        """:raises IllegalArgument: it can be no id of a scroll."""
        _number(scroll_id, "scroll", messages.UNPARSABLE_SCROLL)

    def check_pit_id(self, pit_id: str) -> None:
        """:raises IllegalArgument: it can be no id of a point in time."""
        _number(pit_id, "pit", messages.BAD_PIT.format(id=pit_id))

    def scroll_ids(self) -> list[str]:
        """Ids of all scrolls."""
        self._forget_old()
        return [key for key, kept in self._kept.items() if isinstance(kept, Scroll)]

    def _alive(self, key: str, number: str, kind: type[Open]) -> Open:
        self._forget_old()
        kept = self._kept.get(key)
        if not isinstance(kept, kind):
            raise SearchContextMissing(messages.NO_CONTEXT.format(id=number))
        return kept

    def _forget_old(self) -> None:
        now = self._cluster.clock.now()
        for key in [key for key, kept in self._kept.items() if kept.until < now]:
            del self._kept[key]


def _number(key: str, kind: str, refusal: str) -> str:
    try:
        found, number, _ = base64.urlsafe_b64decode(key.encode("utf-8", "replace")).decode().split(":")
    except (ValueError, binascii.Error):
        raise IllegalArgument(refusal) from None
    if found != kind:
        raise IllegalArgument(refusal)
    return number
