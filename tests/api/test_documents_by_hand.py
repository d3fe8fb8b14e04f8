"""Documents of ML that a client has indexed by hand, and indices that it has closed: refused in words or passed over."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import JOB, Http, Reply, http

ML = "{ml}/anomaly_detectors/x"
COUNTS: dict[str, Any] = {
    "job_id": "x", "processed_record_count": 3, "processed_field_count": 6, "input_bytes": 9, "input_field_count": 6,
    "invalid_date_count": 0, "missing_field_count": 0, "out_of_order_timestamp_count": 0, "empty_bucket_count": 0,
    "sparse_bucket_count": 0, "bucket_count": 2,
}  # fmt: skip
SIZE: dict[str, Any] = {"job_id": "x", "model_bytes": 5}
SNAPSHOT: dict[str, Any] = {"job_id": "x", "snapshot_id": "1", "snapshot_doc_count": 1, "timestamp": 1464739200000}
FORECAST: dict[str, Any] = {"job_id": "x", "result_type": "model_forecast_request_stats", "forecast_id": "f"}
CALENDAR: dict[str, Any] = {"type": "calendar", "calendar_id": "c", "job_ids": ["x"]}
EVENT: dict[str, Any] = {
    "type": "scheduled_event", "calendar_id": "c", "description": "d", "start_time": 1464739200000, "end_time": 1464742800000,
}  # fmt: skip
FILTER: dict[str, Any] = {"type": "filter", "filter_id": "f", "items": ["a"]}
RECORDS = [{"time": 1464739200 + hour * 1800, "airline": "A", "responsetime": hour % 7} for hour in range(40)]


@pytest.fixture
def fake() -> Http:
    fake = http("8.19")
    assert fake.put("x").status == 200
    return fake


def lay(fake: Http, document_id: str, source: dict[str, Any], index: str = ".ml-anomalies-shared") -> None:
    reply = fake("PUT", f"/{index}/_doc/{document_id}", source)
    assert reply.status in (200, 201), reply.body


def lay_meta(fake: Http, document_id: str, source: dict[str, Any]) -> None:
    """Beside a calendar that is as it should be."""
    assert fake("PUT", "{ml}/calendars/other").status == 200
    lay(fake, document_id, source, ".ml-meta")


def refused(reply: Reply, reason: str) -> bool:
    """Whether the answer is 400 with these words, whatever place stands before them."""
    return reply.status == 400 and reply.reason.endswith(reason)


NO_LIST = "doesn't support values of type: START_ARRAY"


@pytest.mark.parametrize(
    ("document_id", "source", "reason"),
    [
        ("x_data_counts", COUNTS | {"bucket_count": [1]}, f"[data_counts] bucket_count {NO_LIST}"),
        (
            "x_data_counts",
            COUNTS | {"input_bytes": None},
            "[data_counts] input_bytes doesn't support values of type: VALUE_NULL",
        ),
        ("x_data_counts", {"job_id": "x"} | dict(list(COUNTS.items())[:-1]), "Required [bucket_count]"),
        ("x_timing_stats", {"job_id": "x", "bucket_count": [1]}, f"[timing_stats] bucket_count {NO_LIST}"),
        (
            "x_timing_stats",
            {"job_id": "x", "bucket_count": 1, "minimum_bucket_processing_time_ms": [1.0]},
            f"[timing_stats] minimum_bucket_processing_time_ms {NO_LIST}",
        ),
    ],
)
def test_counts_and_timings_that_cannot_be_read(fake: Http, document_id: str, source: dict[str, Any], reason: str) -> None:
    lay(fake, document_id, source)
    assert refused(fake("GET", ML + "/_stats"), reason)
    assert refused(fake("GET", "/_cat/ml/anomaly_detectors"), reason)
    assert refused(fake("POST", ML + "/_open"), reason)
    assert fake("POST", ML + "/_reset").status == 200
    assert fake.state("x") == "closed"


def test_counts_that_cannot_be_read_are_no_reason_to_keep_a_job(fake: Http) -> None:
    lay(fake, "x_data_counts", COUNTS | {"processed_record_count": [1], "bucket_count": ["2"]})
    assert fake("DELETE", ML).status == 200


def test_however_much_counts_claim_opening_closing_and_deleting_end_within_their_timeouts(fake: Http) -> None:
    lay(fake, "x_data_counts", COUNTS | {"bucket_count": 10**18, "processed_record_count": 10**18})
    for action in ("_open", "_close"):
        before = fake.fake.clock.now()
        assert fake("POST", f"{ML}/{action}").status == 200
        assert fake.fake.clock.now() - before == 10 * 60_000
    assert fake("DELETE", ML).status == 200


def test_numbers_may_be_texts_and_unknown_fields_are_passed_over(fake: Http) -> None:
    lay(fake, "x_data_counts", COUNTS | {"bucket_count": "7", "latest_record_timestamp": "2016-06-01T00:00:00Z", "mine": [1]})
    lay(fake, "x_timing_stats", {"job_id": "x", "bucket_count": "2", "total_bucket_processing_time_ms": "3"})
    stats = fake.stats("x")
    assert (stats["data_counts"]["bucket_count"], stats["timing_stats"]["bucket_count"]) == (7, 2)
    assert stats["data_counts"]["latest_record_timestamp"] == 1464739200000
    assert stats["timing_stats"]["average_bucket_processing_time_ms"] == 1.5
    assert "mine" not in stats["data_counts"]
    assert fake("POST", ML + "/_open").status == 200


def test_figures_of_forecasts_are_summed_up_however_many_there_are(fake: Http) -> None:
    lay(
        fake,
        "f",
        FORECAST | {"processed_record_count": [1, "3"], "forecast_memory_bytes": None, "forecast_status": ["ok", "failed"]},
    )
    stats = fake.stats("x")["forecasts_stats"]
    assert stats["records"] == {"total": 4.0, "min": 1.0, "avg": 2.0, "max": 3.0}
    assert (stats["memory_bytes"]["total"], stats["status"]) == (0.0, {"ok": 1, "failed": 1})
    reason = f"[model_forecast_request_stats] processed_record_count {NO_LIST}"
    assert refused(fake("DELETE", ML + "/_forecast/_all"), reason)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"snapshot_doc_count": [1]}, f"[model_snapshot] snapshot_doc_count {NO_LIST}"),
        ({"description": 5}, "[model_snapshot] description doesn't support values of type: VALUE_NUMBER"),
        ({"model_size_stats": SIZE | {"model_bytes": [1]}}, "[model_snapshot] failed to parse field [model_size_stats]"),
        ({"latest_record_time_stamp": [1]}, f"[model_snapshot] latest_record_time_stamp {NO_LIST}"),
    ],
)
def test_snapshots_that_cannot_be_read(fake: Http, changes: dict[str, Any], reason: str) -> None:
    lay(fake, "x_model_snapshot_1", SNAPSHOT | changes)
    one = ML + "/model_snapshots/1"
    for method, path, body in (
        ("GET", ML + "/model_snapshots", None),
        ("POST", one + "/_update", {"retain": True}),
        ("POST", one + "/_revert", None),
        ("POST", one + "/_upgrade", None),
        ("DELETE", one, None),
    ):
        assert refused(fake(method, path, body), reason), path
    assert fake("DELETE", "{ml}/_delete_expired_data").status == 200
    assert fake("DELETE", ML).status == 200


def test_a_model_that_is_none_keeps_its_job_closed(fake: Http) -> None:
    for action, body in (("_open", None), ("_data", RECORDS), ("_close", None)):
        assert fake.job("x", action, body).status < 300
    snapshot = fake("GET", ML + "/model_snapshots").body["model_snapshots"][0]["snapshot_id"]
    state = fake("GET", "/.ml-state*/_search").body["hits"]["hits"]
    document = next(hit for hit in state if "model_state" in hit["_id"])
    lay(fake, document["_id"], {"compressed": ["mine"]}, document["_index"])
    assert refused(fake("POST", ML + "/_open"), f"The model of snapshot [{snapshot}] of job [x] cannot be restored")
    assert fake.state("x") == "closed"


@pytest.mark.parametrize(
    ("source", "path", "reason"),
    [
        ({"type": "calendar"}, "calendars", "calendar_id must not be null"),
        (CALENDAR | {"job_ids": [None]}, "calendars", "[calendar_id] failed to parse field [job_ids]"),
        (CALENDAR | {"description": ["d"]}, "calendars", f"[calendar_id] description {NO_LIST}"),
        ({"type": "filter"}, "filters", "[filter_id] must not be null."),
        (FILTER | {"items": ["a", None]}, "filters", "[type] failed to parse field [items]"),
        (FILTER | {"items": None}, "filters", "[type] items doesn't support values of type: VALUE_NULL"),
        ({"type": "scheduled_event", "calendar_id": "other"}, "calendars/other/events", "Field [description] cannot be null"),
        (
            EVENT | {"calendar_id": "other", "end_time": [1]},
            "calendars/other/events",
            f"[scheduled_event] end_time {NO_LIST}",
        ),
    ],
)
def test_calendars_events_and_filters_that_cannot_be_read(fake: Http, source: dict[str, Any], path: str, reason: str) -> None:
    lay_meta(fake, "mine", source)
    assert refused(fake("GET", f"{{ml}}/{path}"), reason)


def test_an_event_without_times_is_refused_when_data_come(fake: Http) -> None:
    lay_meta(fake, "calendar_c", CALENDAR)
    lay(fake, "mine", {"type": "scheduled_event", "calendar_id": "c", "description": "d"}, ".ml-meta")
    assert fake("POST", ML + "/_open").status == 200
    assert refused(fake("POST", ML + "/_data", RECORDS), "Field [start_time] cannot be null")
    assert fake("POST", ML + "/_close").status == 200
    assert fake.state("x") == "closed"


def test_dates_of_events_may_be_texts(fake: Http) -> None:
    lay_meta(fake, "mine", EVENT | {"calendar_id": "other", "start_time": "2016-06-01T00:00:00Z"})
    shown = fake("GET", "{ml}/calendars/other/events").body["events"]
    assert [event["start_time"] for event in shown] == [1464739200000]


@pytest.mark.parametrize("index", [".ml-anomalies-shared", ".ml-state-000001", ".ml-annotations-000001"])
@pytest.mark.parametrize("opened", [False, True])
def test_results_of_a_closed_index_are_lost(fake: Http, index: str, opened: bool) -> None:
    if opened:
        assert fake("POST", ML + "/_open").status == 200
    assert fake("POST", f"/{index}/_close").status == 200
    if not opened:
        assert fake("POST", ML + "/_open").status == 200
    counts = fake("POST", ML + "/_data", RECORDS)
    assert (counts.status, counts.body["processed_record_count"]) == (202, len(RECORDS))
    assert fake.state("x") == "opened"
    assert fake("POST", ML + "/_close").status == 200
    assert fake.state("x") == "closed"
    assert fake("POST", f"/{index}/_open").status == 200
    assert fake("DELETE", ML).status == 200


def test_a_closed_index_takes_no_calendars_and_filters() -> None:
    fake = http("8.19")
    assert fake("PUT", "{ml}/calendars/c").status == 200
    assert fake("POST", "/.ml-meta/_close").status == 200
    event = {"description": "d", "start_time": 1, "end_time": 20000}
    for method, path, body in (
        ("PUT", "calendars/d", None),
        ("PUT", "filters/f", {"items": ["a"]}),
        ("POST", "calendars/c/events", {"events": [event]}),
    ):
        reply = fake(method, f"{{ml}}/{path}", body)
        assert (reply.status, reply.type) == (400, "index_closed_exception"), path
    assert fake.put("x", JOB).status == 200
