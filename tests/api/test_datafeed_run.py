"""Datafeeds at work: lookback, real time, what they tell, and what stops them."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import VirtualClock
from fake_es.indices.system_indices import SystemIndices
from fake_es.wire.human import iso_instant
from tests.api.feeding import (
    HOUR,
    JOB,
    MAPPINGS,
    QUIET,
    START,
    buckets,
    counts,
    datafeed,
    documents,
    index,
    put,
    ready,
    said,
    scene,
    start,
    stats,
)
from tests.support import RELEASES, Http


def until(hours: float) -> str:
    return f"?end={int(START + hours * HOUR)}"


@pytest.mark.parametrize("release", RELEASES)
def test_a_lookback_feeds_every_document_and_closes_the_job(release: str) -> None:
    fake = ready(release, documents(100))
    start(fake, until(100))
    fake.fake.clock.advance("1m")
    assert stats(fake)["state"] == "stopped"
    assert fake.state("x") == "closed"
    assert counts(fake)["processed_record_count"] == 100
    assert counts(fake)["latest_record_timestamp"] == START + 99 * 600_000


def test_what_is_told_of_a_lookback() -> None:
    fake = ready("9.5", documents(12))
    start(fake, until(3))
    assert said(fake)[3:] == [
        "Starting datafeed [d] on node [node-1]",
        "Datafeed started (from: 1970-01-01T00:00:00.000Z to: 2017-02-01T03:00:00.000Z) with frequency [10m]",
        "Datafeed lookback completed",
        "Datafeed stopped",
        "Job is closing",
        f"Job model snapshot with id [{fake.fake.clock.now() // 1000}] stored",
    ]


def test_the_end_is_exclusive_and_the_start_is_not() -> None:
    fake = ready("9.5", documents(60))
    start(fake, f"?start={START + HOUR}&end={START + 2 * HOUR}")
    assert counts(fake)["processed_record_count"] == 6
    assert counts(fake)["earliest_record_timestamp"] == START + HOUR


@pytest.mark.parametrize(
    "given", ["2017-02-01T01:00:00Z", "2017-02-01T01:00:00.000+00:00", "2017-02-01||+1h", "now-47h", str(START + HOUR)]
)
def test_times_may_be_written_in_many_ways(given: str) -> None:
    fake = ready("9.5", documents(60))
    assert datafeed(fake, "_start", {"start": given, "end": "2018"}).body["started"] is True
    assert counts(fake)["earliest_record_timestamp"] == START + HOUR


def test_times_that_are_none() -> None:
    fake = ready()
    reply = datafeed(fake, "_start?start=nope")
    assert (reply.status, reply.type) == (400, "parse_exception")
    assert reply.reason == "Query param [start] with value [nope] cannot be parsed as a date or converted to a number (epoch)."
    assert "[xpack/ml/datafeed] failed to parse field [end]" in datafeed(fake, "_start", {"end": "nope"}).reason
    assert datafeed(fake, "_start", {"end": 5}).status == 400
    reply = datafeed(fake, "_start?start=2017-02-01T01:00:00Z&end=2017-02-01")
    assert reply.type == "action_request_validation_exception"
    assert reply.reason == ("Validation Failed: 1: start [1485910800000] must be earlier than end [1485907200000];")
    assert datafeed(fake, "_start?end=2018", {"start": "2017"}).status == 400
    assert stats(fake)["state"] == "stopped"


def test_unknown_fields_of_a_body_are_passed_over_from_6_3() -> None:
    assert datafeed(ready("6.2"), "_start", {"nope": 1}).status == 400
    assert datafeed(ready("9.5"), "_start", {"nope": 1}).status == 200


def test_lookback_without_data() -> None:
    fake = ready("9.5", documents(3))
    start(fake, f"?start={START + 10 * HOUR}&end={START + 20 * HOUR}")
    assert "Datafeed lookback retrieved no data" in said(fake)
    assert "Datafeed lookback completed" not in said(fake)
    assert fake.state("x") == "closed"


def test_the_answer_names_the_node_from_7_8() -> None:
    assert start(ready("7.7")).body == {"started": True}
    fake = ready("9.5")
    assert start(fake).body == {"started": True, "node": fake.stats("x")["node"]["id"]}


@pytest.mark.parametrize("release", RELEASES)
def test_real_time_goes_on_where_the_lookback_ended(release: str) -> None:
    now = START + 48 * HOUR
    fake = ready(release, documents(12))
    start(fake)
    assert said(fake)[-1] == "Datafeed continued in real-time"
    assert counts(fake)["processed_record_count"] == 12
    fake.fake.clock.advance("5m")
    index(fake, documents(2, start=now + 60_000))
    fake.fake.clock.advance("30m")
    assert counts(fake)["processed_record_count"] == 14
    assert stats(fake)["state"] == "started"
    assert fake.state("x") == "opened"
    datafeed(fake, "_stop")
    fake.fake.clock.advance("5m")
    assert fake.state("x") == "opened"


def test_a_search_runs_at_each_interval_plus_the_query_delay() -> None:
    now = START + 48 * HOUR
    fake = ready("9.5", documents(1), frequency="60s", query_delay="90s")
    start(fake)
    index(fake, [{"time": now + 30_000, "host": "h", "value": 1.0}])
    # The interval of the record ends at one minute; 90 s later it is searched, at 30 s past a minute.
    fake.fake.clock.set(now + 150_099)
    assert counts(fake)["processed_record_count"] == 1
    fake.fake.clock.set(now + 150_100)
    assert counts(fake)["processed_record_count"] == 2


def test_what_comes_later_than_the_query_delay_is_missed_and_told() -> None:
    now = START + 48 * HOUR
    fake = ready("9.5", documents(48 * 6))
    start(fake)
    fake.fake.clock.advance("2h")
    index(fake, documents(3, step=1000, start=now + 60_000))
    fake.fake.clock.advance("2h")
    told = [message for message in said(fake) if "has missed" in message]
    assert told == [
        "Datafeed has missed 3 documents due to ingest latency, latest bucket with missing data is"
        f" [{iso_instant(now)}]. Consider increasing query_delay"
    ]
    assert counts(fake)["processed_record_count"] == 48 * 6


def test_the_check_for_delayed_data_can_be_switched_off() -> None:
    now = START + 48 * HOUR
    fake = ready("9.5", documents(12), delayed_data_check_config={"enabled": False})
    start(fake)
    fake.fake.clock.advance("2h")
    index(fake, documents(3, step=1000, start=now + 60_000))
    fake.fake.clock.advance("2h")
    assert not [message for message in said(fake) if "has missed" in message]


def test_many_empty_searches_are_told_and_the_first_full_one() -> None:
    now = START + 48 * HOUR
    fake = ready("9.5", documents(12))
    start(fake)
    fake.fake.clock.advance("3h")
    assert said(fake)[-1] == "Datafeed has been retrieving no data for a while"
    index(fake, documents(1, start=now + 3 * HOUR))
    fake.fake.clock.advance("20m")
    assert said(fake)[-1] == "Datafeed has started retrieving data again"


@pytest.mark.parametrize(("release", "warnings"), [("8.5", 1), ("8.6", 3), ("9.5", 3)])
def test_empty_searches_are_told_of_again_each_day_from_8_6(release: str, warnings: int) -> None:
    fake = ready(release, documents(12), frequency="1h")
    start(fake)
    fake.fake.clock.advance("49h")
    assert said(fake).count("Datafeed has been retrieving no data for a while") == warnings


def test_empty_searches_end_a_datafeed_that_never_saw_anything() -> None:
    for release, told in (("8.5", 0), ("8.6", 1), ("9.5", 1)):
        fake = ready(release, documents(12), query={"term": {"host": "nobody"}}, max_empty_searches=3)
        start(fake)
        fake.fake.clock.advance("2h")
        assert stats(fake)["state"] == "stopped"
        assert fake.state("x") == "closed"
        assert len([message for message in said(fake) if "has seen no data in [3] attempts" in message]) == told
        assert ("Datafeed stopped" in said(fake)) is (not told)
    other = ready("9.5", documents(1), max_empty_searches=3)
    start(other)
    other.fake.clock.advance("2h")
    assert stats(other)["state"] == "started"


def test_pages_do_not_part_an_instant() -> None:
    fake = ready("9.5", documents(10, step=0), scroll_size=3, settings={"delays": QUIET | {"lookback": "10s"}})
    start(fake)
    datafeed(fake, "_stop")
    assert counts(fake)["processed_record_count"] == 10


def test_a_lookback_can_be_stopped_between_two_pages() -> None:
    delays = QUIET | {"lookback": "10s", "stop_datafeed": "1s"}
    fake = ready("9.5", documents(60), scroll_size=10, settings={"delays": delays})
    start(fake)
    fake.fake.clock.advance("15s")
    assert stats(fake)["state"] == "started"
    assert stats(fake)["running_state"]["real_time_running"] is False
    datafeed(fake, "_stop")
    assert counts(fake)["processed_record_count"] == 20
    start(fake)
    fake.fake.clock.advance("15m")
    assert counts(fake)["processed_record_count"] == 60
    assert sum(buckets(fake).values()) == 60
    assert stats(fake)["running_state"]["real_time_running"] is True


def test_documents_indexed_during_a_lookback_are_read_as_well() -> None:
    # Chunks of an hour: each is a search of its own, and sees what has come since the one before.
    fake = ready(
        "9.5", documents(30), settings={"delays": QUIET | {"lookback": "10s"}},
        chunking_config={"mode": "manual", "time_span": "1h"},
    )  # fmt: skip
    start(fake, until(10))
    index(fake, documents(5, step=1000, start=START + 4 * HOUR + 1))
    fake.fake.clock.advance("5m")
    assert counts(fake)["processed_record_count"] == 35


def test_query_and_fields() -> None:
    job = {
        "analysis_config": {
            "bucket_span": "1h",
            "detectors": [{"function": "mean", "field_name": "value"}],
            "influencers": ["host", "text"],
        },
        "data_description": {"time_field": "time"},
    }
    sources = [source | {"text": "Some words"} for source in documents(9)]
    fake = ready("9.5", sources, job=job, query={"term": {"host": "h1"}})
    rows = datafeed(fake, "_preview", method="GET").body
    assert rows[0] == {"time": START + 600_000, "value": 1.0, "host": "h1", "text": "Some words"}
    start(fake, until(5))
    assert counts(fake)["processed_record_count"] == 3
    assert counts(fake)["missing_field_count"] == 0


def test_a_text_is_what_stands_in_it_not_what_is_copied_there() -> None:
    fake = scene()
    mappings = {"properties": MAPPINGS["properties"] | {"host": {"type": "keyword", "copy_to": "text"}}}
    fake.fake.cluster.part(SystemIndices).create("texts", mappings=mappings)
    index(fake, [{"time": START, "host": "h", "text": "Some words", "value": 1.0}], "texts")
    fake.put("x", {**JOB, "analysis_config": JOB["analysis_config"] | {"influencers": ["text"]}})
    put(fake, {"job_id": "x", "indices": ["texts"]})
    assert datafeed(fake, "_preview", method="GET").body[0]["text"] == "Some words"


def test_script_and_runtime_fields() -> None:
    job: dict[str, Any] = {
        "analysis_config": {
            "bucket_span": "1h",
            "detectors": [{"function": "mean", "field_name": "double"}, {"function": "mean", "field_name": "loud"}],
        },
        "data_description": {"time_field": "time"},
    }
    fields = {"double": {"script": {"source": "doc['value'].value * params.by", "params": {"by": 2}}}}
    runtime = {"loud": {"type": "double", "script": "emit(doc['value'].value + 100)"}}
    fake = ready("9.5", documents(3), job=job, script_fields=fields, runtime_mappings=runtime)
    rows = datafeed(fake, "_preview", method="GET").body
    assert [(row["double"], row["loud"]) for row in rows] == [(0.0, 100.0), (2.0, 101.0), (4.0, 102.0)]


def test_several_indices_are_read_in_one_order() -> None:
    fake = scene("9.5", documents(6))
    index(fake, documents(6, start=START + 1000), "logs-2")
    fake.put("x", JOB)
    put(fake, {"job_id": "x", "indices": ["logs*"], "query_delay": "60s"})
    fake.job("x", "_open")
    start(fake, until(2))
    assert counts(fake)["processed_record_count"] == 12
    assert counts(fake)["out_of_order_timestamp_count"] == 0


def refused(fake: Http) -> tuple[int, str]:
    reply = datafeed(fake, "_start")
    return reply.status, reply.reason


def test_who_may_not_start() -> None:
    fake = scene("9.5", documents(3))
    fake.put("x", JOB)
    put(fake)
    assert refused(fake) == (409, "cannot start datafeed [d] because job [x] is closed")
    assert datafeed(fake, "_start", datafeed_id="nope").reason == "No datafeed with id [nope] exists"
    fake.job("x", "_open")
    start(fake)
    assert refused(fake) == (409, "cannot start datafeed [d] because it has already been started")


def test_5_4_says_it_in_other_words() -> None:
    fake = scene("5.4.0", documents(3))
    fake.put("x", JOB)
    put(fake)
    assert refused(fake) == (409, "cannot start datafeed [d] because job [x] is not open")


def test_what_is_not_there_to_read() -> None:
    fake = ready("9.5")
    indices = fake.fake.cluster.part(SystemIndices)
    indices.drop(indices.index("logs"))
    assert refused(fake) == (404, "datafeed [d] cannot retrieve data because index [logs] does not exist")
    index(fake, [])
    fake("POST", "{ml}/datafeeds/d/_update", {"query": {"match_all": {}}})
    indices.drop(indices.index("logs"))
    indices.create("logs", mappings={"properties": {"time": {"type": "date"}}})
    assert refused(fake) == (400, "[d] cannot retrieve field [value] because it has no mappings")


@pytest.mark.parametrize("time", [{"time": {"type": "text"}}, {"time": {"type": "date", "doc_values": False}}])
def test_a_time_that_cannot_be_searched(time: dict[str, Any]) -> None:
    fake = ready("9.5")
    indices = fake.fake.cluster.part(SystemIndices)
    indices.drop(indices.index("logs"))
    indices.create("logs", mappings={"properties": {"value": {"type": "double"}, "host": {"type": "keyword"}} | time})
    assert refused(fake) == (400, "[d] cannot retrieve time field [time] because it is not aggregatable")


def test_a_datafeed_waits_for_its_job_to_open() -> None:
    fake = scene("9.5", documents(12), delays=QUIET | {"open": "1m"})
    fake.put("x", JOB)
    put(fake)
    fake.job("x", "_open?timeout=1s")
    assert fake.state("x") == "opening"
    start(fake, until(5))
    assert stats(fake)["state"] == "started"
    fake.fake.clock.advance("2m")
    assert counts(fake)["processed_record_count"] == 12
    assert stats(fake)["state"] == "stopped"


def test_each_search_leaves_interim_results_of_what_is_not_finished() -> None:
    now = START + 48 * HOUR

    def interim() -> dict[int, int]:
        found = fake.job("x", "results/buckets", method="GET").body["buckets"]
        return {bucket["timestamp"] - now: bucket["event_count"] for bucket in found if bucket["is_interim"]}

    fake = ready("9.5", documents(2, start=now - HOUR), frequency="60s")
    start(fake)
    assert interim() == {-HOUR: 2}
    index(fake, documents(3, step=1_000, start=now))
    fake.fake.clock.set(now + 120_100)
    assert interim() == {0: 3}


def test_starting_can_time_out() -> None:
    fake = scene("9.5", documents(12), delays=QUIET | {"start_datafeed": "1m"})
    fake.put("x", JOB)
    put(fake)
    fake.job("x", "_open")
    reply = datafeed(fake, "_start?timeout=5s")
    assert (reply.status, reply.type, reply.reason) == (408, "status_exception", "Starting datafeed [d] timed out after [5s]")
    assert stats(fake)["state"] == "starting"
    fake.fake.clock.advance("1m")
    assert stats(fake)["state"] == "started"


def test_before_7_7_starting_looks_like_stopped() -> None:
    fake = scene("7.6", documents(12), delays=QUIET | {"start_datafeed": "1m"})
    fake.put("x", JOB)
    put(fake)
    fake.job("x", "_open")
    datafeed(fake, "_start?timeout=5s")
    assert stats(fake)["state"] == "stopped"


def test_the_realistic_profile_takes_its_time() -> None:
    fake = ready("9.5", documents(2000, step=60_000), settings={"delays": "realistic", "clock": VirtualClock(start=START)})
    before = fake.fake.clock.now()
    start(fake, until(100))
    assert fake.fake.clock.now() == before + 100
    assert stats(fake)["state"] == "started"
    fake.fake.clock.advance("1m")
    assert stats(fake)["state"] == "stopped"
    assert stats(fake)["timing_stats"]["total_search_time_ms"] >= 100


def test_the_model_is_written_down_when_a_lookback_goes_on_in_real_time() -> None:
    fake = ready("9.5", documents(12))
    start(fake)
    assert any(message.startswith("Job model snapshot with id") for message in said(fake))
    assert said(fake)[-2:] == ["Datafeed lookback completed", "Datafeed continued in real-time"]
    assert fake("GET", "{ml}/anomaly_detectors/x/model_snapshots").body["count"] == 1


@pytest.mark.parametrize(("release", "written"), [("6.8", 0), ("7.3", 0), ("7.4", 1), ("8.0", 1)])
def test_from_7_4_a_lookback_leaves_its_model_and_a_stop_its_timing(release: str, written: int) -> None:
    fake = ready(release, documents(12))
    start(fake)
    assert fake("GET", "{ml}/anomaly_detectors/x/model_snapshots").body["count"] == written
    datafeed(fake, "_stop")
    query = {"query": {"term": {"result_type": "datafeed_timing_stats"}}}
    assert len(fake("POST", "/.ml-anomalies-*/_search", query).body["hits"]["hits"]) == written


def test_options_let_missing_and_closed_indices_be() -> None:
    fake = scene("9.5", documents(12))
    index(fake, documents(5, start=START + 1), "closed-1")
    indices = fake.fake.cluster.part(SystemIndices)
    indices.index("closed-1").closed = True
    fake.put("x", JOB)
    put(fake, {"job_id": "x", "indices": ["logs", "nope", "closed-*"], "indices_options": {"ignore_unavailable": True}})
    assert len(datafeed(fake, "_preview", method="GET").body) == 12
    datafeed(fake, "_update", {"indices_options": {"ignore_unavailable": False}})
    assert datafeed(fake, "_preview", method="GET").status == 404


def test_an_alias_shows_what_its_filter_lets_through() -> None:
    fake = scene("9.5", documents(12))
    indices = fake.fake.cluster.part(SystemIndices)
    indices.add_alias(indices.index("logs"), "some", {"filter": {"term": {"host": "h1"}}})
    fake.put("x", JOB)
    put(fake, {"job_id": "x", "indices": ["some"]})
    assert {row["host"] for row in datafeed(fake, "_preview", method="GET").body} == {"h1"}


def test_lists_and_missing_values() -> None:
    sources: list[dict[str, Any]] = [{"time": START, "host": ["a", "b"], "value": 1.0}, {"time": START + 1, "value": 2.0}]
    fake = ready("9.5", sources)
    assert datafeed(fake, "_preview", method="GET").body == [
        {"time": START, "value": 1.0, "host": ["a", "b"]},
        {"time": START + 1, "value": 2.0},
    ]
    start(fake, until(1))
    assert counts(fake)["processed_record_count"] == 2
    assert counts(fake)["missing_field_count"] == 1
