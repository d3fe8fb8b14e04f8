"""The last millisecond of one thing and the first of the next: buckets, flushes, events, searches of a datafeed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.feeding import HOUR, START, SUMMARISED, buckets, counts, datafeed, documents, index, ready, said, start
from tests.support import Http, http

LATE = START + 48 * HOUR


def posted(*offsets: int, release: str = "9.5", flush: str = "", **analysis: Any) -> Http:
    """The job "x" with buckets of an hour, fed a record so many milliseconds after START for each of ``offsets``."""
    fake = http(release)
    config = {"bucket_span": "1h", "detectors": [{"function": "count"}]} | analysis
    assert fake.put("x", {"analysis_config": config, "data_description": {"time_format": "epoch_ms"}}).status == 200
    assert fake.job("x", "_open").status == 200
    for offset in offsets:
        assert fake.job("x", "_data", {"time": START + offset}).status == 202
    if flush:
        assert fake.job("x", f"_flush?{flush}").status == 200
    return fake


def found(fake: Http, *, interim: bool = False) -> dict[int, int]:
    """Event counts of the buckets by the milliseconds from START to theirs."""
    results = fake.job("x", "results/buckets", method="GET").body["buckets"]
    return {bucket["timestamp"] - START: bucket["event_count"] for bucket in results if bucket["is_interim"] is interim}


def finished(fake: Http) -> int:
    """Milliseconds from START to the end of the last finished bucket."""
    return int(fake.job("x", "_flush").body["last_finalized_bucket_end"]) - START


# --- buckets


@pytest.mark.parametrize(("offset", "event_counts"), [(HOUR - 1, {}), (HOUR, {0: 1}), (HOUR + 1, {0: 1})])
def test_a_bucket_ends_with_the_first_millisecond_of_the_next(offset: int, event_counts: dict[int, int]) -> None:
    assert found(posted(0, offset)) == event_counts


def test_a_record_belongs_to_the_bucket_of_its_millisecond() -> None:
    assert found(posted(0, HOUR - 1, HOUR, 2 * HOUR - 1, 2 * HOUR)) == {0: 2, HOUR: 2}


@pytest.mark.parametrize(("offset", "event_counts"), [(3 * HOUR - 1, {}), (3 * HOUR, {0: 1})])
def test_latency_keeps_a_bucket_open_to_the_millisecond(offset: int, event_counts: dict[int, int]) -> None:
    assert found(posted(0, offset, latency="2h")) == event_counts


@pytest.mark.parametrize(("advance", "end"), [(HOUR - 1, 0), (HOUR, HOUR), (2 * HOUR - 1, HOUR), (2 * HOUR, 2 * HOUR)])
def test_advancing_time_ends_the_buckets_that_end_by_then(advance: int, end: int) -> None:
    fake = posted(5, flush=f"advance_time={START + advance}")
    assert finished(fake) == end
    assert list(found(fake)) == list(range(0, end, HOUR))


@pytest.mark.parametrize(("skip", "end"), [(HOUR, HOUR), (HOUR + 1, 2 * HOUR), (2 * HOUR, 2 * HOUR)])
def test_skipped_time_ends_with_a_bucket(skip: int, end: int) -> None:
    assert finished(posted(5, flush=f"skip_time={START + skip}")) == end


def test_what_lies_before_the_end_of_skipped_time_is_left_out() -> None:
    fake = posted(5, flush=f"skip_time={START + 2 * HOUR}")
    for offset in (2 * HOUR - 1, 2 * HOUR, 3 * HOUR):
        fake.job("x", "_data", {"time": START + offset})
    assert found(fake) == {2 * HOUR: 1}


def test_a_bucket_in_progress_outlives_time_that_is_skipped_up_to_it() -> None:
    fake = posted(0, HOUR, 2 * HOUR, latency="4h", flush=f"skip_time={START + HOUR}")
    fake.job("x", "_flush?calc_interim=true")
    assert found(fake, interim=True) == {HOUR: 1, 2 * HOUR: 1}
    assert found(fake) == {}


def test_time_begins_with_the_epoch() -> None:
    fake = posted(-START, HOUR - START - 1)
    fake.job("x", "_flush?calc_interim=true")
    assert found(fake, interim=True) == {-START: 2}
    fake.job("x", "_data", {"time": HOUR})
    assert found(fake) == {-START: 2}
    assert posted(flush="skip_time=0").job("x", "_flush").body["last_finalized_bucket_end"] == 0


@pytest.mark.parametrize(
    ("query", "event_counts"),
    [
        (f"start={START}&end={START + 1}", {0: 1}),
        (f"start={START + 1}&end={START + HOUR}", {}),
        (f"start={START + 1}&end={START + HOUR + 1}", {HOUR: 1}),
        (f"start={START}&end={START + HOUR}", {0: 1}),
        (f"start={START + HOUR}&end={START + HOUR + 1}", {HOUR: 1}),
        ("", {0: 1, HOUR: 1}),
    ],
)
def test_interim_results_are_of_buckets_that_start_in_a_range(query: str, event_counts: dict[int, int]) -> None:
    fake = posted(0, HOUR, latency="2h", flush=f"calc_interim=true&{query}")
    assert found(fake, interim=True) == event_counts


@pytest.mark.parametrize(
    ("first", "last", "during"),
    [
        (0, HOUR, [0]),
        (HOUR - 1, HOUR, [0]),
        (HOUR - 1, HOUR + 1, [0, HOUR]),
        (HOUR, HOUR + 1, [HOUR]),
        (HOUR + 1, 2 * HOUR, [HOUR]),
    ],
)
def test_a_scheduled_event_is_in_the_buckets_it_has_a_millisecond_of(first: int, last: int, during: list[int]) -> None:
    fake = posted()
    event = {"description": "patch", "start_time": START + first, "end_time": START + last}
    assert fake("PUT", "{ml}/calendars/c", {"job_ids": ["x"]}).status == 200
    assert fake("POST", "{ml}/calendars/c/events", {"events": [event]}).status == 200
    for offset in (0, HOUR, 2 * HOUR, 3 * HOUR):
        fake.job("x", "_data", {"time": START + offset})
    results = fake.job("x", "results/buckets", method="GET").body["buckets"]
    assert [bucket["timestamp"] - START for bucket in results if bucket.get("scheduled_events")] == during


# --- pages of results


@pytest.mark.parametrize("release", ["5.4", "9.5"])
def test_a_page_has_a_hundred_results_unless_asked(release: str) -> None:
    fake = posted(0, 101 * HOUR, release=release)
    times = [START + at * HOUR for at in range(101)]
    for query, of_these in (
        ("", slice(100)),
        ("?from=1", slice(1, 101)),
        ("?from=100", slice(100, 101)),
        ("?from=101", slice(0)),
        ("?size=101", slice(101)),
        ("?size=1", slice(1)),
        ("?size=0", slice(0)),
        (f"?start={START + HOUR}&end={START + 3 * HOUR}", slice(1, 3)),
        (f"?start={START + HOUR + 1}&end={START + 3 * HOUR + 1}", slice(2, 4)),
        (f"?start={START + HOUR - 1}&end={START + HOUR}", slice(0)),
    ):
        body = fake.job("x", f"results/buckets{query}", method="GET").body
        assert [bucket["timestamp"] for bucket in body["buckets"]] == times[of_these], query
        assert body["count"] == 101 or "start" in query


@pytest.mark.parametrize(
    ("release", "query", "status", "reason"),
    [
        ("6.2", "from=9999&size=1", 200, ""),
        ("6.2", "from=0&size=10000", 200, ""),
        ("6.2", "from=9999&size=2", 400, "The sum of parameters [from] and [size] cannot be higher than 10000."),
        ("6.2", "size=10001", 400, "The sum of parameters [from] and [size] cannot be higher than 10000."),
        ("6.3", "from=9999&size=1", 200, ""),
        ("6.3", "from=9999&size=2", 400, "all shards failed"),
        ("9.5", "size=10000", 200, ""),
        ("9.5", "size=10001", 400, "all shards failed"),
        ("9.5", "from=-1", 400, "Parameter [from] cannot be < 0"),
        ("9.5", "size=-1", 400, "Parameter [size] cannot be < 0"),
        ("9.5", "from=0&size=0", 200, ""),
    ],
)
def test_how_far_pages_reach(release: str, query: str, status: int, reason: str) -> None:
    reply = posted(0, HOUR, release=release).job("x", f"results/buckets?{query}", method="GET")
    assert (reply.status, reply.reason if status == 400 else "") == (status, reason)


# --- datafeeds


@pytest.mark.parametrize(
    ("span", "frequency"),
    [
        ("1s", "1m"),
        ("90s", "1m"),
        ("2m", "1m"),
        ("3m", "1.5m"),
        ("19m", "9.5m"),
        ("1170s", "9.7m"),
        ("20m", "10m"),
        ("21m", "10m"),
        ("12h", "10m"),
        ("43201s", "1h"),
        ("13h", "1h"),
        ("30d", "1h"),
    ],
)
def test_how_often_a_datafeed_searches_unless_told(span: str, frequency: str) -> None:
    analysis = {"bucket_span": span, "detectors": [{"function": "count"}]}
    fake = ready("9.5", documents(1), job={"analysis_config": analysis, "data_description": {"time_field": "time"}})
    start(fake)
    assert any(message.endswith(f"with frequency [{frequency}]") for message in said(fake))


@pytest.mark.parametrize(
    ("span", "interval", "frequency"),
    [("1h", "1h", "1h"), ("1h", "10m", "10m"), ("1h", "12m", "12m"), ("20m", "4m", "8m"), ("20m", "1m", "10m")],
)
def test_how_often_it_searches_with_a_histogram(span: str, interval: str, frequency: str) -> None:
    job = SUMMARISED | {"analysis_config": SUMMARISED["analysis_config"] | {"bucket_span": span}}
    histogram = {
        "date_histogram": {"field": "time", "fixed_interval": interval},
        "aggs": {"time": {"max": {"field": "time"}}, "value": {"avg": {"field": "value"}}},
    }
    fake = ready("9.5", documents(1), job=job, aggregations={"buckets": histogram})
    start(fake)
    assert any(message.endswith(f"with frequency [{frequency}]") for message in said(fake))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6])
def test_a_page_ends_with_an_instant(size: int) -> None:
    # Two and three documents of one instant: a page ends behind them, never between.
    times = [START, START, START + 1, START + 1, START + 1, START + 2]
    fake = ready("9.5", [{"time": time, "host": "h", "value": 1.0} for time in times], scroll_size=size)
    start(fake, f"?end={START + 3}")
    assert (counts(fake)["processed_record_count"], counts(fake)["out_of_order_timestamp_count"]) == (6, 0)
    pages = {1: 3, 2: 3, 3: 2, 4: 2, 5: 2, 6: 1}
    assert datafeed(fake, "_stats", method="GET").body["datafeeds"][0]["timing_stats"]["search_count"] == pages[size]


def test_the_next_search_begins_where_the_last_ended() -> None:
    fake = ready("9.5", documents(1), frequency="60s", query_delay="60s")
    start(fake)
    index(fake, [{"time": LATE + 60_000 + offset, "host": "h", "value": 1.0} for offset in (-1, 0)])
    fake.fake.clock.set(LATE + 120_099)
    assert counts(fake)["processed_record_count"] == 1
    # This search ends between the two documents, the next one begins there.
    fake.fake.clock.set(LATE + 120_100)
    assert counts(fake)["processed_record_count"] == 2
    fake.fake.clock.set(LATE + 180_100)
    assert counts(fake)["processed_record_count"] == 3
    fake.fake.clock.set(LATE + 2 * HOUR)
    assert (counts(fake)["processed_record_count"], counts(fake)["out_of_order_timestamp_count"]) == (3, 0)
    assert buckets(fake)[LATE] == 2


def test_real_time_begins_where_the_lookback_ended() -> None:
    fake = ready("9.5", [{"time": LATE - 60_001, "host": "h", "value": 1.0}], frequency="60s", query_delay="60s")
    start(fake)
    # The lookback went on to the query delay, so this one came in time for the first search alone.
    index(fake, [{"time": LATE - 60_000, "host": "h", "value": 1.0}])
    fake.fake.clock.advance("10m")
    assert (counts(fake)["processed_record_count"], counts(fake)["out_of_order_timestamp_count"]) == (2, 0)


def test_what_comes_late_for_the_last_millisecond_of_a_search_is_missed() -> None:
    fake = ready("9.5", [], frequency="60s", query_delay="60s")
    start(fake)
    # The lookback ends a minute ago, the first search in real time now: what comes before the end of either comes too late.
    index(fake, [{"time": LATE - 60_000 + offset, "host": "h", "value": 1.0} for offset in (-1, 0)])
    fake.fake.clock.set(LATE + 60_100)
    assert counts(fake)["input_record_count"] == 1
    index(fake, [{"time": LATE + offset, "host": "h", "value": 1.0} for offset in (-1, 0)])
    fake.fake.clock.set(LATE + 120_100)
    assert counts(fake)["input_record_count"] == 2


@pytest.mark.parametrize("mode", ["auto", "off", "manual"])
def test_a_document_at_the_end_of_a_lookback_waits_for_the_next(mode: str) -> None:
    chunking = {"mode": mode} | ({"time_span": "1h"} if mode == "manual" else {})
    sources = [{"time": START + offset, "host": "h", "value": 1.0} for offset in (0, HOUR - 1, HOUR, 2 * HOUR - 1, 2 * HOUR)]
    fake = ready("9.5", sources, chunking_config=chunking)
    for end, read in ((HOUR - 1, 1), (HOUR, 2), (2 * HOUR, 4), (2 * HOUR + 1, 5)):
        start(fake, f"?end={START + end}")
        assert counts(fake)["processed_record_count"] == read
        fake.job("x", "_open")
    assert counts(fake)["out_of_order_timestamp_count"] == 0


@pytest.mark.parametrize(("first", "read"), [(HOUR - 1, 3), (HOUR, 2), (HOUR + 1, 1)])
def test_a_lookback_reads_from_its_first_millisecond(first: int, read: int) -> None:
    sources = [{"time": START + offset, "host": "h", "value": 1.0} for offset in (HOUR - 1, HOUR, 2 * HOUR)]
    fake = ready("9.5", sources)
    start(fake, f"?start={START + first}&end={START + 3 * HOUR}")
    assert counts(fake)["processed_record_count"] == read


def test_a_restart_does_not_read_the_last_record_again() -> None:
    fake = ready("9.5", [{"time": START + 5, "host": "h", "value": 1.0}], frequency="60s", query_delay="60s")
    start(fake, f"?end={START + 6}")
    fake.job("x", "_open")
    index(fake, [{"time": START + offset, "host": "late", "value": 1.0} for offset in (5, 6)])
    start(fake, f"?end={START + 2 * HOUR}")
    assert counts(fake)["processed_record_count"] == 2
    assert datafeed(fake, "_stats", method="GET").body["datafeeds"][0]["state"] == "stopped"
