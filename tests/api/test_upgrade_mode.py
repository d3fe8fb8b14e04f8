"""Upgrade mode: what is open stays open without a node, and nothing new is begun."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.test_calendars import audit
from tests.spec.answering import checked
from tests.spec.validator import needs_specification
from tests.support import JOB, Http, Reply, http

EXPLANATION = "persistent task cannot be assigned while upgrade mode is enabled."
RECORD = '{"time": 1403481600, "airline": "AAL", "responsetime": 1}'


def switch(fake: Http, enabled: bool) -> Reply:
    return fake("POST", f"{{ml}}/set_upgrade_mode?enabled={str(enabled).lower()}&timeout=10m")


# The last release in which upgrade mode itself refuses nothing: later a filter does (PR 54437).
LAST_OPEN = "7.7"


def upgrading(release: str | None = LAST_OPEN) -> Http:
    """An emulator with an open job "x" and a closed one "y" that is being upgraded."""
    fake = http(release)
    for job_id in ("x", "y"):
        fake.put(job_id)
    fake.job("x", "_open")
    assert switch(fake, True).body == {"acknowledged": True}
    return fake


def feed_index(fake: Http) -> None:
    """An index with a record, and a datafeed "f" for the job "x"."""
    fake("PUT", "/flights/_doc/1", {"time": "2014-06-23T00:00:00Z", "airline": "AAL", "responsetime": 1})
    assert fake("PUT", "{ml}/datafeeds/f", {"job_id": "x", "indices": ["flights"]}).status == 200


@pytest.mark.parametrize("release", ["6.7", "7.17", "9.5"])
def test_jobs_lose_their_node_and_get_it_back(release: str) -> None:
    fake = upgrading(release)
    stats = fake.stats("x")
    assert (stats["state"], stats["assignment_explanation"]) == ("opened", EXPLANATION)
    assert "node" not in stats
    assert fake("GET", "{ml}/info").body["upgrade_mode"] is True
    assert switch(fake, True).status == 200
    switch(fake, False)
    stats = fake.stats("x")
    assert (stats["state"], stats["assignment_explanation"]) == ("opened", "")
    assert stats["node"]["name"] == "node-1"
    assert fake.job("x", "_data", RECORD).status == 202
    node = fake("GET", "{ml}/info").body["upgrade_mode"]
    assert node is False
    assert [message for message in audit(fake, "x") if "unassigned" in message] == ["Job unassigned from node [node-1]"]


def test_no_job_is_opened() -> None:
    fake = upgrading(LAST_OPEN)
    refused = fake.job("y", "_open")
    assert (refused.status, refused.type) == (429, "status_exception")
    assert refused.reason == "Cannot open jobs when upgrade mode is enabled"
    assert fake.state("y") == "closed"
    assert fake.job("x", "_open").status == 409
    assert fake.job("z", "_open").status == 404


@pytest.mark.parametrize(("action", "body"), [("_data", RECORD), ("_flush", None), ("_forecast", None)])
def test_nobody_answers_for_an_open_job(action: str, body: Any) -> None:
    reply = upgrading().job("x", action, body)
    assert (reply.status, reply.reason) == (409, "Cannot perform requested action because job [x] is not open")


def test_configurations_may_be_changed() -> None:
    fake = upgrading()
    assert fake.put("z").status == 200
    assert fake.job("x", "_update", {"description": "X"}).status == 200
    assert fake.job("y", method="DELETE").status == 200


def test_a_job_without_a_node_is_closed_at_once_and_keeps_what_it_learnt() -> None:
    fake = http(LAST_OPEN, delays={"close": "30m"})
    fake.put("x")
    fake.job("x", "_open")
    fake.job("x", "_data", RECORD)
    switch(fake, True)
    before = fake("GET", "/_fake/clock").body
    assert fake.job("x", "_close").body == {"closed": True}
    assert fake("GET", "/_fake/clock").body == before
    assert fake("GET", "{ml}/anomaly_detectors/x/model_snapshots").body["count"] == 1


def test_up_to_7_4_it_must_be_closed_with_force() -> None:
    fake = upgrading("7.4")
    refused = fake.job("x", "_close")
    assert refused.status == 409
    assert refused.reason == (
        "Cannot close job [x] because the job does not have an assigned node. Use force close to close the job"
    )
    assert fake.job("x", "_close?force=true").body == {"closed": True}


def searches(fake: Http) -> int:
    """How often the datafeed has searched."""
    return int(fake("GET", "{ml}/datafeeds/f/_stats").body["datafeeds"][0]["timing_stats"]["search_count"])


@pytest.mark.parametrize("release", ["7.4", "7.7", "9.5"])
def test_datafeeds_pause(release: str) -> None:
    fake = http(release)
    fake.put("x", {**JOB, "data_description": {"time_field": "time"}})
    fake.job("x", "_open")
    feed_index(fake)
    assert fake("POST", "{ml}/datafeeds/f/_start").status == 200
    switch(fake, True)
    stats = fake("GET", "{ml}/datafeeds/f/_stats").body["datafeeds"][0]
    assert (stats["state"], stats["assignment_explanation"]) == ("started", EXPLANATION)
    assert "node" not in stats
    before = searches(fake)
    fake.fake.clock.advance(3 * 3600)
    assert searches(fake) == before
    switch(fake, False)
    fake.fake.clock.advance(3 * 3600)
    assert searches(fake) > before
    switch(fake, True)
    stopped = fake("POST", "{ml}/datafeeds/f/_stop")
    if fake.fake.version >= (7, 8):
        assert (stopped.status, stopped.reason) == (429, refusal("datafeed/stop"))
        return
    if fake.fake.version < (7, 0):
        assert (stopped.status, "does not have an assigned node" in stopped.reason) == (409, True)
        switch(fake, False)
        stopped = fake("POST", "{ml}/datafeeds/f/_stop")
    assert stopped.body == {"stopped": True}


def test_no_datafeed_is_started() -> None:
    fake = http(LAST_OPEN)
    fake.put("x", {**JOB, "data_description": {"time_field": "time"}})
    fake.job("x", "_open")
    feed_index(fake)
    switch(fake, True)
    refused = fake("POST", "{ml}/datafeeds/f/_start")
    assert (refused.status, refused.reason) == (429, "Could not start datafeed [f] as indices are being upgraded")


def refusal(action: str) -> str:
    """What the filter says of an action below ``cluster:admin/xpack/ml/``."""
    return f"Cannot perform cluster:admin/xpack/ml/{action} action while upgrade mode is enabled"


# Requests that the filter refuses, and their actions.
REFUSED = [
    ("PUT", "anomaly_detectors/z", JOB, "job/put"),
    ("POST", "anomaly_detectors/x/_update", {"description": "X"}, "job/update"),
    ("DELETE", "anomaly_detectors/y", None, "job/delete"),
    ("POST", "anomaly_detectors/y/_open", None, "job/open"),
    ("POST", "anomaly_detectors/x/_flush", None, "job/flush"),
    ("POST", "anomaly_detectors/x/_close", None, "job/close"),
    ("POST", "anomaly_detectors/x/_data", RECORD, "job/data/post"),
    ("POST", "anomaly_detectors/x/_forecast", None, "job/forecast"),
    ("DELETE", "anomaly_detectors/x/_forecast", None, "job/forecast/delete"),
    ("POST", "anomaly_detectors/y/model_snapshots/s/_revert", None, "job/model_snapshots/revert"),
    ("POST", "anomaly_detectors/y/model_snapshots/s/_update", {"retain": True}, "job/model_snapshots/update"),
    ("DELETE", "anomaly_detectors/y/model_snapshots/s", None, "job/model_snapshots/delete"),
    ("PUT", "datafeeds/g", {"job_id": "y", "indices": ["flights"]}, "datafeeds/put"),
    ("POST", "datafeeds/f/_update", {"scroll_size": 5}, "datafeeds/update"),
    ("DELETE", "datafeeds/f", None, "datafeeds/delete"),
    ("POST", "datafeeds/f/_start", None, "datafeed/start"),
    ("POST", "datafeeds/f/_stop", None, "datafeed/stop"),
    ("PUT", "filters/a", {"items": ["a"]}, "filters/put"),
    ("POST", "filters/a/_update", {"add_items": ["b"]}, "filters/update"),
    ("DELETE", "filters/a", None, "filters/delete"),
    ("PUT", "calendars/c", None, "calendars/put"),
    ("PUT", "calendars/c/jobs/x", None, "calendars/jobs/update"),
    ("DELETE", "calendars/c/jobs/x", None, "calendars/jobs/update"),
    ("POST", "calendars/c/events", {"events": [{"start_time": 1, "end_time": 2, "description": "e"}]}, "calendars/events/post"),
    ("DELETE", "calendars/c/events/e", None, "calendars/events/delete"),
    ("DELETE", "calendars/c", None, "calendars/delete"),
    ("DELETE", "_delete_expired_data", None, "delete_expired_data"),
]


@pytest.mark.parametrize("release", ["7.8", "9.5"])
def test_a_filter_refuses_what_changes_the_indices_of_ml(release: str) -> None:
    fake = upgrading(release)
    for method, path, body, action in REFUSED:
        reply = fake(method, f"{{ml}}/{path}", body)
        assert (reply.status, reply.type, reply.reason) == (429, "status_exception", refusal(action)), path
    for method, path, body, _ in REFUSED:
        assert fake(method, f"{{ml}}/{path}", body).status == 429, path
    assert (fake.state("x"), fake.state("y")) == ("opened", "closed")
    for path in ("anomaly_detectors", "datafeeds", "filters", "calendars", "anomaly_detectors/x/model_snapshots", "info"):
        assert fake("GET", f"{{ml}}/{path}").status == 200
    assert fake("POST", "{ml}/anomaly_detectors/_validate", JOB).status == 200
    switch(fake, False)
    assert fake.job("x", "_close").status == 200


def test_nothing_is_filtered_before_7_8() -> None:
    fake = upgrading("7.7")
    for method, path, body, _ in REFUSED:
        assert "while upgrade mode is enabled" not in str(fake(method, f"{{ml}}/{path}", body).body), path


def test_what_is_forbidden_or_cannot_be_read_comes_before_the_filter() -> None:
    fake = upgrading("9.5")
    assert fake("PUT", "{ml}/calendars/c", {"jobs": 1}).status == 400
    assert fake.job("x", "_open?nonsense=1").status == 400


@pytest.mark.parametrize(("release", "status"), [("7.12", 404), ("7.13", 429), ("9.5", 429)])
def test_snapshots_are_upgraded_up_to_7_12(release: str, status: int) -> None:
    fake = upgrading(release)
    reply = fake("POST", "{ml}/anomaly_detectors/y/model_snapshots/s/_upgrade")
    assert reply.status == status
    assert (reply.reason == refusal("job/model_snapshots/upgrade")) == (status == 429)


def test_a_reset_is_refused_in_words_of_its_own() -> None:
    reply = upgrading("9.5")("POST", "{ml}/anomaly_detectors/y/_reset")
    assert (reply.status, reply.reason) == (409, "cannot reset job while indices are being upgraded")


def test_upgrade_mode_is_off_unless_told_and_came_with_6_7() -> None:
    fake = upgrading()
    assert fake("POST", "{ml}/set_upgrade_mode").body == {"acknowledged": True}
    assert fake("GET", "{ml}/info").body["upgrade_mode"] is False
    assert http("6.6")("POST", "{ml}/set_upgrade_mode?enabled=true").status in (400, 405)
    assert fake("POST", "{ml}/set_upgrade_mode?enabled=maybe").status == 400


@needs_specification
def test_answers_of_the_newest_release() -> None:
    fake = checked("9.5")
    switch(fake, True)
    assert fake.seen == {"ml.set_upgrade_mode": 1}
