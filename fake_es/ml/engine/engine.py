"""The engine of a job: records in, result documents out. All times at its door are epoch milliseconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fake_es.ml.engine import calendars
from fake_es.ml.engine.analysis import MLCATEGORY, Analysis
from fake_es.ml.engine.buckets import Bucket, Record
from fake_es.ml.engine.calendars import Event
from fake_es.ml.engine.categorization.partitions import Categorizers
from fake_es.ml.engine.circumstances import Circumstances
from fake_es.ml.engine.detectors.times import TIME_COLUMN
from fake_es.ml.engine.judges import Judges
from fake_es.ml.engine.results import Document, Documents

# Empty buckets written for one gap in the data. A real node writes all of them, however many years they span.
MOST_EMPTY_BUCKETS = 10_000
_STATE_VERSION = 1


class Flush(NamedTuple):
    """What a flush asks for; times in epoch milliseconds."""

    calc_interim: bool = False
    start: int | None = None
    end: int | None = None
    advance_time: int | None = None
    skip_time: int | None = None


class Engine:
    """Judges the records of a job bucket by bucket.

    A bucket is finished once a record lies ``latency`` past its end. ``state`` is what an earlier engine left: plain data
    from which this one goes on exactly as that one would have.

    :raises UnsupportedAnalyzer: the categorization analyzer has a part that the engine does not know.
    """

    def __init__(self, job_id: str, analysis: Analysis, state: Mapping[str, Any] | None = None) -> None:
        state = state or {}
        self._analysis = analysis
        self._span = analysis.bucket_span * 1000
        self._documents = Documents(job_id, analysis.bucket_span)
        self._open = {entry["start"]: Bucket.restored(entry) for entry in state.get("open", ())}
        self._next: int | None = state.get("next")
        self._latest: int | None = state.get("latest")
        self._skip_before: int = state.get("skip_before", 0)
        self._judges = Judges(analysis, self._documents, state.get("judges"))
        self._categories = _categorizers(analysis, state.get("categories"))
        self._keeps_times = any("time_of" in detector.function for detector in analysis.detectors)
        self._events: Sequence[Event] = ()
        self._filters: dict[str, frozenset[str]] = {}
        self._results: list[Document] = []
        # Called before each bucket that is finished: there may be thousands, of thousands of series.
        self.between: Callable[[], None] | None = None

    # --- what it is told

    def set_filters(self, filters: Mapping[str, Iterable[str]]) -> None:
        """Items of filters by id, for the scopes of rules."""
        self._filters = {filter_id: frozenset(items) for filter_id, items in filters.items()}

    def set_events(self, events: Iterable[Event]) -> None:
        """The scheduled events of the job's calendars, in place of those it was told of before."""
        self._events = tuple(sorted(events, key=lambda event: event.start))

    def update(self, analysis: Analysis) -> None:
        """Take over rules and model plot of a configuration that was changed while the job is open."""
        self._judges.update(analysis)

    # --- records

    def feed(self, times: Sequence[int], records: Sequence[Record]) -> None:
        """Take records with their times, in an order that their job's latency allows."""
        if not times:
            return
        for start, chosen, rows in self._runs(times, records):
            if start >= self._skip_before and (self._next is None or start >= self._next):
                self._add(start, chosen, rows)
        self._advance(max(times), self._analysis.latency * 1000)

    def _runs(self, times: Sequence[int], records: Sequence[Record]) -> Iterator[tuple[int, Sequence[int], Sequence[Record]]]:
        """Records by bucket: the start, their times and they themselves."""
        span = self._span
        starts = [time - time % span for time in times]
        first = 0
        for at in [*(at for at in range(1, len(starts)) if starts[at] != starts[at - 1]), len(starts)]:
            yield starts[first], times[first:at], records[first:at]
            first = at

    def _add(self, start: int, times: Sequence[int], records: Sequence[Record]) -> None:
        bucket = self._open.get(start)
        if bucket is None:
            bucket = self._open[start] = Bucket(start, self._analysis.fields)
        bucket.add(records, self._analysis.summary_count_field)
        if self._keeps_times:
            bucket.add_column(TIME_COLUMN, [time / 1000 for time in times])
        if self._categories is not None:
            bucket.add_column(MLCATEGORY, self._categorize(records))
        elif self._analysis.names_category:
            # Records are sent without such a field (AnalysisConfig.analysisFields).
            bucket.add_column(MLCATEGORY, [None] * len(records))

    def _categorize(self, records: Sequence[Record]) -> list[str | None]:
        config = self._analysis.categorization
        assert config is not None and self._categories is not None, "there is no category without categorization"  # noqa: PT018
        messages = [record.get(config.field) for record in records]
        partitions = [record.get(config.partition_field) for record in records] if config.partition_field else ()
        return self._categories.column(messages, partitions, self._judges.may_grow)

    # --- time

    def _advance(self, time: int, latency: int = 0) -> None:
        """Finish the buckets that end ``latency`` before ``time`` or sooner."""
        self._latest = time if self._latest is None else max(time, self._latest)
        limit = self._latest - latency
        if self._next is None:
            # Time that is advanced before there is data decides where the first bucket begins (CAnomalyJob).
            self._next = min(self._open, default=limit - limit % self._span)
        for start in self._due(self._next, limit - limit % self._span):
            if self.between is not None:
                self.between()
            bucket = self._open.pop(start) if start in self._open else self._empty(start)
            self._results += self._judge(bucket)
        self._next = max(self._next, limit - limit % self._span)

    def _due(self, first: int, limit: int) -> Iterator[int]:
        """Starts of the buckets from ``first`` that end by ``limit``, long gaps cut short."""
        start = first
        for filled in [*sorted(at for at in self._open if first <= at < limit), limit]:
            yield from range(start, min(filled, start + MOST_EMPTY_BUCKETS * self._span), self._span)
            if filled < limit:
                yield filled
            start = filled + self._span

    def _empty(self, start: int) -> Bucket:
        bucket = Bucket(start, self._analysis.fields)
        for computed, is_there in ((TIME_COLUMN, self._keeps_times), (MLCATEGORY, self._analysis.names_category)):
            if is_there:
                bucket.add_column(computed, [])
        return bucket

    def _judge(self, bucket: Bucket, interim: bool = False) -> list[Document]:
        events = calendars.during(self._events, bucket.start, bucket.start + self._span)
        now = Circumstances(
            time=bucket.start // 1000,
            span=self._analysis.bucket_span,
            learn=not interim,
            complete=self._complete(bucket) if interim else 1.0,
            skip_result=any(event.skip_result for event in events),
            skip_update=any(event.skip_model_update for event in events),
            filters=self._filters,
        )
        shift = sum(event.force_time_shift for event in events if bucket.start <= event.start < bucket.start + self._span)
        return self._judges.judge(bucket, now, [event.description for event in events], shift)

    def _complete(self, bucket: Bucket) -> float:
        """Share of a bucket in progress that the records have come through."""
        return min(1.0, max(0.0, ((self._latest or 0) + 1 - bucket.start) / self._span))

    # --- results

    def take_results(self) -> list[Document]:
        """Result documents made since they were last taken, in the order of time; categories first."""
        results, self._results = self._results, []
        return self._category_definitions() + results

    def _category_definitions(self) -> list[Document]:
        if self._categories is None:
            return []
        return [self._documents.category(definition) for definition in self._categories.take_definitions()]

    def flush(self, request: Flush) -> int | None:
        """Do what is asked; answers the end of the last finished bucket, None where nothing has set a time yet."""
        if request.skip_time is not None:
            self._skip_to(-(-request.skip_time // self._span) * self._span)
        if request.advance_time is not None:
            self._advance(request.advance_time)
        if request.calc_interim:
            self._results += self._interim(request)
        self.settle()
        return self._next

    def settle(self) -> None:
        """Have the results that are taken next tell of all that has been matched by categories."""
        if self._categories is not None:
            self._categories.settle()

    def _skip_to(self, start: int) -> None:
        """Go on at ``start``; what lies before it, finished or not, gives no result any more."""
        for skipped in [at for at in self._open if at < start]:
            del self._open[skipped]
        self._skip_before = self._next = max(start, self._next or 0)
        self._latest = max(start, self._latest or 0)

    def _interim(self, request: Flush) -> list[Document]:
        first = request.start or 0
        last = request.end if request.end is not None else (self._latest or 0) + 1
        chosen = [bucket for start, bucket in sorted(self._open.items()) if first <= start < last]
        return [document for bucket in chosen for document in self._judge(bucket, interim=True)]

    def latest_bucket(self) -> int | None:
        """Start of the last finished bucket."""
        return None if self._next is None else self._next - self._span

    def renormalised(self, probability: float) -> float:
        """The score that a record, bucket or influencer of that probability would be given now."""
        return self._judges.renormalised(probability)

    def score_limits(self) -> tuple[int, ...]:
        """The most that surprises of each size can score by now: scores already given change when these do."""
        return self._judges.score_limits()

    def quantiles(self) -> dict[str, Any]:
        """What scores are normalised by; plain data."""
        return self._judges.quantiles()

    def forecast(self, duration: int) -> Iterator[Document]:
        """What is expected, series by series, of the buckets in so many milliseconds after the last finished one."""
        if self._next is None:
            return iter(())
        return self._judges.forecast(range(self._next // 1000, (self._next + duration) // 1000, self._analysis.bucket_span))

    # --- what it weighs

    def model_size(self) -> dict[str, Any]:
        """Memory of the model, the numbers of its series and of its categories, as ``model_size_stats`` name them."""
        categories = {} if self._categories is None else self._categories.totals()
        return self._judges.model_size(categories.get("total_category_count", 0), self._latest is not None) | categories

    def categorizer_stats(self) -> list[dict[str, Any]]:
        """Statistics of each categorizer, with its partition if there are partitions; empty without categorization."""
        return [] if self._categories is None else self._categories.stats()

    def state(self) -> dict[str, Any]:
        """All that a later engine needs to go on, the buckets in progress included; plain data."""
        return {
            "state_version": _STATE_VERSION,
            "open": [bucket.state() for _, bucket in sorted(self._open.items())],
            "next": self._next,
            "latest": self._latest,
            "skip_before": self._skip_before,
            "judges": self._judges.state(),
            "categories": None if self._categories is None else self._categories.state(),
        }


def _categorizers(analysis: Analysis, state: dict[str, Any] | None) -> Categorizers | None:
    return None if analysis.categorization is None else Categorizers(analysis.categorization, state)


def by_kind(results: Iterable[Document]) -> dict[str, list[Document]]:
    """Results by ``result_type``."""
    found: defaultdict[str, list[Document]] = defaultdict(list)
    for result in results:
        found[result["result_type"]].append(result)
    return dict(found)
