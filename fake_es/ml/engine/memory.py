"""The reported memory of a model, and what happens to a job that exceeds its limit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fake_es.ml.engine.analysis import Analysis
from fake_es.ml.engine.detectors.base import DetectorModel

# Bytes of a job, of each detector, category and series besides its model: what a small real job reports.
_JOB_BYTES, _DETECTOR_BYTES, _CATEGORY_BYTES, _SERIES_BYTES = 36 * 1024, 10 * 1024, 6 * 1024, 768
# Kilobytes of the model of one series by function, as the server estimates them (TransportEstimateModelMemoryAction).
_MODEL_KILOBYTES = {
    "count": 32, "non_zero_count": 32, "distinct_count": 32, "rare": 2, "freq_rare": 2, "info_content": 48, "mean": 48,
    "avg": 48, "min": 48, "max": 48, "sum": 48, "non_null_sum": 48, "varp": 48, "metric": 120, "median": 64,
    "time_of_day": 10, "time_of_week": 10, "lat_long": 64,
}  # fmt: skip
# From this share of the limit on, the status is soft_limit (CResourceMonitor).
_SOFT_SHARE = 0.6


class Memory:
    """The memory of one job's model. At the hard limit new series are refused; known series continue."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        #: The greatest size so far, in bytes.
        self.peak = 0
        #: Buckets in which a new series was refused.
        self.failures = 0

    def size(self, models: Iterable[DetectorModel], categories: int) -> int:
        """Bytes that the models and so many categories take."""
        total = _JOB_BYTES + categories * _CATEGORY_BYTES
        for model in models:
            each = _MODEL_KILOBYTES[model.detector.function.removeprefix("low_").removeprefix("high_")] * 1024
            total += _DETECTOR_BYTES + len(model) * (each + _SERIES_BYTES)
        self.peak = max(self.peak, total)
        return total

    def stats(self, size: int) -> dict[str, Any]:
        """The fields of ``model_size_stats`` on memory. Writing results takes none that lasts."""
        limit = self._analysis.memory_limit
        stats: dict[str, Any] = {"model_bytes": size, "peak_model_bytes": self.peak, "output_memory_allocator_bytes": 0}
        if limit is not None:
            stats |= {"model_bytes_exceeded": max(0, size - limit), "model_bytes_memory_limit": limit}
        status = "ok"
        if limit is not None and size >= _SOFT_SHARE * limit:
            status = "hard_limit" if self.failures or size >= limit else "soft_limit"
        return stats | {"bucket_allocation_failures_count": self.failures, "memory_status": status}
