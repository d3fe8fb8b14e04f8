"""Putting, getting, updating and deleting jobs, and their statistics."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from fake_es import VirtualClock
from tests.api.stored import audits
from tests.api.test_close_job import RECORDS, closing, failed, notifications, opened
from tests.support import JOB, RELEASES, http


@pytest.mark.parametrize("release", RELEASES)
def test_put_answers_the_whole_job_and_get_gives_it_back(release: str) -> None:
    fake = http(release, clock=VirtualClock(start=1_500_000_000_000))
    put = fake.put("x")
    assert put.status == 200
    assert put.body["job_id"] == "x"
    assert put.body["create_time"] == 1_500_000_000_000
    assert put.body["job_type"] == "anomaly_detector"
    assert put.body["results_index_name"] == "shared"
    assert fake.job("x", method="GET").body == {"count": 1, "jobs": [put.body]}


def test_an_id_can_be_used_once() -> None:
    fake = http()
    fake.put("x")
    reply = fake.put("x")
    assert (reply.status, reply.type) == (400, "resource_already_exists_exception")
    assert reply.reason == "The job cannot be created with the Id 'x'. The Id is already used."


def test_jobs_and_groups_share_their_names() -> None:
    fake = http()
    fake.put("x", JOB | {"groups": ["g"]})
    both = "job and group names must be unique but job [{0}] and group [{0}] have the same name"
    assert fake.put("g").reason == both.format("g")
    assert fake.put("y", JOB | {"groups": ["x"]}).reason == both.format("x")
    assert fake.job("x", "_update", {"groups": ["x"]}).status == 400
    assert fake("GET", "{ml}/anomaly_detectors").body["count"] == 1


def test_get_sorts_by_id_and_takes_expressions() -> None:
    fake = http()
    for job_id in ("c", "a", "b-1", "b-2"):
        fake.put(job_id, JOB | {"groups": ["g"] if job_id in "ac" else []})

    def ids(expression: str) -> list[str]:
        return [job["job_id"] for job in fake.job(expression, method="GET").body["jobs"]]

    assert [job["job_id"] for job in fake("GET", "{ml}/anomaly_detectors").body["jobs"]] == ["a", "b-1", "b-2", "c"]
    assert ids("_all") == ids("*") == ["a", "b-1", "b-2", "c"]
    assert ids("b-*") == ["b-1", "b-2"]
    assert ids("*-2") == ["b-2"]
    assert ids("b-*1") == ["b-1"]
    assert ids("g*,b-2") == ["a", "b-2", "c"]
    assert ids("zzz*") == []


@pytest.mark.parametrize("path", ["{ml}/anomaly_detectors/", "{ml}/anomaly_detectors/x,nope,gone"])
def test_get_refuses_names_that_are_nothing(path: str) -> None:
    fake = http("9.5")
    fake.put("x")
    reply = fake("GET", path + "_stats" if path.endswith("/") else path)
    assert reply.status == (404 if "nope" in path else 200)
    if reply.status == 404:
        assert reply.reason == "No known job with id 'nope,gone'"


def test_before_6_1_a_job_is_named_alone() -> None:
    fake = http("5.6")
    fake.put("x")
    for expression in ("x,x", "x*"):
        assert fake.job(expression, method="GET").reason == f"No known job with id '{expression}'"
    assert fake.job("_all", method="GET").body["count"] == 1


def test_human_adds_readable_times() -> None:
    fake = http("9.5", clock=VirtualClock(start="2017-04-11T08:30:00Z"))
    fake.put("x")
    for path in ("x?human", "x?human=true"):
        job = fake.job(path, method="GET").body["jobs"][0]
        assert job["create_time_string"] == "2017-04-11T08:30:00.000Z"
    assert "create_time_string" not in fake.job("x?human=false", method="GET").body["jobs"][0]


def test_exclude_generated_leaves_what_the_server_added_out() -> None:
    fake = http("9.5")
    fake.put("x", JOB | {"custom_settings": {"created_by": "wizard", "url": "u"}})
    job = fake.job("x?exclude_generated", method="GET").body["jobs"][0]
    assert not {"create_time", "job_type", "job_version"} & job.keys()
    assert job["custom_settings"] == {"url": "u"}
    copy = fake.put("y", {name: value for name, value in job.items() if name != "job_id"})
    assert copy.status == 200
    assert http("7.10")("GET", "{ml}/anomaly_detectors?exclude_generated").status == 400


@pytest.mark.parametrize("release", RELEASES)
def test_update_changes_and_answers_the_job(release: str) -> None:
    fake = http(release)
    fake.put("x")
    reply = fake.job("x", "_update", {"description": "better", "results_retention_days": 7})
    assert (reply.status, reply.body["description"], reply.body["results_retention_days"]) == (200, "better", 7)
    assert fake.job("x", method="GET").body["jobs"] == [reply.body]
    assert len(notifications(fake, "Job updated: [")) == 1


def test_update_takes_one_known_job() -> None:
    fake = http()
    assert fake.job("nope", "_update", {"description": "x"}).reason == "No known job with id 'nope'"
    assert fake.job("_all", "_update", {"description": "x"}).reason == "Cannot update more than 1 job at a time"
    assert fake.job("a*", "_update", {"description": "x"}).status == 404


def test_update_moves_a_job_between_groups() -> None:
    fake = http()
    fake.put("x", JOB | {"groups": ["old"]})
    fake.job("x", "_update", {"groups": ["new"]})
    assert fake.job("new", method="GET").body["count"] == 1
    assert fake.job("old", method="GET").status == 404


@pytest.mark.parametrize("release", ["5.6", "6.8", "9.5"])
def test_delete_forgets_a_job_and_its_results(release: str) -> None:
    fake = opened(release)
    fake.job("x", "_data", RECORDS)
    fake.job("x", "_close")
    assert fake.job("x", method="DELETE").body == {"acknowledged": True}
    assert fake.job("x", method="GET").status == 404
    fake.put("x")
    assert fake.job("x", "results/buckets", method="GET").body["count"] == 0
    assert fake.stats("x")["data_counts"]["processed_record_count"] == 0
    assert [entry["message"] for entry in notifications(fake, "Job deleted")] == ["Job deleted"]


def test_delete_refuses_what_it_should() -> None:
    for fake, state in ((opened("9.5"), "opened"), (closing("9.5"), "closing"), (failed("9.5"), "failed")):
        reply = fake.job("x", method="DELETE")
        assert (reply.status, reply.reason) == (409, f"Cannot delete job [x] because the job is {state}")
        assert fake.state("x") == state
        assert fake.job("x?force=true", method="DELETE").body == {"acknowledged": True}
        assert fake.job("x", method="GET").status == 404
    assert http().job("no*", method="DELETE").reason == "No known job with id 'no*'"
    assert http("5.4.0").job("x?force=true", method="DELETE").status == 400


@pytest.mark.parametrize(
    ("release", "blocked", "reason"),
    [
        ("6.8", set(), "Cannot open job [x] because it has been marked as deleted"),
        ("7.0", {"deleting"}, "Cannot open job [x] because it is being deleted"),
        ("9.5", {"deleting", "blocked"}, "Cannot open job [x] because it is executing [delete]"),
    ],
)
def test_a_job_that_is_being_deleted(release: str, blocked: set[str], reason: str) -> None:
    fake = http(release, delays={"delete": "1m"})
    fake.put("x")
    task = fake.job("x?wait_for_completion=false", method="DELETE").body["task"]
    assert task.partition(":")[2].isdigit()
    job = fake.job("x", method="GET").body["jobs"][0]
    assert {"deleting", "blocked"} & job.keys() == blocked
    assert "blocked" not in job or job["blocked"] == {"reason": "delete", "task_id": task}
    assert fake("GET", "{ml}/anomaly_detectors/_stats").body["count"] == 0
    assert fake.job("x", "_open").reason == reason
    assert fake.job("_all", "_close").body == {"closed": True}
    assert fake.job("x", method="DELETE").body == {"acknowledged": True}
    assert fake.job("x", method="GET").status == 404


def test_two_who_delete_the_same_job_both_wait_for_it() -> None:
    fake = http(clock=VirtualClock(auto=False), delays={"delete": "1m"})
    fake.put("x")
    replies: list[Any] = []
    threads = [threading.Thread(target=lambda: replies.append(fake.job("x", method="DELETE").body)) for _ in range(2)]
    for thread in threads:
        thread.start()
    while "deleting" not in fake.job("x", method="GET").body["jobs"][0]:
        pass
    fake.fake.clock.advance("1m")
    for thread in threads:
        thread.join(5)
    assert {"acknowledged": True} in replies
    assert len(replies) == 2


def test_each_who_deletes_a_job_without_waiting_has_a_task_to_ask_for() -> None:
    fake = http(delays={"delete": "1m"})
    fake.put("x")
    first, second = (fake.job("x?wait_for_completion=false", method="DELETE").body["task"] for _ in range(2))
    assert first != second
    assert fake.job("x", method="GET").body["jobs"][0]["blocked"]["task_id"] == first
    listed = fake("GET", "/_tasks?actions=*job/delete&detailed&group_by=none").body["tasks"]
    assert [task["description"] for task in listed] == ["delete-job-x"] * 2
    assert [fake("GET", f"/_tasks/{task}").body["completed"] for task in (first, second)] == [False, False]
    fake.fake.clock.advance("1m")
    for task in (first, second):
        assert fake("GET", f"/_tasks/{task}").body["response"] == {"acknowledged": True}
    assert [text for text in audits(fake) if text.startswith("Delet")] == [f"Deleting job by task with id '{first}'"]


@pytest.mark.parametrize("release", RELEASES)
def test_statistics_of_a_fresh_job(release: str) -> None:
    fake = http(release)
    fake.put("x")
    stats = fake.stats("x")
    version = fake.fake.version
    assert stats["state"] == "closed"
    assert stats["data_counts"]["job_id"] == "x"
    assert stats["data_counts"]["processed_record_count"] == 0
    assert stats["model_size_stats"]["memory_status"] == "ok"
    assert ("forecasts_stats" in stats) == (version >= (6, 4))
    assert ("timing_stats" in stats) == (version >= (7, 3))


def test_statistics_survive_the_end_of_the_process() -> None:
    fake = opened("9.5")
    fake.job("x", "_data", RECORDS)
    before = fake.stats("x")
    assert before["timing_stats"]["bucket_count"] == 1
    assert before["model_size_stats"]["total_by_field_count"] > 0
    fake.job("x", "_close")
    after = fake.stats("x")
    assert after["timing_stats"] == before["timing_stats"]
    assert after["data_counts"] == before["data_counts"]
    assert after["model_size_stats"]["model_bytes"] == before["model_size_stats"]["model_bytes"]


def test_post_data_counts_and_warns() -> None:
    fake = opened("9.5")
    reply = fake.job("x", "_data", RECORDS)
    assert reply.status == 202
    assert reply.body["processed_record_count"] == 3
    assert '"Posting data directly to anomaly detection jobs is deprecated' in reply.headers["warning"]
    assert "warning" not in opened("7.10").job("x", "_data", RECORDS).headers


@pytest.mark.parametrize(
    ("release", "body"),
    [
        ("5.4.0", {"flushed": True}),
        ("5.6", {"flushed": True, "last_finalized_bucket_end": 1_403_485_200_000}),
        ("9.5", {"flushed": True, "last_finalized_bucket_end": 1_403_485_200_000}),
    ],
)
def test_flush(release: str, body: dict[str, Any]) -> None:
    fake = opened(release)
    assert fake.job("x", "_flush").body == {"flushed": True}
    fake.job("x", "_data", RECORDS)
    assert fake.job("x", "_flush").body == body


@pytest.mark.parametrize(
    ("query", "kind", "said"),
    [
        ("start=1403481600", "illegal_argument_exception", "Invalid flush parameters: unexpected 'start'."),
        ("end=1403481600", "illegal_argument_exception", "Invalid flush parameters: unexpected 'end'."),
        ("calc_interim&end=1", "illegal_argument_exception", "Invalid flush parameters: 'start' has not been specified."),
        (
            "advance_time=soon",
            "parse_exception",
            "Query param [advance_time] with value [soon] cannot be parsed as a date or converted to a number (epoch).",
        ),
    ],
)
def test_flush_refusals(query: str, kind: str, said: str) -> None:
    reply = opened("9.5").job("x", f"_flush?{query}")
    assert (reply.status, reply.type, reply.reason) == (400, kind, said)


def test_flush_takes_a_body_in_place_of_the_query() -> None:
    fake = opened("9.5")
    fake.job("x", "_data", RECORDS)
    reply = fake.job("x", "_flush", {"advance_time": "1403492400", "calc_interim": True})
    assert reply.body["last_finalized_bucket_end"] == 1_403_492_400_000
    assert fake.job("x", "_flush?calc_interim=true", {"advance_time": "1403492400"}).status == 400
