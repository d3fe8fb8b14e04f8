"""The engine of a job: records in, result documents out. All times of its methods are epoch milliseconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fake_es.ml.engine.analysis import MLCATEGORY, Analysis
from fake_es.ml.engine.bucket_context import BucketContext, ScheduledEvent
from fake_es.ml.engine.buckets import Bucket, Record
from fake_es.ml.engine.categorization.partitions import Categorizers
from fake_es.ml.engine.detector_set import DetectorSet
from fake_es.ml.engine.detectors.time_of_day import TIME_COLUMN
from fake_es.ml.engine.results import Document, ResultDocuments

# Empty buckets written for one gap in the data: test_a_gap_of_years_costs_no_years. A real node writes all of them, however
# many years they span.
MOST_EMPTY_BUCKETS = 10_000


class Flush(NamedTuple):
    """The parameters of a flush."""

    calc_interim: bool = False
    start: int | None = None
    end: int | None = None
    advance_time: int | None = None
    skip_time: int | None = None


class Engine:
    """Analyses the records of a job, bucket by bucket.

    A bucket is finished once a record lies ``latency`` past its end.

    :param state: the return value of :meth:`state` of an earlier engine, which this engine continues exactly.
    :raises UnsupportedAnalyzer: the categorization analyzer has a part that the engine does not know.
    """

    def __init__(self, job_id: str, analysis: Analysis, state: Mapping[str, Any] | None = None) -> None:
        state = state or {}
        self._analysis = analysis
        self._span = analysis.bucket_span * 1000
        self._documents = ResultDocuments(job_id, analysis.bucket_span)
        self._open = {entry["start"]: Bucket.restored(entry) for entry in state.get("open", ())}
        #: Start of the bucket after the last finished one; None until there is a time.
        self._next: int | None = state.get("next")
        #: The latest time of a record, or that time was advanced to.
        self._latest: int | None = state.get("latest")
        self._skip_before: int = state.get("skip_before", 0)
        self._detectors = DetectorSet(analysis, self._documents, state.get("detectors"))
        self._categorizers: Categorizers | None = None
        if analysis.categorization is not None:
            self._categorizers = Categorizers(analysis.categorization, state.get("categories"))
        self._keeps_times = any("time_of" in detector.function for detector in analysis.detectors)
        self._events: Sequence[ScheduledEvent] = ()
        self._filters: dict[str, frozenset[str]] = {}
        self._results: list[Document] = []

    # --- configuration

    def set_filters(self, filters: Mapping[str, Iterable[str]]) -> None:
        """Set the items of filters by id, for the scopes of rules."""
        self._filters = {filter_id: frozenset(items) for filter_id, items in filters.items()}

    def set_events(self, events: Iterable[ScheduledEvent]) -> None:
        """Set the scheduled events of the job's calendars, in place of those set before."""
        self._events = tuple(sorted(events, key=lambda event: event.start))

    def update(self, analysis: Analysis) -> None:
        """Take over rules and model plot of a configuration that was changed while the job is open."""
        self._detectors.update(analysis)

    # --- records

    def feed(self, times: Sequence[int], records: Sequence[Record]) -> None:
        """Add records with their times, in an order that the job's latency allows."""
        for _ in self.feeding(times, records):
            pass

    def feeding(self, times: Sequence[int], records: Sequence[Record]) -> Iterator[None]:
        """The same, step by step: one before each bucket that is filled or finished, as there may be thousands, of thousands
        of series each.
        """
        if not times:
            return
        span = self._span
        starts = [time - time % span for time in times]
        first = 0
        for at in [*(at for at in range(1, len(starts)) if starts[at] != starts[at - 1]), len(starts)]:
            start = starts[first]
            if start >= self._skip_before and (self._next is None or start >= self._next):
                yield
                self._add(start, times[first:at], records[first:at])
            first = at
        yield from self._advance(max(times), self._analysis.latency * 1000)

    def _add(self, start: int, times: Sequence[int], records: Sequence[Record]) -> None:
        """Add records to the bucket that begins at ``start``."""
        bucket = self._open.get(start)
        if bucket is None:
            bucket = self._open[start] = Bucket(start, self._analysis.fields)
        bucket.add(records, self._analysis.summary_count_field)
        if self._keeps_times:
            bucket.add_column(TIME_COLUMN, [time / 1000 for time in times])
        config = self._analysis.categorization
        if config is not None and self._categorizers is not None:
            messages = [record.get(config.field) for record in records]
            partitions = [record.get(config.partition_field) for record in records] if config.partition_field else ()
            categories = self._categorizers.column(messages, partitions, self._detectors.may_grow)
            bucket.add_column(MLCATEGORY, categories)
        elif self._analysis.names_category:
            # Records are sent without such a field (AnalysisConfig.analysisFields).
            bucket.add_column(MLCATEGORY, [None] * len(records))

    # --- time

    def _advance(self, time: int, latency: int = 0) -> Iterator[None]:
        """Finish the buckets that end ``latency`` before ``time`` or sooner, step by step."""
        self._latest = time if self._latest is None else max(time, self._latest)
        limit = self._latest - latency
        if self._next is None:
            # Time that is advanced before there are data decides where the first bucket begins (CAnomalyJob).
            self._next = min(self._open, default=limit - limit % self._span)
        for start in self._finished(self._next, limit - limit % self._span):
            yield
            bucket = self._open.pop(start) if start in self._open else self._empty_bucket(start)
            self._results += self._process(bucket)
            self._next = start + self._span
        self._next = max(self._next, limit - limit % self._span)

    def _finished(self, first: int, limit: int) -> Iterator[int]:
        """Starts of the buckets from ``first`` that end by ``limit``; long gaps are cut short."""
        start = first
        for filled in [*sorted(at for at in self._open if first <= at < limit), limit]:
            yield from range(start, min(filled, start + MOST_EMPTY_BUCKETS * self._span), self._span)
            if filled < limit:
                yield filled
            start = filled + self._span

    def _empty_bucket(self, start: int) -> Bucket:
        bucket = Bucket(start, self._analysis.fields)
        if self._keeps_times:
            bucket.add_column(TIME_COLUMN, [])
        if self._analysis.names_category:
            bucket.add_column(MLCATEGORY, [])
        return bucket

    def _process(self, bucket: Bucket, is_interim: bool = False) -> list[Document]:
        """The result documents of a bucket."""
        start, end = bucket.start, bucket.start + self._span
        events = [event for event in self._events if event.overlaps(start, end)]
        # The share of a bucket in progress up to the latest record.
        complete = min(1.0, max(0.0, ((self._latest or 0) + 1 - start) / self._span)) if is_interim else 1.0
        context = BucketContext(
            time=start // 1000,
            span=self._analysis.bucket_span,
            learn=not is_interim,
            complete=complete,
            skip_result=any(event.skip_result for event in events),
            skip_update=any(event.skip_model_update for event in events),
            filters=self._filters,
        )
        time_shift = sum(event.force_time_shift for event in events if start <= event.start < end)
        return self._detectors.process(bucket, context, [event.description for event in events], time_shift)

    # --- results

    @property
    def pending(self) -> int:
        """How many results wait to be taken."""
        return len(self._results)

    def take_results(self) -> list[Document]:
        """New result documents since the last call: definitions of categories, then the others in the order of time."""
        results, self._results = self._results, []
        if self._categorizers is None:
            return results
        return [self._documents.category(definition) for definition in self._categorizers.take_definitions()] + results

    def flush(self, request: Flush) -> int | None:
        """Carry out a flush. Return the end of the last finished bucket; None if there was no record yet."""
        for _ in self.flushing(request):
            pass
        return self.finished

    @property
    def finished(self) -> int | None:
        """The end of the last finished bucket; None if there was no record yet."""
        return self._next

    def flushing(self, request: Flush) -> Iterator[None]:
        """Carry out a flush step by step. Each bucket is one step."""
        if request.skip_time is not None:
            self._skip_to(-(-request.skip_time // self._span) * self._span)
        if request.advance_time is not None:
            yield from self._advance(request.advance_time)
        if request.calc_interim:
            first = request.start or 0
            last = request.end if request.end is not None else (self._latest or 0) + 1
            chosen = [bucket for start, bucket in sorted(self._open.items()) if first <= start < last]
            for bucket in chosen:
                yield
                self._results += self._process(bucket, is_interim=True)
        self.refresh_categories()

    def refresh_categories(self) -> None:
        """Write the categories whose number of matches has changed with the next results."""
        if self._categorizers is not None:
            self._categorizers.refresh()

    def _skip_to(self, start: int) -> None:
        """Continue at ``start``. Unfinished buckets before it get no results."""
        for skipped in [at for at in self._open if at < start]:
            del self._open[skipped]
        self._skip_before = self._next = max(start, self._next or 0)
        self._latest = max(start, self._latest or 0)

    def latest_bucket(self) -> int | None:
        """Start of the last finished bucket."""
        return None if self._next is None else self._next - self._span

    def renormalized_score(self, probability: float) -> float:
        """The score that a record, bucket or influencer of this probability would be given now."""
        return self._detectors.renormalized_score(probability)

    def score_limits(self) -> tuple[int, ...]:
        """The highest score of each step of improbability as of now: when it changes, so do scores already given."""
        return self._detectors.score_limits()

    def forecast(self, duration: int) -> Iterator[Document]:
        """Predictions, series by series, for ``duration`` milliseconds after the last finished bucket."""
        if self._next is None:
            return iter(())
        starts = range(self._next // 1000, (self._next + duration) // 1000, self._analysis.bucket_span)
        return self._detectors.forecast(starts)

    # --- size and state

    def model_size(self) -> dict[str, Any]:
        """The fields of ``model_size_stats`` on memory, series and categories."""
        categories = {} if self._categorizers is None else self._categorizers.totals()
        return self._detectors.model_size(categories.get("total_category_count", 0), self._latest is not None) | categories

    def categorizer_stats(self) -> list[dict[str, Any]]:
        """Statistics of each categorizer, with its partition if there are partitions; empty without categorization."""
        return [] if self._categorizers is None else self._categorizers.stats()

    def state(self) -> dict[str, Any]:
        """Everything that a later engine needs to continue, including unfinished buckets; plain data."""
        return {
            "open": [bucket.state() for _, bucket in sorted(self._open.items())],
            "next": self._next,
            "latest": self._latest,
            "skip_before": self._skip_before,
            "detectors": self._detectors.state(),
            "categories": None if self._categorizers is None else self._categorizers.state(),
        }


def by_kind(results: Iterable[Document]) -> dict[str, list[Document]]:
    """Results by ``result_type``."""
    found: defaultdict[str, list[Document]] = defaultdict(list)
    for result in results:
        found[result["result_type"]].append(result)
    return dict(found)
