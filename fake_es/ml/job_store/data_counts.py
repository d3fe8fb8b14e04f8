"""``data_counts``: how many records and fields were read and processed, and how many buckets (``DataCounts``)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from fake_es.ml.persistence.field_kinds import COUNT, TIME
from fake_es.wire.object_parser import STRING, Field, ObjectParser


@dataclass(slots=True)
class DataCounts:
    """Counts of one upload or of a whole job. Times are epoch milliseconds.

    ``earliest_record_timestamp`` is the time of the record that was processed first, even if a later record is older.
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
        """Number of records read, whether processed or not."""
        return self.processed_record_count + self.out_of_order_timestamp_count + self.invalid_date_count

    def add(self, upload: DataCounts, analysis_fields: int) -> None:
        """Add the counts of an upload. The number of processed fields is computed from the sums."""
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
        """The counts in the form of the APIs, without times that were never set."""
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
    """Number of processed fields: all fields of all processed records, less the missing ones."""
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
    """Counts from a document; zeros without a document.

    :raises ElasticsearchError: 400, the document cannot be parsed.
    """
    if source is None:
        return DataCounts(job_id)
    return DataCounts(**_DOCUMENT.parse_document(source, version) | {"job_id": job_id})
