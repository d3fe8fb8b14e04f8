"""Stopping datafeeds, and closing the jobs that they feed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from fake_es import VirtualClock
from tests.api.feeding import HOUR, JOB, QUIET, START, counts, datafeed, documents, put, ready, said, scene, start, stats
from tests.support import RELEASES, Http

SLOW_STOP = QUIET | {"stop_datafeed": "10s"}


def three(release: str = "9.5") -> Http:
    fake = scene(release, documents(12))
    for name in ("a1", "a2", "b"):
        fake.put(name, JOB)
        put(fake, {"job_id": name, "indices": ["logs"]}, name)
        fake.job(name, "_open")
        assert datafeed(fake, "_start", datafeed_id=name).status == 200
    return fake


def states(fake: Http) -> list[str]:
    return [found["state"] for found in fake("GET", "{ml}/datafeeds/_stats").body["datafeeds"]]


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("force", ["false", "true"])
def test_stopping(release: str, force: str) -> None:
    fake = ready(release, documents(12))
    start(fake)
    for _ in range(2 if fake.fake.version >= (6, 1) else 1):
        reply = datafeed(fake, f"_stop?force={force}")
        assert (reply.status, reply.body) == (200, {"stopped": True})
        assert stats(fake)["state"] == "stopped"
    assert fake.state("x") == "opened"
    assert said(fake)[-1] == "Datafeed stopped"


def test_expressions() -> None:
    for expression, left in (("a*", ["b"]), ("_all", []), ("*", []), ("a1,b", ["a2"]), ("b", ["a1", "a2"])):
        fake = three()
        assert datafeed(fake, "_stop", datafeed_id=expression).body == {"stopped": True}
        running = [found["datafeed_id"] for found in fake("GET", "{ml}/datafeeds/_stats").body["datafeeds"]
                   if found["state"] == "started"]  # fmt: skip
        assert running == left


def test_what_matches_nothing() -> None:
    fake = three()
    assert datafeed(fake, "_stop", datafeed_id="nope*").body == {"stopped": True}
    assert datafeed(fake, "_stop", {"allow_no_match": False}, datafeed_id="nope*").status == 404
    reply = datafeed(fake, "_stop", datafeed_id="nope")
    assert (reply.status, reply.reason) == (404, "No datafeed with id [nope] exists")
    assert states(fake) == ["started"] * 3


def test_a_body_hides_the_query_and_is_strict() -> None:
    fake = three()
    assert datafeed(fake, "_stop?force=true", {"timeout": "1s"}, datafeed_id="b").status == 400
    assert datafeed(fake, "_stop", {"nope": 1}, datafeed_id="b").status == 400
    assert datafeed(fake, "_stop", {"force": True, "timeout": "1s"}, datafeed_id="b").status == 200


def test_a_stop_waits_and_can_time_out() -> None:
    fake = ready("9.5", documents(12), settings={"delays": SLOW_STOP})
    start(fake)
    before = fake.fake.clock.now()
    reply = datafeed(fake, "_stop?timeout=1s")
    assert (reply.status, reply.type) == (500, "illegal_state_exception")
    assert reply.reason == "Timed out when waiting for persistent tasks after 1s"
    assert stats(fake)["state"] == "stopping"
    assert datafeed(fake, "_stop").status == 200
    assert fake.fake.clock.now() == before + 10_000
    assert stats(fake)["state"] == "stopped"


def test_one_that_is_stopping_may_be_stopped_by_force() -> None:
    fake = ready("9.5", documents(12), settings={"delays": SLOW_STOP})
    start(fake)
    datafeed(fake, "_stop?timeout=1s")
    datafeed(fake, "_stop?force=true")
    assert stats(fake)["state"] == "stopped"


def test_a_stopped_lookback_closes_its_job_unless_it_was_isolated() -> None:
    delays = QUIET | {"lookback": "10s"}
    cases = (
        ("9.3", "_stop", True),
        ("9.4", "_stop", False),
        ("9.4", "_stop?close_job=true", True),
        ("9.5", "_stop?force=true", True),
        ("9.5", "?force=true", False),
    )
    for release, action, closed in cases:
        fake = ready(release, documents(60), scroll_size=10, settings={"delays": delays})
        start(fake, f"?end={START + 10 * HOUR}")
        method = "POST" if action.startswith("_") else "DELETE"
        assert fake(method, f"{{ml}}/datafeeds/d{'/' * (method == 'POST')}{action}").status == 200
        fake.fake.clock.advance("5s")
        assert fake.state("x") == ("closed" if closed else "opened")
        assert counts(fake)["processed_record_count"] == 10
        assert ("Datafeed isolated" in said(fake)) is (action == "?force=true")


def test_close_job_from_9_3() -> None:
    fake = ready("9.5", documents(12))
    start(fake)
    assert datafeed(fake, "_stop?close_job=true").body == {"stopped": True}
    assert fake.state("x") == "closed"
    assert datafeed(ready("9.2"), "_stop?close_job=true").status == 400


@pytest.mark.parametrize(
    ("release", "reason"),
    [
        ("5.6", "cannot close job [x], datafeed hasn't been stopped"),
        ("6.2", "cannot close job [x], datafeed hasn't been stopped"),
        ("6.8", "cannot close job datafeed [d] hasn't been stopped"),
        ("7.13", "cannot close job datafeed [d] hasn't been stopped"),
    ],
)
@pytest.mark.parametrize("force", ["false", "true"])
def test_up_to_7_13_a_job_that_is_fed_is_not_closed(release: str, reason: str, force: str) -> None:
    fake = ready(release, documents(12))
    start(fake)
    reply = fake.job("x", f"_close?force={force}")
    assert (reply.status, reply.type, reply.reason) == (409, "status_exception", reason)
    assert fake.state("x") == "opened"
    assert stats(fake)["state"] == "started"
    datafeed(fake, "_stop")
    assert fake.job("x", "_close").body == {"closed": True}


@pytest.mark.parametrize("release", ["7.14", "8.19", "9.5"])
@pytest.mark.parametrize("force", ["false", "true"])
def test_from_7_14_closing_a_job_stops_its_datafeed(release: str, force: str) -> None:
    fake = ready(release, documents(12))
    start(fake)
    assert fake.job("x", f"_close?force={force}").body == {"closed": True}
    assert fake.state("x") == "closed"
    assert stats(fake)["state"] == "stopped"


def test_a_datafeed_that_does_not_stop_in_time_keeps_its_job_open() -> None:
    fake = ready("9.5", documents(12), settings={"delays": SLOW_STOP})
    start(fake)
    reply = fake.job("x", "_close?timeout=1s")
    assert (reply.status, reply.type) == (409, "status_exception")
    assert reply.reason == (
        "failed to close jobs as one or more had started datafeeds that could not be stopped: started datafeeds [d],"
        " error stopping them [Timed out when waiting for persistent tasks after 1s]"
    )
    assert reply.body["error"]["caused_by"]["type"] == "illegal_state_exception"
    assert fake.state("x") == "opened"


def test_a_stop_that_somebody_watches() -> None:
    fake = ready("9.5", documents(12), settings={"delays": SLOW_STOP, "clock": VirtualClock(auto=False, start=START)})
    start(fake)
    with ThreadPoolExecutor() as pool:
        stop = pool.submit(datafeed, fake, "_stop")
        while stats(fake)["state"] != "stopping":
            pass
        assert not stop.done()
        fake.fake.clock.advance("10s")
        assert stop.result(timeout=10).body == {"stopped": True}


def test_tasks_show_what_runs() -> None:
    fake = ready("9.5", documents(12))
    start(fake)
    listed = fake("GET", "/_tasks?actions=xpack/ml/datafeed*").body
    tasks = [task for node in listed["nodes"].values() for task in node["tasks"].values()]
    assert [task["action"] for task in tasks] == ["xpack/ml/datafeed[c]"]
    state = fake("GET", "/_cluster/state/metadata").body["metadata"]["persistent_tasks"]["tasks"]
    mine = next(task for task in state if task["id"] == "datafeed-d")
    assert mine["task"]["xpack/ml/datafeed"]["state"] == {"state": "started"}
    assert mine["task"]["xpack/ml/datafeed"]["params"]["datafeed_id"] == "d"
    datafeed(fake, "_stop")
    assert fake("GET", "/_tasks?actions=xpack/ml/datafeed*").body["nodes"] == {}


@pytest.mark.parametrize("release", ["5.4", "6.0"])
def test_up_to_6_0_a_stopped_datafeed_cannot_be_stopped(release: str) -> None:
    fake = ready(release, documents(12))
    for _ in range(2):
        reply = datafeed(fake, "_stop")
        assert (reply.status, reply.reason) == (409, "Cannot stop datafeed [d] because it has already been stopped")
        reply = datafeed(fake, "_stop?force=true")
        assert reply.status == 500
        assert reply.reason.startswith(
            "Failed to stop datafeed [d] with [1] failures, rethrowing last, all Exceptions: [Requested "
        )
        # Of all datafeeds those are stopped that run.
        assert datafeed(fake, "_stop", datafeed_id="_all").body == {"stopped": True}
        start(fake)
        assert datafeed(fake, "_stop").body == {"stopped": True}
