"""Licences, and what ``_xpack`` says of them."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import FakeElasticsearch
from fake_es.licence.licence import Licence
from fake_es.wire.errors import SecurityError
from tests.spec.answering import Checked
from tests.spec.validator import needs_specification
from tests.support import RELEASES, Http, http

PLATINUM = {
    "uid": "a-b", "type": "platinum", "issued_to": "us", "issuer": "them", "signature": "AAAA",
    "issue_date_in_millis": 1_500_000_000_000, "expiry_date_in_millis": 9_000_000_000_000, "max_nodes": 3,
}  # fmt: skip


def licence(fake: Http, method: str = "GET", path: str = "", body: Any = None) -> Any:
    prefix = "/_xpack/license" if fake.fake.version < (7, 0) else "/_license"
    return fake(method, prefix + path, body)


@pytest.mark.parametrize("release", RELEASES)
def test_a_cluster_starts_with_a_trial_of_30_days(release: str) -> None:
    fake = http(release)
    shown = licence(fake).body["license"]
    assert (shown["type"], shown["status"]) == ("trial", "active")
    assert shown["expiry_date_in_millis"] - shown["issue_date_in_millis"] == 30 * 24 * 3600 * 1000
    assert ("max_resource_units" in shown) == (fake.fake.version >= (7, 6))


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [("trial", True), ("platinum", True), ("enterprise", True), ("gold", False), ("basic", False), ("expired", False)],
)
def test_which_licences_allow_ml(kind: str, allowed: bool) -> None:
    part = http(licence=kind).fake.cluster.part(Licence)
    assert part.allows("ml") is allowed
    part.require("anything free")
    if allowed:
        part.require("ml")
        return
    with pytest.raises(SecurityError) as refused:
        part.require("ml")
    assert refused.value.document() == {
        "error": {
            "root_cause": [
                {
                    "type": "security_exception",
                    "reason": "current license is non-compliant for [ml]",
                    "license.expired.feature": "ml",
                }
            ],
            "type": "security_exception",
            "reason": "current license is non-compliant for [ml]",
            "license.expired.feature": "ml",
        },
        "status": 403,
    }


def test_the_trial_of_those_who_do_not_care_begins_anew() -> None:
    fake = http()
    fake.fake.clock.advance("5000d")
    assert fake.fake.cluster.part(Licence).allows("ml") is True
    shown = licence(fake).body["license"]
    assert (shown["status"], shown["expiry_date_in_millis"] > fake.fake.clock.now()) == ("active", True)


def test_a_trial_ends() -> None:
    fake = http(licence="trial")
    fake.fake.clock.advance("31d")
    assert licence(fake).body["license"]["status"] == "expired"
    assert fake.fake.cluster.part(Licence).allows("ml") is False


def test_an_unknown_licence_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"unknown licence \[gratis\]: basic, standard"):
        FakeElasticsearch(licence="gratis")  # type: ignore[arg-type]


def test_a_licence_is_installed_and_removed() -> None:
    fake = http()
    assert licence(fake, "PUT", "", {"licenses": [PLATINUM]}).body == {"acknowledged": True, "license_status": "valid"}
    assert licence(fake).body["license"]["uid"] == "a-b"
    assert licence(fake, "DELETE").body == {"acknowledged": True}
    basic = licence(fake).body["license"]
    assert (basic["type"], "expiry_date" in basic) == ("basic", False)
    licence(fake, "DELETE")
    assert licence(fake).body["license"]["uid"] == basic["uid"]


def test_before_6_3_there_may_be_no_licence() -> None:
    fake = http("6.2")
    licence(fake, "DELETE")
    assert (licence(fake).status, licence(fake).body) == (404, {})
    assert fake.fake.cluster.part(Licence).allows("ml") is False


@pytest.mark.parametrize(
    ("changed", "status"), [({"signature": ""}, "invalid"), ({"expiry_date_in_millis": 1_600_000_000_000}, "expired")]
)
def test_a_licence_that_is_not_taken(changed: dict[str, Any], status: str) -> None:
    fake = http()
    assert licence(fake, "POST", "", {"license": PLATINUM | changed}).body["license_status"] == status
    assert licence(fake).body["license"]["type"] == "trial"


@pytest.mark.parametrize(
    "body", [None, {}, [], {"licenses": []}, {"licenses": [1]}, {"licenses": [PLATINUM, PLATINUM]}, {"license": {"uid": 1}},
             {"license": PLATINUM | {"type": "gratis"}}, {"license": PLATINUM | {"max_nodes": "many"}}],
)  # fmt: skip
def test_bodies_without_a_licence(body: Any) -> None:
    assert licence(http(), "PUT", "", body).status == 400


def test_what_takes_ml_away_must_be_acknowledged() -> None:
    fake = http()
    basic = PLATINUM | {"type": "basic"}
    refused = licence(fake, "PUT", "", {"license": basic}).body
    assert (refused["acknowledged"], refused["acknowledge"]["machine_learning"]) == (
        False, ["Machine learning will be disabled"],
    )  # fmt: skip
    assert licence(fake, "POST", "/start_basic").body["error_message"] == "Operation failed: Needs acknowledgement."
    assert licence(fake).body["license"]["type"] == "trial"
    assert licence(fake, "GET", "/basic_status").body == {"eligible_to_start_basic": True}
    started = licence(fake, "POST", "/start_basic?acknowledge=true")
    assert (started.status, started.body) == (200, {"acknowledged": True, "basic_was_started": True})
    again = licence(fake, "POST", "/start_basic?acknowledge=true")
    assert (again.status, again.body["error_message"]) == (403, "Operation failed: Current license is basic.")


def test_a_trial_is_started_once() -> None:
    fake = http(licence="basic")
    assert licence(fake, "GET", "/trial_status").body == {"eligible_to_start_trial": True}
    assert licence(fake, "POST", "/start_trial").body["acknowledged"] is False
    assert licence(fake, "POST", "/start_trial?acknowledge=true").body == {
        "acknowledged": True, "trial_was_started": True, "type": "trial",
    }  # fmt: skip
    assert licence(fake, "GET", "/trial_status").body == {"eligible_to_start_trial": False}
    again = licence(fake, "POST", "/start_trial?acknowledge=true")
    assert (again.status, again.body["error_message"]) == (403, "Operation failed: Trial was already activated.")
    assert licence(fake, "POST", "/start_trial?type=gratis").status == 400


def test_an_enterprise_licence_is_shown_as_platinum_to_old_clients_of_7() -> None:
    fake = http("7.17", licence="enterprise")
    assert licence(fake).body["license"]["type"] == "platinum"
    assert licence(fake, "GET", "?accept_enterprise=true").body["license"]["type"] == "enterprise"
    newer = http("8.19", licence="enterprise")
    assert licence(newer).body["license"]["type"] == "enterprise"
    assert licence(newer, "GET", "?accept_enterprise=false").status == 400


@pytest.mark.parametrize("release", RELEASES)
def test_what_x_pack_says_of_itself(release: str) -> None:
    fake = http(release)
    body = fake("GET", "/_xpack").body
    assert list(body) == ["build", "license", "features", "tagline"]
    assert body["build"]["hash"] == fake.fake.version.build_hash
    ml = body["features"]["ml"]
    assert (ml["available"], ml["enabled"], "native_code_info" in ml) == (True, True, fake.fake.version < (8, 0))
    assert fake("GET", "/_xpack?categories=build,license&human=false").body.keys() == {"build", "license"}
    assert fake("GET", "/_xpack?categories=colour").status == 400


def test_usage_counts_jobs_by_state() -> None:
    fake = http()
    for name in ("one", "two", "three"):
        fake.put(name)
    fake.job("two", "_open")
    ml = fake("GET", "/_xpack/usage").body["ml"]
    assert {state: entry["count"] for state, entry in ml["jobs"].items()} == {"_all": 3, "opened": 1, "closed": 2}
    assert ml["jobs"]["_all"]["detectors"] == {"total": 3.0, "min": 1.0, "avg": 1.0, "max": 1.0}
    assert http(licence="basic")("GET", "/_xpack/usage").body["ml"]["available"] is False


@needs_specification
def test_the_answers_are_as_specified() -> None:
    fake = Checked(FakeElasticsearch("9.5"))
    for path in ("", "/trial_status", "/basic_status"):
        assert licence(fake, "GET", path).status == 200
    for path in ("/start_basic", "/start_basic?acknowledge=true"):
        assert licence(fake, "POST", path).status == 200
    licence(fake, "PUT", "", {"licenses": [PLATINUM]})
    licence(fake, "DELETE")
    assert len(fake.seen) == 6


@pytest.mark.parametrize("release", ["5.4.0", "6.8", "7.17", "9.5"])
def test_an_expired_licence_has_no_ml_wherever_one_looks(release: str) -> None:
    fake = http(release, licence="expired")
    features = fake("GET", "/_xpack").body["features"]
    assert [features[name]["available"] for name in ("ml", "watcher", "security")] == [False, False, True]
    assert fake("GET", "/_xpack/usage").body["ml"]["available"] is False


@pytest.mark.parametrize(
    ("release", "parts"),
    [
        ("7.2", {}),
        ("7.3", {"data_frame_analytics_jobs": ["_all"]}),
        ("7.17", {"data_frame_analytics_jobs": ["_all", "analysis_counts", "memory_usage"],
                  "inference": ["ingest_processors", "trained_models"]}),
        ("9.5", {"data_frame_analytics_jobs": ["_all", "analysis_counts", "memory_usage"],
                 "inference": ["deployments", "ingest_processors", "trained_models"]}),
    ],
)  # fmt: skip
def test_usage_counts_no_models(release: str, parts: dict[str, list[str]]) -> None:
    ml = http(release)("GET", "/_xpack/usage?filter_path=ml").body["ml"]
    assert {name: sorted(ml[name]) for name in ("data_frame_analytics_jobs", "inference") if name in ml} == parts
