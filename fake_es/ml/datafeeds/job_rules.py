"""Checks of a datafeed against its job (``DatafeedJobValidator``)."""

from __future__ import annotations

from typing import Any

from fake_es.ml.config.datafeed import messages
from fake_es.ml.config.datafeed.histogram import histogram_of
from fake_es.ml.config.datafeed.parts import milliseconds
from fake_es.ml.config.job.analysis_config import span_ms
from fake_es.wire.durations import time_text
from fake_es.wire.errors import bad_request

Tree = dict[str, Any]

_MOST_BUCKETS = 10_000


def check_against_job(datafeed: Tree, job: Tree, version: tuple[int, ...]) -> None:
    """Refuse a datafeed that cannot feed the job. Both are configurations in the form of GET.

    :raises StatusException: 400.
    """
    config = job["analysis_config"]
    if milliseconds(config.get("latency") or "0") > 0:
        raise bad_request(messages.LATENCY)
    if datafeed.get("aggregations"):
        _check_aggregations(datafeed, config, version)
    _check_window(datafeed.get("delayed_data_check_config", {}), config)
    time_field = job["data_description"]["time_field"]
    if time_field in datafeed.get("runtime_mappings", {}):
        raise bad_request(messages.RUNTIME_TIME_FIELD.format(field=time_field))


def _check_aggregations(datafeed: Tree, config: Tree, version: tuple[int, ...]) -> None:
    if not config.get("summary_count_field_name"):
        raise bad_request(messages.SUMMARY_COUNT_NEEDED)
    interval, span = histogram_of(datafeed["aggregations"], version).interval, span_ms(config)
    if interval > span:
        raise bad_request(messages.INTERVAL_ABOVE_SPAN.format(interval=interval, span=span))
    if span % interval:
        raise bad_request(messages.INTERVAL_NO_DIVISOR.format(interval=interval, span=span))
    frequency = datafeed.get("frequency")
    if version >= (6, 1) and frequency is not None and milliseconds(frequency) % interval:
        raise bad_request(
            messages.FREQUENCY_NO_MULTIPLE.format(frequency=time_text(milliseconds(frequency)), interval=interval)
        )


def _check_window(check: Tree, config: Tree) -> None:
    window = check.get("check_window")
    if not check.get("enabled") or window is None:
        return
    length, span = milliseconds(window), span_ms(config)
    if length < span:
        raise bad_request(messages.WINDOW_BELOW_SPAN.format(window=time_text(length), span=time_text(span)))
    if length > _MOST_BUCKETS * span:
        raise bad_request(messages.WINDOW_TOO_MANY_BUCKETS.format(window=time_text(length), span=time_text(span)))
