"""Resetting a job: all it has learnt and written goes, its configuration stays."""

from __future__ import annotations

import pytest

from tests.api.stored import audits, sources, store
from tests.api.test_model_snapshots import closed, fed, feed, results, snapshots
from tests.support import http


def test_what_goes_and_what_stays() -> None:
    fake = closed()
    config = fake.job("x", "", method="GET").body["jobs"][0]
    assert fake.job("x", "_reset").body == {"acknowledged": True}
    after = fake.job("x", "", method="GET").body["jobs"][0]
    gone = {"model_snapshot_id", "model_snapshot_min_version", "finished_time"}
    assert after == {name: value for name, value in config.items() if name not in gone}
    assert (snapshots(fake), results(fake), sources(fake, ".ml-anomalies-x")) == ([], [], [])
    assert sources(fake, ".ml-state*") == []
    stats = fake.stats("x")
    assert stats["data_counts"]["processed_record_count"] == 0
    assert stats["model_size_stats"]["model_bytes"] == 0
    assert audits(fake)[-1] == "Job has been reset"


def test_it_can_be_fed_again_from_the_beginning() -> None:
    fake = closed()
    expected = results(fake)
    fake.job("x", "_reset")
    fake.job("x", "_open")
    feed(fake, 0, 50)
    assert results(fake) == expected


def test_a_task_in_place_of_waiting() -> None:
    fake = closed()
    task = fake.job("x", "_reset?wait_for_completion=false").body["task"]
    assert fake.job("x", "", method="GET").body["jobs"][0]["blocked"] == {"reason": "reset", "task_id": task}
    assert fake.job("x", "_open").reason == "Cannot open job [x] because it is executing [reset]"
    assert fake("GET", f"/_tasks/{task}").body["task"]["description"] == "job-x"
    assert fake.job("x", "_reset").body == {"acknowledged": True}
    shown = fake("GET", f"/_tasks/{task}").body
    assert (shown["completed"], shown["response"]) == (True, {"acknowledged": True})
    assert fake.job("x", "_open").status == 200


def test_each_who_resets_a_job_without_waiting_has_a_task_to_ask_for() -> None:
    fake = closed()
    first, second = (fake.job("x", "_reset?wait_for_completion=false").body["task"] for _ in range(2))
    assert first != second
    assert fake.job("x", "", method="GET").body["jobs"][0]["blocked"]["task_id"] == first
    assert [fake("GET", f"/_tasks/{task}").body["completed"] for task in (first, second)] == [False, False]
    fake.fake.clock.advance("1m")
    for task in (first, second):
        assert fake("GET", f"/_tasks/{task}").body["response"] == {"acknowledged": True}
    assert audits(fake).count("Job has been reset") == 1


def test_deleting_the_job_overtakes_a_reset() -> None:
    fake = closed()
    first, second = (fake.job("x", "_reset?wait_for_completion=false").body["task"] for _ in range(2))
    assert fake.job("x", "", method="DELETE").body == {"acknowledged": True}
    fake.fake.clock.advance("1m")
    assert fake("GET", f"/_tasks/{first}").body["response"] == {"acknowledged": False}
    error = {"type": "status_exception", "reason": "cannot reset job while it is blocked with [delete]"}
    assert fake("GET", f"/_tasks/{second}").body["error"] == error
    assert fake.job("x", "_reset").status == 404


def test_a_job_that_is_gone_when_those_look_who_waited_for_the_reset() -> None:
    fake = http(delays={"reset": "1h", "delete": "1m"})
    fake.put("x")
    tasks = [fake.job("x", "_reset?wait_for_completion=false").body["task"] for _ in range(2)]
    assert fake.job("x", "", method="DELETE").body == {"acknowledged": True}
    fake.fake.clock.advance("1h")
    error = {"type": "resource_not_found_exception", "reason": "No known job with id 'x'"}
    assert fake("GET", f"/_tasks/{tasks[1]}").body["error"] == error


@pytest.mark.parametrize("users_too", [False, True])
def test_annotations_of_users(users_too: bool) -> None:
    fake = closed()
    written = {"job_id": "x", "annotation": "strike", "type": "annotation", "create_username": "me", "timestamp": 1}
    fake("PUT", "/.ml-annotations-write/_doc/1", written)
    fake.job("x", f"_reset?delete_user_annotations={str(users_too).lower()}")
    left = [annotation["annotation"] for annotation in sources(fake, ".ml-annotations-read")]
    assert left == ([] if users_too else ["strike"])


def test_only_a_closed_job_is_reset() -> None:
    reply = fed().job("x", "_reset")
    assert (reply.status, reply.reason) == (409, "Can only reset a job when it is closed.")


def test_a_job_that_is_being_deleted() -> None:
    fake = closed()
    fake.job("x", "?wait_for_completion=false", method="DELETE")
    reply = fake.job("x", "_reset")
    assert (reply.status, reply.reason) == (409, "cannot reset job while it is blocked with [delete]")


def test_a_job_that_is_not_there() -> None:
    reply = http().job("x", "_reset")
    assert (reply.status, reply.reason) == (404, "No known job with id 'x'")


def test_it_came_with_7_14() -> None:
    assert http("7.13").job("x", "_reset").status in (400, 405)


def test_a_snapshot_without_an_id_is_no_reason_to_stumble() -> None:
    fake = closed()
    store(fake, {"snapshot_doc_count": 1})
    assert fake.job("x", "_reset").body == {"acknowledged": True}
    assert sources(fake, ".ml-anomalies-x") == []
