"""A step of a datafeed that fills many empty buckets lets others in between them, and stands in nobody's way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from fake_es.ml.job_store.jobs import Jobs
from fake_es.wire.human import iso_instant
from tests.support import Http, http

HOUR = 3_600_000
BUCKETS = 1500


def fed(release: str = "9.5") -> Http:
    """A datafeed over two documents with many buckets between them."""
    fake = http(release)
    detectors = [{"function": "count"}]
    fake.put("j", {"analysis_config": {"bucket_span": "1h", "detectors": detectors}, "data_description": {"time_field": "t"}})
    assert fake.job("j", "_open").status == 200
    kind = "doc" if release < "7" else "_doc"
    properties = {"properties": {"t": {"type": "date"}}}
    assert fake("PUT", "/logs", {"mappings": {kind: properties} if release < "7" else properties}).status == 200
    for number, at in enumerate((0, BUCKETS * HOUR)):
        assert fake("PUT", f"/logs/{kind}/{number}", {"t": at}).status == 201
    body = {"job_id": "j", "indices": ["logs"]} | ({"types": [kind]} if release < "7" else {})
    assert fake("PUT", "{ml}/datafeeds/f", body).status == 200
    return fake


def is_busy(fake: Http) -> bool:
    task = fake.fake.cluster.part(Jobs).get("j").task
    return task is not None and task.process is not None and task.process.is_busy


@contextmanager
def in_the_middle(fake: Http, end: str = "2000-01-01T00:00:00Z") -> Iterator[None]:
    """The datafeed is started by another thread, and its first step has begun when this one goes on."""
    thread = threading.Thread(target=fake, args=("POST", "{ml}/datafeeds/f/_start", {"start": "0", "end": end}))
    thread.start()
    while thread.is_alive() and not is_busy(fake):
        fake("GET", "/")
    yield
    thread.join()


def buckets(fake: Http) -> int:
    return int(fake.stats("j")["data_counts"]["bucket_count"])


def state(fake: Http) -> str:
    return str(fake("GET", "{ml}/datafeeds/f/_stats").body["datafeeds"][0]["state"])


@pytest.mark.parametrize("release", ["5.4.0", "9.5"])
def test_others_come_between_the_buckets_of_a_step(release: str) -> None:
    fake, seen = fed(release), set[str]()
    with in_the_middle(fake):
        while is_busy(fake):
            assert fake("GET", "/").status == 200
            written = fake("GET", "/.ml-anomalies-*/_search?size=0&q=result_type:bucket").body["hits"]["total"]
            seen.add(str(written))
    assert len(seen) > 1
    fake.fake.clock.advance("1s")
    assert buckets(fake) == BUCKETS
    assert state(fake) == "stopped"


def test_a_flush_waits_for_the_step() -> None:
    fake = fed()
    with in_the_middle(fake):
        assert fake.job("j", "_flush", {"calc_interim": True}).body["last_finalized_bucket_end"] == BUCKETS * HOUR
    assert buckets(fake) == BUCKETS


def test_a_datafeed_that_is_stopped_finishes_its_step_and_begins_no_other() -> None:
    fake = fed()
    with in_the_middle(fake):
        assert fake("POST", "/_ml/datafeeds/f/_stop").body == {"stopped": True}
    assert (state(fake), buckets(fake)) == ("stopped", BUCKETS)
    assert fake.state("j") == "closing" or fake.job("j", "_close").body == {"closed": True}
    fake.fake.clock.advance("1d")
    assert (state(fake), buckets(fake)) == ("stopped", BUCKETS)


def test_a_datafeed_that_is_stopped_by_force_stops_in_the_middle() -> None:
    fake = fed()
    with in_the_middle(fake):
        assert fake("POST", "/_ml/datafeeds/f/_stop", {"force": True}).body == {"stopped": True}
    assert not is_busy(fake)
    found = buckets(fake)
    assert 0 < found < BUCKETS
    fake("POST", "/_ml/anomaly_detectors/j/_close")
    fake.fake.clock.advance("1d")
    assert (state(fake), fake.state("j"), buckets(fake)) == ("stopped", "closed", found)
    # What was fed is not lost: the next flush finishes the buckets that are left.
    assert fake.job("j", "_open").status == 200
    fake.job("j", "_flush", {"advance_time": iso_instant(BUCKETS * HOUR)})
    written = fake("GET", "/.ml-anomalies-*/_count?q=result_type:bucket").body["count"]
    assert written == BUCKETS


@pytest.mark.parametrize("way", ["_close?force=true", "reset of all"])
def test_a_job_that_is_killed_in_the_middle_gets_no_more_results(way: str) -> None:
    fake = fed()
    with in_the_middle(fake):
        if way == "reset of all":
            assert fake("POST", "/_fake/reset").status == 200
        else:
            assert fake.job("j", way).body == {"closed": True}
        written = fake("GET", "/.ml-anomalies-*/_count?q=result_type:bucket").body["count"]
    assert written < BUCKETS
    fake.fake.clock.advance("1d")
    assert fake("GET", "/.ml-anomalies-*/_count?q=result_type:bucket").body["count"] == written


def test_others_come_in_while_a_long_upload_is_read() -> None:
    fake, seen = fed(), list[int]()
    cluster = fake.fake.cluster
    original = cluster.without_lock

    def watched(work: Callable[[], Any]) -> Any:
        result = original(work)
        seen.append(fake("GET", "/").status)
        return result

    cluster.without_lock = watched  # type: ignore[method-assign]
    record = '{"t":%d,"m":"' + "x" * 400 + '"}\n'
    counts = fake.job("j", "_data", "".join(record % number for number in range(1000))).body
    assert (counts["processed_record_count"], counts["input_field_count"]) == (1000, 1000)
    assert seen == [200, 200]  # the records, and that there are no more
    assert fake.job("j", "_data", record % 2000).status == 202
    assert len(seen) == 2
    cut_off = '{"a":{"t":9},"m":"' + "x" * 400_000
    assert fake.job("j", "_data", record % 3000 + cut_off).body["processed_record_count"] == 1
    assert len(seen) > 2


def test_an_upload_whose_job_is_killed_while_it_is_read_is_refused() -> None:
    fake = fed()
    cluster = fake.fake.cluster
    original = cluster.without_lock

    def watched(work: Callable[[], Any]) -> Any:
        result = original(work)
        fake.job("j", "_close?force=true")
        return result

    cluster.without_lock = watched  # type: ignore[method-assign]
    refused = fake.job("j", "_data", '{"t":1,"m":"' + "x" * 400_000 + '"}')
    assert (refused.status, refused.type) == (409, "status_exception")
    assert fake.stats("j")["data_counts"]["processed_record_count"] == 0


@pytest.mark.parametrize(("rest", "records"), [("", 1), ('\n{"t":3}', 2), ('{"t":2}', 2)])
def test_what_was_read_of_a_damaged_object_is_not_read_again(rest: str, records: int) -> None:
    fake = fed()
    cut_off = '{"t":1}\n{"a":{"t":9},"b":[' + '{"t":9},' * 20 + "oops"
    assert fake.job("j", "_data", cut_off + rest).body["processed_record_count"] == records
