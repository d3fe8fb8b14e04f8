"""Each sentence of the close-job page, by release."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fake_es import VirtualClock
from tests.support import JOB, RELEASES, Http, http

HOUR = 3600
RECORDS = "".join(
    json.dumps({"time": 1_403_481_600 + second, "airline": "AAL", "responsetime": 1.5}) for second in (0, 100, HOUR)
)


def opened(version: str, **settings: Any) -> Http:
    """An emulator whose job "x" is open."""
    fake = http(version, **settings)
    assert fake.put("x").status == 200
    assert fake.job("x", "_open").body["opened"] is True
    return fake


def closing(version: str, **settings: Any) -> Http:
    """An emulator whose job "x" goes on closing for four minutes."""
    fake = opened(version, delays={"close": "4m"}, **settings)
    assert fake.job("x", "_close?timeout=1s").status == 500
    return fake


def failed(version: str) -> Http:
    """An emulator whose job "x" has failed."""
    fake = opened(version)
    assert fake("POST", "/_fake/jobs/x/_fail").body == {"acknowledged": True}
    return fake


@pytest.mark.parametrize("release", RELEASES)
def test_a_job_is_opened_and_closed_many_times_and_its_counts_add_up(release: str) -> None:
    fake = http(release)
    fake.put("x")
    for cycle in (1, 2, 3):
        assert fake.job("x", "_open").body["opened"] is True
        assert fake.state("x") == "opened"
        record = {"time": 1_403_481_600 + cycle * HOUR, "airline": "AAL", "responsetime": 1}
        assert fake.job("x", "_data", json.dumps(record)).status == 202
        assert fake.job("x", "_close").body == {"closed": True}
        stats = fake.stats("x")
        assert (stats["state"], stats["data_counts"]["processed_record_count"]) == ("closed", cycle)
        assert fake.job("x", "results/buckets", method="GET").body["count"] == cycle - 1


@pytest.mark.parametrize("release", RELEASES)
def test_closing_finalizes_the_job(release: str) -> None:
    fake = opened(release, clock=VirtualClock(start="2017-04-11T00:00:00Z"))
    fake.job("x", "_data", RECORDS)
    fake.job("x", "_close")
    job = fake.job("x", method="GET").body["jobs"][0]
    assert job["finished_time"] == fake.fake.clock.now()
    assert job["model_snapshot_id"] == str(fake.fake.clock.now() // 1000)


def test_a_job_that_never_got_data_leaves_no_snapshot() -> None:
    fake = opened("9.5")
    fake.job("x", "_close")
    job = fake.job("x", method="GET").body["jobs"][0]
    assert "model_snapshot_id" not in job
    assert "finished_time" in job


@pytest.mark.parametrize(("release", "cleared"), [("6.5", False), ("6.6", True), ("9.5", True)])
def test_reopening_clears_the_finished_time_from_6_6(release: str, cleared: bool) -> None:
    fake = opened(release)
    fake.job("x", "_close")
    fake.job("x", "_open")
    assert ("finished_time" not in fake.job("x", method="GET").body["jobs"][0]) is cleared


@pytest.mark.parametrize("release", RELEASES)
def test_a_closed_job_keeps_its_configuration_and_loses_its_node(release: str) -> None:
    fake = opened(release)
    stats = fake.stats("x")
    assert stats["node"]["name"] == "node-1"
    assert stats["assignment_explanation"] == ""
    assert stats["open_time"] == "0s"
    fake.job("x", "_close")
    assert not {"node", "assignment_explanation", "open_time"} & fake.stats("x").keys()
    config = fake.job("x", method="GET").body["jobs"][0]
    assert config["analysis_config"]["bucket_span"] == "1h"


@pytest.mark.parametrize(("release", "status"), [("5.4.0", 409), ("6.8", 409), ("7.17", 409), ("9.5", 409)])
def test_a_closed_job_cannot_receive_data_or_analyse(release: str, status: int) -> None:
    fake = http(release)
    fake.put("x")
    for action in ("_data", "_flush"):
        reply = fake.job("x", action, RECORDS if action == "_data" else None)
        assert (reply.status, reply.type) == (status, "status_exception")
        assert reply.reason == "Cannot perform requested action because job [x] is not open"


@pytest.mark.parametrize(
    ("release", "text"),
    [
        ("5.4.0", "Cannot {verb} because job [x] is not open"),
        ("7.13", "Cannot {verb} because job [x] is not open"),
        ("7.14", "Cannot {verb} because job [x] does not have a corresponding autodetect process"),
        ("9.5", "Cannot {verb} because job [x] does not have a corresponding autodetect process"),
    ],
)
def test_a_closing_or_failed_job_has_no_process_to_talk_to(release: str, text: str) -> None:
    for fake in (closing(release), failed(release)):
        assert fake.job("x", "_data", RECORDS).reason == text.format(verb="process data")
        assert fake.job("x", "_flush").reason == text.format(verb="flush")


@pytest.mark.parametrize(("release", "status", "start"), [
    ("5.4.0", 404, "No known job with id 'nope'"),
    ("6.5", 404, "No known job with id 'nope'"),
    ("6.6", 409, "Cannot perform requested action because job [nope] is not open"),
    ("9.5", 409, "Cannot perform requested action because job [nope] is not open"),
])  # fmt: skip
def test_data_for_an_unknown_job(release: str, status: int, start: str) -> None:
    reply = http(release).job("nope", "_data", RECORDS)
    assert (reply.status, reply.reason) == (status, start)


def test_the_first_close_is_bounded_by_its_timeout_and_the_job_goes_on_closing() -> None:
    fake = opened("9.5", delays={"close": "4m"})
    reply = fake.job("x", "_close?timeout=1500ms")
    assert (reply.status, reply.type) == (500, "illegal_state_exception")
    assert reply.reason == "Timed out when waiting for persistent tasks after 1.5s"
    assert fake.state("x") == "closing"
    fake.fake.clock.advance("238s")
    assert fake.state("x") == "closing"
    fake.fake.clock.advance("1s")
    assert fake.state("x") == "closed"


def test_a_close_of_several_minutes_costs_no_real_time_by_default() -> None:
    fake = opened("9.5", delays={"close": "29m"})
    before = fake.fake.clock.now()
    assert fake.job("x", "_close").body == {"closed": True}
    assert fake.fake.clock.now() - before == 29 * 60_000


def test_the_default_timeout_is_thirty_minutes() -> None:
    fake = opened("9.5", delays={"close": "31m"})
    assert fake.job("x", "_close").reason == "Timed out when waiting for persistent tasks after 30m"


@pytest.mark.parametrize(
    ("release", "parameter", "status"),
    [
        ("5.4.0", "close_timeout", 500),
        ("5.4.0", "timeout", 500),
        ("5.6", "close_timeout", 500),
        ("6.0", "close_timeout", 400),
        ("6.0", "timeout", 500),
        ("9.5", "close_timeout", 400),
    ],
)
def test_close_timeout_is_known_in_5_x_alone(release: str, parameter: str, status: int) -> None:
    fake = opened(release, delays={"close": "4m"})
    reply = fake.job("x", f"_close?{parameter}=1s")
    assert reply.status == status
    if status == 400:
        path = f"{fake.prefix}/anomaly_detectors/x/_close"
        assert reply.reason.startswith(f"request [{path}] contains unrecognized parameter: [close_timeout]")
        assert fake.state("x") == "opened"


@pytest.mark.parametrize(
    ("release", "timeout", "said"),
    [
        ("9.5", "10", "failed to parse setting [timeout] with value [10] as a time value: unit is missing or unrecognized"),
        ("9.5", "1.5s", "failed to parse [1.5s], fractional time values are not supported"),
        ("9.5", "xs", "failed to parse [xs]"),
        (
            "9.5",
            "-5s",
            "failed to parse setting [timeout] with value [-5s] as a time value: negative durations are not supported",
        ),
        ("5.4.0", "1M", "failed to parse setting [timeout] with value [1M] as a time value: unit is missing or unrecognized"),
    ],
)
def test_a_bad_timeout_is_refused_and_nothing_is_closed(release: str, timeout: str, said: str) -> None:
    fake = opened(release)
    reply = fake.job("x", f"_close?timeout={timeout}")
    assert (reply.status, reply.reason) == (400, said)
    assert fake.state("x") == "opened"


def test_a_bad_boolean_is_refused() -> None:
    reply = opened("9.5").job("x", "_close?force=maybe")
    assert (reply.status, reply.reason) == (400, "Failed to parse value [maybe] as only [true] or [false] are allowed.")
    assert opened("5.4.0").job("x", "_close?force=maybe").body == {"closed": True}


def test_from_7_0_a_body_takes_the_place_of_the_query() -> None:
    fake = opened("9.5", delays={"close": "4m"})
    reply = fake.job("x", "_close", {"timeout": "2s"})
    assert reply.reason == "Timed out when waiting for persistent tasks after 2s"
    hidden = fake.job("x", "_close?timeout=1s", {"timeout": "2s"})
    assert hidden.reason.startswith("request [/_ml/anomaly_detectors/x/_close] contains unrecognized parameter: [timeout]")
    wrong = fake.job("x", "_close", {"timeut": "2s"})
    assert wrong.type == "x_content_parse_exception"
    assert wrong.reason == "[1:2] [cluster:admin/xpack/ml/job/close] unknown field [timeut] did you mean [timeout]?"
    assert fake.job("x", "_close", {"job_id": "y", "force": "true"}).body == {"closed": True}
    assert fake.state("x") == "closed"


def test_before_7_0_close_has_no_body() -> None:
    reply = opened("6.8").job("x", "_close", {"timeout": "2s"})
    assert reply.status == 200
    said = "request [POST /_xpack/ml/anomaly_detectors/x/_close] does not support having a body"
    assert said in reply.headers["warning"]
    assert "warning" not in opened("6.6").job("x", "_close", {"timeout": "2s"}).headers


@pytest.mark.parametrize(
    ("release", "status", "reason"),
    [
        ("5.4.0", 409, "cannot close job, because job [x] is not open"),
        ("5.6", 409, "cannot close job, because job [x] is not open"),
        ("6.1", 200, None),
        ("9.5", 200, None),
    ],
)
def test_closing_a_closed_job(release: str, status: int, reason: str | None) -> None:
    fake = http(release)
    fake.put("x")
    for path in ("_close", "_close?force=true"):
        reply = fake.job("x", path)
        assert reply.status == status
        assert reason is None or reply.reason == reason


def test_closing_a_closing_job() -> None:
    assert closing("5.4.0").job("x", "_close").reason == "cannot close job, because job [x] is not open"
    fake = closing("9.5")
    assert fake.job("x", "_close?timeout=2s").reason == "Timed out when waiting for persistent tasks after 2s"
    assert fake.job("x", "_close").body == {"closed": True}
    assert len(notifications(fake, "Job is closing")) == 1


def notifications(fake: Http, message: str) -> list[dict[str, Any]]:
    """Messages of that text in the notifications index, read as the cluster keeps them."""
    from fake_es.ml.persistence import names
    from fake_es.search.system_search import SystemSearch

    index = names.notifications_index(fake.fake.version)
    sources = (document.source for document in fake.fake.cluster.part(SystemSearch).scan(index))
    return [source for source in sources if source["message"].startswith(message)]


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_audited_in_a_life(release: str) -> None:
    fake = opened(release)
    fake.job("x", "_data", RECORDS)
    fake.job("x", "_close")
    said = [entry["message"] for entry in notifications(fake, "")]
    expected = [
        "Job created",
        "Opening job on node [node-1]",
        "Loading model snapshot [N/A], job latest_record_timestamp [N/A]",
    ]
    assert said[:3] == expected
    assert said[3] == "Job is closing"
    assert any(text.startswith("Job model snapshot with id [") for text in said) == (fake.fake.version >= (7, 0))
    assert all(entry["job_id"] == "x" and entry["level"] == "info" for entry in notifications(fake, ""))


@pytest.mark.parametrize(
    ("release", "status", "reason"),
    [
        ("5.4.0", 200, None),
        ("6.1", 409, "cannot close job [x] because it failed, use force close"),
        ("9.5", 409, "cannot close job [x] because it failed, use force close"),
    ],
)
def test_closing_a_failed_job(release: str, status: int, reason: str | None) -> None:
    fake = failed(release)
    assert fake.state("x") == "failed"
    reply = fake.job("x", "_close")
    assert reply.status == status
    if reason is not None:
        assert reply.reason == reason
        assert fake.state("x") == "failed"
        assert fake.job("x", "_close?force=true").body == {"closed": True}
    assert fake.state("x") == "closed"


def test_a_failed_job_among_several_stops_them_all() -> None:
    fake = failed("9.5")
    fake.put("y")
    fake.job("y", "_open")
    for expression in ("*", "_all", "x,y"):
        assert fake.job(expression, "_close").reason == "one or more jobs have state failed, use force close"
    assert fake.state("y") == "opened"
    assert fake.job("_all", "_close?force=true").body == {"closed": True}
    assert (fake.state("x"), fake.state("y")) == ("closed", "closed")


@pytest.mark.parametrize("release", ["6.2", "7.17", "9.5"])
def test_a_forced_close_is_done_at_once_in_any_state(release: str) -> None:
    for fake in (opened(release), closing(release), failed(release)):
        before = fake.fake.clock.now()
        assert fake.job("x", "_close?force=true&timeout=1ms").body == {"closed": True}
        assert fake.fake.clock.now() == before
        assert fake.state("x") == "closed"
        assert len(notifications(fake, "Job is closing (forced)")) == 1


def test_a_forced_close_loses_what_was_learnt_since_the_last_snapshot() -> None:
    fake = opened("9.5")
    fake.job("x", "_data", RECORDS)
    fake.job("x", "_close?force=true")
    assert "model_snapshot_id" not in fake.job("x", method="GET").body["jobs"][0]
    assert fake.stats("x")["data_counts"]["processed_record_count"] == 3
    fake.job("x", "_open")
    later = {"time": 1_403_481_600 + 2 * HOUR, "airline": "AAL", "responsetime": 1}
    fake.job("x", "_data", json.dumps(later))
    buckets = fake.job("x", "results/buckets", method="GET").body["buckets"]
    assert [bucket["event_count"] for bucket in buckets] == [2]


def test_an_orderly_close_keeps_the_bucket_in_progress() -> None:
    fake = opened("9.5")
    fake.job("x", "_data", RECORDS)
    fake.job("x", "_close")
    fake.job("x", "_open")
    later = {"time": 1_403_481_600 + 2 * HOUR, "airline": "AAL", "responsetime": 1}
    fake.job("x", "_data", json.dumps(later))
    buckets = fake.job("x", "results/buckets", method="GET").body["buckets"]
    assert [bucket["event_count"] for bucket in buckets] == [2, 1]


def test_in_5_x_a_forced_close_takes_opened_and_failed_jobs_only() -> None:
    assert opened("5.4.0").job("x", "_close?force=true").body == {"closed": True}
    assert failed("5.4.0").job("x", "_close?force=true").body == {"closed": True}
    assert closing("5.4.0").job("x", "_close?force=true").reason == "cannot close job, because job [x] is not open"


def test_a_job_that_fails_while_closing() -> None:
    fake = opened("9.5")
    fake("POST", "/_fake/jobs/x/_fail", {"during": "closing", "reason": "out of disk"})
    reply = fake.job("x", "_close")
    assert (reply.status, reply.type, reply.reason) == (500, "exception", "Exception closing autodetect process")
    assert fake.state("x") == "failed"
    assert notifications(fake, "out of disk")[0]["level"] == "error"
    old = opened("5.4.0")
    old("POST", "/_fake/jobs/x/_fail", {"during": "closing"})
    assert old.job("x", "_close").reason == "Exception closing stopped process input stream"


@pytest.mark.parametrize(
    ("release", "expression", "status"),
    [
        ("5.4.0", "_all", 200),
        ("5.4.0", "nope", 404),
        ("5.4.0", "no*", 404),
        ("6.2", "no*", 200),
        ("6.2", "nope", 404),
        ("9.5", "no*", 200),
        ("9.5", "_all", 200),
        ("9.5", "no*?allow_no_match=false", 404),
        ("9.5", "_all?allow_no_match=false", 404),
        ("9.5", "nope", 404),
    ],
)
def test_expressions_that_match_nothing(release: str, expression: str, status: int) -> None:
    name, _, query = expression.partition("?")
    reply = http(release).job(name, f"_close?{query}")
    assert reply.status == status
    if status == 404:
        token = "*" if name == "_all" else name
        old = f"cannot close job, because job [{name}] does not exist"
        assert reply.reason == (old if release == "5.4.0" else f"No known job with id '{token}'")


def test_expressions_choose_jobs_by_list_pattern_and_group() -> None:
    fake = http("9.5")
    for job_id, groups in (("web-1", ["shop"]), ("web-2", []), ("db-1", ["shop"]), ("db-2", [])):
        fake.put(job_id, JOB | {"groups": groups})
        fake.job(job_id, "_open")

    def open_jobs() -> list[str]:
        jobs = fake("GET", "{ml}/anomaly_detectors/_stats").body["jobs"]
        return [job["job_id"] for job in jobs if job["state"] == "opened"]

    fake.job("web-*", "_close")
    assert open_jobs() == ["db-1", "db-2"]
    fake.job("shop", "_close")
    assert open_jobs() == ["db-2"]
    fake.job("web-1,db-2", "_close")
    assert open_jobs() == []


def test_several_jobs_close_together() -> None:
    fake = http("9.5", delays={"close": "1m", "jobs": {"slow": {"close": "3m"}}})
    for job_id in ("slow", "fast"):
        fake.put(job_id)
        fake.job(job_id, "_open")
    before = fake.fake.clock.now()
    assert fake.job("*", "_close").body == {"closed": True}
    assert fake.fake.clock.now() - before == 3 * 60_000


COMPATIBLE = {"accept": "application/vnd.elasticsearch+json; compatible-with=7"}


@pytest.mark.parametrize(("release", "headers"), [("7.10", {}), ("7.17", {}), ("8.0", COMPATIBLE), ("8.19", COMPATIBLE)])
def test_the_old_name_of_allow_no_match_is_warned_of(release: str, headers: dict[str, str]) -> None:
    fake = http(release)
    reply = fake("POST", "{ml}/anomaly_detectors/no*/_close?allow_no_jobs=false", **headers)
    assert reply.status == 404
    assert '"Deprecated field [allow_no_jobs] used, expected [allow_no_match] instead"' in reply.headers["warning"]
    for release in ("8.0", "8.19", "9.5"):
        refused = http(release).job("no*", "_close?allow_no_jobs=true")
        assert (refused.status, "contains unrecognized parameter: [allow_no_jobs]" in refused.reason) == (400, True)
    assert http("9.5")("GET", "{ml}/datafeeds/no*?allow_no_datafeeds=true").status == 400
    assert http("8.19")("GET", "{ml}/datafeeds/no*?allow_no_datafeeds=true", **COMPATIBLE).status == 200
    assert "warning" not in http("7.9").job("no*", "_close?allow_no_jobs=true").headers


def test_jobs_grow_slower_to_open_and_close() -> None:
    fake = http("9.5", clock=VirtualClock(start=0))
    for job_id in ("small", "large"):
        fake.put(job_id)
        fake.job(job_id, "_open")
    lines = [{"time": 1_403_481_600 + hour * HOUR, "airline": f"A{hour}", "responsetime": 1} for hour in range(400)]
    fake.job("large", "_data", "\n".join(map(json.dumps, lines)))

    def cost(job_id: str, action: str) -> int:
        before = fake.fake.clock.now()
        assert fake.job(job_id, action).status == 200
        return fake.fake.clock.now() - before

    assert cost("large", "_close") > cost("small", "_close") + 600
    assert cost("large", "_open") > cost("small", "_open") + 600
