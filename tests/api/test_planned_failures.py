"""A planned action that fails is the affair of its own job or datafeed: whoever calls next hears nothing of it."""

from __future__ import annotations

import logging
import threading
from typing import Any

import pytest

from fake_es.cluster import Cluster
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.jobs.process import Autodetect
from fake_es.timetable import MOST_TURNS, next_turn
from tests.support import Http, Reply, http

FAR = "9999999999999999"
RELEASES = ("5.4.0", "6.8", "7.17", "9.5")


def counting(span: str = "1h") -> dict[str, Any]:
    detectors = [{"function": "count"}]
    return {"analysis_config": {"bucket_span": span, "detectors": detectors}, "data_description": {"time_field": "t"}}


def opened(release: str, body: dict[str, Any] | None = None) -> Http:
    fake = http(release)
    assert fake.put("j", body or counting()).status == 200
    assert fake.job("j", "_open").status == 200
    assert fake.job("j", "_data", '{"t":0}').status == 202
    return fake


@pytest.mark.parametrize(("release", "span"), [*((release, "106751d") for release in RELEASES), ("9.5", "100d")])
def test_a_job_that_was_led_beyond_the_calendar_closes(release: str, span: str) -> None:
    fake = opened(release, counting(span))
    assert fake.job("j", "_flush", {"advance_time": FAR}).status == 200
    assert fake.job("j", "_close").body == {"closed": True}
    assert fake.state("j") == "closed"
    assert fake("GET", "{ml}/anomaly_detectors").status == 200
    snapshots = fake.job("j", "model_snapshots", method="GET")
    assert (snapshots.status, snapshots.body["count"]) == (200, 1)


def _breaks(cluster: Cluster, at: int) -> None:
    raise RuntimeError("broken")


def test_an_action_that_fails_is_logged_and_the_next_is_carried_out(caplog: pytest.LogCaptureFixture) -> None:
    fake, done = http(), list[int]()
    now = fake.fake.clock.now()
    fake.fake.cluster.timetable.plan(now + 1, _breaks)
    fake.fake.cluster.timetable.plan(now + 2, lambda cluster, at: done.append(at))
    with caplog.at_level(logging.ERROR, "fake_es"):
        fake.fake.clock.advance("1s")
    assert done == [now + 2]
    assert "RuntimeError: broken" in caplog.text
    assert fake("GET", "/").status == 200


@pytest.mark.parametrize("method", ["end", "persist_in_background"])
def test_a_job_whose_planned_step_fails_has_failed(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = opened("9.5")

    def broken(self: Autodetect, now: int) -> None:
        raise ValueError("no calendar")

    monkeypatch.setattr(Autodetect, method, broken)
    if method == "end":
        refused = fake.job("j", "_close")
        assert (refused.status, refused.reason) == (500, "Exception closing autodetect process")
    else:
        fake.fake.clock.advance("1d")
    assert fake("GET", "/_ml/info").status == 200
    assert fake.state("j") == "failed"
    monkeypatch.undo()
    assert fake.job("j", "_close?force=true").body == {"closed": True}


@pytest.mark.parametrize(
    ("action", "method", "what"), [("", "DELETE", "release"), ("_reset", "POST", "clear")], ids=["delete", "reset"]
)
def test_who_waits_for_work_that_fails_hears_of_it_and_may_ask_again(
    action: str, method: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = http("9.5")
    fake.put("j", counting())

    def broken(*arguments: Any, **options: Any) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(f"fake_es.ml.job_store.results_index.{what}", broken)
    refused = fake.job("j", action, method=method)
    assert (refused.status, refused.type) == (500, "fake_es_internal_exception")
    monkeypatch.undo()
    assert fake.job("j", action, method=method).body == {"acknowledged": True}


def test_a_datafeed_whose_step_fails_stops_for_that_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = opened("9.5", counting("1000d"))
    fake("PUT", "/logs/_doc/1", {"t": "2020-01-01"})
    assert fake("PUT", "/_ml/datafeeds/f", {"job_id": "j", "indices": ["logs"]}).status == 200
    assert fake("POST", "/_ml/datafeeds/f/_start").status == 200

    def broken(self: Any, at: int) -> None:
        raise ValueError("broken")

    monkeypatch.setattr("fake_es.ml.datafeeds.problems.ProblemTracker.report_empty_search", broken)
    fake.fake.clock.advance("3h")
    assert fake("GET", "/_ml/datafeeds/f/_stats").body["datafeeds"][0]["state"] == "stopped"
    found = fake("GET", "/.ml-notifications*/_search?size=100&q=message:stopped")
    texts = [hit["_source"]["message"] for hit in found.body["hits"]["hits"]]
    assert "Datafeed stopped with reason [ValueError in fake_es, not in Elasticsearch: broken]" in texts
    assert fake.state("j") == "opened"


@pytest.mark.parametrize(
    ("behind", "turns"),
    [(0, 1), (1, 1), (MOST_TURNS, 1), (MOST_TURNS + 1, 1), (MOST_TURNS + 2, 2), (10**9, 10**9 - MOST_TURNS)],
)
def test_turns_that_lie_far_behind_are_left_out(behind: int, turns: int) -> None:
    assert next_turn(5000, 10, 5000 + 10 * behind) == 5000 + 10 * turns
    assert next_turn(5000, 10, 5000 + 10 * behind + 9) == 5000 + 10 * turns


def test_others_come_between_the_buckets_of_a_flush_and_the_same_job_waits() -> None:
    fake, answers = opened("9.5"), dict[str, Reply]()
    seen: list[int] = []

    def flush(name: str) -> None:
        answers[name] = fake.job("j", "_flush", {"advance_time": "36000000000"})

    threads = [threading.Thread(target=flush, args=(name,)) for name in ("one", "other")]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen.append(fake.stats("j")["data_counts"]["bucket_count"])
    assert answers["one"].body == answers["other"].body == {"flushed": True, "last_finalized_bucket_end": 36_000_000_000}
    assert len(seen) > 1


COUNT = "/_cat/count/.ml-anomalies*?h=count"


@pytest.mark.parametrize("way", ["_close?force=true", "reset of all"])
def test_a_flush_whose_job_is_killed_meanwhile_is_refused_and_writes_nothing_more(way: str) -> None:
    fake, answers = opened("9.5"), list[Reply]()
    thread = threading.Thread(target=lambda: answers.append(fake.job("j", "_flush", {"advance_time": FAR})))
    thread.start()
    task = fake.fake.cluster.part(Jobs).get("j").task
    while thread.is_alive() and not (task is not None and task.process is not None and task.process.is_busy):
        fake("GET", "/")
    if way == "reset of all":
        assert fake("POST", "/_fake/reset").status == 200
    else:
        assert fake.job("j", way).body == {"closed": True}
    written = fake("GET", COUNT).body
    thread.join()
    assert (answers[0].status, answers[0].type) == (409, "status_exception")
    assert fake("GET", COUNT).body == written
