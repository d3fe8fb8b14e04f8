"""Detection of documents that were indexed too late (``DatafeedDelayedDataDetector``).

It compares the event counts of finished buckets with the number of documents that are indexed now.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.cluster_settings import ClusterSettings
from fake_es.ml.config.datafeed.parts import milliseconds
from fake_es.ml.datafeeds.extraction.source import DocumentSource
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.persistence.annotations import DELAYED_DATA, annotate
from fake_es.ml.persistence.audit import audit
from fake_es.search.system_search import SystemSearch
from fake_es.wire.durations import TimeValue
from fake_es.wire.human import iso_instant

_QUARTER_MS, _TWO_HOURS_MS = 900_000, 7_200_000
_DEFAULT_BUCKETS = 8


class Missed(NamedTuple):
    """Late documents: their number, the start of the first bucket that misses some, start and end of the last one."""

    documents: int
    first: int
    latest: int
    end: int


class DelayedData:
    """Checks a window of past buckets at intervals; ``bucket_span`` is in milliseconds."""

    def __init__(self, cluster: Cluster, job: Job, source: DocumentSource, config: dict[str, Any], bucket_span: int) -> None:
        check = config.get("delayed_data_check_config", {})
        given = check.get("check_window")
        self._enabled: bool = check.get("enabled", False)
        self._window = milliseconds(given) if given is not None else max(_TWO_HOURS_MS, _DEFAULT_BUCKETS * bucket_span)
        self._cluster = cluster
        self._job = job
        self._source = source
        self._span = bucket_span
        self._checked = 0
        self._reported: Missed | None = None
        self._annotation: str | None = None

    def is_due(self, now: int) -> bool:
        """Whether a check is due: 15 minutes after the last one, or one window after it if the window is shorter.

        From 7.13 ``xpack.ml.delayed_data_check_freq`` is in place of the 15 minutes.
        """
        return self._enabled and now > self._checked + min(self._interval(), self._window)

    def _interval(self) -> int:
        if self._cluster.version < (7, 13):
            return _QUARTER_MS
        frequency: TimeValue = self._cluster.part(ClusterSettings).get("xpack.ml.delayed_data_check_freq")
        return frequency.ms

    def report(self, finished: int, now: int) -> None:
        """Check, and report late documents unless the last report was the same.

        :param finished: end of the last finished bucket; ``now``: time of the report (both epoch milliseconds).
        """
        missed = self._look(finished, now)
        if missed is None or missed == self._reported:
            return
        self._reported = missed
        message = (
            f"Datafeed has missed {missed.documents} documents due to ingest latency, latest bucket with missing data is"
            f" [{iso_instant(missed.latest)}]. Consider increasing query_delay"
        )
        audit(self._cluster, self._job.id, message, now, "warning")
        self._annotation = annotate(
            self._cluster, self._job.id, message, DELAYED_DATA, missed.first, now, end=missed.end, instead_of=self._annotation
        )

    def _look(self, finished: int, now: int) -> Missed | None:
        """Late documents of the buckets in the window that ends at ``finished``; None if there are none."""
        self._checked = now
        begin = finished - self._window
        begin -= begin % self._span
        lacking = [(bucket["timestamp"], lack) for bucket, lack in self._compared(begin, finished) if lack > 0]
        if not lacking:
            return None
        latest = lacking[-1][0]
        return Missed(sum(lack for _, lack in lacking), lacking[0][0], latest, latest + self._span)

    def _compared(self, begin: int, end: int) -> list[tuple[dict[str, Any], int]]:
        times = self._source.times(begin, end)
        compared = []
        for bucket in self._buckets(begin, end):
            start = bucket["timestamp"]
            indexed = bisect_left(times, start + self._span) - bisect_left(times, start)
            compared.append((bucket, indexed - bucket["event_count"]))
        return compared

    def _buckets(self, begin: int, end: int) -> list[dict[str, Any]]:
        conditions: list[dict[str, Any]] = [
            {"term": {"job_id": self._job.id}},
            {"term": {"result_type": "bucket"}},
            {"term": {"is_interim": False}},
            {"range": {"timestamp": {"gte": begin, "lt": end}}},
        ]
        found = self._cluster.part(SystemSearch).scan(
            self._job.results_index, {"bool": {"filter": conditions}}, [{"timestamp": "asc"}]
        )
        return [document.source for document in found]
