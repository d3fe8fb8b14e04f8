"""Documents that came too late: when they are looked for, how far back, and what is told of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.feeding import HOUR, JOB, START, documents, index, ready, said, start
from tests.support import Http

NOW = START + 48 * HOUR
MINUTE = 60_000
# The searches are at a tenth of a second past each minute.
FIRST_SEARCH = NOW + MINUTE + 100


def in_real_time(span: str = "1h", release: str = "9.5", **more: Any) -> Http:
    """A datafeed that has made its first search in real time, and with it the first check."""
    job = JOB | {"analysis_config": JOB["analysis_config"] | {"bucket_span": span}}
    fake = ready(release, documents(24 * 6, start=NOW - 24 * HOUR), job=job, frequency="60s", query_delay="60s", **more)
    start(fake)
    fake.fake.clock.set(FIRST_SEARCH)
    return fake


def late(fake: Http, *times: int) -> None:
    index(fake, [{"time": time, "host": "late", "value": 1.0} for time in times])


def missed(fake: Http) -> list[str]:
    """What was told of missed documents."""
    return [message for message in said(fake) if "has missed" in message]


def annotated(fake: Http) -> list[tuple[int, int]]:
    """From when to when documents are said to be missing, in milliseconds before NOW."""
    found = fake("POST", "/.ml-annotations-read/_search", {"query": {"term": {"event": "delayed_data"}}}).body["hits"]["hits"]
    return [(hit["_source"]["timestamp"] - NOW, hit["_source"]["end_timestamp"] - NOW) for hit in found]


@pytest.mark.parametrize(
    ("span", "check", "minutes"),
    [
        ("1h", {}, 16),
        ("5m", {"check_window": "10m"}, 11),
        ("5m", {"check_window": "15m"}, 16),
        ("5m", {"check_window": "1h"}, 16),
    ],
)
def test_it_is_looked_for_again_after_more_than_a_quarter_of_an_hour_or_a_window(
    span: str, check: dict[str, Any], minutes: int
) -> None:
    fake = in_real_time(span, delayed_data_check_config={"enabled": True, **check})
    fake.fake.clock.set(FIRST_SEARCH + 6 * MINUTE)
    late(fake, NOW - 1, NOW + 3 * MINUTE)
    fake.fake.clock.set(FIRST_SEARCH + minutes * MINUTE - 1)
    assert missed(fake) == []
    fake.fake.clock.set(FIRST_SEARCH + minutes * MINUTE)
    assert len(missed(fake)) == 1


@pytest.mark.parametrize(
    ("span", "buckets", "check"),
    [
        ("1h", 8, {}),
        ("15m", 8, {}),
        ("30m", 8, {}),
        ("5m", 24, {}),
        ("1h", 3, {"check_window": "3h"}),
        ("1h", 4, {"check_window": "181m"}),
    ],
)
def test_how_far_back_it_is_looked_for(span: str, buckets: int, check: dict[str, Any]) -> None:
    milliseconds = {"1h": 60, "30m": 30, "15m": 15, "5m": 5}[span] * MINUTE
    fake = in_real_time(span, delayed_data_check_config={"enabled": True, **check})
    at = NOW + 16 * MINUTE
    finished = at - at % milliseconds
    first = finished - buckets * milliseconds
    late(fake, first - 1, first, NOW - 1)
    fake.fake.clock.set(FIRST_SEARCH + 16 * MINUTE)
    assert [message.partition(" documents")[0] for message in missed(fake)] == ["Datafeed has missed 2"]


def test_what_is_told_of_them() -> None:
    fake = in_real_time()
    late(fake, NOW - 3 * HOUR, NOW - 3 * HOUR + 1, NOW - 2 * HOUR - 1, NOW - HOUR)
    fake.fake.clock.set(FIRST_SEARCH + 16 * MINUTE)
    assert missed(fake) == [
        "Datafeed has missed 4 documents due to ingest latency, latest bucket with missing data is"
        " [2017-02-02T23:00:00.000Z]. Consider increasing query_delay"
    ]
    assert annotated(fake) == [(-3 * HOUR, 0)]
    # The same again is told once; one more takes the place of what was told.
    fake.fake.clock.set(FIRST_SEARCH + 40 * MINUTE)
    assert len(missed(fake)) == 1
    late(fake, NOW - 2 * HOUR)
    fake.fake.clock.set(FIRST_SEARCH + 57 * MINUTE)
    assert len(missed(fake)) == 2
    assert "has missed 5 documents" in missed(fake)[1]
    assert annotated(fake) == [(-3 * HOUR, 0)]


def test_one_bucket_is_from_its_start_to_its_end() -> None:
    fake = in_real_time()
    late(fake, NOW - 3 * HOUR)
    fake.fake.clock.set(FIRST_SEARCH + 16 * MINUTE)
    assert annotated(fake) == [(-3 * HOUR, -2 * HOUR)]


@pytest.mark.parametrize(("release", "reports"), [("6.5", 0), ("6.6", 1), ("7.17", 1)])
def test_it_is_looked_for_from_6_6(release: str, reports: int) -> None:
    fake = in_real_time(release=release)
    late(fake, NOW - 3 * HOUR)
    fake.fake.clock.set(FIRST_SEARCH + 16 * MINUTE)
    assert len(missed(fake)) == reports


def test_a_check_that_is_off_is_never_made() -> None:
    fake = in_real_time(delayed_data_check_config={"enabled": False})
    late(fake, NOW - HOUR)
    fake.fake.clock.set(FIRST_SEARCH + 60 * MINUTE)
    assert missed(fake) == []
