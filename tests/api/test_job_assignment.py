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
    fake = http(release, delays="none", settings={"xpack.ml.max_open_jobs": jobs})
    for number in range(jobs):
        fake.put(f"open-{number}")
        assert fake.job(f"open-{number}", "_open").status == 200
    fake.put("x")
    return fake


@pytest.mark.parametrize(
    ("release", "jobs", "said"),
    [
        ("5.4.0", 4, "because this node is full. Number of opened jobs [4], xpack.ml.max_open_jobs [4]"),
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
    assert "Not opening job [x] on node [{node-1}{ml." in str(reply.body)
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
    assert stats["assignment_explanation"].startswith("Not opening job [lazy] on node [{node-1}")
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


@pytest.mark.parametrize("release", ["6.8", "7.17", "9.5"])
def test_no_job_is_opened_while_tasks_are_given_to_no_node(release: str) -> None:
    fake = full(release, 1)
    settings(fake, cluster__persistent_tasks__allocation__enable="none")
    reply = fake.job("x", "_open")
    assert (reply.status, reply.type) == (429, "status_exception")
    assert reply.reason == (
        "Cannot open jobs because persistent task assignment is disabled by the"
        " [cluster.persistent_tasks.allocation.enable] setting"
    )
    assert fake.state("x") == "closed"
    assert fake.job("open-0", "_close").body == {"closed": True}
    settings(fake, cluster__persistent_tasks__allocation__enable="all")
    assert fake.job("x", "_open").status == 200


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
