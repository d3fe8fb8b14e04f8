"""How large a model is said to be, and what becomes of a job that outgrows its limit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fake_es.ml.engine.analysis import Analysis
from fake_es.ml.engine.detectors.base import Analyser

# Figures of a small real job: some tens of kilobytes to begin with, a few more for each detector.
_BASE_BYTES = 36 * 1024
_DETECTOR_BYTES = 10 * 1024
_CATEGORY_BYTES = 6 * 1024
_SPLIT_BYTES = 768
# Bytes of one series by function, as the server estimates them (TransportEstimateModelMemoryAction).
_KILOBYTES = {
    "count": 32, "non_zero_count": 32, "distinct_count": 32, "rare": 2, "freq_rare": 2, "info_content": 48, "mean": 48,
    "avg": 48, "min": 48, "max": 48, "sum": 48, "non_null_sum": 48, "varp": 48, "metric": 120, "median": 64,
    "time_of_day": 10, "time_of_week": 10, "lat_long": 64,
}  # fmt: skip
# From this share of the limit on, old series are pruned sooner and the status is soft_limit (CResourceMonitor).
_SOFT_SHARE = 0.6


class Memory:
    """The memory of one job's model. At the hard limit no new series are followed; the known ones go on."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self.peak = 0
        self.failures = 0

    def size(self, analysers: Iterable[Analyser], categories: int) -> int:
        """Bytes that the model takes."""
        total = _BASE_BYTES + categories * _CATEGORY_BYTES
        for analyser in analysers:
            each = _KILOBYTES[analyser.detector.function.removeprefix("low_").removeprefix("high_")] * 1024
            total += _DETECTOR_BYTES + len(analyser) * (each + _SPLIT_BYTES)
        self.peak = max(self.peak, total)
        return total

    def status(self, size: int) -> str:
        """``ok``, ``soft_limit`` or ``hard_limit``."""
        limit = self._analysis.memory_limit
        if limit is None or size < _SOFT_SHARE * limit:
            return "ok"
        return "hard_limit" if self.failures or size >= limit else "soft_limit"

    def stats(self, size: int) -> dict[str, Any]:
        """The fields of ``model_size_stats`` that speak of memory."""
        limit = self._analysis.memory_limit
        stats: dict[str, Any] = {"model_bytes": size, "peak_model_bytes": self.peak}
        if limit is not None:
            stats |= {"model_bytes_exceeded": max(0, size - limit), "model_bytes_memory_limit": limit}
        return stats | {"bucket_allocation_failures_count": self.failures, "memory_status": self.status(size)}
