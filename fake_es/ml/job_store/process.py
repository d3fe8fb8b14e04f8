"""The process of an open job as the rest of ML sees it; ``fake_es.ml.jobs.process`` has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from fake_es.delays import JobSize
from fake_es.ml.job_store.data_counts import DataCounts
from fake_es.ml.job_store.timing_stats import TimingStats

if TYPE_CHECKING:
    from fake_es.ml.engine.engine import Engine, Flush


class JobProcess(Protocol):
    """What may be asked of the process of an open job. All times are epoch milliseconds.

    ``is_busy`` says whether a request is at work in it and lets other requests in meanwhile; ``counts`` and ``timing`` are
    those of all its uploads.
    """

    is_busy: bool
    counts: DataCounts
    timing: TimingStats

    @property
    def engine(self) -> Engine:
        """The model at work; made when first asked for."""

    def post(self, body: bytes, now: int) -> DataCounts:
        """Take a body of records; answers the counts of this upload.

        :raises ElasticsearchError: the body cannot be read on; what came before stays counted.
        """

    def feed(self, times: Sequence[int], records: Sequence[dict[str, Any]], now: int) -> DataCounts:
        """Take records of a datafeed, in the order of their times; answers the counts of this upload."""

    def flush(self, request: Flush, *, letting_in: bool = False) -> int | None:
        """Bring results up to date; answers the end of the last finalized bucket.

        :param letting_in: whether other requests may be let in meanwhile.
        :raises StatusException: 409, one of them has killed the process.
        """

    def calendars_changed(self) -> None:
        """Read the job's scheduled events again."""

    def filters_changed(self) -> None:
        """Read the filters that the job's rules name again."""

    def configuration_changed(self) -> None:
        """Read again what may change in the configuration of an open job."""

    def persist_in_background(self, at: int) -> None:
        """Write a snapshot while the job goes on."""

    def stop(self) -> None:
        """Write no more snapshots in the background."""

    def end(self, now: int) -> dict[str, Any]:
        """Write the last results and a snapshot of the model; answers what changes in the job's configuration."""

    def size(self) -> JobSize:
        """What the duration of closing depends on."""

    def size_stats(self, now: int) -> dict[str, Any]:
        """``model_size_stats`` as they are now."""
