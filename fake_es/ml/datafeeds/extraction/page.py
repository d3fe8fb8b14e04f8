"""What extractors have in common."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple, Protocol

Record = dict[str, Any]


class Page(NamedTuple):
    """Records in the order of their ``times``, all those of the last instant among them, and the interval of the search
    they came from, all in epoch milliseconds. A search that found nothing gives an empty page.
    """

    times: list[int]
    records: list[Record]
    start: int
    end: int


def page_of(times: list[int], records: list[Record], start: int, end: int) -> Page:
    """A page of records, without the fields that have no value in them."""
    if None in chain.from_iterable(map(dict.values, records)):
        records = [{name: value for name, value in record.items() if value is not None} for record in records]
    return Page(times, records, start, end)


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
