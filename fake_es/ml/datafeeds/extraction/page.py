"""What extractors have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

Record = dict[str, Any]


class Page(NamedTuple):
    """Records in the order of time, all those of their last instant among them, and the interval (epoch milliseconds)
    of the search they came from; ``flat`` is whether no value is a list. A search that found nothing gives an empty page.
    """

    records: list[Record]
    start: int
    end: int
    flat: bool = True


class Extractor(Protocol):
    """Reads the documents of a datafeed; times are epoch milliseconds."""

    def check(self) -> None:
        """Refuse a datafeed that cannot read anything as things are.

        :raises ElasticsearchError: an index is missing, or a field.
        """

    def aligned(self, start: int, end: int) -> tuple[int, int]:
        """The part of ``[start, end)`` that can be read in whole steps."""

    def pages(self, start: int, end: int) -> Iterator[Page]:
        """What lies in ``[start, end)``, a page for each search.

        :raises ElasticsearchError: a search fails.
        """
