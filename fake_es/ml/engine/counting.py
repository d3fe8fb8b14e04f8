"""The counting engine: records in, finished buckets with their exact event counts out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from fake_es.ml.engine.analysis import Analysis

# Figures of a small real job: some tens of kilobytes to begin with, a few more for each series.
_BASE_BYTES = 36 * 1024
_DETECTOR_BYTES = 10 * 1024
_SERIES_BYTES = 4 * 1024
# Distinct values counted for each split field; beyond it the model grows no further.
_MOST_SERIES = 100_000
# Empty buckets written for one gap in the data. A real node writes all of them, however many years they span.
MOST_EMPTY_BUCKETS = 10_000


class Flush(NamedTuple):
    """What a flush asks for; times in epoch milliseconds."""

    calc_interim: bool = False
    start: int | None = None
    end: int | None = None
    advance_time: int | None = None
    skip_time: int | None = None


class Engine:
    """Counts the records of a job into buckets. All times are epoch milliseconds.

    A bucket is finished once a record lies ``latency`` past its end. ``state`` is what an earlier engine left.
    """

    def __init__(self, job_id: str, analysis: Analysis, state: dict[str, Any] | None = None) -> None:
        state = state or {}
        self._job_id = job_id
        self._analysis = analysis
        self._span = analysis.bucket_span * 1000
        self._counts: Counter[int] = Counter({int(start): count for start, count in state.get("counts", {}).items()})
        self._next: int | None = state.get("next")
        self._latest: int | None = state.get("latest")
        self._skip_before: int = state.get("skip_before", 0)
        self._series: dict[str, set[str]] = {name: set(values) for name, values in state.get("series", {}).items()}
        self._results: list[dict[str, Any]] = []
        self._split = {name: kind for detector in analysis.detectors for kind, name in _split_fields(detector)}

    def feed(self, times: list[int], records: list[dict[str, Any]]) -> None:
        """Take records with their times, in an order that their job's latency allows."""
        if not times:
            return
        span, skip, counts = self._span, self._skip_before, self._counts
        summary = self._analysis.summary_count_field
        if summary is None:
            counts.update([time - time % span for time in times if time >= skip])
        else:
            for time, record in zip(times, records):
                if time >= skip:
                    counts[time - time % span] += _count_of(record.get(summary))
        for name in self._split:
            values = self._series.setdefault(name, set())
            if len(values) < _MOST_SERIES:
                values.update({str(record[name]) for record in records if name in record})
        self._advance(max(times), self._analysis.latency * 1000)

    def _advance(self, time: int, latency: int = 0) -> None:
        """Finish the buckets that end ``latency`` before ``time`` or sooner."""
        self._latest = time if self._latest is None else max(time, self._latest)
        if self._next is None and self._counts:
            self._next = min(self._counts)
        if self._next is None:
            return
        limit = self._latest - latency
        for start in self._due(self._next, limit - limit % self._span):
            self._results.append(self._bucket(start, self._counts.pop(start, 0)))
        self._next = max(self._next, limit - limit % self._span)

    def _due(self, first: int, limit: int) -> Iterator[int]:
        """Starts of the buckets from ``first`` that end by ``limit``, long gaps cut short."""
        start = first
        for filled in [*sorted(at for at in self._counts if first <= at < limit), limit]:
            yield from range(start, min(filled, start + MOST_EMPTY_BUCKETS * self._span), self._span)
            if filled < limit:
                yield filled
            start = filled + self._span

    def _bucket(self, start: int, count: int, interim: bool = False) -> dict[str, Any]:
        return {
            "job_id": self._job_id,
            "timestamp": start,
            "anomaly_score": 0.0,
            "bucket_span": self._analysis.bucket_span,
            "initial_anomaly_score": 0.0,
            "event_count": count,
            "is_interim": interim,
            "bucket_influencers": [],
            "processing_time_ms": 1,
            "result_type": "bucket",
        }

    def take_results(self) -> list[dict[str, Any]]:
        """Result documents made since they were last taken, in the order of time."""
        results, self._results = self._results, []
        return results

    def flush(self, request: Flush) -> int | None:
        """Do what is asked; answers the end of the last finished bucket, None if there has been no record."""
        if request.skip_time is not None:
            self._skip_to(-(-request.skip_time // self._span) * self._span)
        if request.advance_time is not None and self._latest is not None:
            self._advance(request.advance_time)
        if request.calc_interim:
            self._results.extend(self._interim(request))
        return self._next

    def _skip_to(self, start: int) -> None:
        """Go on at ``start``; what lies before it, finished or not, gives no result any more."""
        for skipped in [at for at in self._counts if at < start]:
            del self._counts[skipped]
        self._skip_before = self._next = max(start, self._next or 0)
        self._latest = max(start, self._latest or 0)

    def _interim(self, request: Flush) -> list[dict[str, Any]]:
        first = request.start or 0
        last = request.end if request.end is not None else (self._latest or 0) + 1
        return [self._bucket(start, count, True) for start, count in sorted(self._counts.items()) if first <= start < last]

    def latest_bucket(self) -> int | None:
        """Start of the last finished bucket."""
        return None if self._next is None else self._next - self._span

    def state(self) -> dict[str, Any]:
        """All that a later engine needs to go on, the bucket in progress included; plain data."""
        return {
            "counts": {str(start): count for start, count in self._counts.items()},
            "next": self._next,
            "latest": self._latest,
            "skip_before": self._skip_before,
            "series": {name: sorted(values) for name, values in self._series.items()},
        }

    def model_size(self) -> dict[str, int]:
        """Memory of the model and the numbers of its series (``total_by_field_count`` and so on)."""
        totals = {"by": 0, "over": 0, "partition": 0}
        for name, kind in self._split.items():
            totals[kind] += len(self._series.get(name, ()))
        series = sum(totals.values())
        size = _BASE_BYTES + _DETECTOR_BYTES * len(self._analysis.detectors) + _SERIES_BYTES * series
        return {
            "model_bytes": size if self._latest is not None else 0,
            **{f"total_{kind}_field_count": number for kind, number in totals.items()},
        }


def _split_fields(detector: Any) -> list[tuple[str, str]]:
    """Kinds and names of the fields that split a detector's data into series."""
    fields = [("by", detector.by_field_name), ("over", detector.over_field_name), ("partition", detector.partition_field_name)]
    return [(kind, name) for kind, name in fields if name is not None]


def _count_of(value: Any) -> int:
    try:
        return max(0, round(float(value)))
    except (TypeError, ValueError, OverflowError):
        return 0
