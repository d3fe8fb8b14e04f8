"""The interface of the process of an open job, which ``fake_es.ml.jobs.process`` implements."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from fake_es.delays import JobSize
from fake_es.ml.job_store.data_counts import DataCounts
from fake_es.ml.job_store.timing_stats import TimingStats

if TYPE_CHECKING:
    from fake_es.ml.engine.engine import Engine, Flush


class JobProcess(Protocol):
    """The process of an open job. All times are epoch milliseconds.

    ``is_busy`` tells whether a request or a datafeed uses it while other requests run in between. ``counts`` and ``timing``
    cover all uploads of the job.
    """

    is_busy: bool
    counts: DataCounts
    timing: TimingStats

    @property
    def engine(self) -> Engine:
        """The engine with the job's model; created on first use."""

    def post(self, body: bytes, now: int) -> DataCounts:
        """Process a body of records. Return the counts of this upload.

        :raises ElasticsearchError: the rest of the body cannot be read. Records before the error remain processed.
        """

    def feeding(self, times: Sequence[int], records: Sequence[dict[str, Any]], now: int) -> Generator[None, None, DataCounts]:
        """Process records of a datafeed, in the order of their times, step by step. Return the counts of this upload."""

    def flush(self, request: Flush) -> int | None:
        """Bring results up to date. Return the end of the last finalized bucket. Other requests may run in between.

        :raises StatusException: 409, another request has killed the process.
        """

    def flushing(self, request: Flush) -> Generator[None, None, int | None]:
        """The same, step by step: others may be let in between two steps."""

    def calendars_changed(self) -> None:
        """Read the job's scheduled events again."""

    def filters_changed(self) -> None:
        """Read the filters that the job's rules name again."""

    def configuration_changed(self) -> None:
        """Read again the parts of the configuration that may change while the job is open."""

    def persist_in_background(self, at: int) -> None:
        """Write a snapshot while the job remains open."""

    def stop(self) -> None:
        """Stop writing snapshots in the background."""

    def end(self, now: int) -> dict[str, Any]:
        """Write the last results and a snapshot of the model. Return the changes of the job's configuration."""

    def size(self) -> JobSize:
        """The size of the job, on which the duration of closing depends."""

    def size_stats(self, now: int) -> dict[str, Any]:
        """The present ``model_size_stats``."""
