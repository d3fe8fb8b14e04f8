"""What a licence without machine learning forbids, and what becomes of what runs when it runs out."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from fake_es import FakeElasticsearch, VirtualClock
from fake_es.cli import main
from fake_es.cluster import Cluster
from tests.api.feeding import HOUR, QUIET, START, documents, index, said
from tests.api.feeding import JOB as FED_JOB
from tests.api.secured import Secured
from tests.support import JOB, RELEASES, Http, http

REASON = "current license is non-compliant for [ml]"
FORBIDDEN: list[tuple[str, str, Any]] = [
    ("PUT", "{ml}/anomaly_detectors/y", JOB),
    ("POST", "{ml}/anomaly_detectors/x/_open", None),
    ("POST", "{ml}/anomaly_detectors/nope/_open", None),
    ("PUT", "{ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"]}),
    ("POST", "{ml}/datafeeds/nope/_start", None),
]
ALLOWED: list[tuple[str, str, Any]] = [
    ("GET", "{ml}/anomaly_detectors/x", None),
    ("GET", "{ml}/anomaly_detectors/x/_stats", None),
    ("POST", "{ml}/anomaly_detectors/x/_update", {"description": "d"}),
    ("POST", "{ml}/anomaly_detectors/_all/_close", None),
    ("POST", "{ml}/datafeeds/_all/_stop", None),
    ("PUT", "{ml}/filters/f", {"items": ["a"]}),
    ("DELETE", "{ml}/anomaly_detectors/x", None),
]


def without_ml(release: str | None = None) -> Http:
    """A job, and then a licence that does not allow any."""
    fake = http(release)
    assert fake.put("x").status == 200
    assert fake("PUT", "/_fake/licence", {"type": "basic"}).body["ml"] is False
    return fake


@pytest.mark.parametrize("release", RELEASES)
def test_exactly_what_begins_work_is_forbidden(release: str) -> None:
    fake = without_ml(release)
    for method, target, body in FORBIDDEN:
        reply = fake(method, target, body)
        entry = {"type": "security_exception", "reason": REASON, "license.expired.feature": "ml"}
        assert (reply.status, reply.body) == (403, {"error": {"root_cause": [entry], **entry}, "status": 403})
    for method, target, body in ALLOWED:
        assert fake(method, target, body).status == 200, target


def test_upgrading_a_snapshot_is_forbidden_too() -> None:
    reply = without_ml("9.5")("POST", "{ml}/anomaly_detectors/nope/model_snapshots/1/_upgrade")
    assert (reply.status, reply.reason) == (403, REASON)


def test_a_bad_body_and_a_missing_privilege_come_before_the_licence() -> None:
    fake = Secured("9.5", licence="gold")
    assert fake.by("manage_ml", "PUT", "{ml}/anomaly_detectors/x", {"foo": 1}).status == 400
    assert "is unauthorized" in fake.by("monitor_ml", "PUT", "{ml}/anomaly_detectors/x", JOB).reason
    assert fake.by("manage_ml", "PUT", "{ml}/anomaly_detectors/x", JOB).reason == REASON


def test_the_licence_comes_before_the_indices_of_a_datafeed() -> None:
    fake = Secured("9.5", licence="basic")
    reply = fake.by("manage_ml", "PUT", "{ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"]})
    assert reply.reason == REASON


def test_a_trial_makes_it_possible() -> None:
    fake = http("8.19", licence="basic")
    assert fake.put("x").status == 403
    assert fake("POST", "/_license/start_trial?acknowledge=true").status == 200
    assert fake.put("x").status == 200


def running(**settings: Any) -> Http:
    """An open job that is fed in real time."""
    fake = http("9.5", delays=QUIET, clock=VirtualClock(start=START + 48 * HOUR), **settings)
    index(fake, documents(12))
    fake("PUT", "{ml}/anomaly_detectors/x", FED_JOB)
    fake("PUT", "{ml}/datafeeds/d", {"job_id": "x", "indices": ["logs"]})
    fake.job("x", "_open")
    assert fake("POST", "{ml}/datafeeds/d/_start").status == 200
    return fake


def states(fake: Http) -> tuple[str, str]:
    return fake.state("x"), fake("GET", "{ml}/datafeeds/d/_stats").body["datafeeds"][0]["state"]


def test_what_runs_ends_with_the_trial() -> None:
    fake = running(licence="trial")
    fake.fake.clock.advance("29d")
    assert states(fake) == ("opened", "started")
    fake.fake.clock.advance("1d")
    assert states(fake) == ("closed", "stopped")
    assert {"Datafeed stopped", "Job is closing"} <= set(said(fake))
    assert fake.job("x", "_open").reason == REASON


def test_what_runs_ends_with_a_licence_that_is_replaced() -> None:
    fake = running(licence="platinum")
    fake("PUT", "/_fake/license", {"type": "enterprise"})
    assert states(fake) == ("opened", "started")
    fake("POST", "/_license/start_basic?acknowledge=true")
    assert states(fake)[1] == "stopped"
    fake.fake.clock.advance("1h")
    assert states(fake)[0] == "closed"


@pytest.mark.parametrize(
    "broken", ["fake_es.ml.jobs.lifecycle.start_closing", "fake_es.ml.datafeeds.lifecycle.force_stop"], ids=["job", "datafeed"]
)
@pytest.mark.parametrize("way", ["replaced", "expired"])
def test_a_job_or_datafeed_that_cannot_end_is_its_own_affair(broken: str, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = running(licence="trial")
    for name in ("w", "y"):
        fake("PUT", f"{{ml}}/anomaly_detectors/{name}", FED_JOB)
        fake("PUT", f"{{ml}}/datafeeds/{name}", {"job_id": name, "indices": ["logs"]})
        fake.job(name, "_open")
        assert fake("POST", f"{{ml}}/datafeeds/{name}/_start").status == 200
    module, _, function = broken.rpartition(".")
    original = getattr(sys.modules[module], function)

    def breaks(cluster: Cluster, subject: Any, *arguments: Any, **options: Any) -> None:
        if (subject.id if function == "start_closing" else subject.job_id) == "x":
            raise ValueError("broken")
        original(cluster, subject, *arguments, **options)

    monkeypatch.setattr(broken, breaks)
    if way == "expired":
        fake.fake.clock.advance("30d")
    else:
        assert fake("POST", "/_license/start_basic?acknowledge=true").body["acknowledged"] is True
    monkeypatch.undo()
    fake.fake.clock.advance("1h")
    feeds = fake("GET", "{ml}/datafeeds/_stats").body["datafeeds"]
    assert {feed["datafeed_id"]: feed["state"] for feed in feeds} == {"d": "stopped", "w": "stopped", "y": "stopped"}
    own = "failed" if function == "start_closing" else "closed"
    assert {name: fake.state(name) for name in ("w", "x", "y")} == {"w": "closed", "x": own, "y": "closed"}


def test_what_the_control_room_says_of_licences() -> None:
    fake = http()
    assert fake("PUT", "/_fake/licence", {"type": "expired"}).body["status"] == "expired"
    assert fake("GET", "/_fake/license").body["ml"] is False
    assert "[type] must be one of basic" in fake("PUT", "/_fake/licence", {"type": "gratis"}).reason
    before_6_3 = http("6.2")
    before_6_3("DELETE", "/_xpack/license")
    assert before_6_3("GET", "/_fake/licence").body == {"type": None, "status": "missing", "ml": False}


def test_the_word_may_be_spelt_in_american() -> None:
    assert Http(FakeElasticsearch(license="basic")).put("x").status == 403


def test_the_command_line_knows_licences(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--license", "gratis"])
    assert "invalid choice: 'gratis'" in capsys.readouterr().err
