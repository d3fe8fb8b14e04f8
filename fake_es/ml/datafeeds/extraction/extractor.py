"""The interface of extractors, and the pages that they return."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple, Protocol

from fake_es.ml.datafeeds.extraction.source import DocumentSource

Record = dict[str, Any]


class Page(NamedTuple):
    """Records in the order of their ``times``, and the interval of the search. All times are epoch milliseconds.

    Records of the same time are never split between two pages. A search without hits returns an empty page.
    """

    times: list[int]
    records: list[Record]
    start: int
    end: int


def page_of(times: list[int], records: list[Record], start: int, end: int) -> Page:
    """A page of records. Fields without a value are removed from the records."""
    if None in chain.from_iterable(map(dict.values, records)):
        records = [{name: value for name, value in record.items() if value is not None} for record in records]
    return Page(times, records, start, end)


class Extractor(Protocol):
    """Reads the documents of a datafeed from its ``source``; times are epoch milliseconds."""

    source: DocumentSource

    def check(self) -> None:
        """Refuse a datafeed that cannot read anything at present.

        :raises ElasticsearchError: an index or a field is missing.
        """

    def aligned(self, start: int, end: int) -> tuple[int, int]:
        """The largest part of ``[start, end)`` that this extractor can read: whole buckets, with aggregations."""

    def pages(self, start: int, end: int) -> Iterator[Page]:
        """The records of ``[start, end)``, page by page.

        :raises ElasticsearchError: a search fails.
        """
