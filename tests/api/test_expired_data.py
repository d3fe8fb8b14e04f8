"""What is older than its job keeps it goes, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.test_calendars import audit
from tests.spec.answering import checked
from tests.spec.validator import needs_specification
from tests.support import JOB, RELEASES, Http, Reply, http

DAY = 86_400
HOUR = 3600
START = 1_403_481_600


def clean(fake: Http, rest: str = "", body: Any = None) -> Reply:
    return fake("DELETE", "{ml}/_delete_expired_data" + rest, body)


def fed(release: str, days: int = 4, **job: Any) -> Http:
    """An open job "x" that has been through four days."""
    fake = http(release)
    fake.put("x", {**JOB, **job})
    fake.job("x", "_open")
    lines = [json.dumps({"time": START + hour * HOUR, "airline": "AAL", "responsetime": 1.0}) for hour in range(days * 24 + 1)]
    fake.job("x", "_data", "\n".join(lines))
    return fake


def first_bucket(fake: Http) -> int:
    """Hours from the start of the data to the first bucket that is left."""
    found = fake("GET", "{ml}/anomaly_detectors/x/results/buckets?size=1").body["buckets"]
    return int((found[0]["timestamp"] // 1000 - START) // HOUR)


def snapshots(fake: Http) -> list[str]:
    """Ids of the snapshots there are, the oldest first."""
    found = fake("GET", "{ml}/anomaly_detectors/x/model_snapshots?desc=false").body["model_snapshots"]
    return [snapshot["snapshot_id"] for snapshot in found]


@pytest.mark.parametrize("release", RELEASES)
def test_it_is_done(release: str) -> None:
    reply = clean(http(release))
    assert (reply.status, reply.body) == (200, {"deleted": True})


def test_results_go_by_the_latest_bucket() -> None:
    fake = fed("9.5", results_retention_days=1)
    assert first_bucket(fake) == 0
    clean(fake)
    assert first_bucket(fake) == 95 - 24
    assert "Deleted results prior to 2014-06-25T23:00:00Z" in audit(fake, "x")
    assert fake.stats("x")["data_counts"]["bucket_count"] == 96


def test_up_to_7_7_results_go_by_the_clock() -> None:
    fake = fed("7.7", results_retention_days=1)
    clean(fake)
    assert fake("GET", "{ml}/anomaly_detectors/x/results/buckets").body["count"] == 0


@pytest.mark.parametrize(("release", "left"), [("7.14", {"_xpack", "me"}), ("7.15", {"me"}), ("9.5", {"me"})])
def test_from_7_15_annotations_of_the_server_expire_with_the_results(release: str, left: set[str]) -> None:
    fake = fed(release, results_retention_days=1)
    for user in ("_xpack", "me"):
        annotation = {"job_id": "x", "annotation": "old", "timestamp": START * 1000, "create_username": user}
        assert fake("PUT", f"/.ml-annotations-write/_doc/{user}", annotation).status == 201
    clean(fake)
    found = fake("GET", "/.ml-annotations-read/_search?q=annotation:old").body["hits"]["hits"]
    assert {hit["_id"] for hit in found} == left


def test_results_without_retention_stay() -> None:
    fake = fed("9.5")
    clean(fake)
    assert first_bucket(fake) == 0
    assert not any(message.startswith("Deleted") for message in audit(fake, "x"))


def persisted(release: str, instants: list[float], **job: Any) -> Http:
    """A job "x" with a snapshot at each of these days after its first."""
    fake = fed(release, days=1, **job)
    begun = fake.fake.clock.now()
    for number, day in enumerate(instants):
        fake.fake.clock.advance(max(0.0, begun / 1000 + day * DAY - fake.fake.clock.now() / 1000))
        if number:
            fake.job("x", "_open")
            record = {"time": START + DAY + (number + 1) * HOUR, "airline": "AAL", "responsetime": 1.0}
            assert fake.job("x", "_data", json.dumps(record)).status == 202
        fake.job("x", "_close")
    return fake


def test_snapshots_are_thinned_out_and_then_go() -> None:
    fake = persisted(
        "9.5", [0, 3.1, 3.3, 4.2, 5.0], model_snapshot_retention_days=2, daily_model_snapshot_retention_after_days=1
    )
    before = snapshots(fake)
    assert len(before) == 5
    fake("POST", f"{{ml}}/anomaly_detectors/x/model_snapshots/{before[0]}/_update", {"retain": True})
    clean(fake)
    # The first is retained, the third is the second of its day.
    assert snapshots(fake) == [before[number] for number in (0, 1, 3, 4)]
    assert "[1] expired model snapshots deleted" in audit(fake, "x")
    fake("POST", f"{{ml}}/anomaly_detectors/x/model_snapshots/{before[0]}/_update", {"retain": False})
    clean(fake)
    assert snapshots(fake) == [before[number] for number in (1, 3, 4)]


def test_the_snapshot_in_use_stays() -> None:
    fake = persisted("7.7", [0, 0.5], model_snapshot_retention_days=0)
    before = snapshots(fake)
    fake.fake.clock.advance(10 * DAY)
    clean(fake)
    assert snapshots(fake) == before[1:]


def test_some_jobs_only() -> None:
    fake = fed("9.5", results_retention_days=1, groups=["g"])
    fake.put("y")
    assert clean(fake, "/y").body == {"deleted": True}
    assert first_bucket(fake) == 0
    assert clean(fake, "/nope").reason == "No known job with id 'nope'"
    clean(fake, "/g")
    assert first_bucket(fake) == 71
    assert http("7.8")("DELETE", "{ml}/_delete_expired_data/x").status in (400, 404, 405)


@pytest.mark.parametrize("release", ["7.8", "9.5"])
def test_how_fast(release: str) -> None:
    fake = http(release)
    assert clean(fake, "?requests_per_second=-1&timeout=1h").status == 200
    assert clean(fake, "", {"requests_per_second": 0.5, "timeout": "1h"}).status == 200
    for rate in (0, -2):
        refused = clean(fake, f"?requests_per_second={rate}")
        assert (refused.status, refused.type) == (400, "action_request_validation_exception")
        assert "[requests_per_second] must either be -1 or greater than 0" in refused.reason
    assert http("7.7")("DELETE", "{ml}/_delete_expired_data?timeout=1h").status == 400


def test_forecasts_that_have_expired_go() -> None:
    fake = fed("9.5")
    for expires_in in ("1h", "30d"):
        assert fake.job("x", f"_forecast?duration=1h&expires_in={expires_in}").status == 200
    fake.fake.clock.advance(2 * HOUR)
    clean(fake)
    assert fake.stats("x")["forecasts_stats"]["total"] == 1


def test_models_of_nobody_go() -> None:
    fake = fed("9.5")
    fake.job("x", "_close")
    state = "/.ml-state-000001"
    stray = {"compressed": [""], "eos": True}
    for owner in ("gone_model_state_1#1", "gone_quantiles", "x_quantiles"):
        fake("PUT", f"{state}/_doc/{owner.replace('#', '%23')}", stray)
    assert clean(fake).status == 200
    assert fake("GET", f"{state}/_doc/gone_quantiles").status == 404
    assert fake("GET", f"{state}/_doc/gone_model_state_1%231").status == 404
    assert fake("GET", f"{state}/_doc/x_quantiles").status == 200
    assert fake.job("x", "_open").status == 200


@needs_specification
def test_answers_of_the_newest_release() -> None:
    fake = checked("9.5")
    clean(fake)
    assert fake.seen == {"ml.delete_expired_data": 1}
