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


def upgrading(release: str | None = None) -> Http:
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
    fake = upgrading()
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
    fake = http("9.5", delays={"close": "30m"})
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


@pytest.mark.parametrize("release", ["7.4", "9.5"])
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
    if fake.fake.version < (7, 5):
        assert (stopped.status, "does not have an assigned node" in stopped.reason) == (409, True)
        switch(fake, False)
        stopped = fake("POST", "{ml}/datafeeds/f/_stop")
    assert stopped.body == {"stopped": True}


def test_no_datafeed_is_started() -> None:
    fake = http()
    fake.put("x", {**JOB, "data_description": {"time_field": "time"}})
    fake.job("x", "_open")
    feed_index(fake)
    switch(fake, True)
    refused = fake("POST", "{ml}/datafeeds/f/_start")
    assert (refused.status, refused.reason) == (429, "Could not start datafeed [f] as indices are being upgraded")


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
