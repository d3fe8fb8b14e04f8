"""Roles with privileges that are none: refused where they are made, or useless, and their bearers with them."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.api.secured import Secured

FIXED = (
    "a privilege must be either one of the predefined fixed cluster privileges [all=[all],create_snapshot=[create_snapshot],"
)
NAMES = "a privilege must be either one of the predefined cluster privilege names [all,"
ON_INDICES = [{"names": ["logs"], "privileges": ["read", "Fly"]}]


def bearer(release: str, role: dict[str, Any]) -> Secured:
    """An emulator with a user ``joe`` who has the role ``pilot``, which must be taken."""
    fake = Secured(release)
    assert fake.by("elastic", "PUT", "{security}/role/pilot", role).body == {"role": {"created": True}}
    user = {"password": "secret-joe", "roles": ["pilot"]}
    assert fake.by("elastic", "PUT", "{security}/user/joe", user).status == 200
    return fake


@pytest.mark.parametrize(
    ("release", "said"),
    [
        ("5.4", "unknown cluster privilege [[monitor, Fly]]. a privilege must be either one of the predefined fixed"),
        ("6.8", f"unknown cluster privilege [[monitor, Fly]]. {FIXED}"),
        ("7.3", "unknown cluster privilege [[monitor, Fly]]. a privilege must be either one of the predefined fixed"),
        ("7.4", f"unknown cluster privilege [fly]. {NAMES}"),
    ],
)
def test_up_to_7_4_such_a_role_is_taken_and_whoever_has_it_can_do_nothing(release: str, said: str) -> None:
    fake = bearer(release, {"cluster": ["monitor", "Fly"]})
    for target in ("/", "{ml}/anomaly_detectors", "/_all/_search", "{security}/_authenticate", "{security}/user/_privileges"):
        if target.endswith("_privileges") and release < "6.5":
            continue
        reply = fake.by("joe", "GET", target)
        assert (target, reply.status, reply.type) == (target, 400, "illegal_argument_exception")
        assert reply.reason.startswith(said)
        assert reply.reason.endswith("] or a pattern over one of the available cluster actions")
    fake.by("elastic", "PUT", "{security}/role/pilot", {"cluster": ["monitor"]})
    assert fake.by("joe", "GET", "/").status == 200


def test_the_same_goes_for_privileges_on_indices_and_for_running_as_somebody() -> None:
    fake = bearer("6.8", {"cluster": ["all"], "indices": ON_INDICES})
    said = (
        "unknown index privilege [fly]. a privilege must be either one of the predefined fixed indices privileges [all=[all],"
    )
    assert fake.by("joe", "GET", "/").reason.startswith(said)
    assert fake.by("elastic", "GET", "/", es_security_runas_user="joe").reason.startswith(said)


@pytest.mark.parametrize("release", ["6.8", "7.10", "8.0"])
def test_up_to_8_0_keys_may_hold_such_roles_and_are_good_for_nothing(release: str) -> None:
    fake = Secured(release)
    key = {"name": "k", "role_descriptors": {"pilot": {"cluster": ["fly"], "index": [], "metadata": {"_x": 1}}}}
    made = fake.by("elastic", "POST", "{security}/api_key", key)
    assert made.status == 200
    bearer = base64.b64encode(f"{made.body['id']}:{made.body['api_key']}".encode()).decode()
    reply = fake("GET", "/", authorization=f"ApiKey {bearer}")
    assert (reply.status, reply.type) == (400, "illegal_argument_exception")
    assert reply.reason.startswith("unknown cluster privilege [")


@pytest.mark.parametrize("release", ["7.5", "8.0", "9.5"])
def test_from_7_5_all_that_is_wrong_with_a_role_is_said_when_it_is_put(release: str) -> None:
    fake = Secured(release)
    role = {"cluster": ["Fly", "monitor", "swim"], "indices": ON_INDICES, "metadata": {"_x": 1}}
    reply = fake.by("elastic", "PUT", "{security}/role/pilot", role)
    assert (reply.status, reply.type) == (400, "action_request_validation_exception")
    before = "role descriptor " if release >= "8.1" else ""
    ordered = ("1: unknown cluster privilege [fly]", "2: unknown cluster privilege [swim]", "3: unknown index privilege [fly]")
    places = [reply.reason.find(text) for text in (*ordered, f"4: {before}metadata keys may not start with [_];")]
    assert places == sorted(places)
    assert places[0] > 0
    assert fake.by("elastic", "GET", "{security}/role/pilot").status == 404


@pytest.mark.parametrize(("release", "shown"), [("7.17", "[all=[all],"), ("9.5", "[all,")])
def test_how_privileges_on_indices_are_listed(release: str, shown: str) -> None:
    reply = Secured(release).by("elastic", "PUT", "{security}/role/pilot", {"indices": ON_INDICES})
    assert f"[fly]. a privilege must be either one of the predefined fixed indices privileges {shown}" in reply.reason
