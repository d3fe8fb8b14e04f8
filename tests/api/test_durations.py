"""Durations to the millisecond: how they are read, where they are refused, and how they are shown."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import FakeElasticsearch, VirtualClock
from fake_es.delays import JobSize, realistic
from tests.support import Http, Reply, http

DAY = 86_400_000
TIMED_OUT = "Timed out when waiting for persistent tasks after"


def close(timeout: str, release: str = "9.5") -> Reply:
    """Close a job, which takes a month, with a timeout."""
    fake = slow(release)
    return fake.job("x", f"_close?timeout={timeout}")


def slow(release: str = "9.5") -> Http:
    fake = http(release, clock=VirtualClock(start="2017-04-11T08:30:00Z"), delays={"open": 0, "close": "30d"})
    fake.put("x")
    fake.job("x", "_open")
    return fake


@pytest.mark.parametrize(
    ("given", "milliseconds", "shown"),
    [
        ("0", 0, "0s"),
        ("000", 0, "0s"),
        ("0ms", 0, "0s"),
        ("999999nanos", 0, "0s"),
        ("1000000nanos", 1, "1ms"),
        ("7999micros", 7, "7ms"),
        ("8000micros", 8, "8ms"),
        ("1ms", 1, "1ms"),
        ("%20%2B5%20MS%20", 5, "5ms"),
        ("999ms", 999, "999ms"),
        ("1000ms", 1_000, "1s"),
        ("1099ms", 1_099, "1s"),
        ("1100ms", 1_100, "1.1s"),
        ("59s", 59_000, "59s"),
        ("59999ms", 59_999, "59.9s"),
        ("60s", 60_000, "1m"),
        ("90s", 90_000, "1.5m"),
        ("3599999ms", 3_599_999, "59.9m"),
        ("60m", 3_600_000, "1h"),
        ("86399999ms", DAY - 1, "23.9h"),
        ("24h", DAY, "1d"),
        ("29d", 29 * DAY, "29d"),
        ("000000000000000001s", 1_000, "1s"),
    ],
)
def test_a_timeout_is_waited_for_to_the_millisecond_and_shown(given: str, milliseconds: int, shown: str) -> None:
    fake = slow()
    before = fake.fake.clock.now()
    reply = fake.job("x", f"_close?timeout={given}")
    assert reply.reason == f"{TIMED_OUT} {shown}"
    assert fake.fake.clock.now() - before == milliseconds


@pytest.mark.parametrize(
    ("release", "given"), [("9.5", "-1"), ("9.5", "-001"), ("9.5", "-1ms"), ("9.5", "-1d"), ("7.17", "-2ms"), ("7.17", "-1d")]
)
def test_a_negative_timeout_is_none(release: str, given: str) -> None:
    assert close(given, release).body == {"closed": True}


@pytest.mark.parametrize(
    ("release", "given", "status", "type_"),
    [
        ("7.17", "-2s", 200, ""),
        ("8.0", "-2s", 400, "illegal_argument_exception"),
        ("8.0", "-1s", 200, ""),
        ("6.2", "5", 400, "parse_exception"),
        ("6.3", "5", 400, "illegal_argument_exception"),
        ("9.5", "9223372036854775808s", 400, "illegal_argument_exception"),
        ("9.5", "s", 400, "illegal_argument_exception"),
        ("9.5", "1 2s", 400, "illegal_argument_exception"),
        ("9.5", "-11", 400, "illegal_argument_exception"),
        ("9.5", "01", 400, "illegal_argument_exception"),
    ],
)
def test_where_timeouts_begin_to_be_refused(release: str, given: str, status: int, type_: str) -> None:
    reply = close(given.replace(" ", "%20"), release)
    assert (reply.status, reply.type if status >= 400 else "") == (status, type_)


@pytest.mark.parametrize(
    ("release", "given", "said"),
    [
        ("5.6", "1.5s", f"{TIMED_OUT} 1.5s"),
        ("5.6", ".5s", f"{TIMED_OUT} 500ms"),
        ("5.6", "%2B2.s", f"{TIMED_OUT} 2s"),
        ("5.6", "1,5s", "failed to parse [1,5s]"),
        ("6.0", "1.5s", "failed to parse [1.5s], fractional time values are not supported"),
        ("6.0", ".5s", "failed to parse [.5s], fractional time values are not supported"),
        ("6.0", "1.5.5s", "failed to parse [1.5.5s]"),
    ],
)
def test_fractions_are_known_in_5_x(release: str, given: str, said: str) -> None:
    assert close(given, release).reason == said


@pytest.mark.parametrize(("given", "shown"), [("90s", "90s"), ("1.5m", "1.5m"), ("2.m", "2m"), ("+3M", None)])
def test_a_duration_is_shown_in_the_unit_it_was_given_in(given: str, shown: str | None) -> None:
    fake = http("5.6")
    fake.put("x")
    reply = fake("PUT", "{ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"], "types": ["t"], "query_delay": given})
    assert reply.body.get("query_delay") == shown


@pytest.mark.parametrize(
    ("given", "milliseconds"),
    [
        ("3ms", 3),
        (" 3 s ", 3_000),
        ("3m", 180_000),
        ("3h", 10_800_000),
        ("2d", 2 * DAY),
        ("1.5s", 1_500),
        ("0.0006s", 1),
        (0, 0),
        (1.5, 1_500),
        (0.0006, 1),
        ("253402300799999ms", 253_402_300_799_999),
    ],
)
def test_delays_are_kept_to_the_millisecond(given: Any, milliseconds: int) -> None:
    fake = http()
    assert fake("PUT", "/_fake/delays", {"close": given}).body == {"profile": "realistic", "close": f"{milliseconds}ms"}


@pytest.mark.parametrize("given", ["253402300800000ms", 253_402_300_800, "-1ms", -0.001, -1e-9, "1", "1.s", True, False, None])
def test_durations_that_are_none(given: Any) -> None:
    assert http()("PUT", "/_fake/delays", {"close": given}).status == 400


@pytest.mark.parametrize(
    ("given", "milliseconds"),
    [(0, 0), (1, 1), ("1970-01-01T00:00:00.001Z", 1), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999)],
)
def test_the_first_and_the_last_instant_of_a_clock(given: int | str, milliseconds: int) -> None:
    assert VirtualClock(start=given).now() == milliseconds


MIB = 1024 * 1024
EMPTY = JobSize()


@pytest.mark.parametrize(
    ("kind", "size", "milliseconds"),
    [
        ("open", EMPTY, 600),
        ("open", JobSize(model_bytes=8 * MIB), 1_600),
        ("open", JobSize(buckets=3, records=1_000), 606),
        ("close", EMPTY, 1_000),
        ("close", JobSize(model_bytes=80 * MIB, buckets=3, records=1_000), 11_006),
        ("delete", EMPTY, 200),
        ("delete", JobSize(model_bytes=80 * MIB, buckets=6, records=1_000), 203),
        ("reset", EMPTY, 200),
        ("reset", JobSize(model_bytes=80 * MIB, buckets=6, records=1_000), 203),
        ("start_datafeed", JobSize(8 * MIB, 1_000, 1_000), 100),
        ("stop_datafeed", JobSize(8 * MIB, 1_000, 1_000), 100),
        ("lookback", EMPTY, 5),
        ("lookback", JobSize(8 * MIB, 60, 1_000), 8),
        ("upgrade", EMPTY, 1_000),
        ("upgrade", JobSize(model_bytes=8 * MIB, buckets=3, records=1_000), 3_012),
        ("forecast", EMPTY, 100),
        ("forecast", JobSize(8 * MIB, 30, 1_000), 103),
        ("force_close", JobSize(8 * MIB, 1_000, 1_000), 0),
        ("open", JobSize(buckets=299_699), 599_998),
        ("open", JobSize(buckets=299_700), 600_000),
        ("open", JobSize(buckets=299_701), 600_000),
    ],
)
def test_how_long_an_operation_takes(kind: str, size: JobSize, milliseconds: int) -> None:
    assert realistic(kind, "x", size) == milliseconds


@pytest.mark.parametrize(("given", "taken"), [(-1, 0), (0, 0), (0.4, 0), (0.6, 1), (1, 1), (1.6, 2)])
def test_a_profile_of_ones_own_takes_whole_milliseconds(given: float, taken: int) -> None:
    fake = FakeElasticsearch(clock=VirtualClock(start=0), delays=lambda kind, job_id, size: given if job_id == "x" else 7)
    assert [fake.delays.duration("open", job_id, EMPTY) for job_id in "xy"] == [taken, 7]
    assert fake.delays.describe() == {"profile": "custom"}


def test_the_figure_of_a_job_comes_before_that_of_the_kind_and_both_before_the_profile() -> None:
    delays = FakeElasticsearch(delays={"open": "2s", "close": 0, "jobs": {"x": {"open": 0, "delete": "3s"}}}).delays

    def taken(job_id: str) -> list[int]:
        return [delays.duration(kind, job_id, EMPTY) for kind in ("open", "close", "delete")]

    assert (taken("x"), taken("y")) == ([0, 0, 3_000], [2_000, 0, 200])
    delays.change({"jobs": {"x": {"close": "1ms"}, "y": {"open": "1ms"}}})
    assert (taken("x"), taken("y")) == ([0, 1, 3_000], [1, 0, 200])
    delays.change({"profile": "none", "delete": "1s"})
    assert (taken("x"), taken("y")) == ([0, 0, 1_000], [0, 0, 1_000])
    delays.change("realistic")
    assert (taken("x"), taken("y")) == ([600, 1_000, 200], [600, 1_000, 200])


def innermost(reply: Reply) -> str:
    """Reason of the error that the others wrap."""
    error = reply.body["error"]
    while "caused_by" in error:
        error = error["caused_by"]
    return str(error["reason"])


def config(span: str) -> dict[str, Any]:
    """A job with that bucket span."""
    analysis = {"bucket_span": span, "detectors": [{"function": "count"}]}
    return {"analysis_config": analysis, "data_description": {"time_field": "time"}}


@pytest.mark.parametrize(
    ("release", "span", "said"),
    [
        ("9.5", "-1", "bucket_span cannot be less or equal than 0. Value = -1"),
        ("9.5", "-1s", "bucket_span cannot be less or equal than 0. Value = -1"),
        ("7.17", "-20m", "bucket_span cannot be less or equal than 0. Value = -20"),
        ("9.5", "0m", "bucket_span cannot be less or equal than 0. Value = 0s"),
        ("9.5", "999ms", "bucket_span has to be a multiple of 1s; actual was '999ms'"),
        ("9.5", "1500ms", "bucket_span has to be a multiple of 1s; actual was '1.5s'"),
        ("9.5", "1000001micros", "bucket_span has to be a multiple of 1s; actual was '1s'"),
        ("9.5", "90500ms", "bucket_span has to be a multiple of 1s; actual was '1.5m'"),
        ("9.5", "7nanos", "bucket_span has to be a multiple of 1s; actual was '7nanos'"),
        ("9.5", "1500nanos", "bucket_span has to be a multiple of 1s; actual was '1.5micros'"),
    ],
)
def test_a_bucket_span_is_told_in_the_largest_unit_that_fits(release: str, span: str, said: str) -> None:
    assert innermost(http(release).put("x", config(span))).endswith(said)


def test_micros_and_nanos_that_make_a_whole_second_are_one() -> None:
    fake = http()
    assert fake.put("x", config("2000000micros")).body["analysis_config"]["bucket_span"] == "2000000micros"
    assert fake.put("y", config("1000000000nanos")).status == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("-1", "[duration] must be positive: [-1]"),
        ("-1s", "[duration] must be positive: [-1]"),
        ("0", "[duration] must be positive: [0ms]"),
        ("0s", "[duration] must be positive: [0s]"),
        ("87601h", "[duration] must be 3650d or less: [87601h]"),
    ],
)
def test_the_duration_of_a_forecast_is_told_in_its_own_unit(given: str, said: str) -> None:
    fake = http(delays="none")
    fake.put("x", config("1h"))
    fake.job("x", "_open")
    assert fake.job("x", f"_forecast?duration={given}").reason == said


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("query_delay", "-1", "query_delay cannot be less than 0. Value = -1"),
        ("query_delay", "-1m", "query_delay cannot be less than 0. Value = -1"),
        ("query_delay", "1500micros", "query_delay has to be a multiple of 1ms; actual was '1.5ms'"),
        ("frequency", "-1s", "frequency cannot be less or equal than 0. Value = -1"),
        ("frequency", "61500ms", "frequency has to be a multiple of 1s; actual was '1m'"),
    ],
)
def test_durations_of_a_datafeed_are_told_in_the_largest_unit_that_fits(field: str, value: str, said: str) -> None:
    fake = http()
    fake.put("x", config("1h"))
    reply = fake("PUT", "{ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"], field: value})
    assert innermost(reply).endswith(said)


def test_a_check_window_is_held_against_the_bucket_span() -> None:
    fake = http()
    fake.put("x", config("5400s"))
    check = {"enabled": True, "check_window": "90m"}
    feed = {"job_id": "x", "indices": ["logs"], "delayed_data_check_config": check}
    said = "delayed_data_check_config: check_window [1.4h] must be greater than the bucket_span [1.5h]"
    assert (
        fake("PUT", "{ml}/datafeeds/d", feed | {"delayed_data_check_config": check | {"check_window": "5399s"}}).reason == said
    )
    assert fake("PUT", "{ml}/datafeeds/d", feed).status == 200
