"""How a lookback cuts time into searches: ``search_interval`` of the statistics, one step of the clock at a time."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest

from tests.api.feeding import HOUR, JOB, QUIET, START, SUMMARISED, counts, documents, index, ready, start, stats
from tests.support import Http

MINUTE = 60_000


def searched(fake: Http, first: int, last: int) -> list[tuple[int, int]]:
    """The intervals that a lookback of ``[START + first, START + last)`` searches, in milliseconds after START."""
    start(fake, f"?start={START + first}&end={START + last}")
    found: list[tuple[int, int]] = []
    while stats(fake)["state"] == "started":
        interval = stats(fake)["running_state"].get("search_interval")
        if interval is not None:
            found.append((interval["start_ms"] - START, interval["end_ms"] - START))
        fake.fake.clock.advance("10s")
    return list(dict.fromkeys(found))


def reading(times: Iterable[int], release: str = "9.5", **config: Any) -> Http:
    """A datafeed over documents at these milliseconds after START; each of its pages takes ten seconds."""
    sources = [{"time": START + time, "host": "h", "value": 1.0} for time in times]
    return ready(release, sources, settings={"delays": QUIET | {"lookback": "10s"}}, **config)


def test_the_data_decide_how_long_a_chunk_is() -> None:
    # Ten pages of two in each, as a hundred documents lie in 99 times ten minutes.
    fake = reading(range(0, 100 * 10 * MINUTE, 10 * MINUTE), scroll_size=2)
    span = 10 * 2 * (99 * 10 * MINUTE) // 100
    end = 1000 * MINUTE
    edges = [*range(0, end, span), end]
    assert searched(fake, -HOUR, end) == list(pairwise(edges))


def test_a_chunk_is_no_shorter_than_a_minute() -> None:
    fake = reading(range(0, 100_000, 1_000), scroll_size=1)
    assert searched(fake, 0, 3 * MINUTE) == [(0, MINUTE), (MINUTE, 2 * MINUTE), (2 * MINUTE, 3 * MINUTE)]


def test_documents_of_one_instant_are_one_chunk() -> None:
    assert searched(reading([7, 7, 7]), 0, HOUR) == [(7, HOUR)]


def test_documents_a_millisecond_apart_are_in_a_chunk_of_a_minute() -> None:
    assert searched(reading([7, 8]), 0, HOUR) == [(7, MINUTE + 7), (MINUTE + 7, 2 * MINUTE + 7)]


def test_chunks_of_a_given_length_begin_where_data_do() -> None:
    fake = reading([5, HOUR - 1, 9 * HOUR + 5], chunking_config={"mode": "manual", "time_span": "1h"})
    expected = [(5, HOUR + 5), (HOUR + 5, 2 * HOUR + 5), (9 * HOUR + 5, 10 * HOUR + 5), (10 * HOUR + 5, 11 * HOUR + 5)]
    assert searched(fake, 0, 20 * HOUR) == expected
    assert counts(fake)["processed_record_count"] == 3


def test_the_last_chunk_ends_with_the_lookback() -> None:
    fake = reading([0, HOUR, 2 * HOUR], chunking_config={"mode": "manual", "time_span": "1h"})
    assert searched(fake, 0, 2 * HOUR + 1) == [(0, HOUR), (HOUR, 2 * HOUR), (2 * HOUR, 2 * HOUR + 1)]


def test_without_chunks_there_is_one_search() -> None:
    fake = reading(range(0, 10 * HOUR, HOUR), chunking_config={"mode": "off"})
    assert searched(fake, -5, 10 * HOUR) == [(-5, 10 * HOUR)]


def test_where_there_are_no_data_there_is_one_empty_search() -> None:
    assert searched(reading([0]), HOUR, 2 * HOUR) == [(HOUR, 2 * HOUR)]


def aggregated(times: Iterable[int], interval: str, **config: Any) -> Http:
    histogram = {
        "date_histogram": {"field": "time", "fixed_interval": interval},
        "aggs": {"time": {"max": {"field": "time"}}, "value": {"avg": {"field": "value"}}},
    }
    return reading(times, job=SUMMARISED, aggregations={"buckets": histogram}, **config)


def test_aggregated_chunks_are_a_thousand_buckets_and_begin_with_one() -> None:
    fake = aggregated([10 * MINUTE + 1, 1500 * MINUTE + 1], "1m")
    assert searched(fake, -HOUR, 3000 * MINUTE) == [
        (10 * MINUTE, 1010 * MINUTE), (1010 * MINUTE, 2010 * MINUTE), (2010 * MINUTE, 3000 * MINUTE),
    ]  # fmt: skip


def test_aggregated_chunks_of_a_given_length_end_with_a_bucket() -> None:
    fake = aggregated([HOUR + 5, 5 * HOUR], "1h", chunking_config={"mode": "manual", "time_span": "70m"})
    assert searched(fake, 0, 6 * HOUR) == [(HOUR, 3 * HOUR), (3 * HOUR, 5 * HOUR), (5 * HOUR, 6 * HOUR)]


@pytest.mark.parametrize(("size", "pages"), [(0, 3), (1, 3), (2, 2), (3, 1)])
def test_a_page_has_at_least_one_document(size: int, pages: int) -> None:
    fake = reading([0, 1, 2], scroll_size=size, chunking_config={"mode": "off"})
    start(fake, f"?end={START + HOUR}")
    fake.fake.clock.advance("5m")
    assert stats(fake)["timing_stats"]["search_count"] == pages


@pytest.mark.parametrize("release", ["6.8", "9.5"])
def test_documents_of_two_indices_are_fed_in_the_order_of_time(release: str) -> None:
    fake = ready(release, documents(3, step=2_000), indices=["logs", "more"], scroll_size=1)
    index(fake, documents(3, step=2_000, start=START + 1_000), name="more")
    start(fake, f"?end={START + HOUR}")
    assert (counts(fake)["processed_record_count"], counts(fake)["out_of_order_timestamp_count"]) == (6, 0)


def test_a_search_every_hour_is_one_at_each_full_hour() -> None:
    job = {"analysis_config": JOB["analysis_config"] | {"bucket_span": "1d"}, "data_description": {"time_field": "time"}}
    fake = ready("9.5", documents(1), job=job)
    now = fake.fake.clock.now()
    start(fake)
    index(fake, [{"time": now + 30 * MINUTE, "host": "h", "value": 1.0}])
    fake.fake.clock.set(now + HOUR + MINUTE + 99)
    assert counts(fake)["processed_record_count"] == 1
    fake.fake.clock.set(now + HOUR + MINUTE + 100)
    assert counts(fake)["processed_record_count"] == 2
