"""Datafeeds created, read, changed and deleted."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es.indices.system_indices import SystemIndices
from tests.api.feeding import JOB, datafeed, put, ready, scene, start
from tests.support import RELEASES, Http, http

BODY: dict[str, Any] = {"job_id": "x", "indices": ["logs"]}


def with_job(release: str = "9.5", **settings: Any) -> Http:
    fake = http(release, **settings)
    fake.put("x", JOB)
    return fake


def get(fake: Http, expression: str = "", query: str = "") -> Any:
    reply = fake("GET", f"{{ml}}/datafeeds{'/' if expression else ''}{expression}{query}")
    assert reply.status == 200, reply.body
    return [found["datafeed_id"] for found in reply.body["datafeeds"]]


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_created_is_shown_and_found(release: str) -> None:
    fake = with_job(release)
    shown = put(fake).body
    assert (shown["datafeed_id"], shown["job_id"], shown["indices"]) == ("d", "x", ["logs"])
    assert fake("GET", "{ml}/datafeeds/d").body == {"count": 1, "datafeeds": [shown]}


@pytest.mark.parametrize(
    ("release", "fields"),
    [
        ("5.4.0", "datafeed_id job_id query_delay indices types query scroll_size chunking_config"),
        ("6.8", "datafeed_id job_id query_delay indices types query scroll_size chunking_config delayed_data_check_config"),
        ("7.2", "datafeed_id job_id query_delay chunking_config query indices scroll_size delayed_data_check_config"),
        (
            "9.5",
            "datafeed_id job_id query_delay chunking_config indices_options query indices scroll_size"
            " delayed_data_check_config",
        ),
    ],
)
def test_the_fields_of_each_release_in_their_order(release: str, fields: str) -> None:
    assert list(put(with_job(release)).body) == fields.split()


@pytest.mark.parametrize(
    ("release", "job", "delay"),
    [
        ("5.6", "foo", "1m"), ("6.2", "foo", "101228ms"), ("9.5", "foo", "101228ms"), ("9.5", "farequote", "115823ms"),
        ("8.5", "test-job1", "61499ms"), ("9.5", "high_sum_total_sales", "93169ms"),
    ],
)  # fmt: skip
def test_the_default_delay_is_drawn_from_the_job(release: str, job: str, delay: str) -> None:
    fake = http(release)
    fake.put(job, JOB)
    assert put(fake, {"job_id": job, "indices": "i"}).body["query_delay"] == delay


def test_the_refusals_and_their_order() -> None:
    fake = with_job()
    fake.put("y", JOB)
    missing = put(fake, BODY | {"job_id": "nope"})
    assert (missing.status, missing.type, missing.reason) == (
        404,
        "resource_not_found_exception",
        "No known job with id 'nope'",
    )
    put(fake)
    for datafeed_id in ("d", "other"):
        taken = put(fake, datafeed_id=datafeed_id)
        assert (taken.status, taken.type) == (409, "status_exception")
        assert taken.reason == "A datafeed [d] already exists for job [x]"
    same = put(fake, BODY | {"job_id": "y"})
    assert (same.status, same.type, same.reason) == (
        400, "resource_already_exists_exception", "A datafeed with id [d] already exists",
    )  # fmt: skip


def test_up_to_6_5_the_id_is_looked_at_first() -> None:
    fake = with_job("6.2")
    put(fake)
    assert put(fake).reason == "A datafeed with id [d] already exists"
    assert put(fake, BODY | {"job_id": "nope"}, "other").reason == "No known job with id 'nope'"


@pytest.mark.parametrize(
    ("release", "expressions"), [("5.6", ["_all", ""]), ("6.2", ["_all", "*", "", "a*,b"]), ("9.5", ["_all", "*", "", "b,a*"])]
)
def test_expressions(release: str, expressions: list[str]) -> None:
    fake = http(release)
    for name in ("b", "a1", "a2"):
        fake.put(f"job-{name}", JOB)
        put(fake, {"job_id": f"job-{name}", "indices": ["i"]}, name)
    for expression in expressions:
        assert get(fake, expression) == ["a1", "a2", "b"]
    assert get(fake, "a1") == ["a1"]


def test_what_matches_nothing() -> None:
    fake = with_job()
    assert get(fake, "nope*") == []
    for expression in ("nope", "nope*?allow_no_match=false", "_all?allow_no_match=false"):
        reply = fake("GET", f"{{ml}}/datafeeds/{expression}")
        assert (reply.status, reply.type) == (404, "resource_not_found_exception")
    assert fake("GET", "{ml}/datafeeds/nope").reason == "No datafeed with id [nope] exists"


def test_the_old_name_of_a_parameter_earns_a_warning() -> None:
    reply = with_job("7.17")("GET", "{ml}/datafeeds/nope*?allow_no_datafeeds=true")
    assert "Deprecated field [allow_no_datafeeds] used, expected [allow_no_match] instead" in reply.headers["warning"]
    assert with_job("6.8")("GET", "{ml}/datafeeds/nope*?allow_no_datafeeds=false").status == 404


def test_exclude_generated_leaves_what_was_said() -> None:
    fake = with_job()
    put(fake, BODY | {"query_delay": "1m"})
    exported = fake("GET", "{ml}/datafeeds/d?exclude_generated=true").body["datafeeds"][0]
    assert exported["query_delay"] == "1m"
    assert "chunking_config" not in exported
    assert "indices_options" not in exported
    assert exported["job_id"] == "x"


def test_an_update_merges_and_answers_all() -> None:
    fake = with_job()
    put(fake, BODY | {"max_empty_searches": 3, "frequency": "1m"})
    body = {"indexes": ["other-*"], "scroll_size": 20, "query_delay": "0s", "max_empty_searches": -1, "job_id": "x"}
    shown = datafeed(fake, "_update", body).body
    assert shown["indices"] == ["other-*"]
    assert (shown["scroll_size"], shown["query_delay"], shown["frequency"]) == (20, "0s", "1m")
    assert "max_empty_searches" not in shown
    assert fake("GET", "{ml}/datafeeds/d").body["datafeeds"] == [shown]


def test_an_update_cannot_move_to_another_job_from_8_0() -> None:
    fake = with_job()
    fake.put("y", JOB)
    put(fake)
    reply = datafeed(fake, "_update", {"job_id": "y"})
    assert (reply.status, reply.reason) == (400, "Datafeed's job_id cannot be changed.")


@pytest.mark.parametrize("release", ["6.8", "7.3", "7.4", "7.17"])
def test_an_update_moves_to_a_free_job_up_to_7_x(release: str) -> None:
    fake = with_job(release)
    for job_id in ("y", "z"):
        fake.put(job_id, JOB)
    put(fake)
    put(fake, BODY | {"job_id": "z"}, "e")
    assert datafeed(fake, "_update", {"job_id": "nope"}).status == 404
    assert datafeed(fake, "_update", {"job_id": "z"}).reason == "A datafeed [e] already exists for job [z]"
    moved = datafeed(fake, "_update", {"job_id": "y"})
    assert moved.body["job_id"] == "y"
    assert ("ability to update a datafeed's job_id" in moved.headers.get("warning", "")) is (release in ("7.4", "7.17"))
    assert put(fake, datafeed_id="f").status == 200


def test_what_is_refused_changes_nothing() -> None:
    fake = with_job()
    shown = put(fake).body
    bodies: list[dict[str, Any]] = [
        {"scroll_size": -1}, {"indices": []}, {"nope": 1}, {"frequency": "1500ms"}, {"query": {"nope": {}}},
    ]  # fmt: skip
    for body in bodies:
        assert datafeed(fake, "_update", body).status == 400
    assert fake("GET", "{ml}/datafeeds/d").body["datafeeds"] == [shown]
    assert datafeed(fake, "_update", {}, datafeed_id="nope").reason == "No datafeed with id [nope] exists"


@pytest.mark.parametrize("release", RELEASES)
def test_deleting(release: str) -> None:
    fake = with_job(release)
    put(fake)
    for query in ("", "?force=true"):
        assert fake("DELETE", f"{{ml}}/datafeeds/nope{query}").status == 404
    assert fake("DELETE", "{ml}/datafeeds/d").body == {"acknowledged": True}
    assert get(fake) == []
    assert put(fake).status == 200


@pytest.mark.parametrize("release", ["5.6", "9.5"])
def test_one_that_runs_is_only_deleted_by_force(release: str) -> None:
    fake = ready(release)
    start(fake)
    for reply, verb in (
        (fake("DELETE", "{ml}/datafeeds/d"), "delete"),
        (datafeed(fake, "_update", {"scroll_size": 5}), "update"),
    ):
        assert (reply.status, reply.reason) == (409, f"Cannot {verb} datafeed [d] while its status is started")
    assert fake("DELETE", "{ml}/datafeeds/d?force=true").status == 200
    assert get(fake) == []
    assert fake.state("x") == "opened"


def test_a_job_brings_its_datafeed() -> None:
    fake = http()
    shown = fake.put("x", JOB | {"datafeed_config": {"indices": ["i"]}}).body["datafeed_config"]
    assert (shown["datafeed_id"], shown["job_id"]) == ("x", "x")
    assert get(fake) == ["x"]
    assert fake.job("x", method="GET").body["jobs"][0]["datafeed_config"] == shown


def test_a_job_whose_datafeed_is_refused_is_refused_as_well() -> None:
    fake = http()
    for config, status in (
        ({}, 400),
        ({"indices": ["i"], "job_id": "y"}, 409),
        ({"indices": ["i"], "datafeed_id": "-"}, 400),
        ({"indices": ["i"], "nope": 1}, 400),
    ):
        assert fake.put("x", JOB | {"datafeed_config": config}).status == status
    assert fake("GET", "{ml}/anomaly_detectors").body["count"] == 0
    reply = fake.put("x", JOB | {"datafeed_config": {"indices": ["i"], "job_id": "y"}})
    assert reply.reason == "datafeed job_id [y] does not equal job id [x}"


def test_a_job_shows_its_datafeed_from_7_15() -> None:
    for release, there in (("7.14", False), ("7.15", True)):
        fake = with_job(release)
        put(fake)
        assert ("datafeed_config" in fake.job("x", method="GET").body["jobs"][0]) is there


def test_deleting_a_job_takes_its_datafeed_along_from_7_15() -> None:
    fake = with_job("7.14")
    put(fake)
    for query in ("", "?force=true"):
        reply = fake("DELETE", f"{{ml}}/anomaly_detectors/x{query}")
        assert (reply.status, reply.reason) == (409, "Cannot delete job [x] because datafeed [d] refers to it")
    fake = with_job("7.15")
    put(fake)
    assert fake("DELETE", "{ml}/anomaly_detectors/x").body == {"acknowledged": True}
    assert get(fake) == []


def test_deleting_a_job_by_force_stops_its_datafeed() -> None:
    fake = ready()
    start(fake)
    assert fake("DELETE", "{ml}/anomaly_detectors/x").status == 409
    assert fake("DELETE", "{ml}/anomaly_detectors/x?force=true").status == 200
    assert get(fake) == []
    fake.fake.clock.advance("1h")


def test_configurations_are_documents_from_6_6() -> None:
    for release, kept in (("6.5", False), ("6.6", True), ("9.5", True)):
        fake = with_job(release)
        shown = put(fake).body
        indices = fake.fake.cluster.part(SystemIndices)
        assert indices.get(".ml-config", "datafeed-d") == (shown | {"config_type": "datafeed"} if kept else None)
        fake("DELETE", "{ml}/datafeeds/d")
        assert indices.get(".ml-config", "datafeed-d") is None


def test_up_to_6_5_the_cluster_state_holds_them() -> None:
    fake = with_job("6.2")
    shown = put(fake).body
    state = fake("GET", "/_cluster/state/metadata").body["metadata"]
    assert state["ml"]["datafeeds"] == [shown]


def test_a_scene_is_what_it_says() -> None:
    assert put(scene(), {"indices": ["logs"]}).reason == "[job_id] must not be null."
