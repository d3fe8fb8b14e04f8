"""A datafeed whose searches fail, or whose job fails, is busy or takes no records."""

from __future__ import annotations

import pytest

from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.jobs.process import Autodetect
from fake_es.wire.errors import ElasticsearchError
from tests.api.feeding import HOUR, JOB, QUIET, START, counts, datafeed, documents, index, put, ready, said, scene, start, stats


def test_records_that_the_job_does_not_take_are_no_data() -> None:
    now = START + 48 * HOUR
    fake = ready("9.5", max_empty_searches=3)
    start(fake)
    assert fake.job("x", "_data", {"time": now + 10 * HOUR}).status == 202
    index(fake, documents(1, start=now))
    fake.fake.clock.advance("2h")
    assert counts(fake)["out_of_order_timestamp_count"] == 1
    assert stats(fake)["state"] == "stopped"


def test_a_search_that_fails_is_told_once_and_tried_again() -> None:
    now = START + 48 * HOUR
    fake = ready("9.5", documents(12))
    start(fake)
    indices = fake.fake.cluster.part(SystemIndices)
    indices.drop(indices.index("logs"))
    fake.fake.clock.advance("1h")
    troubles = [message for message in said(fake) if "encountering errors extracting data" in message]
    assert len(troubles) == 1
    assert "index [logs] does not exist" in troubles[0]
    index(fake, documents(1, start=now + HOUR))
    fake.fake.clock.advance("30m")
    assert "Datafeed has recovered data extraction and analysis" in said(fake)
    assert counts(fake)["processed_record_count"] == 13


def test_a_lookback_that_breaks_off_goes_on_behind_what_was_fed() -> None:
    by_hour = {"mode": "manual", "time_span": "1h"}
    delays = QUIET | {"lookback": "10s"}
    fake = ready("9.5", documents(2, step=HOUR), chunking_config=by_hour, settings={"delays": delays})
    start(fake)
    indices = fake.fake.cluster.part(SystemIndices)
    indices.drop(indices.index("logs"))
    fake.fake.clock.advance("30s")
    assert counts(fake)["processed_record_count"] == 1
    assert said(fake)[-1].startswith("Datafeed is encountering errors extracting data")
    index(fake, documents(2, step=HOUR))
    fake.fake.clock.advance("30m")
    assert (counts(fake)["processed_record_count"], counts(fake)["out_of_order_timestamp_count"]) == (2, 0)


def test_a_job_that_fails_stops_its_datafeed() -> None:
    fake = ready("9.5", documents(12))
    start(fake)
    assert fake("POST", "/_fake/jobs/x/_fail", {"reason": "gone"}).status == 200
    fake.fake.clock.advance("30m")
    assert stats(fake)["state"] == "stopped"
    assert fake.state("x") == "failed"
    ended = ("Datafeed is encountering errors submitting data for analysis", "Datafeed stopped")
    found = [message.partition(":")[0] for message in said(fake) if message.startswith(ended)]
    assert found == list(ended)


def test_the_end_of_a_datafeed_does_not_close_a_job_that_has_failed() -> None:
    fake = ready("9.5", documents(12), settings={"delays": QUIET | {"lookback": "10s"}})
    start(fake, f"?end={START + 2 * HOUR}")
    assert fake("POST", "/_fake/jobs/x/_fail", {"reason": "gone"}).status == 200
    fake.fake.clock.advance("1m")
    assert (stats(fake)["state"], fake.state("x")) == ("stopped", "failed")


def test_a_job_that_refuses_records_for_a_while_does_not_stop_its_datafeed(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Autodetect, times: object, records: object, now: int) -> None:
        raise ElasticsearchError("no room")

    fake = ready("9.5", documents(12))
    monkeypatch.setattr(Autodetect, "feeding", full)
    start(fake)
    assert stats(fake)["state"] == "started"
    assert said(fake)[-1] == "Datafeed is encountering errors submitting data for analysis: no room"
    monkeypatch.undo()
    fake.fake.clock.advance("30m")
    assert said(fake)[-1] == "Datafeed has recovered data extraction and analysis"
    assert counts(fake)["processed_record_count"] == 12


@pytest.mark.parametrize("release", ["6.8", "9.5"])
def test_a_datafeed_stops_when_its_job_does_not_open(release: str) -> None:
    fake = scene(release, documents(12), delays=QUIET | {"open": "1m"})
    fake.put("x", JOB)
    put(fake)
    fake("POST", "/_fake/jobs/x/_fail", {"during": "opening", "reason": "no room"})
    fake.job("x", "_open?timeout=1ms")
    assert datafeed(fake, "_start").status == 200
    assert stats(fake)["state"] == "started"
    fake.fake.clock.advance("1m")
    assert (fake.state("x"), stats(fake)["state"]) == ("failed", "stopped")
    assert said(fake)[-1] == "Datafeed stopped"


def test_a_search_waits_for_the_request_that_is_at_work_in_the_job() -> None:
    now = START + 48 * HOUR
    fake = ready("9.5", documents(1), frequency="60s")
    start(fake)
    index(fake, documents(1, start=now - 1))
    task = fake.fake.cluster.part(Jobs).get("x").task
    assert task is not None
    assert task.process is not None
    task.process.is_busy = True
    fake.fake.clock.set(now + 60_100)
    assert counts(fake)["processed_record_count"] == 1
    task.process.is_busy = False
    fake.fake.clock.advance(0)
    assert counts(fake)["processed_record_count"] == 1
    fake.fake.clock.advance("1ms")
    assert counts(fake)["processed_record_count"] == 2
