"""The roles and users that every cluster has, by release."""

from __future__ import annotations

import pytest

from tests.api.secured import Secured, basic
from tests.support import Reply, http


def as_role(release: str, role: str, method: str, action: str) -> int:
    """Status of a job API's answer to a user with one built-in role."""
    fake = http(release, security=True, users=[("joe", "secret-joe", [role])])
    return fake(method, "{ml}/anomaly_detectors/x" + action, authorization=basic("joe")).status


@pytest.mark.parametrize("release", ["5.4.0", "6.2", "6.8", "7.17", "8.19", "9.5"])
@pytest.mark.parametrize(
    ("role", "reads", "closes"),
    [
        ("superuser", True, True),
        ("machine_learning_admin", True, True),
        ("machine_learning_user", True, False),
        ("remote_monitoring_agent", True, False),
        ("logstash_system", True, False),
        ("monitoring_user", False, False),
        ("ingest_admin", False, False),
        ("reporting_user", False, False),
    ],
)
def test_what_built_in_roles_may_do_with_jobs(release: str, role: str, reads: bool, closes: bool) -> None:
    assert (as_role(release, role, "GET", "/_stats") == 404) is reads
    assert (as_role(release, role, "POST", "/_close") == 404) is closes


@pytest.mark.parametrize("release", ["5.4.0", "6.2", "6.8", "7.0", "7.3", "7.8", "7.17", "8.0", "8.19", "9.5"])
def test_each_release_has_the_privileges_of_its_roles(release: str) -> None:
    roles = Secured(release).by("elastic", "GET", "{security}/role").body
    assert len(roles) > 10
    assert {name for name in roles if as_role(release, name, "GET", "/_stats") not in (403, 404)} == set()


@pytest.mark.parametrize(
    ("release", "role", "reads", "closes"),
    [
        ("5.4.0", "kibana_system", True, False),
        ("7.8", "kibana_system", True, False),
        ("7.9", "kibana_system", True, True),
        ("9.5", "kibana_system", True, True),
        ("5.4.0", "kibana_user", True, False),
        ("9.5", "kibana_user", False, False),
        ("9.5", "viewer", False, False),
        ("9.5", "editor", False, False),
        ("9.5", "transform_admin", False, False),
        ("9.5", "inference_admin", False, False),
        ("9.5", "enrich_user", True, False),
        ("8.19", "transport_client", False, False),
    ],
)
def test_roles_that_changed_or_came_later(release: str, role: str, reads: bool, closes: bool) -> None:
    assert (as_role(release, role, "GET", "/_stats") == 404) is reads
    assert (as_role(release, role, "POST", "/_close") == 404) is closes


@pytest.mark.parametrize(
    ("role", "before", "since"),
    [
        ("watcher_admin", "5.4.0", "5.5"),
        ("apm_system", "6.4", "6.5"),
        ("remote_monitoring_collector", "6.4", "6.5"),
        ("snapshot_user", "6.6", "6.7"),
        ("kibana_admin", "7.5", "7.6"),
        ("viewer", "7.12", "7.13"),
        ("inference_user", "8.12", "8.13"),
    ],
)
def test_roles_come_with_their_release(role: str, before: str, since: str) -> None:
    assert shown(since, role).status == 200
    assert shown(before, role).status == 404


def shown(release: str, role: str) -> Reply:
    return Secured(release).by("elastic", "GET", f"{{security}}/role/{role}")


def test_roles_that_are_going_say_so() -> None:
    metadata = shown("7.6", "kibana_user").body["kibana_user"]["metadata"]
    assert metadata["_deprecated_reason"] == "Please use the [kibana_admin] role instead"
    assert shown("7.5", "kibana_user").body["kibana_user"]["metadata"] == {"_reserved": True}


def test_system_indices_are_another_matter_from_8_0() -> None:
    assert shown("7.17", "superuser").body["superuser"]["indices"] == [
        {"names": ["*"], "privileges": ["all"], "allow_restricted_indices": True}
    ]
    everything, restricted = shown("8.0", "superuser").body["superuser"]["indices"]
    assert (everything["privileges"], everything["allow_restricted_indices"]) == (["all"], False)
    assert ("all" in restricted["privileges"], restricted["allow_restricted_indices"]) == (False, True)
    assert "allow_restricted_indices" not in shown("6.6", "superuser").body["superuser"]["indices"][0]


def test_a_user_may_have_two_built_in_roles() -> None:
    users = Secured("9.5").by("elastic", "GET", "{security}/user/remote_monitoring_user").body
    assert users["remote_monitoring_user"]["roles"] == ["remote_monitoring_agent", "remote_monitoring_collector"]
