"""Buckets over time, in calendars, fixed intervals and time zones."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_es.search.aggregations.rounding import Rounding
from tests.documents.aggregated import DAY, MONDAY, Sales

HOUR = 3_600_000


def at(*texts: str, version: str | None = None) -> Sales:
    """Sales at these times."""
    return Sales(*({"time": text} for text in texts), version=version)


@pytest.mark.parametrize(
    ("unit", "starts"),
    [
        ("minute", ["2024-05-17T13:45:00.000Z"]),
        ("1h", ["2024-05-17T13:00:00.000Z"]),
        ("day", ["2024-05-17T00:00:00.000Z"]),
        ("week", ["2024-05-13T00:00:00.000Z"]),
        ("1M", ["2024-05-01T00:00:00.000Z"]),
        ("quarter", ["2024-04-01T00:00:00.000Z"]),
        ("1y", ["2024-01-01T00:00:00.000Z"]),
    ],
)
def test_calendar_units(unit: str, starts: list[str]) -> None:
    counts = at("2024-05-17T13:45:59Z").counts("date_histogram", {"field": "time", "calendar_interval": unit})
    assert list(counts) == starts


def test_a_bucket_of_time() -> None:
    found = at("2024-01-01T05:00:00Z").one("date_histogram", {"field": "time", "fixed_interval": "1d"})
    assert found == {"buckets": [{"key_as_string": "2024-01-01T00:00:00.000Z", "key": MONDAY, "doc_count": 1}]}
    assert list(found["buckets"][0]) == ["key_as_string", "key", "doc_count"]


def test_months_differ_in_length_and_empty_ones_are_filled() -> None:
    counts = at("2024-01-31", "2024-03-01").counts("date_histogram", {"field": "time", "calendar_interval": "month"})
    assert list(counts.values()) == [1, 0, 1]


def test_days_of_a_zone_follow_its_clock() -> None:
    # Clocks in Paris went forward on 2024-03-31: that day has 23 hours.
    options = {"field": "time", "calendar_interval": "day", "time_zone": "Europe/Paris"}
    keys = at("2024-03-30T12:00:00Z", "2024-04-01T12:00:00Z").keys("date_histogram", options)
    assert [later - earlier for earlier, later in pairwise(keys)] == [24 * HOUR, 23 * HOUR]
    counts = at("2024-03-30T23:30:00Z").counts("date_histogram", options)
    assert list(counts) == ["2024-03-31T00:00:00.000+01:00"]


def test_the_hour_that_comes_twice_is_two_buckets() -> None:
    options = {"field": "time", "calendar_interval": "hour", "time_zone": "Europe/Paris"}
    counts = at("2024-10-27T00:30:00Z", "2024-10-27T01:30:00Z").counts("date_histogram", options)
    assert list(counts) == ["2024-10-27T02:00:00.000+02:00", "2024-10-27T02:00:00.000+01:00"]


def test_a_zone_by_its_offset() -> None:
    options = {"field": "time", "fixed_interval": "1d", "time_zone": "-05:00"}
    assert at("2024-01-01T02:00:00Z").keys("date_histogram", options) == [MONDAY - DAY + 5 * HOUR]


@pytest.mark.parametrize(("offset", "key"), [("+6h", MONDAY - 18 * HOUR), ("-6h", MONDAY - 6 * HOUR), (HOUR, MONDAY + HOUR)])
def test_an_offset_moves_the_buckets(offset: Any, key: int) -> None:
    options = {"field": "time", "calendar_interval": "day", "offset": offset}
    assert at("2024-01-01T05:00:00Z").keys("date_histogram", options) == [key]


def test_bounds_extend_and_limit() -> None:
    sales = at("2024-01-02", "2024-01-04")
    extended = {"field": "time", "calendar_interval": "day", "extended_bounds": {"min": "2024-01-01", "max": MONDAY + 4 * DAY}}
    assert len(sales.keys("date_histogram", extended)) == 5
    hard = {"field": "time", "calendar_interval": "day", "hard_bounds": {"min": "2024-01-03"}}
    assert sales.keys("date_histogram", hard) == [MONDAY + 3 * DAY]


def test_extended_bounds_stand_without_documents() -> None:
    options = {"field": "time", "calendar_interval": "day", "extended_bounds": {"min": "2024-01-01", "max": "2024-01-02"}}
    assert Sales().keys("date_histogram", options) == [MONDAY, MONDAY + DAY]
    assert Sales().keys("date_histogram", {"field": "time", "calendar_interval": "day"}) == []


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("yyyy-MM-dd", "2024-01-01"),
        ("dd/MM/yy HH:mm", "01/01/24 00:00"),
        ("epoch_second", str(MONDAY // 1000)),
        ("EEE d MMM yyyy", "Mon 1 Jan 2024"),
        ("strict_date_time", "2024-01-01T00:00:00.000Z"),
        ("yyyy-MM-dd'T'HH:mm:ssZ", "2024-01-01T00:00:00+0000"),
        ("yyyy||epoch_millis", "2024"),
        ("h 'o''clock' ''yy", "12 o'clock '24"),
        ("yyyy['T'HH]", "2024T00"),
    ],
)
def test_a_format_writes_the_key(form: str, text: str) -> None:
    options = {"field": "time", "calendar_interval": "day", "format": form, "keyed": True}
    assert list(at("2024-01-01").one("date_histogram", options)["buckets"]) == [text]


def test_a_date_field_with_a_format_of_its_own_is_written_in_it() -> None:
    mappings = {"properties": {"time": {"type": "date", "format": "dd.MM.yyyy"}}}
    sales = Sales({"time": "01.01.2024"}, mappings=mappings)
    assert list(sales.counts("date_histogram", {"field": "time", "calendar_interval": "day"})) == ["01.01.2024"]


@pytest.mark.parametrize("interval", ["day", "1d", DAY, "24h"])
def test_one_interval_for_both_up_to_7(interval: Any) -> None:
    assert at("2024-01-01T05:00:00Z", version="7.17").keys("date_histogram", {"field": "time", "interval": interval}) == [
        MONDAY
    ]


def test_buckets_are_ordered_as_asked() -> None:
    options = {"field": "time", "calendar_interval": "day", "order": {"_count": "desc"}}
    assert at("2024-01-01", "2024-01-02", "2024-01-02").keys("date_histogram", options) == [MONDAY + DAY, MONDAY]


@pytest.mark.parametrize(
    ("options", "version", "reason"),
    [
        ({"calendar_interval": "2d"}, None, "The supplied interval [2d] could not be parsed as a calendar interval."),
        ({}, None, "Invalid interval specified, must be non-null and non-empty"),
        ({"interval": "tea"}, "7.17", "Unable to parse interval [tea]"),
        ({"interval": 0}, "7.17", "[interval] must be 1 or greater for aggregation [date_histogram]"),
        (
            {"calendar_interval": "day", "fixed_interval": "1d"},
            None,
            "Cannot use [fixed_interval] with [calendar_interval] configuration option.",
        ),
    ],
)
def test_intervals_that_are_refused(options: dict[str, Any], version: str | None, reason: str) -> None:
    error = Sales(version=version).refusal(it={"date_histogram": {"field": "time", **options}})
    assert (error.type, error.reason) == ("illegal_argument_exception", reason)


@pytest.mark.parametrize(("version", "most", "status"), [("7.2", 10_000, 503), ("7.17", 65_535, 503), ("8.19", 65_536, 400)])
def test_too_many_buckets_are_refused_before_they_are_made(version: str, most: int, status: int) -> None:
    sales = at("1970-01-01", "2024-01-01", version=version)
    error = sales.refusal(it={"date_histogram": {"field": "time", "fixed_interval": "1s"}})
    assert (error.type, error.status, error.metadata) == ("too_many_buckets_exception", status, {"max_buckets": most})
    assert f"[{most}]" in str(error.reason)


ZONES = ("UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo", "Australia/Lord_Howe")


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 2_000_000_000_000),
    st.sampled_from(["m", "h", "d", "w", "M", "q", "y", 5 * 60_000, 3 * HOUR, DAY]),
    st.sampled_from(ZONES),
)
def test_a_moment_lies_in_its_bucket_and_before_the_next(instant: int, unit: str | int, zone: str) -> None:
    rounding = Rounding(unit, timezone.utc if zone == "UTC" else ZoneInfo(zone))
    key = rounding.down(instant)
    assert key <= instant < rounding.following(key)
    assert rounding.down(key) == key


@given(st.integers(0, 2_000_000_000_000), st.sampled_from(ZONES))
def test_days_begin_at_midnight_or_right_after_a_gap(instant: int, name: str) -> None:
    zone = ZoneInfo(name)
    key = Rounding("d", zone).down(instant)
    start = datetime.fromtimestamp(key / 1000, zone)
    assert start.date() == datetime.fromtimestamp(instant / 1000, zone).date()
    before = datetime.fromtimestamp(key / 1000 - 1, zone)
    assert before.date() < start.date() or start.hour == 0
