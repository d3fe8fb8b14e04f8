"""``data_counts``: what was read, what of it was used, and how the buckets filled (``DataCounts``)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from fake_es.ml.persistence.field_kinds import COUNT, TIME
from fake_es.wire.object_parser import STRING, Field, ObjectParser


@dataclass(slots=True)
class DataCounts:
    """Counts of one upload, or of a job's life; times in epoch milliseconds.

    ``earliest_record_timestamp`` is the time of the first record ever processed, not the least time.
    """

    job_id: str
    processed_record_count: int = 0
    processed_field_count: int = 0
    input_bytes: int = 0
    input_field_count: int = 0
    invalid_date_count: int = 0
    missing_field_count: int = 0
    out_of_order_timestamp_count: int = 0
    empty_bucket_count: int = 0
    sparse_bucket_count: int = 0
    bucket_count: int = 0
    earliest_record_timestamp: int | None = None
    latest_record_timestamp: int | None = None
    last_data_time: int | None = None
    latest_empty_bucket_timestamp: int | None = None
    latest_sparse_bucket_timestamp: int | None = None

    @property
    def input_record_count(self) -> int:
        """Records read, used or not."""
        return self.processed_record_count + self.out_of_order_timestamp_count + self.invalid_date_count

    def add(self, upload: DataCounts, analysis_fields: int) -> None:
        """Add what an upload counted; the number of fields processed follows from the sums."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(upload, name))
        self.processed_field_count = processed_fields(self, analysis_fields)
        if self.earliest_record_timestamp is None:
            self.earliest_record_timestamp = upload.earliest_record_timestamp
        if upload.processed_record_count:
            self.latest_record_timestamp = upload.latest_record_timestamp
        self.last_data_time = upload.last_data_time
        self.latest_empty_bucket_timestamp = upload.latest_empty_bucket_timestamp or self.latest_empty_bucket_timestamp
        self.latest_sparse_bucket_timestamp = upload.latest_sparse_bucket_timestamp or self.latest_sparse_bucket_timestamp

    def to_json(self) -> dict[str, Any]:
        """As the server shows them; times that were never set are left out."""
        shown = {name: value for name, value in zip(_ORDER, _VALUES(self)) if value is not None}
        shown["input_record_count"] = self.input_record_count
        return shown


_ORDER = tuple(field.name for field in fields(DataCounts))
_VALUES = attrgetter(*_ORDER)
_SUMS = (
    "processed_record_count", "input_bytes", "input_field_count", "invalid_date_count", "missing_field_count",
    "out_of_order_timestamp_count", "empty_bucket_count", "sparse_bucket_count", "bucket_count",
)  # fmt: skip


def processed_fields(counts: DataCounts, analysis_fields: int) -> int:
    """Fields processed: those of each record, less those that were missing."""
    return max(0, counts.processed_record_count * analysis_fields - counts.missing_field_count)


_TIMES = tuple(name for name in _ORDER if name.endswith(("_timestamp", "_time")))
_COUNTS = tuple(name for name in _ORDER if name not in ("job_id", *_TIMES))
_DOCUMENT = ObjectParser(
    "data_counts",
    (
        Field("job_id", STRING),
        *(Field(name, COUNT) for name in _COUNTS),
        *(Field(name, TIME) for name in _TIMES),
    ),
    required=("job_id", *_COUNTS),
    lenient=True,
)


def from_document(job_id: str, source: dict[str, Any] | None, version: tuple[int, ...]) -> DataCounts:
    """Counts as a document holds them; all zero if there is none.

    :raises ElasticsearchError: 400, something in it cannot be read.
    """
    if source is None:
        return DataCounts(job_id)
    return DataCounts(**_DOCUMENT.parse_document(source, version) | {"job_id": job_id})
