"""Extraction with aggregations: each bucket becomes a record.

Source: ``AggregationDataExtractor``, ``CompositeAggregationDataExtractor``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from fake_es.ml.config.datafeed.histogram import Histogram
from fake_es.ml.config.datafeed.parts import milliseconds
from fake_es.ml.datafeeds.extraction.aggregation_records import AggregationRecords, ByTime
from fake_es.ml.datafeeds.extraction.chunks import Chunks
from fake_es.ml.datafeeds.extraction.extractor import Page
from fake_es.ml.datafeeds.extraction.source import DocumentSource

Tree = dict[str, Any]


class AggregationExtractor:
    """Reads whole buckets of the histogram.

    ``fields`` are the fields that the job uses. ``doc_count`` tells whether records get the number of documents,
    ``single_buckets`` whether aggregations with one bucket are read.
    """

    def __init__(
        self,
        source: DocumentSource,
        config: Tree,
        histogram: Histogram,
        fields: Collection[str],
        *,
        doc_count: bool,
        single_buckets: bool,
    ) -> None:
        self.source = source
        self._aggs: Tree = config["aggregations"]
        self._chunking = config["chunking_config"]
        self._histogram = histogram
        self._fields = fields
        self._doc_count = doc_count
        self._single_buckets = single_buckets

    def check(self) -> None:
        """See ``Extractor``. The server does not look at fields before the first search."""
        self.source.check_names()

    def aligned(self, start: int, end: int) -> tuple[int, int]:
        """See ``Extractor``. Only whole buckets are read."""
        interval = self._histogram.interval
        return start + -start % interval, end - end % interval

    def pages(self, start: int, end: int) -> Iterator[Page]:
        """See ``Extractor``."""
        start, end = self.aligned(start, end)
        chunks = self._chunks(start, end)
        for first, last in chunks:
            read = self._composite(first, last) if self._histogram.source is not None else self._search(first, last)
            chunks.was_empty = True
            for rows in read:
                records = [record for same in rows.values() for record in same]
                times = [time for time, same in rows.items() for _ in same]
                chunks.was_empty = chunks.was_empty and not records
                yield Page(times, records, first, last)

    def _chunks(self, start: int, end: int) -> Chunks:
        mode, interval = self._chunking["mode"], self._histogram.interval
        span = milliseconds(self._chunking["time_span"]) if mode == "manual" else 1000 * interval
        summary = None if mode == "off" else self.source.span
        return Chunks(start, end, summary, span=span, align=interval)

    def _records(self, start: int) -> AggregationRecords:
        return AggregationRecords(
            self._aggs, self.source.time_field, self._fields,
            doc_count=self._doc_count, start=start, source=self._histogram.source,
            single_buckets=self._single_buckets,
        )  # fmt: skip

    def _search(self, start: int, end: int) -> Iterator[ByTime]:
        # One extra bucket before ``start``: a derivative needs the previous bucket.
        before = max(0, start - self._histogram.interval)
        yield self._records(start).take(self.source.aggregated(before, end, self._aggs))

    def _composite(self, start: int, end: int) -> Iterator[ByTime]:
        """Read a composite aggregation page by page. Buckets of the last time wait for the next page, which may add more."""
        name, body = self._by_time()
        after: Tree | None = None
        waiting: list[Tree] = []
        while True:
            options = body["composite"] | ({} if after is None else {"after": after})
            result = self.source.aggregated(start, end, {name: body | {"composite": options}})[name]
            buckets = waiting + result["buckets"]
            after = result.get("after_key") or (buckets[-1]["key"] if result["buckets"] else None)
            last = not result["buckets"]
            upto = len(buckets) if last else self._complete(buckets)
            ready, waiting = buckets[:upto], buckets[upto:]
            if ready or last:
                yield self._records(start).take({name: {"buckets": ready}})
            if last:
                return

    def _by_time(self) -> tuple[str, Tree]:
        """The composite aggregation with the time as its first source, so that buckets are in the order of time."""
        name, body = next(iter(self._aggs.items()))
        options = body["composite"]
        given = options["sources"] if isinstance(options["sources"], list) else [options["sources"]]
        sources = sorted(given, key=lambda source: self._histogram.source not in source)
        return name, body | {"composite": options | {"sources": sources}}

    def _complete(self, buckets: list[Tree]) -> int:
        """How many buckets at the beginning are of times that are complete: all but those of the last time."""
        upto = len(buckets)
        while upto and buckets[upto - 1]["key"][self._histogram.source] == buckets[-1]["key"][self._histogram.source]:
            upto -= 1
        return upto
