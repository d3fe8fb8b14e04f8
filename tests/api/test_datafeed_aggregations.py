"""Datafeeds that aggregate: each bucket a record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.feeding import (
    HOUR,
    HOURLY,
    QUIET,
    START,
    SUMMARISED,
    buckets,
    counts,
    datafeed,
    documents,
    index,
    ready,
    start,
    stats,
)
from tests.support import RELEASES, Http

Tree = dict[str, Any]
MAX: Tree = {"max": {"field": "time"}}


def hourly(release: str) -> Tree:
    """A histogram by the hour, in the words of the release."""
    name = "fixed_interval" if release >= "7.2" else "interval"
    return {"buckets": {**HOURLY["buckets"], "date_histogram": {"field": "time", name: "1h"}}}


def aggregating(release: str = "9.5", sources: list[Tree] | None = None, aggs: Tree | None = None, **more: Any) -> Http:
    found = documents(60) if sources is None else sources
    return ready(release, found, job=more.pop("job", SUMMARISED), aggregations=aggs or hourly(release), **more)


def preview(fake: Http) -> Any:
    return datafeed(fake, "_preview", method="GET").body


@pytest.mark.parametrize("release", RELEASES)
def test_each_bucket_is_a_record_with_its_number_of_documents(release: str) -> None:
    fake = aggregating(release)
    assert preview(fake)[0] == {"time": START + 50 * 60_000, "host": "h0", "value": 1.5, "doc_count": 2}
    start(fake, f"?end={START + 10 * HOUR}")
    fake.fake.clock.advance("1m")
    assert counts(fake)["processed_record_count"] == 30
    fake.job("x", "_open")
    fake.job("x", "_flush", {"advance_time": str(START + 11 * HOUR)})
    assert sum(buckets(fake).values()) == 60


def test_part_of_a_bucket_is_left_for_later() -> None:
    fake = aggregating()
    start(fake, f"?end={START + 2 * HOUR + 1}")
    assert counts(fake)["processed_record_count"] == 6
    fake.job("x", "_open")
    start(fake, f"?end={START + 4 * HOUR}")
    assert counts(fake)["processed_record_count"] == 12


def test_real_time_reads_whole_buckets() -> None:
    now = START + 48 * HOUR
    fake = aggregating()
    start(fake)
    assert counts(fake)["processed_record_count"] == 30
    index(fake, documents(12, start=now))
    fake.fake.clock.advance("59m")
    assert counts(fake)["processed_record_count"] == 30
    fake.fake.clock.advance("3m")
    assert counts(fake)["processed_record_count"] == 33


def test_a_restart_doubles_no_bucket() -> None:
    fake = aggregating(settings={"delays": QUIET | {"lookback": "10s"}}, chunking_config={"mode": "manual", "time_span": "2h"})
    start(fake)
    fake.fake.clock.advance("15s")
    datafeed(fake, "_stop")
    assert 0 < counts(fake)["processed_record_count"] < 30
    start(fake)
    fake.fake.clock.advance("1h")
    assert counts(fake)["processed_record_count"] == 30
    assert counts(fake)["out_of_order_timestamp_count"] == 0


def test_the_count_may_have_another_name() -> None:
    job = {**SUMMARISED, "analysis_config": SUMMARISED["analysis_config"] | {"summary_count_field_name": "how_many"}}
    aggs = {
        "buckets": {
            "date_histogram": {"field": "time", "fixed_interval": "1h"},
            "aggs": {"time": MAX, "how_many": {"value_count": {"field": "value"}}, "value": {"avg": {"field": "value"}}},
        }
    }
    rows = preview(aggregating(aggs=aggs, job=job))
    assert rows[0] == {"time": START + 50 * 60_000, "how_many": 6, "value": 2.5}


def composite(size: int) -> Tree:
    sources = [
        {"host": {"terms": {"field": "host"}}},
        {"date": {"date_histogram": {"field": "time", "fixed_interval": "1h"}}},
    ]
    return {
        "buckets": {
            "composite": {"size": size, "sources": sources},
            "aggs": {"time": MAX, "value": {"avg": {"field": "value"}}},
        }
    }


@pytest.mark.parametrize("size", [1, 4, 1000])
def test_composite_aggregations_are_read_page_by_page(size: int) -> None:
    fake = aggregating(aggs=composite(size))
    assert {tuple(row) for row in preview(fake)} == {("time", "host", "value", "doc_count")}
    start(fake, f"?end={START + 10 * HOUR}")
    assert counts(fake)["processed_record_count"] == 30
    assert counts(fake)["out_of_order_timestamp_count"] == 0
    assert stats(fake)["timing_stats"]["search_count"] > 0


def test_other_metrics_and_single_buckets() -> None:
    job: Tree = {
        "analysis_config": {
            "bucket_span": "1h",
            "summary_count_field_name": "doc_count",
            "detectors": [{"function": "mean", "field_name": name} for name in ("median", "ratio", "high")],
        },
        "data_description": {"time_field": "time"},
    }
    aggs = {
        "buckets": {
            "date_histogram": {"field": "time", "fixed_interval": "1h"},
            "aggs": {
                "time": MAX,
                "median": {"percentiles": {"field": "value", "percents": [50]}},
                "above": {"filter": {"range": {"value": {"gt": 3}}}, "aggs": {"high": {"avg": {"field": "value"}}}},
                "sum": {"sum": {"field": "value"}},
                "ratio": {"bucket_script": {"buckets_path": {"sum": "sum"}, "script": "params.sum / 2"}},
            },
        }
    }
    first = preview(aggregating(aggs=aggs, job=job))[0]
    assert first == {"time": START + 50 * 60_000, "median": 2.5, "high": 4.5, "ratio": 7.5, "doc_count": 6}


@pytest.mark.parametrize(
    ("inner", "reason"),
    [
        (
            {"time": MAX, "host": {"terms": {"field": "host"}}, "value": {"terms": {"field": "value"}}},
            "Multiple bucket aggregations at the same level are not supported",
        ),
        (
            {"time": MAX, "value": {"percentiles": {"field": "value", "percents": [5, 50]}}},
            "Multi-percentile aggregation [value] is not supported",
        ),
        ({"time": MAX, "value": {"stats": {"field": "value"}}}, "Unsupported aggregation type [value]"),
    ],
)
def test_aggregations_that_make_no_records(inner: Tree, reason: str) -> None:
    aggs = {"buckets": {"date_histogram": {"field": "time", "fixed_interval": "1h"}, "aggs": inner}}
    reply = datafeed(aggregating(aggs=aggs), "_preview", method="GET")
    assert (reply.status, reply.type, reply.reason) == (400, "illegal_argument_exception", reason)
