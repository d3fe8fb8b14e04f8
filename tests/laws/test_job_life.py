"""Random lives of jobs, against a model of a few lines: states, counts and results never disagree with it."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fake_es import VirtualClock
from tests.support import Http, http

OPEN, CLOSE, DELETE = 2_000, 60_000, 1_000
START = 1_403_481_600
IDS = ("a", "b")


class ModelJob:
    """What a job should be: its state, when that ends, and how many records it has taken."""

    def __init__(self) -> None:
        self.state = "closed"
        self.until: int | None = None
        self.records = 0


class JobLife(RuleBasedStateMachine):
    """Two jobs under random commands, at one release, with delays of known length."""

    release = "9.5"

    def __init__(self) -> None:
        super().__init__()
        delays = {"open": f"{OPEN}ms", "close": f"{CLOSE}ms", "delete": f"{DELETE}ms"}
        self.http: Http = http(self.release, clock=VirtualClock(start=0), delays=delays)
        self.model: dict[str, ModelJob] = {}
        self.hour = 0

    @property
    def now(self) -> int:
        return self.http.fake.clock.now()

    def settle(self) -> None:
        """What time has done to the model."""
        for job in self.model.values():
            if job.until is not None and self.now >= job.until:
                job.state = {"opening": "opened", "closing": "closed"}[job.state]
                job.until = None

    @initialize()
    def begin(self) -> None:
        self.put("a")

    @rule(job_id=st.sampled_from(IDS))
    def put(self, job_id: str) -> None:
        reply = self.http.put(job_id)
        assert reply.status == (400 if job_id in self.model else 200)
        self.model.setdefault(job_id, ModelJob())

    @rule(job_id=st.sampled_from(IDS), timeout=st.sampled_from([1_000, 3_000]))
    def open(self, job_id: str, timeout: int) -> None:
        job = self.model.get(job_id)
        begun = self.now
        reply = self.http.job(job_id, f"_open?timeout={timeout}ms")
        if job is None:
            assert reply.status == 404
        elif job.state != "closed":
            assert reply.status == 409
        else:
            job.state, job.until = "opening", begun + OPEN
            assert reply.status == (200 if timeout >= OPEN else 408)
            assert self.now - begun == min(timeout, OPEN)
        self.settle()

    @rule(job_id=st.sampled_from(IDS), timeout=st.sampled_from([1_000, 120_000]))
    def close(self, job_id: str, timeout: int) -> None:
        job = self.model.get(job_id)
        begun = self.now
        reply = self.http.job(job_id, f"_close?timeout={timeout}ms")
        if job is None:
            assert reply.status == 404
            return
        if job.state == "failed":
            assert reply.status == 409
            return
        if job.state == "opened":
            job.state, job.until = "closing", begun + CLOSE
        elif job.state == "opening":
            job.state, job.until = "closed", None
        remaining = 0 if job.until is None else job.until - begun
        assert reply.status == (200 if remaining <= timeout else 500)
        assert self.now - begun == min(remaining, timeout)
        self.settle()

    @rule(job_id=st.sampled_from(IDS))
    def force_close(self, job_id: str) -> None:
        job = self.model.get(job_id)
        assert self.http.job(job_id, "_close?force=true").status == (200 if job else 404)
        if job is not None:
            job.state, job.until = "closed", None

    @rule(job_id=st.sampled_from(IDS))
    def fail(self, job_id: str) -> None:
        job = self.model.get(job_id)
        reply = self.http("POST", f"/_fake/jobs/{job_id}/_fail")
        if job is None:
            assert reply.status == 404
        elif job.state == "closed":
            assert reply.status == 409
        else:
            job.state, job.until = "failed", None

    @rule(job_id=st.sampled_from(IDS), records=st.integers(1, 3))
    def post(self, job_id: str, records: int) -> None:
        job = self.model.get(job_id)
        self.hour += 1
        record = {"time": START + 3600 * self.hour, "airline": "AAL", "responsetime": 1}
        reply = self.http.job(job_id, "_data", json.dumps(record) * records)
        if job is None or job.state != "opened":
            assert reply.status == 409
        else:
            assert (reply.status, reply.body["processed_record_count"]) == (202, records)
            job.records += records

    @rule(job_id=st.sampled_from(IDS), force=st.booleans())
    def delete(self, job_id: str, force: bool) -> None:
        job = self.model.get(job_id)
        reply = self.http.job(f"{job_id}?force={str(force).lower()}", method="DELETE")
        if job is None:
            assert reply.status == 404
        elif job.state != "closed" and not force:
            assert reply.status == 409
        else:
            assert reply.status == 200
            del self.model[job_id]
        self.settle()

    @rule(milliseconds=st.sampled_from([500, 2_000, 61_000]))
    def advance(self, milliseconds: int) -> None:
        self.http.fake.clock.advance(milliseconds / 1000)
        self.settle()

    @invariant()
    def the_cluster_agrees_with_the_model(self) -> None:
        stats = self.http("GET", "{ml}/anomaly_detectors/_stats").body["jobs"]
        seen = {job["job_id"]: (job["state"], job["data_counts"]["processed_record_count"]) for job in stats}
        assert seen == {job_id: (job.state, job.records) for job_id, job in self.model.items()}
        assert all(("node" in job) == (job["state"] != "closed") for job in stats)


TestJobLife = JobLife.TestCase
TestJobLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def _together(work: Any, workers: int) -> list[Any]:
    """Answers of ``work(number)`` from that many threads started as one."""
    barrier = threading.Barrier(workers)
    answers: list[Any] = [None] * workers

    def run(number: int) -> None:
        barrier.wait()
        answers[number] = work(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.mark.parametrize("release", ["6.8", "9.5"])
def test_of_32_who_open_one_job_one_succeeds(release: str) -> None:
    fake = http(release)
    fake.put("x")
    replies = _together(lambda number: fake.job("x", "_open").status, 32)
    assert sorted(replies) == [200] + [409] * 31


def test_32_who_close_one_job_all_hear_that_it_is_closed_once() -> None:
    from tests.api.test_close_job import notifications, opened

    fake = opened("9.5", delays={"close": "4m"})
    replies = _together(lambda number: fake.job("x", "_close").body, 32)
    assert replies == [{"closed": True}] * 32
    assert len(notifications(fake, "Job is closing")) == 1


def test_in_5_x_one_of_32_closes_and_the_rest_are_refused() -> None:
    from tests.api.test_close_job import opened

    fake = opened("5.4.0")
    replies = _together(lambda number: fake.job("x", "_close").status, 32)
    assert sorted(replies) == [200] + [409] * 31


def test_32_threads_on_one_job_lose_no_record_and_no_transition() -> None:
    fake = http("9.5")
    fake.put("x")

    def live(number: int) -> int:
        taken = 0
        for turn in range(10):
            action = ("_open", "_data", "_close", "_close?force=true")[(number + turn) % 4]
            record = json.dumps({"time": START, "airline": "AAL", "responsetime": 1})
            reply = fake.job("x", action, record if action == "_data" else None)
            assert reply.status in (200, 202, 409)
            taken += reply.status == 202
        return taken

    taken = sum(_together(live, 32))
    counts = fake.stats("x")["data_counts"]
    assert counts["processed_record_count"] + counts["out_of_order_timestamp_count"] == taken
