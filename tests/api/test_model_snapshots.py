"""Model snapshots: written, listed, changed, deleted, gone back to and upgraded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fake_es import VirtualClock
from tests.api.stored import audits, emulator, sources, store
from tests.support import RELEASES, Http

START = 1_403_481_600
HOUR = 3600


def fed(version: str = "9.5", hours: int = 50, **config: Any) -> Http:
    """An emulator whose job "x" is open and has been fed."""
    fake = emulator(version, clock=VirtualClock(start="2017-04-11T08:30:00Z"))
    analysis = {"bucket_span": "1h", "detectors": [{"function": "mean", "field_name": "f", "by_field_name": "foo"}]}
    body = {"analysis_config": analysis, "data_description": {"time_format": "epoch"}} | config
    assert fake.put("x", body).status == 200
    fake.job("x", "_open")
    feed(fake, 0, hours)
    return fake


def feed(fake: Http, first: int, last: int) -> None:
    """Post a record for each half hour between two hours after START."""
    times = range(START + first * HOUR, START + last * HOUR, HOUR // 2)
    records = "\n".join(json.dumps({"time": time, "foo": "a", "f": 50 + (time // HOUR) % 7}) for time in times)
    assert fake.job("x", "_data", records).status == 202


def closed(version: str = "9.5", **config: Any) -> Http:
    """The same once it is closed: it has one snapshot."""
    fake = fed(version, **config)
    fake.job("x", "_close")
    return fake


def snapshots(fake: Http, query: str = "", body: Any = None) -> list[str]:
    """Ids of the snapshots that are listed."""
    reply = fake.job("x", f"model_snapshots{query}", body, method="GET" if body is None else "POST")
    assert reply.status == 200, reply.body
    return [snapshot["snapshot_id"] for snapshot in reply.body["model_snapshots"]]


def current(fake: Http) -> str | None:
    config = fake.job("x", "", method="GET").body["jobs"][0]
    snapshot: str | None = config.get("model_snapshot_id")
    return snapshot


def results(fake: Http) -> list[Any]:
    """All buckets and records, without what depends on the clock."""
    found = sources(fake, ".ml-anomalies-x", result_type="bucket") + sources(fake, ".ml-anomalies-x", result_type="record")
    for result in found:
        result.pop("event", None)
    return sorted(found, key=lambda result: (result["result_type"], result["timestamp"]))


def three(fake: Http) -> Http:
    """Three snapshots that a client has indexed by hand, the last with nothing but what it must have."""
    for number, (description, latest) in enumerate([("first", 100), ("second", 200)], 1):
        snapshot = {"snapshot_id": str(number), "snapshot_doc_count": 1, "min_version": "8.3.0", "description": description}
        store(fake, snapshot | {"timestamp": START * 1000 + number, "latest_record_time_stamp": latest, "retain": True})
    store(fake, {"snapshot_id": "3", "snapshot_doc_count": 2, "timestamp": "2016-06-02T00:00:00Z"})
    store(fake, {"snapshot_id": "4", "timestamp": START * 1000})
    return fake


def by_hand() -> Http:
    fake = emulator()
    config = {"detectors": [{"function": "count"}]}
    fake.put("x", {"analysis_config": config, "data_description": {}})
    return three(fake)


@pytest.mark.parametrize("version", RELEASES)
def test_a_snapshot_is_written_when_a_job_closes(version: str) -> None:
    fake = closed(version)
    [snapshot] = fake.job("x", "model_snapshots", method="GET").body["model_snapshots"]
    assert snapshot["snapshot_id"] == current(fake)
    assert snapshot["latest_record_time_stamp"] == (START + 50 * HOUR - HOUR // 2) * 1000
    assert snapshot["latest_result_time_stamp"] == (START + 48 * HOUR) * 1000
    assert snapshot["model_size_stats"]["model_bytes"] > 0
    assert snapshot["description"].startswith("State persisted due to job close at 2017-04-11T08:30:")
    assert ("quantiles" in snapshot, snapshot["retain"]) == (False, False)


@pytest.mark.parametrize(
    ("version", "minimum"),
    [
        ("6.2", None),
        ("6.3", "6.3.0"),
        ("6.4", "6.4.0"),
        ("7.9", "6.4.0"),
        ("7.11", "7.11.0"),
        ("8.3", "8.3.0"),
        ("8.19", "8.3.0"),
    ],
)
def test_a_snapshot_names_the_oldest_release_that_can_load_it(version: str, minimum: str | None) -> None:
    fake = closed(version)
    [snapshot] = fake.job("x", "model_snapshots", method="GET").body["model_snapshots"]
    assert snapshot.get("min_version") == minimum
    assert fake.job("x", method="GET").body["jobs"][0].get("model_snapshot_min_version") == minimum
    # The process writes whole seconds.
    assert (snapshot["description"][-5:], snapshot["timestamp"]) == ("+0000", int(snapshot["snapshot_id"]) * 1000)


def test_what_belongs_to_a_snapshot_stands_in_the_state_index() -> None:
    fake = closed()
    snapshot = current(fake)
    assert fake("GET", f"/.ml-state-write/_doc/x_model_state_{snapshot}%231").body["_source"]["eos"] is True
    quantiles = fake("GET", "/.ml-state-000001/_doc/x_quantiles").body["_source"]
    assert json.loads(quantiles["quantile_state"])
    [annotation] = sources(fake, ".ml-annotations-read", job_id="x")
    assert annotation["annotation"] == f"Job model snapshot with id [{snapshot}] stored"
    assert (annotation["event"], annotation["create_username"]) == ("model_snapshot_stored", "_xpack")
    assert annotation["annotation"] in audits(fake)


def test_snapshots_are_written_in_the_background_while_data_come() -> None:
    fake = fed(background_persist_interval="1h")
    fake.fake.clock.advance("59m")
    assert snapshots(fake) == []
    fake.fake.clock.advance("2m")
    [first] = snapshots(fake)
    assert current(fake) == first
    description = fake.job("x", f"model_snapshots/{first}", method="GET").body["model_snapshots"][0]["description"]
    assert description.startswith("Periodic background persist at ")
    fake.fake.clock.advance("5h")
    assert snapshots(fake) == [first], "nothing was learnt meanwhile"
    feed(fake, 50, 52)
    fake.fake.clock.advance("2h")
    assert len(snapshots(fake)) == 2


def test_by_default_that_is_after_three_to_four_hours_by_the_id_of_the_job() -> None:
    fake = fed()
    fake.fake.clock.advance("3h")
    assert snapshots(fake) == []
    fake.fake.clock.advance("1h")
    assert len(snapshots(fake)) == 1


def test_a_killed_process_goes_back_to_the_last_of_them() -> None:
    fake = fed(background_persist_interval="1h")
    fake.fake.clock.advance("2h")
    [first] = snapshots(fake)
    feed(fake, 50, 60)
    fake.job("x", "_close", {"force": True})
    fake.fake.clock.advance("1d")
    assert (snapshots(fake), current(fake)) == ([first], first)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["3", "2", "1"]),
        ("?desc=false", ["1", "2", "3"]),
        ("?from=1&size=1", ["2"]),
        ("/2", ["2"]),
        ("/1,3", ["3", "1"]),
        ("/*", ["3", "2", "1"]),
        ("/_all", ["3", "2", "1"]),
        ("/nope", []),
        ("?sort=min_version&desc=false&size=1", ["3"]),
        ("?start=2015-01-01", ["3"]),
        ("?end=2015-01-01", ["2", "1"]),
    ],
)
def test_which_snapshots(query: str, found: list[str]) -> None:
    assert snapshots(by_hand(), query) == found


def test_a_body_in_place_of_parameters() -> None:
    body = {"page": {"from": 1, "size": 2}, "sort": "timestamp", "desc": False, "end": "2017-01-01"}
    assert snapshots(by_hand(), body=body) == ["2", "3"]
    assert snapshots(by_hand(), body={"snapshot_id": "2"}) == ["2"]


def test_what_a_document_lacks_is_filled_in() -> None:
    assert by_hand().job("x", "model_snapshots/3", method="GET").body["model_snapshots"] == [
        {
            "job_id": "x",
            "min_version": "6.3.0",
            "timestamp": 1_464_825_600_000,
            "snapshot_id": "3",
            "snapshot_doc_count": 2,
            "retain": False,
        }
    ]


def test_updating() -> None:
    fake = by_hand()
    reply = fake.job("x", "model_snapshots/3/_update", {"description": "of June", "retain": True})
    assert reply.body["acknowledged"] is True
    assert (reply.body["model"]["description"], reply.body["model"]["retain"]) == ("of June", True)
    assert fake.job("x", "model_snapshots/3", method="GET").body["model_snapshots"] == [reply.body["model"]]


@pytest.mark.parametrize(
    ("path", "body", "status", "reason"),
    [
        ("nope/_update", {"retain": True}, 404, "No model snapshot with id [nope] exists for job [x]"),
        ("3/_update", {"colour": 1}, 400, "[cluster:admin/xpack/ml/job/model_snapshots/update] unknown field [colour]"),
        ("3/_update", None, 400, "request body is required"),
        ("nope/_revert", None, 404, "No model snapshot with id [nope] exists for job [x]"),
        ("nope/_upgrade", None, 404, "No model snapshot with id [nope] exists for job [x]"),
    ],
)
def test_refusals(path: str, body: Any, status: int, reason: str) -> None:
    reply = by_hand().job("x", f"model_snapshots/{path}", body)
    assert reply.status == status
    assert reason in reply.reason


@pytest.mark.parametrize("action", ["/_update", "/_revert", "/_upgrade"])
def test_a_job_that_is_not_there(action: str) -> None:
    reply = emulator().job("z", f"model_snapshots/1{action}", {} if action == "/_update" else None)
    assert (reply.status, reply.reason) == (404, "No known job with id 'z'")


def test_descriptions_were_unique_in_5_x() -> None:
    fake = closed("5.6")
    [snapshot] = snapshots(fake)
    used = {"description": "used"}
    assert fake.job("x", f"model_snapshots/{snapshot}/_update", used).status == 200
    reply = fake.job("x", f"model_snapshots/{snapshot}/_update", used)
    assert (reply.status, reply.reason) == (400, "Model snapshot description 'used' has already been used for job 'x'")


def test_deleting() -> None:
    fake = by_hand()
    for part in (1, 2):
        fake("PUT", f"/.ml-state-000001/_doc/x_model_state_3%23{part}", {})
    assert fake.job("x", "model_snapshots/3", method="DELETE").body == {"acknowledged": True}
    assert snapshots(fake) == ["2", "1"]
    assert fake("GET", "/.ml-state-000001/_doc/x_model_state_3%232").status == 404
    assert "Model snapshot [3] with description '' deleted" in audits(fake)
    assert fake.job("x", "model_snapshots/3", method="DELETE").status == 404


def test_the_active_one_is_not_deleted() -> None:
    fake = closed()
    active = current(fake)
    reply = fake.job("x", f"model_snapshots/{active}", method="DELETE")
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")
    assert reply.reason == f"Model snapshot '{active}' is the active snapshot for job 'x', so cannot be deleted"


@pytest.mark.parametrize("version", ["5.6", "6.8", "7.17", "9.5"])
def test_going_back_and_feeding_again_gives_the_same_results(version: str) -> None:
    fake = closed(version)
    first = current(fake)
    fake.fake.clock.advance("1h")
    fake.job("x", "_open")
    feed(fake, 50, 80)
    fake.job("x", "_close")
    expected = results(fake)
    reply = fake.job("x", f"model_snapshots/{first}/_revert", {"delete_intervening_results": True})
    assert reply.body["model"]["snapshot_id"] == first
    assert current(fake) == first
    counts = fake.stats("x")["data_counts"]
    assert counts["latest_record_timestamp"] == (START + 50 * HOUR - HOUR // 2) * 1000
    assert max(result["timestamp"] for result in results(fake)) == (START + 48 * HOUR) * 1000
    fake.job("x", "_open")
    feed(fake, 50, 80)
    assert results(fake) == expected


def test_going_back_and_keeping_results() -> None:
    fake = closed()
    first = current(fake)
    fake.fake.clock.advance("1h")
    fake.job("x", "_open")
    feed(fake, 50, 80)
    fake.job("x", "_close")
    expected, counts = results(fake), fake.stats("x")["data_counts"]
    assert fake.job("x", f"model_snapshots/{first}/_revert").status == 200
    assert (results(fake), fake.stats("x")["data_counts"]) == (expected, counts)
    snapshot = fake.job("x", f"model_snapshots/{first}", method="GET").body["model_snapshots"][0]
    size = fake.stats("x")["model_size_stats"]
    assert size["timestamp"] == snapshot["model_size_stats"]["timestamp"]
    assert size["log_time"] > snapshot["model_size_stats"]["log_time"]
    assert f"Job model snapshot reverted to '{snapshot['description']}'" in audits(fake)


def test_starting_from_nothing() -> None:
    fake = closed()
    reply = fake.job("x", "model_snapshots/empty/_revert?delete_intervening_results=true")
    assert (reply.body["model"]["snapshot_id"], reply.body["model"]["description"]) == ("empty", "empty snapshot")
    assert (current(fake), results(fake)) == (None, [])
    assert "latest_record_timestamp" not in fake.stats("x")["data_counts"]
    fake.job("x", "_open")
    feed(fake, 0, 3)
    assert len(results(fake)) == 2


def test_only_a_closed_job_goes_back() -> None:
    reply = fed().job("x", "model_snapshots/1/_revert")
    assert (reply.status, reply.reason) == (409, "Can only revert to a model snapshot when the job is closed.")


def test_a_job_that_is_being_reset_does_not_go_back() -> None:
    fake = closed()
    fake.job("x", "_reset?wait_for_completion=false")
    reply = fake.job("x", "model_snapshots/1/_revert")
    assert (reply.status, reply.reason) == (409, "cannot revert job [x] to snapshot [1] while it is blocked with [reset]")


def test_upgrading() -> None:
    fake = closed()
    active = current(fake)
    reply = fake.job("x", f"model_snapshots/{active}/_upgrade?wait_for_completion=true")
    assert reply.body == {"completed": True, "node": reply.body["node"]}
    [shown] = fake.job("x", f"model_snapshots/{active}", method="GET").body["model_snapshots"]
    assert shown["min_version"] == "9.0.0"
    assert fake.job("x", f"model_snapshots/{active}/_upgrade?wait_for_completion=true").status == 200


def test_a_snapshot_of_exactly_this_version_is_not_upgraded() -> None:
    fake = closed()
    store(fake, {"snapshot_id": "7", "snapshot_doc_count": 1, "timestamp": START * 1000, "min_version": "12.0.0"})
    reply = fake.job("x", "model_snapshots/7/_upgrade")
    assert reply.status == 409
    assert reply.reason == "Cannot upgrade job [x] snapshot [7] as it is already compatible with current version 12.0.0"


@pytest.mark.parametrize(
    ("release", "old", "oldest", "shown"),
    [("8.0", "6.3.0", "6.4.0", "7.0.0"), ("8.17", "6.3.0", "6.4.0", "7.0.0"), ("8.18", "8.2.9", "8.3.0", "8.3.0")],
)
def test_a_job_whose_snapshot_is_too_old_does_not_open(release: str, old: str, oldest: str, shown: str) -> None:
    fake = closed(release)
    active = current(fake)
    [document] = fake("GET", "/.ml-anomalies-x/_search", {"query": {"term": {"snapshot_id": active}}}).body["hits"]["hits"]
    for minimum, status in ((old, 400), (oldest, 200)):
        path = f"/{document['_index']}/_update/{document['_id']}?refresh=true"
        assert fake("POST", path, {"doc": {"min_version": minimum}}).status == 200
        reply = fake.job("x", "_open")
        assert reply.status == status
        if status == 400:
            assert reply.reason == (
                f"[x] job model snapshot [{active}] has min version before [{shown}],"
                " please revert to a newer model snapshot or reset the job"
            )


@pytest.mark.parametrize(
    ("release", "minimum"),
    [
        ("6.4", "6.4.0"),
        ("7.9", "6.4.0"),
        ("7.10", "7.9.0"),
        ("7.11", "7.11.0"),
        ("8.2", "7.11.0"),
        ("8.3", "8.3.0"),
        ("8.19", "8.3.0"),
        ("9.0", "9.0.0"),
    ],
)
def test_the_least_version_for_a_snapshot(release: str, minimum: str) -> None:
    fake = closed(release)
    [shown] = fake.job("x", "model_snapshots", method="GET").body["model_snapshots"]
    assert shown["min_version"] == minimum


def test_an_upgrade_takes_time() -> None:
    fake = closed()
    active = current(fake)
    path = f"model_snapshots/{active}/_upgrade"
    assert fake.job("x", path).body["completed"] is False
    [upgrade] = fake.job("x", f"{path}/_stats", method="GET").body["model_snapshot_upgrades"]
    assert (upgrade["job_id"], upgrade["snapshot_id"], upgrade["state"]) == ("x", active, "loading_old_state")
    assert fake.job("_all", "model_snapshots/_all/_upgrade/_stats", method="GET").body["count"] == 1
    assert fake.job("x", path).reason == (
        f"Cannot upgrade job [x] snapshot [{active}] as there is currently a snapshot for this job being upgraded"
    )
    revert = fake.job("x", f"model_snapshots/{active}/_revert")
    assert (revert.status, revert.reason) == (409, f"Cannot revert job [x] to snapshot [{active}] as it is being upgraded")
    fake.fake.clock.advance("1m")
    assert fake.job("x", "model_snapshots/_all/_upgrade/_stats", method="GET").body["count"] == 0
    missing = fake.job("x", f"{path}/_stats", method="GET")
    assert (missing.status, missing.reason) == (404, f"no snapshot upgrade is running for snapshot_id [{active}]")


def test_an_upgrade_that_is_waited_for_too_shortly() -> None:
    fake = closed()
    active = current(fake)
    reply = fake.job("x", f"model_snapshots/{active}/_upgrade?wait_for_completion=true&timeout=5ms")
    assert (reply.status, reply.reason) == (408, f"snapshot upgrader request [x] [{active}] timed out after [5ms]")


def test_the_snapshot_that_an_open_job_uses_is_not_upgraded() -> None:
    fake = closed()
    active = current(fake)
    fake.job("x", "_open")
    reply = fake.job("x", f"model_snapshots/{active}/_upgrade")
    assert reply.status == 409
    assert "as it is the current primary job snapshot and the job's state is [opened]" in reply.reason
