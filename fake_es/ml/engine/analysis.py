"""What a job analyses: its configuration as the engine needs it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Detector:
    """One detector; ``function`` is the full name (``non_zero_count``), absent fields are None."""

    index: int
    function: str
    description: str
    field_name: str | None = None
    by_field_name: str | None = None
    over_field_name: str | None = None
    partition_field_name: str | None = None
    use_null: bool = False
    exclude_frequent: str | None = None

    def fields(self) -> tuple[str, ...]:
        """Names of the record fields it reads."""
        names = (self.field_name, self.by_field_name, self.over_field_name, self.partition_field_name)
        return tuple(name for name in names if name is not None)


@dataclass(frozen=True)
class Analysis:
    """``analysis_config`` with its defaults filled in; times in seconds."""

    bucket_span: int
    detectors: tuple[Detector, ...]
    influencers: tuple[str, ...] = ()
    latency: int = 0
    summary_count_field: str | None = None
    categorization_field: str | None = None

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Distinct record fields the analysis reads, the time aside; ``mlcategory`` is computed, not read."""
        names = [name for detector in self.detectors for name in detector.fields()]
        names += [*self.influencers]
        names += [name for name in (self.summary_count_field, self.categorization_field) if name is not None]
        return tuple(dict.fromkeys(name for name in names if name != "mlcategory"))


@dataclass(frozen=True, slots=True)
class DataDescription:
    """How the records of a job are written: ``format`` is ``xcontent`` or ``delimited``."""

    time_field: str = "time"
    time_format: str = "epoch_ms"
    format: str = "xcontent"
    field_delimiter: str = "\t"
    quote_character: str = '"'
