"""Posting data: formats, times, counts, buckets."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from fake_es import VirtualClock
from tests.support import JOB, RELEASES, Http, http

START = 1_403_481_600
HOUR = 3600


def feeding(release: str = "9.5", *, analysis: dict[str, Any] | None = None, **description: str) -> Http:
    """An emulator whose job "x" is open; keywords are of its data_description."""
    fake = http(release, clock=VirtualClock(start="2017-04-11T08:30:00Z"))
    body = {
        "analysis_config": JOB["analysis_config"] | (analysis or {}),
        "data_description": {"time_format": "epoch"} | description,
    }
    assert fake.put("x", body).status == 200
    fake.job("x", "_open")
    return fake


def record(second: int = 0, **fields: Any) -> dict[str, Any]:
    return {"time": START + second, "airline": "AAL", "responsetime": 1.5} | fields


def lines(*records: Any) -> str:
    return "\n".join(map(json.dumps, records))


def buckets(fake: Http) -> list[tuple[int, int]]:
    """Seconds after START and event counts of all buckets."""
    found = fake.job("x", "results/buckets", method="GET").body["buckets"]
    return [(bucket["timestamp"] // 1000 - START, bucket["event_count"]) for bucket in found]


@pytest.mark.parametrize("release", RELEASES)
def test_the_worked_example(release: str) -> None:
    fake = feeding(release)
    body = lines(record(sourcetype="f"), record(100, sourcetype="f"))
    reply = fake.job("x", "_data", body)
    assert reply.status == 202
    expected = {
        "job_id": "x",
        "processed_record_count": 2,
        "processed_field_count": 4,
        "input_bytes": len(body),
        "input_field_count": 6,
        "invalid_date_count": 0,
        "missing_field_count": 0,
        "out_of_order_timestamp_count": 0,
        "empty_bucket_count": 0,
        "sparse_bucket_count": 0,
        "bucket_count": 0,
        "earliest_record_timestamp": START * 1000,
        "latest_record_timestamp": (START + 100) * 1000,
        "last_data_time": fake.fake.clock.now(),
        "input_record_count": 2,
    }
    assert {name: reply.body.get(name) for name in expected} == expected
    assert {name: fake.stats("x")["data_counts"].get(name) for name in expected} == expected


@pytest.mark.parametrize(
    "body",
    [
        lines(record(), record(1)),
        json.dumps(record()) + json.dumps(record(1)),
        json.dumps([record(), record(1)]),
        json.dumps([record(), record(1)], indent=2),
        "\n\n" + lines(record(), record(1)) + "\r\n\r\n",
    ],
)
@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson"])
def test_objects_in_any_arrangement(body: str, media_type: str) -> None:
    fake = feeding()
    reply = fake("POST", "{ml}/anomaly_detectors/x/_data", body, content_type=media_type)
    assert (reply.status, reply.body["processed_record_count"]) == (202, 2)


def test_what_is_nested_is_flattened() -> None:
    fake = feeding(analysis={"detectors": [{"function": "count", "by_field_name": "a.b.c", "partition_field_name": "tags"}]})
    nested = {"time": START, "a": {"b": {"c": 1}}, "tags": ["x", None, 2], "nothing": None}
    counts = fake.job("x", "_data", nested).body
    assert (counts["input_field_count"], counts["missing_field_count"], counts["processed_field_count"]) == (3, 0, 2)


def test_a_record_may_be_as_deep_as_it_likes() -> None:
    deep = f'{{"time":{START},"deep":' + '{"d":' * 500 + "1" + "}" * 501
    assert feeding().job("x", "_data", deep).body["processed_record_count"] == 1
    assert feeding().job("x", "_data", '{"d":' * 5000 + "1" + "}" * 5000).status in (202, 400)


def test_missing_fields_are_counted_for_each_record() -> None:
    counts = feeding().job("x", "_data", lines({"time": START}, {"airline": "A"}, record())).body
    assert counts["missing_field_count"] == 4
    assert counts["invalid_date_count"] == 1
    assert counts["processed_record_count"] == 2
    assert counts["processed_field_count"] == 0


@pytest.mark.parametrize(
    "time",
    [None, "", "soon", [], {}, True, float("inf"), 10**30, -(10**30), "1e400", "nan"],
)
def test_bad_times_are_counted_and_dropped(time: Any) -> None:
    fake = feeding()
    counts = fake.job("x", "_data", lines(record(), record() | {"time": time})).body
    assert (counts["processed_record_count"], counts["invalid_date_count"]) == (1, 1)
    assert fake.job("x", "_close").body == {"closed": True}
    assert fake.job("x", "_open").body["opened"] is True


@pytest.mark.parametrize(
    ("time_format", "time", "instant"),
    [
        ("epoch", START, "2014-06-23T00:00:00+00:00"),
        ("epoch", str(START), "2014-06-23T00:00:00+00:00"),
        ("epoch", START + 0.25, "2014-06-23T00:00:00.250+00:00"),
        ("epoch_ms", START * 1000 + 1, "2014-06-23T00:00:00.001+00:00"),
        ("epoch_ms", "1403481600001", "2014-06-23T00:00:00.001+00:00"),
        ("yyyy-MM-dd HH:mm:ssX", "2014-06-23 00:00:00Z", "2014-06-23T00:00:00+00:00"),
        ("yyyy-MM-dd HH:mm:ssX", "2014-06-23 00:00:00+02", "2014-06-22T22:00:00+00:00"),
        ("yyyy-MM-dd HH:mm:ssXXX", "2014-06-23 00:00:00-01:30", "2014-06-23T01:30:00+00:00"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSX", "2014-06-23T00:00:00.123Z", "2014-06-23T00:00:00.123+00:00"),
        ("yyyy-MM-dd'T'HH:mm:ss", "2014-06-23T00:00:01", "2014-06-23T00:00:01+00:00"),
        ("dd MMM yy h:mm a", "23 Jun 14 1:05 PM", "2014-06-23T13:05:00+00:00"),
        ("EEE MMM d HH:mm:ss VV yyyy", "Mon Jun 23 02:00:00 Europe/Berlin 2014", "2014-06-23T00:00:00+00:00"),
        ("yyyy-DDD", "2014-174", "2014-06-23T00:00:00+00:00"),
        ("uuuu/M/d['at'HH]", "2014/6/23", "2014-06-23T00:00:00+00:00"),
        ("uuuu/M/d['at'HH]", "2014/6/23at07", "2014-06-23T07:00:00+00:00"),
        ("HH''mm dd-MM-yyyy Z", "01'02 23-06-2014 +0100", "2014-06-23T00:02:00+00:00"),
        ("yyyy'''' d MMM", "2014' 23 Jun", "2014-06-23T00:00:00+00:00"),
        ("yyyy-MM-dd A", "2014-06-23 5", "2014-06-23T00:00:00.005+00:00"),
        ("yyyy-MM-dd HH:mm:ss.n", "2014-06-23 00:00:00.5000000", "2014-06-23T00:00:00.005+00:00"),
    ],
)
def test_times(time_format: str, time: Any, instant: str) -> None:
    counts = feeding(time_format=time_format).job("x", "_data", record() | {"time": time}).body
    expected = round(datetime.fromisoformat(instant).astimezone(timezone.utc).timestamp() * 1000)
    assert counts.get("latest_record_timestamp") == expected


@pytest.mark.parametrize(
    ("time_format", "time"),
    [
        ("yyyy-MM-dd", "2014-6-23"),
        ("yyyy-MM-dd", "2014-02-30"),
        ("yyyy-MM-dd", 5),
        ("yyyy-MM-dd HH:mm", "2014-06-23 24:61"),
        ("yyyy-MM-dd VV", "2014-06-23 Nowhere/City"),
        ("d MMM yyyy", "23 Juno 2014x"),
        ("d MMM yyyy", "23 Xyz 2014"),
    ],
)
def test_times_that_do_not_fit_their_pattern(time_format: str, time: Any) -> None:
    counts = feeding(time_format=time_format).job("x", "_data", record() | {"time": time}).body
    assert (counts["processed_record_count"], counts["invalid_date_count"]) == (0, 1)


@pytest.mark.parametrize("pattern", ["{", "yyyy[", "]", "qqqq", "'open", "b"])
def test_patterns_that_are_none(pattern: str) -> None:
    body = JOB | {"data_description": {"time_format": pattern}}
    assert http().put("x", body).status == 400


def test_up_to_7_12_a_record_may_not_be_earlier_than_the_last() -> None:
    body = lines(record(HOUR + 10), record(HOUR + 9), record(HOUR - 1))
    old, new = (feeding(release).job("x", "_data", body).body for release in ("7.12", "7.13"))
    assert old["out_of_order_timestamp_count"] == 2
    assert new["out_of_order_timestamp_count"] == 1


def test_latency_forgives_disorder_and_delays_buckets() -> None:
    fake = feeding("6.8", analysis={"latency": "2h"})
    counts = fake.job("x", "_data", lines(record(2 * HOUR), record(0), record(4 * HOUR), record(HOUR))).body
    assert counts["out_of_order_timestamp_count"] == 1
    assert buckets(fake) == [(0, 1), (HOUR, 0)]


def test_an_upload_of_late_records_alone_names_the_latest_of_them() -> None:
    fake = feeding()
    fake.job("x", "_data", record(10 * HOUR))
    counts = fake.job("x", "_data", lines(record(0), record(HOUR))).body
    assert counts["latest_record_timestamp"] == (START + HOUR) * 1000
    assert "earliest_record_timestamp" not in counts
    assert fake.stats("x")["data_counts"]["latest_record_timestamp"] == (START + 10 * HOUR) * 1000


def test_each_closed_bucket_is_there_and_the_one_in_progress_is_not() -> None:
    fake = feeding()
    fake.job("x", "_data", lines(record(0), record(5), record(3 * HOUR)))
    assert buckets(fake) == [(0, 2), (HOUR, 0), (2 * HOUR, 0)]
    counts = fake.stats("x")["data_counts"]
    assert (counts["bucket_count"], counts["empty_bucket_count"]) == (3, 2)
    assert counts["latest_empty_bucket_timestamp"] == (START + 2 * HOUR) * 1000
    fake.job("x", "_data", record(4 * HOUR))
    assert buckets(fake)[3:] == [(3 * HOUR, 1)]


def test_a_leap_of_centuries_leaves_no_mountain_of_buckets() -> None:
    fake = feeding()
    fake.job("x", "_data", lines(record(0), record(10_000_000_000)))
    assert fake.job("x", "results/buckets", method="GET").body["count"] == 10_001


def test_summarised_input_counts_what_it_stands_for() -> None:
    detectors = [{"function": "count"}]
    fake = feeding(analysis={"summary_count_field_name": "n", "detectors": detectors})
    counted = [record(n=3), record(1, n="4"), record(2, n="x"), record(3), record(HOUR, n=1)]
    fake.job("x", "_data", lines(*counted))
    assert buckets(fake) == [(0, 7)]


def test_damaged_objects_are_read_over_until_there_are_a_hundred() -> None:
    damaged = '{"time": oops}\n'
    counts = feeding().job("x", "_data", damaged * 99 + lines(record())).body
    assert counts["processed_record_count"] == 1
    fake = feeding()
    reply = fake.job("x", "_data", lines(record()) + "\n" + damaged * 100)
    assert (reply.status, reply.type, reply.reason) == (400, "parse_exception", "The input JSON data is malformed.")
    assert fake.stats("x")["data_counts"]["processed_record_count"] == 1


def test_what_is_no_object_is_read_over() -> None:
    assert feeding().job("x", "_data", f'5 "text" {lines(record())} [1]').body["processed_record_count"] == 1


def csv(*rows: str) -> str:
    return "\n".join(["time,airline,responsetime,other", *rows]) + "\n"


def delimited(**more: Any) -> Http:
    return feeding("7.17", format="delimited", field_delimiter=",", **more)


def test_delimited_text() -> None:
    body = csv(f"{START},AAL,1.5,x", f'{START + 1},"A, B ""C""",2,y', "", f"{START + 2},AAL")
    counts = delimited().job("x", "_data", body).body
    assert counts["processed_record_count"] == 3
    assert counts["input_field_count"] == 9
    assert counts["missing_field_count"] == 1
    assert counts["processed_field_count"] == 5


def test_delimited_text_without_a_field_of_the_analysis() -> None:
    reply = delimited().job("x", "_data", "time,responsetime\n1,2\n")
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")
    assert reply.reason == "Field configured for analysis 'airline' is not in the CSV header '[time, responsetime]'"


def test_delimited_text_of_nothing_and_of_broken_rows() -> None:
    assert delimited().job("x", "_data", "\n").body["processed_record_count"] == 0
    long_field = '"' + "x" * 200_000
    assert delimited().job("x", "_data", csv(f"{START},{long_field},1,x")).status == 400


@pytest.mark.parametrize(("release", "status"), [("5.4.0", 202), ("6.0", 400), ("9.5", 400)])
def test_nothing_at_all(release: str, status: int) -> None:
    assert feeding(release).job("x", "_data").status == status


def test_ranges_to_be_reset_must_be_times() -> None:
    fake = feeding()
    assert fake.job("x", "_data?reset_start=1403481600&reset_end=now", record()).status == 202
    reply = fake.job("x", "_data?reset_end=soon", record())
    assert reply.reason == (
        "Query param [reset_end] with value [soon] cannot be parsed as a date or converted to a number (epoch)."
    )


@pytest.mark.parametrize(
    ("time", "end"),
    [
        ("1403489400", 7200),
        ("1403489400000", 7200),
        ("2014-06-23T02:10:00Z", 7200),
        ("2014-06-23T02:10:00%2B01:00", 3600),
        ("2014-06-23T02", 7200),
        ("2014-06-23||%2B2h", 7200),
        ("2014-06-23||%2B1d/d", 86400),
        ("2014-05-31||%2B1M/M", None),
        ("2014-07-01||-1w/w", 0),
        ("2014-06-23T02:30:00.5||/h", 7200),
        ("2014||%2B5M%2B22d%2B120m", 7200),
        ("2014-06-23T02:01:59||/m", 7200),
        ("2013-06-23T03:00:01||%2By-H/s", 7200),
    ],
)
def test_times_of_a_flush(time: str, end: int | None) -> None:
    fake = feeding()
    fake.job("x", "_data", record(1))
    reply = fake.job("x", f"_flush?advance_time={time}")
    expected = 0 if end is None else end
    assert reply.body == {"flushed": True, "last_finalized_bucket_end": (START + expected) * 1000}


@pytest.mark.parametrize("time", ["2014-13", "2014-06-23||%2B1q", "now-", "now%2B99999999y", "2014-06-23T02:10:00%2B99:00"])
def test_times_of_a_flush_that_are_none(time: str) -> None:
    assert feeding().job("x", f"_flush?advance_time={time}").type == "parse_exception"


def test_a_flush_counts_what_is_not_finished() -> None:
    fake = feeding()
    fake.job("x", "_data", lines(record(0), record(HOUR), record(HOUR + 1)))
    fake.job("x", f"_flush?calc_interim=true&start={START + HOUR}&end={START + 2 * HOUR}")
    found = fake.job("x", "results/buckets", method="GET").body["buckets"]
    assert [(bucket["event_count"], bucket["is_interim"]) for bucket in found] == [(1, False), (2, True)]
    fake.job("x", "_data", record(2 * HOUR))
    found = fake.job("x", "results/buckets", method="GET").body["buckets"]
    assert [(bucket["event_count"], bucket["is_interim"]) for bucket in found] == [(1, False), (2, False)]


def test_a_flush_skips_time() -> None:
    fake = feeding()
    fake.job("x", "_data", record(0))
    assert fake.job("x", f"_flush?skip_time={START + 7100}").body["last_finalized_bucket_end"] == (START + 7200) * 1000
    fake.job("x", "_data", lines(record(7300), record(3 * HOUR)))
    assert buckets(fake) == [(2 * HOUR, 1)]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("advance_time=5&skip_time=5", "advance_time [5000] must be later than skip_time [5000]"),
        ("calc_interim&start=5&end=4", "Invalid time range: end time '4000' is earlier than start time '5000'."),
    ],
)
def test_times_of_a_flush_that_do_not_go_together(query: str, reason: str) -> None:
    assert feeding().job("x", f"_flush?{query}").reason == reason
