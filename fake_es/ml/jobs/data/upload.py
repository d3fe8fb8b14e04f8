"""The upload of one body of records: it reads them, counts them as ``DataCounts`` does, and feeds the engine."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from fake_es.ml.engine.analysis import Analysis, DataDescription
from fake_es.ml.job_store.data_counts import DataCounts, processed_fields
from fake_es.ml.jobs.data.records import LARGE, UNREAD, Record, batches, flatten, read_delimited, read_json, without_surrogates
from fake_es.wire.errors import ElasticsearchError
from fake_es.wire.render import dumps
from fake_es.wire.time_patterns import reader_of

if TYPE_CHECKING:
    from fake_es.ml.engine.engine import Engine

# ``Cluster.without_lock``, for batches of records.
WithoutLock = Callable[[Callable[[], list[Record] | None]], list[Record] | None]


class Upload:
    """Processes the records of one body. ``counts`` are the counts of this body, valid at any moment.

    ``totals`` are the counts of the job before this upload. Its latest record decides which records are out of order.
    """

    def __init__(
        self,
        description: DataDescription,
        analysis: Analysis,
        totals: DataCounts,
        engine: Engine,
        version: tuple[int, ...],
        without_lock: WithoutLock,
    ) -> None:
        self._description = description
        self._analysis = analysis
        self._engine = engine
        self._without_lock = without_lock
        self._latest = totals.latest_record_timestamp
        self._first = totals.earliest_record_timestamp is None
        # From about 7.13 records of the current bucket may be in any order (AbstractDataToProcessWriter).
        self._grain = analysis.bucket_span if version >= (7, 13) else 1
        self._oldest_dropped: int | None = None
        self.counts = DataCounts(totals.job_id)

    def take(self, body: bytes, now: int) -> Iterator[None]:
        """Process a body that was received at ``now`` (epoch milliseconds), step by step.

        :raises ElasticsearchError: the rest of the body cannot be read. Records before the error remain processed.
        """
        text = body.decode("utf-8", "replace")
        delimited = self._description.format == "delimited"
        records = batches(self._delimited(text)) if delimited else self._counted(read_json(text))
        yield from self._take(records if len(text) < LARGE else self._read_apart(records), len(body), now)

    def _read_apart(self, records: Iterator[list[Record]]) -> Iterator[list[Record]]:
        """The same batches. Other requests can run while one is read."""
        while (batch := self._without_lock(lambda: next(records, None))) is not None:
            yield batch

    def take_records(self, times: Sequence[int], records: Sequence[Record], now: int) -> Iterator[None]:
        """Process records of a datafeed, received at ``now``, step by step. All times are epoch milliseconds.

        The records are in the order of their times and have only the time and the analysed fields.
        """
        counts = self.counts
        written = dumps(records)
        counts.input_bytes, counts.last_data_time = len(written), now
        values = sum(map(len, records))
        counts.input_field_count = values - len(records)
        counts.missing_field_count = len(records) * (len(self._analysis.fields) + 1) - values
        if UNREAD & set(map(type, chain.from_iterable(map(dict.values, records)))):
            records = [flatten(record) for record in records]
        # ``dumps`` escapes no characters but lone surrogates.
        if b"\\ud" in written:
            records = [without_surrogates(record) for record in records]
        late = bisect_left(times, self._limit())
        counts.out_of_order_timestamp_count = late
        if late:
            self._oldest_dropped = times[late - 1]
        if late < len(times):
            self._latest = max(times[-1], self._latest or times[-1])
        try:
            yield from self._hand_over(times[late:], records[late:])
        finally:
            self._conclude()

    def _take(self, records: Iterator[list[Record]], size: int, now: int) -> Iterator[None]:
        self.counts.input_bytes = size
        self.counts.last_data_time = now
        try:
            yield from self._feed(records)
        finally:
            self._conclude()

    def _counted(self, batches_: Iterable[list[Record]]) -> Iterator[list[Record]]:
        wanted = {*self._analysis.fields, self._description.time_field}
        counts = self.counts
        for batch in batches_:
            counts.input_field_count += sum(len(record) - 1 for record in batch if record)
            counts.missing_field_count += sum(len(wanted - record.keys()) for record in batch if not wanted <= record.keys())
            yield batch

    def _delimited(self, text: str) -> Iterator[Record | None]:
        fields = self._analysis.fields
        header, rows = read_delimited(text, self._description, fields)
        for row in rows:
            record = dict(zip(header, row))
            self.counts.input_field_count += max(0, len(header) - 1)
            self.counts.missing_field_count += sum(name not in record for name in fields)
            yield record

    def _feed(self, records: Iterable[list[Record]]) -> Iterator[None]:
        """Feed the engine all records that have a valid time and are in order."""
        read, field = reader_of(self._description.time_format), self._description.time_field
        times: list[int] = []
        taken: list[Record] = []
        try:
            for batch in records:
                yield
                in_order, chosen = self._in_order([read(record.get(field)) for record in batch], batch)
                times += in_order
                taken += chosen
        except ElasticsearchError:
            yield from self._hand_over(times, taken)
            raise
        yield from self._hand_over(times, taken)

    def _in_order(self, times: list[int | None], records: list[Record]) -> tuple[Iterable[int], Iterable[Record]]:
        """Times and records without those that have an invalid time or are out of order."""
        if None not in times:
            known = cast("list[int]", times)
            if known and known[0] >= max(self._limit(), self._latest or 0) and known == sorted(known):
                self._latest = known[-1]
                return known, records
        sifted = list(self._sifted(times, records))
        return (time for time, _ in sifted), (record for _, record in sifted)

    def _sifted(self, times: list[int | None], records: list[Record]) -> Iterator[tuple[int, Record]]:
        counts, limit = self.counts, self._limit()
        for time, record in zip(times, records):
            if time is None:
                counts.invalid_date_count += 1
            elif time < limit:
                counts.out_of_order_timestamp_count += 1
                self._oldest_dropped = max(time, self._oldest_dropped or time)
            else:
                yield time, record
                if self._latest is None or time > self._latest:
                    self._latest = time
                    limit = self._limit()

    def _hand_over(self, times: Sequence[int], records: Sequence[Record]) -> Iterator[None]:
        self.counts.processed_record_count = len(times)
        if times and self._first:
            self.counts.earliest_record_timestamp = times[0]
        yield from self._engine.feeding(times, records)

    def _limit(self) -> int:
        """The earliest time (milliseconds) that is not out of order at present. The server compares whole seconds."""
        if self._latest is None:
            return -(1 << 62)
        seconds = self._latest // 1000
        return (seconds - seconds % self._grain - self._analysis.latency) * 1000

    def _conclude(self) -> None:
        counts = self.counts
        counts.processed_field_count = processed_fields(counts, len(self._analysis.fields))
        counts.latest_record_timestamp = self._latest if counts.processed_record_count else self._oldest_dropped


def count_buckets(counts: DataCounts, buckets: Iterable[dict[str, Any]]) -> None:
    """Count the buckets that an upload finished, and how many of them are empty."""
    for bucket in buckets:
        counts.bucket_count += 1
        if bucket["event_count"] == 0:
            counts.empty_bucket_count += 1
            counts.latest_empty_bucket_timestamp = bucket["timestamp"]
