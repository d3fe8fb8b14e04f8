"""Security, the licence, and the control of the emulator."""

from __future__ import annotations

from typing import Any

from tests.fuzz.subjects.base import Step, Subject

_JOB = "{ml}/anomaly_detectors/a"
_ROLE = {
    "cluster": ["monitor"],
    "indices": [
        {
            "names": ["a*"],
            "privileges": ["read"],
            "field_security": {"grant": ["*"], "except": ["x"]},
            "query": {"match_all": {}},
            "allow_restricted_indices": False,
        }
    ],
    "applications": [{"application": "app-1", "privileges": ["read"], "resources": ["*"]}],
    "run_as": ["ada"],
    "metadata": {"v": 1},
    "transient_metadata": {"enabled": True},
    "description": "d",
    "global": {"application": {"manage": {"applications": ["a"]}}},
}


def _query_security(name: str, other: str) -> Any:
    return {
        "query": {
            "bool": {
                "must": [{"term": {name: "k"}}],
                "filter": {"prefix": {name: {"value": "k"}}},
                "should": [{"exists": {"field": other}}, {"terms": {name: ["k"]}}],
            }
        },
        "sort": [{name: {"order": "desc"}}],
        "from": 0,
        "size": 2,
        "search_after": ["k"],
    }


def security() -> list[Subject]:
    user = {
        "password": "secret1",
        "roles": ["made"],
        "full_name": "A",
        "email": "a",
        "enabled": True,
        "metadata": {"a": 1},
    }
    mapping = {
        "roles": ["made"],
        "enabled": True,
        "metadata": {},
        "rules": {"all": [{"field": {"username": ["a*", "/b/"]}}, {"any": [{"except": {"field": {"groups": "x"}}}]}]},
    }
    check = {
        "cluster": ["all"],
        "index": [{"names": ["a"], "privileges": ["read"], "allow_restricted_indices": True}],
        "application": [{"application": "a", "privileges": ["read"], "resources": ["*"]}],
    }
    key = {"name": "k", "expiration": "1d", "role_descriptors": {"r": _ROLE}, "metadata": {"a": 1}}
    grant = {"grant_type": "password", "username": "elastic", "password": "changeme"}
    access = {"search": [{"names": ["a"], "query": {"match_all": {}}}], "replication": [{"names": ["b"]}]}
    get: tuple[Step, ...] = (
        ("GET", "/_security/role", None),
        ("GET", "/_security/_authenticate", None),
        ("GET", "/_security/user", None),
    )
    ask: tuple[Step, ...] = (
        ("GET", "/_security/api_key", None),
        ("POST", "/_security/_query/api_key", {"sort": ["name", "creation"]}),
    )
    return [
        Subject(
            "user",
            "PUT",
            "/_security/user/made",
            user,
            (
                *get,
                ("POST", "/_security/_query/user", {"sort": ["username", "full_name"]}),
                ("DELETE", "/_security/user/made", None),
            ),
        ),
        Subject("password", "POST", "/_security/user/ada/_password", {"password": "secret2"}),
        Subject(
            "role",
            "PUT",
            "/_security/role/made",
            _ROLE,
            (*get, ("POST", "/_security/_query/role", None), ("DELETE", "/_security/role/made", None)),
        ),
        Subject("roles", "POST", "/_security/role", {"roles": {"made": _ROLE}}, get),
        Subject("delete roles", "DELETE", "/_security/role", {"names": ["made"]}),
        Subject(
            "mapping",
            "PUT",
            "/_security/role_mapping/made",
            mapping,
            (
                ("GET", "/_security/role_mapping", None),
                ("GET", "/_security/_authenticate", None),
                ("DELETE", "/_security/role_mapping/made", None),
            ),
        ),
        Subject("has_privileges", "POST", "/_security/user/_has_privileges", check),
        Subject("profile privileges", "POST", "/_security/profile/_has_privileges", {"uids": ["a"], "privileges": check}),
        Subject("api_key", "POST", "/_security/api_key", key, ask),
        Subject("grant", "POST", "/_security/api_key/grant", {**grant, "run_as": "ada", "api_key": key}, ask),
        Subject(
            "bulk keys",
            "POST",
            "/_security/api_key/_bulk_update",
            {"ids": ["a"], "role_descriptors": {"r": _ROLE}, "metadata": {}, "expiration": "1d"},
        ),
        Subject(
            "update key", "PUT", "/_security/api_key/x", {"role_descriptors": {"r": _ROLE}, "metadata": {}, "expiration": "1d"}
        ),
        Subject(
            "cross key",
            "POST",
            "/_security/cross_cluster/api_key",
            {"name": "k", "access": access, "expiration": "1d", "metadata": {}},
            ask,
        ),
        Subject("clone", "POST", "/_security/api_key/clone", {"api_key": "x", "name": "n", "expiration": "1d", "metadata": {}}),
        Subject("invalidate keys", "DELETE", "/_security/api_key", {"ids": ["a"], "owner": False}),
        Subject("invalidate by name", "DELETE", "/_security/api_key", {"username": "u", "realm_name": "r"}),
        Subject("token", "POST", "/_security/oauth2/token", {**grant, "scope": "FULL"}),
        Subject("refresh", "POST", "/_security/oauth2/token", {"grant_type": "refresh_token", "refresh_token": "x"}),
        Subject("invalidate token", "DELETE", "/_security/oauth2/token", {"realm_name": "r", "username": "u"}),
        Subject(
            "privileges",
            "PUT",
            "/_security/privilege",
            {"app-1": {"read": {"actions": ["data:read/*"], "metadata": {}, "application": "app-1", "name": "read"}}},
            (("GET", "/_security/privilege", None), ("POST", "/_security/user/_has_privileges", check)),
        ),
        Subject("query keys", "POST", "/_security/_query/api_key", _query_security("name", "creation")),
        Subject("query users", "POST", "/_security/_query/user", _query_security("username", "enabled")),
        Subject("query roles", "POST", "/_security/_query/role", _query_security("name", "description")),
        Subject("profile", "POST", "/_security/profile/_activate", grant),
        Subject(
            "suggest",
            "POST",
            "/_security/profile/_suggest",
            {"name": "a", "size": 2, "data": "x", "hint": {"uids": ["a"], "labels": {"k": ["v"]}}},
        ),
        Subject("profile data", "POST", "/_security/profile/x/_data", {"labels": {"a": 1}, "data": {"b": 1}}),
        Subject(
            "security settings",
            "PUT",
            "/_security/settings",
            {"security": {"index.auto_expand_replicas": "0-1"}, "security-tokens": {}, "security-profile": {}},
        ),
        Subject(
            "licence",
            "PUT",
            "/_license",
            {
                "licenses": [
                    {
                        "uid": "x",
                        "type": "basic",
                        "issue_date_in_millis": 1,
                        "expiry_date_in_millis": 2,
                        "max_nodes": 1,
                        "issued_to": "a",
                        "issuer": "b",
                        "signature": "c",
                    }
                ]
            },
            (("GET", "/_license", None),),
        ),
    ]


def control() -> list[Subject]:
    look: tuple[Step, ...] = (
        ("GET", "/_fake", None),
        ("GET", "/_fake/clock", None),
        ("POST", f"{_JOB}/_close", None),
        ("POST", f"{_JOB}/_open", None),
    )
    rules: tuple[Step, ...] = (("GET", "/_fake/faults", None), ("DELETE", "/_fake/faults", None))
    fault = {
        "operation": "ml.close_job", "method": "POST", "path": "/*", "job": "a", "times": 2, "share": 0.5, "seed": 1,
        "since": "0s", "until": "2036-06-01T00:00:00Z", "delay": ["1s", 2], "status": 409, "type": "a", "reason": "b",
        "headers": {"a": "b"}, "bytes_per_second": 1000, "strict": True,
    }  # fmt: skip
    return [
        Subject("clock", "POST", "/_fake/clock", {"advance": "1h", "auto": True}, look),
        Subject("clock set", "POST", "/_fake/clock", {"set": "2036-06-01T00:00:00Z"}, look),
        Subject(
            "delays", "PUT", "/_fake/delays", {"profile": "none", "open": 1, "close": "2s", "jobs": {"a": {"close": 5}}}, look
        ),
        Subject("licence", "PUT", "/_fake/licence", {"type": "trial"}, look),
        Subject("fail", "POST", "/_fake/jobs/a/_fail", {"during": "opening", "reason": "x"}, look),
        Subject("fault", "PUT", "/_fake/faults/a", fault, (*look, *rules)),
    ]
