"""Previews, statistics, and what each release and the specification say of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.feeding import HOUR, HOURLY, JOB, START, SUMMARISED, datafeed, documents, index, put, ready, scene, start, stats
from tests.spec.answering import Checked, checked
from tests.spec.validator import needs_specification
from tests.support import RELEASES, Http

Tree = dict[str, Any]
ROW = {"time": START, "value": 0.0, "host": "h0"}


def preview(fake: Http, body: Tree | None = None, query: str = "") -> Any:
    return fake("POST", f"{{ml}}/datafeeds/_preview{query}", body)


@pytest.mark.parametrize("release", RELEASES)
def test_the_first_page_of_a_datafeed(release: str) -> None:
    fake = scene(release, documents(60))
    fake.put("x", JOB)
    put(fake, {"job_id": "x", "indices": ["logs"], "scroll_size": 5})
    rows = datafeed(fake, "_preview", method="GET").body
    assert len(rows) == 5
    assert rows[0] == ROW


def test_no_documents_and_no_index() -> None:
    fake = scene("9.5", documents(3))
    fake.put("x", JOB)
    put(fake, {"job_id": "x", "indices": ["logs"], "query": {"term": {"host": "nobody"}}})
    assert datafeed(fake, "_preview", method="GET").body == []
    datafeed(fake, "_update", {"indices": ["nope"]})
    reply = datafeed(fake, "_preview", method="GET")
    assert (reply.status, reply.reason) == (404, "datafeed [d] cannot retrieve data because index [nope] does not exist")
    assert datafeed(fake, "_preview", method="GET", datafeed_id="e").reason == "No datafeed with id [e] exists"


def test_start_and_end_from_8_3() -> None:
    fake = ready("9.5", documents(60))
    rows = datafeed(fake, f"_preview?start={START + HOUR}&end={START + 2 * HOUR}", method="GET").body
    assert [row["time"] for row in rows] == [START + HOUR + at * 600_000 for at in range(6)]
    assert datafeed(ready("8.2"), "_preview?start=0", method="GET").status == 400


def test_a_configuration_that_is_only_tried() -> None:
    fake = scene("9.5", documents(6))
    rows = preview(fake, {"datafeed_config": {"indices": ["logs"]}, "job_config": JOB}).body
    assert len(rows) == 6
    assert rows[0] == ROW
    fake.put("x", JOB)
    assert preview(fake, {"datafeed_config": {"indices": ["logs"], "job_id": "x"}}).body == rows
    assert fake("GET", "{ml}/datafeeds").body["count"] == 0
    aggregated = preview(fake, {"datafeed_config": {"indices": ["logs"], "aggs": HOURLY}, "job_config": SUMMARISED}).body
    assert [row["doc_count"] for row in aggregated] == [2, 2, 2]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            {"datafeed_config": {"indices": ["logs"]}},
            "[datafeed_config.job_id] must be set or a [job_config] must be provided",
        ),
        (
            {"job_config": JOB},
            "[datafeed_config] must be present when a [job_config.datafeed_config] is not present",
        ),
        (
            {"job_config": JOB | {"datafeed_config": {"indices": ["logs"]}}, "datafeed_config": {"indices": ["logs"]}},
            "[datafeed_config] must not be present when a [job_config.datafeed_config] is present",
        ),
        ({}, "[datafeed_config] must not be null."),
        (None, "[datafeed_id] must not be null."),
        (
            {"job_config": JOB | {"job_type": "anomaly_detector"}, "datafeed_config": {"indices": ["logs"]}},
            "[1:188] [preview_datafeed_action] failed to parse field [job_config]",
        ),
        (
            {"job_config": JOB, "datafeed_config": {"indices": ["logs"]}, "start": "soon"},
            "[1:240] [preview_datafeed_action] failed to parse field [start]",
        ),
        (
            {"job_config": JOB, "datafeed_config": {"indices": ["logs"]}, "start": "7", "end": "7"},
            "Validation Failed: 1: start [7] must be earlier than end [7];",
        ),
        (
            {"datafeed_config": {"indices": ["nope"]}, "job_config": JOB},
            "datafeed [preview_id] cannot retrieve data because index [nope] does not exist",
        ),
    ],
)
def test_configurations_that_do_not_do(body: Tree | None, reason: str) -> None:
    reply = preview(scene("9.5", documents(3)), body)
    assert reply.status in (400, 404)
    assert reply.reason == reason


def test_a_job_brings_its_datafeed_along() -> None:
    fake = scene("9.5", documents(6))
    body = {"job_config": JOB | {"datafeed_config": {"indices": ["logs"]}}, "start": str(START), "end": str(START + 1)}
    assert preview(fake, body).body == [ROW]
    assert preview(fake, body, f"?end={START + HOUR}").body[0] == ROW
    assert len(preview(fake, body, f"?end={START + HOUR}").body) == 6


def test_an_id_and_a_body_are_one_too_many() -> None:
    fake = ready("9.5", documents(3))
    reply = datafeed(fake, "_preview", {"job_config": JOB})
    assert reply.reason == "[datafeed_config] must be present when a [job_config.datafeed_config] is not present"
    reply = datafeed(fake, "_preview", {"datafeed_config": {"indices": ["logs"], "job_id": "x"}})
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")
    assert reply.reason == "[datafeed_id] cannot be supplied when either [job_config] or [datafeed_config] is present"
    assert preview(fake, {"nope": 1}).status == 400


@pytest.mark.parametrize(
    ("release", "idle", "busy"),
    [
        ("5.6", set(), {"node", "assignment_explanation"}),
        ("7.4", {"timing_stats"}, {"node", "assignment_explanation"}),
        ("7.14", {"timing_stats"}, {"node", "assignment_explanation", "running_state"}),
    ],
)
def test_fields_of_statistics_by_release(release: str, idle: set[str], busy: set[str]) -> None:
    fake = ready(release, documents(3))
    assert stats(fake).keys() == {"datafeed_id", "state"} | idle
    start(fake)
    assert stats(fake).keys() == {"datafeed_id", "state"} | idle | busy
    assert stats(fake)["state"] == "started"


def test_timing_goes_on_over_several_runs() -> None:
    fake = ready("9.5", documents(60), settings={"delays": {"open": 0, "close": 0}})
    assert stats(fake)["timing_stats"] == {
        "job_id": "x", "search_count": 0, "bucket_count": 0, "total_search_time_ms": 0.0,
        "exponential_average_search_time_per_hour_ms": 0.0,
    }  # fmt: skip
    start(fake, f"?end={START + 5 * HOUR}")
    fake.fake.clock.advance("1m")
    first = stats(fake)["timing_stats"]
    assert (first["search_count"], first["bucket_count"]) == (1, 4)
    fake.job("x", "_open")
    start(fake, f"?end={START + 10 * HOUR}")
    fake.fake.clock.advance("1m")
    second = stats(fake)["timing_stats"]
    assert (second["search_count"], second["bucket_count"]) == (2, 9)
    assert second["average_search_time_per_bucket_ms"] == second["total_search_time_ms"] / 9


def test_the_interval_of_the_latest_search_from_8_1() -> None:
    for release, there in (("8.0", False), ("8.1", True)):
        fake = ready(release, documents(3))
        start(fake)
        running = stats(fake)["running_state"]
        assert (running["real_time_configured"], running["real_time_running"]) == (True, True)
        assert ("search_interval" in running) is there
    human = fake("GET", "{ml}/datafeeds/d/_stats?human=true").body["datafeeds"][0]["running_state"]["search_interval"]
    assert human["start"] == "2017-02-01T00:00:00.000Z"


def walk(fake: Checked) -> None:
    fake.put("x", JOB)
    index(fake, documents(60))
    put(fake)
    fake("GET", "{ml}/datafeeds/d")
    datafeed(fake, "_update", {"scroll_size": 20})
    datafeed(fake, "_preview", method="GET")
    fake.job("x", "_open")
    start(fake)
    fake("GET", "{ml}/datafeeds/_stats")
    fake.fake.clock.advance("1h")
    fake("GET", "{ml}/datafeeds/d/_stats?human=true")
    datafeed(fake, "_stop")
    fake("GET", "{ml}/datafeeds")
    fake("GET", "{ml}/anomaly_detectors/x")
    fake("DELETE", "{ml}/datafeeds/d")


@needs_specification
def test_answers_are_as_specified() -> None:
    fake = checked("9.5")
    walk(fake)
    names = ("put_datafeed", "get_datafeeds", "update_datafeed", "delete_datafeed", "start_datafeed", "stop_datafeed",
             "preview_datafeed", "get_datafeed_stats")  # fmt: skip
    assert {f"ml.{name}" for name in names} <= fake.seen.keys()


def test_a_real_client_goes_all_the_way() -> None:
    elasticsearch = pytest.importorskip("elasticsearch9")
    fake = scene("9.5", documents(60))
    client = fake.fake.client(elasticsearch).ml
    client.put_job(job_id="x", **JOB)
    client.put_datafeed(datafeed_id="d", job_id="x", indices=["logs"])
    client.open_job(job_id="x")
    assert client.start_datafeed(datafeed_id="d", start="2017-02-01", end="2017-02-02")["started"]
    assert client.get_datafeed_stats(datafeed_id="d")["datafeeds"][0]["state"] == "stopped"
    assert client.get_job_stats(job_id="x")["jobs"][0]["data_counts"]["processed_record_count"] == 60
    assert client.stop_datafeed(datafeed_id="d")["stopped"]
    assert len(client.preview_datafeed(datafeed_id="d")) == 60
    assert client.delete_datafeed(datafeed_id="d")["acknowledged"]


def test_usage_counts_datafeeds_by_state() -> None:
    fake = ready("9.5", documents(3))
    assert fake("GET", "/_xpack/usage").body["ml"]["datafeeds"] == {"_all": {"count": 1}, "stopped": {"count": 1}}
    start(fake)
    assert fake("GET", "/_xpack/usage").body["ml"]["datafeeds"] == {"_all": {"count": 1}, "started": {"count": 1}}
