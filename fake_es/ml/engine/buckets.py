"""A bucket in progress: the columns of its records that the analysis reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Record = dict[str, Any]
Column = list[Any]
# Maximal number of events per record, so that sums fit into the 64 bits of a result document.
_MOST_EVENTS = 10**12


class Bucket:
    """Records of one bucket, with a column for each field; ``count`` is the number of their events.

    Columns are kept until the bucket is finished. So influencers are looked for only where there is an anomaly.
    """

    __slots__ = ("columns", "count", "fields", "rows", "start", "weights")

    def __init__(self, start: int, fields: Sequence[str]) -> None:
        self.start = start
        self.fields = tuple(fields)
        self.columns: dict[str, Column] = {field: [] for field in fields}
        self.rows = 0
        self.count = 0
        #: Number of events of each record, if the data are summarized.
        self.weights: list[int] | None = None

    def add(self, records: Sequence[Record], summary_field: str | None) -> None:
        """Add records; ``summary_field`` is the field with the number of events of each record, None without one."""
        for field in self.fields:
            self.columns[field].extend([record.get(field) for record in records])
        self.rows += len(records)
        if summary_field is None:
            self.count += len(records)
            return
        weights = [events(record.get(summary_field)) for record in records]
        self.weights = weights if self.weights is None else self.weights + weights
        self.count += sum(weights)

    def add_column(self, field: str, values: Column) -> None:
        """Add a computed column for the records added last."""
        self.columns.setdefault(field, []).extend(values)

    def state(self) -> dict[str, Any]:
        """Plain data to restore it from."""
        return {name: getattr(self, name) for name in ("start", "rows", "count")} | {
            "fields": list(self.fields),
            "weights": None if self.weights is None else list(self.weights),
            "columns": {field: list(column) for field, column in self.columns.items()},
        }

    @classmethod
    def restored(cls, state: dict[str, Any]) -> Bucket:
        """A bucket as :meth:`state` left it."""
        bucket = cls(state["start"], state["fields"])
        bucket.rows, bucket.count = state["rows"], state["count"]
        bucket.weights = None if state["weights"] is None else list(state["weights"])
        bucket.columns = {field: list(column) for field, column in state["columns"].items()}
        return bucket


def events(value: Any) -> int:
    """The number of events of a summary count, a million millions at most; 0 if it is not a count."""
    try:
        return min(max(0, round(float(value))), _MOST_EVENTS)
    except (TypeError, ValueError, OverflowError):
        return 0
