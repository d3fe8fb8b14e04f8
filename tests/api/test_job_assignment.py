"""A node that has no room for another job, or may be given none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support import JOB, Http, http


def settings(fake: Http, **values: Any) -> None:
    named = {name.replace("__", "."): value for name, value in values.items()}
    assert fake("PUT", "/_cluster/settings", {"persistent": named}).status == 200


def full(release: str, jobs: int) -> Http:
    """An emulator with as many open jobs as its node is said to take, and a closed job "x"."""
    name = "xpack.ml.max_open_jobs" if release >= "6" else "max_running_jobs"
    fake = http(release, delays="none", settings={name: jobs})
    for number in range(jobs):
        fake.put(f"open-{number}")
        assert fake.job(f"open-{number}", "_open").status == 200
    fake.put("x")
    return fake


@pytest.mark.parametrize(
    ("release", "jobs", "said"),
    [
        ("5.4.0", 4, "because this node is full. Number of opened jobs [4], max_running_jobs [4]"),
        ("6.8", 5, "because this node is full. Number of opened jobs [5], xpack.ml.max_open_jobs [5]"),
        ("7.12", 6, "Reason: This node is full. Number of opened jobs [6], xpack.ml.max_open_jobs [6]."),
    ],
)
def test_a_node_opens_so_many_jobs_and_no_more(release: str, jobs: int, said: str) -> None:
    fake = full(release, jobs)
    reply = fake.job("x", "_open")
    assert (reply.status, reply.type) == (429, "status_exception")
    outer = "Could not open job because no ML nodes with sufficient capacity were found"
    assert reply.reason.startswith(outer if release == "7.12" else "Could not open job because no suitable nodes were found")
    assert "Not opening job [x] on node [{node-1}{" in str(reply.body)
    assert said in str(reply.body)
    assert fake.state("x") == "closed"
    fake.job("open-3", "_close")
    assert fake.job("x", "_open").status == 200


@pytest.mark.parametrize("leave", ["_close", "_close?force=true", "_fail", "?force=true"])
def test_the_limit_is_a_setting_and_counts_what_runs(leave: str) -> None:
    fake = full("9.5", 1)
    settings(fake, xpack__ml__max_open_jobs=1)
    reply = fake.job("x", "_open")
    assert (reply.status, reply.body["error"]["caused_by"]["type"]) == (429, "illegal_state_exception")
    assert "opened jobs and allocated native inference processes [1]" in reply.body["error"]["caused_by"]["reason"]
    if leave == "_fail":
        fake("POST", "/_fake/jobs/open-0/_fail")
    else:
        method = "DELETE" if leave.startswith("?") else "POST"
        assert fake(method, "{ml}/anomaly_detectors/open-0" + ("/" if method == "POST" else "") + leave).status == 200
    assert fake.job("x", "_open").status == 200


def test_a_job_that_is_opened_lazily_waits_for_room() -> None:
    fake = full("9.5", 1)
    settings(fake, xpack__ml__max_open_jobs=1)
    fake.put("lazy", JOB | {"allow_lazy_open": True})
    assert fake.job("lazy", "_open").body == {"opened": True, "node": ""}
    stats = fake.stats("lazy")
    assert (stats["state"], "node" in stats) == ("opening", False)
    assert stats["assignment_explanation"] == "persistent task is awaiting node assignment."
    fake.fake.clock.advance("1h")
    assert fake.state("lazy") == "opening"
    fake.job("open-0", "_close")
    fake.fake.clock.advance("31s")
    assert (fake.state("lazy"), fake.stats("lazy")["assignment_explanation"]) == ("opened", "")


def test_a_job_that_waits_for_room_is_closed_at_once() -> None:
    fake = full("9.5", 1)
    settings(fake, xpack__ml__max_open_jobs=1)
    fake.put("lazy", JOB | {"allow_lazy_open": True})
    fake.job("lazy", "_open")
    assert fake.job("lazy", "_close").body == {"closed": True}
    fake.fake.clock.advance("1m")
    assert fake.state("lazy") == "closed"
    assert fake.job("open-0", "_close").body == {"closed": True}
    assert fake.job("x", "_open").status == 200


@pytest.mark.parametrize("release", ["6.8", "7.6", "7.7", "9.5"])
def test_no_job_is_opened_while_tasks_are_given_to_no_node(release: str) -> None:
    fake = http(release, delays="none")
    for job_id in ("open-0", "x"):
        fake.put(job_id)
    fake.job("open-0", "_open")
    settings(fake, cluster__persistent_tasks__allocation__enable="none")
    reply = fake.job("x", "_open")
    assert (reply.status, reply.type) == (429, "status_exception")
    if release in ("6.8", "7.6"):
        assert "[persistent task [xpack/ml/job] cannot be assigned [no persistent task assignments are" in str(reply.body)
    else:
        assert reply.reason == (
            "Cannot open jobs because persistent task assignment is disabled by the"
            " [cluster.persistent_tasks.allocation.enable] setting"
        )
    assert fake.state("x") == "closed"
    assert fake.job("open-0", "_close").body == {"closed": True}
    settings(fake, cluster__persistent_tasks__allocation__enable="all")
    assert fake.job("x", "_open").status == 200


@pytest.mark.parametrize("lazy", [{"allow_lazy_open": True}, {}])
def test_a_lazy_job_does_not_wait_while_tasks_are_given_to_no_node(lazy: Any) -> None:
    fake = full("9.5", 1)
    settings(fake, xpack__ml__max_open_jobs=1, cluster__persistent_tasks__allocation__enable="none")
    fake.put("lazy", JOB | lazy)
    assert fake.job("lazy", "_open").reason.startswith("Cannot open jobs" if lazy else "Could not open job")
    assert fake.state("lazy") == "closed"


HUGE = JOB | {"analysis_limits": {"model_memory_limit": "3000gb"}}
MEMORY = 16 * 1024**3 * 30 // 100
NEEDED = 3000 * 1024**3 + 40 * 1024**2


@pytest.mark.parametrize(
    ("release", "said"),
    [
        ("6.8", f"available memory. Available memory for ML [{MEMORY}], memory required by existing jobs [0], "),
        ("7.12", f"memory required by existing jobs [0], estimated memory required for this job [{NEEDED}]."),
        ("7.13", f"Available memory for ML [{MEMORY} (4.7gb)], memory required by existing jobs [0 (0b)], "),
        ("9.5", f"estimated memory required for this job [{NEEDED} (2.9tb)]."),
    ],
)
def test_a_job_that_is_larger_than_the_node_is_not_opened(release: str, said: str) -> None:
    fake = http(release, delays="none")
    assert fake.put("huge", HUGE).status == 200
    reply = fake.job("huge", "_open")
    assert (reply.status, reply.type, said in str(reply.body)) == (429, "status_exception", True), reply.body
    assert fake.state("huge") == "closed"
    if fake.fake.version >= (7, 5):
        fake.put("lazy", HUGE | {"allow_lazy_open": True})
        assert fake.job("lazy", "_open").body["opened"] is True
        fake.fake.clock.advance("1h")
        assert fake.state("lazy") == "opening"
    settings(fake, xpack__ml__max_lazy_ml_nodes=2)
    assert fake.job("huge", "_open").status == 200
    assert fake.stats("huge")["assignment_explanation"] == "persistent task is awaiting node assignment."


def waiting(release: str) -> Http:
    """An emulator with a job "x" that waits for a node, and its datafeed "d"; "open-0" takes all room."""
    fake = full(release, 1)
    fake("PUT", "/logs/_doc/1", {"time": "2014-06-23T00:00:00Z", "airline": "a", "responsetime": 1})
    fake.job("x", method="DELETE")
    fake.put("x", JOB | {"allow_lazy_open": True, "data_description": {"time_field": "time"}})
    assert fake("PUT", "{ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"]}).status == 200
    assert fake.job("x", "_open").status == 200
    return fake


def feed(fake: Http) -> dict[str, Any]:
    """Statistics of the datafeed "d"."""
    stats: dict[str, Any] = fake("GET", "{ml}/datafeeds/d/_stats").body["datafeeds"][0]
    return stats


@pytest.mark.parametrize(
    ("release", "answer"),
    [("7.7", {"started": True}), ("7.8", {"started": True, "node": ""}), ("9.5", {"started": True, "node": ""})],
)
def test_the_datafeed_of_a_job_without_a_node_waits_with_it(release: str, answer: Any) -> None:
    fake = waiting(release)
    assert fake("POST", "{ml}/datafeeds/d/_start").body == answer
    stats = feed(fake)
    assert (stats["state"], stats["assignment_explanation"]) == ("starting", "datafeed awaiting job assignment.")
    assert "node" not in stats
    fake.fake.clock.advance("5m")
    assert feed(fake)["state"] == "starting"
    fake.job("open-0", "_close")
    fake.fake.clock.advance("5m")
    stats = feed(fake)
    assert (fake.state("x"), stats["state"], stats["assignment_explanation"]) == ("opened", "started", "")
    assert stats["node"]["name"] == "node-1"
    assert fake.stats("x")["data_counts"]["processed_record_count"] == 1


def test_up_to_7_6_it_is_not_started() -> None:
    fake = waiting("7.6")
    reply = fake("POST", "{ml}/datafeeds/d/_start")
    assert (reply.status, reply.reason) == (429, "Could not start datafeed, allocation explanation []")
    assert feed(fake)["state"] == "stopped"


@pytest.mark.parametrize("how", ["_stop", "_stop?force=true"])
def test_a_datafeed_that_waits_can_be_stopped(how: str) -> None:
    fake = waiting("9.5")
    fake("POST", "{ml}/datafeeds/d/_start")
    assert fake("POST", "{ml}/datafeeds/d/_start").status == 409
    assert fake("POST", "{ml}/datafeeds/d/" + how).body == {"stopped": True}
    assert feed(fake)["state"] == "stopped"
    assert fake.job("x", "_close").body == {"closed": True}


@pytest.mark.parametrize("release", ["6.3", "7.17", "9.5"])
def test_no_datafeed_is_started_while_tasks_are_given_to_no_node(release: str) -> None:
    fake = http(release, delays="none")
    fake("PUT", "/logs/_doc/1", {"time": "2014-06-23T00:00:00Z", "airline": "a", "responsetime": 1})
    fake.put("x", JOB | {"data_description": {"time_field": "time"}})
    fake("PUT", "{ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"]})
    fake.job("x", "_open")
    settings(fake, cluster__persistent_tasks__allocation__enable="none")
    reply = fake("POST", "{ml}/datafeeds/d/_start")
    assert (reply.status, reply.type) == (429, "status_exception")
    assert reply.reason == (
        "Could not start datafeed, allocation explanation [persistent task [xpack/ml/datafeed] cannot be assigned"
        " [no persistent task assignments are allowed due to cluster settings]]"
    )
    assert feed(fake)["state"] == "stopped"
    settings(fake, cluster__persistent_tasks__allocation__enable="all")
    assert fake("POST", "{ml}/datafeeds/d/_start").status == 200


def test_a_node_that_was_told_no_limit_has_none() -> None:
    fake = http("5.4.0", delays="none")
    for number in range(30):
        fake.put(f"job-{number}")
        assert fake.job(f"job-{number}", "_open").status == 200


def test_a_setting_given_at_the_start_is_shown_and_can_be_overruled() -> None:
    fake = full("9.5", 1)
    shown = fake("GET", "/_cluster/settings?include_defaults&flat_settings").body
    assert shown["defaults"]["xpack.ml.max_open_jobs"] == "1"
    settings(fake, xpack__ml__max_open_jobs=2)
    assert fake.job("x", "_open").status == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"xpack.ml.max_jobs": 1}, r"unknown setting \[xpack.ml.max_jobs\]"),
        ({"xpack": {"ml": {"max_open_jobs": 0}}}, "must be >= 1"),
    ],
)
def test_settings_that_are_none_are_refused_at_the_start(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        http(settings=given)
