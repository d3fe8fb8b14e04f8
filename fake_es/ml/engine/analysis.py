"""The configuration of a job as the engine needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

MLCATEGORY = "mlcategory"


@dataclass(frozen=True, slots=True)
class Detector:
    """One detector; ``function`` is the full name (``non_zero_count``), absent fields are None.

    ``rules`` are ``custom_rules`` as the configuration shows them.
    """

    index: int
    function: str
    description: str
    field_name: str | None = None
    by_field_name: str | None = None
    over_field_name: str | None = None
    partition_field_name: str | None = None
    use_null: bool = False
    exclude_frequent: str | None = None
    rules: tuple[dict[str, Any], ...] = ()

    @property
    def splits(self) -> tuple[str | None, str | None, str | None]:
        """The fields that split the data into series: partition, by, over."""
        return self.partition_field_name, self.by_field_name, self.over_field_name

    def fields(self) -> tuple[str, ...]:
        """Names of the record fields it reads."""
        names = (self.field_name, self.by_field_name, self.over_field_name, self.partition_field_name)
        return tuple(name for name in names if name is not None)


@dataclass(frozen=True)
class Categorization:
    """How messages become categories; ``analyzer`` is ``categorization_analyzer``, None for the default one.

    ``stop_on_warn`` ends the categorization of a partition whose status is ``warn``.
    """

    field: str
    analyzer: str | dict[str, Any] | None = None
    filters: tuple[str, ...] = ()
    partition_field: str | None = None
    stop_on_warn: bool = False
    examples_limit: int = 4


@dataclass(frozen=True)
class ModelPlot:
    """``model_plot_config``; ``terms`` are the partition and by values to plot, an empty set means all."""

    enabled: bool = False
    terms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Analysis:
    """``analysis_config`` with its defaults filled in; times in seconds, ``memory_limit`` in bytes (None: no limit)."""

    bucket_span: int
    detectors: tuple[Detector, ...]
    influencers: tuple[str, ...] = ()
    latency: int = 0
    summary_count_field: str | None = None
    categorization: Categorization | None = None
    prune_window: int | None = None
    memory_limit: int | None = None
    model_plot: ModelPlot = field(default_factory=ModelPlot)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Distinct record fields that the analysis reads, without the time and ``mlcategory``, which is computed."""
        names = [name for detector in self.detectors for name in detector.fields()]
        names += [*self.influencers]
        if self.summary_count_field is not None:
            names.append(self.summary_count_field)
        if self.categorization is not None:
            names.append(self.categorization.field)
        return tuple(dict.fromkeys(name for name in names if name != MLCATEGORY))

    @cached_property
    def names_category(self) -> bool:
        """Whether a detector or an influencer is ``mlcategory``; without categorization that field has no values."""
        return MLCATEGORY in self.influencers or any(MLCATEGORY in detector.fields() for detector in self.detectors)


@dataclass(frozen=True, slots=True)
class DataDescription:
    """How the records of a job are written: ``format`` is ``xcontent`` or ``delimited``."""

    time_field: str = "time"
    time_format: str = "epoch_ms"
    format: str = "xcontent"
    field_delimiter: str = "\t"
    quote_character: str = '"'
