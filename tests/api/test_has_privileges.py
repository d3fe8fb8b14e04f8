"""Which privilege holds which: asked of ``_has_privileges``, for privileges, actions and patterns of both."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.api.secured import Secured


@cache
def _secured(release: str) -> Secured:
    return Secured(release)


def holds(release: str, role: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """What somebody with a role is said to have of what is wanted."""
    fake = _secured(release)
    assert fake.by("elastic", "PUT", "{security}/role/pilot", role).status == 200
    fake.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": ["pilot"]})
    reply = fake.by("joe", "POST", "{security}/user/_has_privileges", wanted)
    assert reply.status == 200, reply.body
    found: dict[str, Any] = reply.body
    return found


@pytest.mark.parametrize(
    ("granted", "wanted", "held"),
    [
        (["none"], "none", True),
        (["NONE"], "none", True),
        (["manage"], "none", False),
        (["all"], "all", True),
        (["all"], "manage", True),
        (["all"], "manage_security", True),
        (["all"], "cluster:*", True),
        (["manage"], "all", False),
        (["manage"], "cluster:*", False),
        (["manage"], "Manage_ML", True),
        (["manage"], "manage_security", False),
        (["manage"], "cluster:admin/xpack/security/user/put", False),
        (["manage"], "indices:admin/template/put", True),
        (["manage"], "indices:admin/create", False),
        (["monitor"], "monitor_ml", True),
        (["monitor"], "manage_ml", False),
        (["monitor_ml", "monitor_watcher"], "monitor", False),
        (["monitor_ml"], "cluster:monitor/xpack/ml/job/get", True),
        (["monitor_ml"], "cluster:monitor/xpack/ml", False),
        (["cluster:monitor/xpack/ml"], "monitor_ml", True),
        (["cluster:monitor/xpack/ml/job"], "monitor_ml", False),
        (["cluster:monitor/xpack/ml/job"], "cluster:monitor/xpack/ml/job/get", True),
        (["cluster:monitor/*/ml/*"], "cluster:monitor/xpack/ml/job/get", True),
        (["manage_api_key"], "manage_own_api_key", True),
        (["manage_api_key"], "grant_api_key", True),
        (["manage_own_api_key"], "manage_own_api_key", True),
        (["manage_own_api_key"], "manage_api_key", False),
        (["manage_own_api_key"], "cluster:admin/xpack/security/api_key/get", False),
        (["manage_security"], "manage_own_api_key", True),
        (["manage_security"], "delegate_pki", False),
        (["manage_security"], "read_security", True),
        (["read_security"], "manage_security", False),
        (["delegate_pki"], "cluster:admin/xpack/security/delegate_pki", True),
        (["delegate_pki"], "cluster:admin/xpack/security/token/invalidate", True),
        (["manage_saml"], "cluster:admin/xpack/security/token/refresh", True),
        (["manage_saml"], "cluster:admin/xpack/security/token/create", False),
        (["manage_token"], "cluster:admin/xpack/security/token/create", True),
        (["read_ccr"], "cluster:admin/xpack/security/user/has_privileges", True),
        (["read_ccr"], "cluster:monitor/state", True),
        (["create_snapshot"], "monitor_snapshot", True),
        (["monitor_snapshot"], "create_snapshot", False),
        (["manage_slm"], "read_slm", True),
        (["read_slm"], "manage_slm", False),
    ],
)
def test_cluster_privileges(granted: list[str], wanted: str, held: bool) -> None:
    found = holds("9.5", {"cluster": granted}, {"cluster": [wanted]})
    assert found["cluster"] == {wanted: held}
    assert found["has_all_requested"] is held


def on_index(release: str, entry: dict[str, Any], name: str, wanted: str) -> bool:
    """Whether an entry of a role gives something on an index."""
    found = holds(release, {"indices": [entry]}, {"index": [{"names": [name], "privileges": [wanted]}]})
    return bool(found["index"][name][wanted])


@pytest.mark.parametrize(
    ("granted", "wanted", "held"),
    [
        ("all", "read", True),
        ("all", "indices:admin/delete", True),
        ("read", "all", False),
        ("read", "read", True),
        ("READ", "indices:data/read/get", True),
        ("read", "indices:data/read/*", True),
        ("read", "indices:data/write/index", False),
        ("read", "write", False),
        ("write", "index", True),
        ("write", "create", True),
        ("write", "create_doc", True),
        ("write", "delete", True),
        ("write", "read", False),
        ("index", "create", True),
        ("index", "create_doc", True),
        ("index", "delete", False),
        ("index", "indices:data/write/update", True),
        ("index", "indices:data/write/delete", False),
        ("create", "create_doc", True),
        ("create", "index", False),
        ("create", "indices:data/write/index", True),
        ("create", "indices:data/write/update", False),
        ("create_doc", "create", False),
        ("create_doc", "indices:data/write/index", True),
        ("create_doc", "indices:data/write/index:op_type/index", False),
        ("delete", "indices:data/write/delete/byquery", True),
        ("delete", "indices:data/write/index", False),
        ("manage", "monitor", True),
        ("manage", "create_index", True),
        ("manage", "delete_index", True),
        ("manage", "maintenance", True),
        ("manage", "read", False),
        ("monitor", "manage", False),
        ("monitor", "indices:monitor/stats", True),
        ("delete_index", "indices:admin/delete", True),
        ("delete_index", "indices:admin/delete/other", False),
        ("create_index", "indices:admin/create", True),
        ("create_index", "indices:admin/delete", False),
        ("view_index_metadata", "indices:admin/mappings/get", True),
        ("view_index_metadata", "indices:admin/mapping/put", False),
        ("none", "none", True),
        ("none", "read", False),
        ("indices:data/read", "indices:data/read/get", True),
        ("indices:data/read/*", "indices:data/read/get", True),
        ("indices:data/read/get", "indices:data/read/search", False),
    ],
)
def test_index_privileges(granted: str, wanted: str, held: bool) -> None:
    assert on_index("9.5", {"names": ["logs"], "privileges": [granted]}, "logs", wanted) is held


@pytest.mark.parametrize(
    ("pattern", "name", "covered"),
    [
        ("logs", "logs", True),
        ("logs", "logs2", False),
        ("logs*", "logs2", True),
        ("logs?", "logs2", True),
        ("logs?", "logs", False),
        ("*", "logs", True),
        ("/log[s]+/", "logss", True),
        ("/log[s]+/", "alogs", False),
        ("//", "logs", False),
        ("lo/gs/", "lo/gs/", True),
        ("logs*", "logs-*", True),
        ("logs-1", "logs-*", False),
    ],
)
def test_names_of_a_role(pattern: str, name: str, covered: bool) -> None:
    assert on_index("9.5", {"names": [pattern], "privileges": ["read"]}, name, "read") is covered


@pytest.mark.parametrize(
    ("release", "name", "restricted"),
    [
        ("6.8", ".security-6", True),
        ("7.17", ".security-7", True),
        ("7.17", ".security-tokens-7", True),
        ("7.17", ".security-8", False),
        ("7.17", ".ml-config", False),
        ("8.0", ".ml-config", True),
        ("9.5", ".ml-config", True),
        ("9.5", ".ml-anomalies-shared", False),
        ("9.5", ".security-8", True),
        ("9.5", "security-8", False),
        ("7.6", ".async-search", False),
        ("7.7", ".async-search", True),
        ("7.7", ".async-searching", True),
        ("9.5", ".ml-conf*", False),
    ],
)
def test_some_indices_are_for_roles_alone_that_say_so(release: str, name: str, restricted: bool) -> None:
    entry = {"names": ["*"], "privileges": ["read"]}
    assert on_index(release, entry, name, "read") is not restricted
    if release >= "7":
        assert on_index(release, entry | {"allow_restricted_indices": True}, name, "read") is True
        assert on_index(release, entry | {"allow_restricted_indices": False}, name, "read") is not restricted
