"""How often a datafeed searches in real time (``DatafeedConfig.defaultFrequency``)."""

from __future__ import annotations

from typing import Any

from fake_es.ml.config.datafeed.histogram import histogram_of
from fake_es.ml.config.datafeed.parts import milliseconds

_MINUTE, _HOUR = 60_000, 3_600_000


def frequency_of(config: dict[str, Any], bucket_span: int, version: tuple[int, ...]) -> int:
    """Milliseconds between two searches: what the configuration says, or else what suits the ``bucket_span`` (ms)."""
    if "frequency" in config:
        return milliseconds(config["frequency"])
    default = default_frequency(bucket_span)
    if not config.get("aggregations"):
        return default
    interval = histogram_of(config["aggregations"], version).interval
    return max(interval, default - default % interval)


def default_frequency(bucket_span: int) -> int:
    """A part of the bucket span, but no less than a minute and no more than an hour."""
    if bucket_span <= 2 * _MINUTE:
        return _MINUTE
    if bucket_span <= 20 * _MINUTE:
        return bucket_span // 2
    return 10 * _MINUTE if bucket_span <= 12 * _HOUR else _HOUR
