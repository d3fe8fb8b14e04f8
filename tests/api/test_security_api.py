"""The security APIs: users, roles, passwords, and what one may ask about oneself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.secured import Secured, basic
from tests.support import RELEASES


@pytest.mark.parametrize("release", RELEASES)
def test_users_and_roles_made_through_the_api(release: str) -> None:
    fake = Secured(release)
    role = {"cluster": ["manage_ml"], "indices": [{"names": ["i"], "privileges": ["read"]}]}
    assert fake.by("security", "PUT", "{security}/role/closer", role).body == {"role": {"created": True}}
    assert fake.by("security", "POST", "{security}/role/closer", role).body == {"role": {"created": False}}
    user = {"password": "secret-joe", "roles": ["closer"], "full_name": "Joe", "metadata": {"a": 1}}
    created = fake.by("security", "PUT", "{security}/user/joe", user).body
    assert created.get("user", created)["created"] is True
    assert ("user" in created, "created" in created) == (fake.fake.version < (7, 0), fake.fake.version >= (6, 0))
    assert fake.by("joe", "POST", "{ml}/anomaly_detectors/nope/_close").status == 404
    shown = fake.by("elastic", "GET", "{security}/user/joe").body["joe"]
    assert shown == {
        "username": "joe", "roles": ["closer"], "full_name": "Joe", "email": None, "metadata": {"a": 1}, "enabled": True,
    }  # fmt: skip
    assert fake.by("elastic", "GET", "{security}/role/closer").body["closer"]["cluster"] == ["manage_ml"]
    assert fake.by("elastic", "DELETE", "{security}/role/closer").body == {"found": True}
    assert fake.by("joe", "POST", "{ml}/anomaly_detectors/nope/_close").status == 403
    assert fake.by("elastic", "DELETE", "{security}/user/joe").body == {"found": True}
    assert fake.by("joe", "GET", "/").status == 401


def test_what_is_not_there_is_404() -> None:
    fake = Secured()
    for path in ("user/gone", "role/gone"):
        gone = fake.by("elastic", "GET", f"{{security}}/{path}")
        assert (gone.status, gone.body) == (404, {})
        deleted = fake.by("elastic", "DELETE", f"{{security}}/{path}")
        assert (deleted.status, deleted.body) == (404, {"found": False})


def test_lists_show_the_built_in_and_what_the_api_made() -> None:
    fake = Secured()
    assert "elastic" in fake.by("elastic", "GET", "{security}/user").body
    assert "manage" not in fake.by("elastic", "GET", "{security}/user").body
    roles = fake.by("elastic", "GET", "{security}/role").body
    assert roles["superuser"]["metadata"] == {"_reserved": True}
    assert roles["machine_learning_admin"]["transient_metadata"] == {"enabled": True}


def test_an_update_without_a_password_keeps_it() -> None:
    fake = Secured()
    fake.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": []})
    assert fake.by("elastic", "PUT", "{security}/user/joe", {"roles": ["machine_learning_user"]}).body == {"created": False}
    assert fake.by("joe", "GET", "{ml}/anomaly_detectors").status == 200


def test_passwords_are_changed() -> None:
    fake = Secured()
    fake.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": []})
    assert fake.by("joe", "PUT", "{security}/user/_password", {"password": "new-secret"}).body == {}
    assert fake.by("joe", "GET", "{security}/_authenticate").status == 401
    mine = {"authorization": basic("joe", "new-secret")}
    assert fake.by("joe", "POST", "{security}/user/elastic/_password", {"password": "stolen!"}, **mine).status == 403
    assert fake.by("joe", "POST", "{security}/user/joe/_password", {"password": "secret-joe"}, **mine).body == {}
    assert fake.by("elastic", "POST", "{security}/user/elastic/_password", {"password": "new-root"}).body == {}
    assert fake.by("elastic", "GET", "/").status == 401


def test_users_are_shut_out_and_let_in() -> None:
    fake = Secured()
    fake.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": ["viewer"]})
    assert fake.by("elastic", "PUT", "{security}/user/joe/_disable").body == {}
    assert fake.by("joe", "GET", "/").reason == "unable to authenticate user [joe] for REST request [/]"
    assert fake.by("elastic", "PUT", "{security}/user/joe/_enable").body == {}
    assert fake.by("joe", "GET", "{security}/_authenticate").body["username"] == "joe"
    refused = fake.by("elastic", "PUT", "{security}/user/elastic/_disable")
    assert refused.reason == "users may not update the enabled status of their own account"
    assert fake.by("elastic", "PUT", "{security}/user/gone/_disable").reason.endswith("only existing users can be disabled;")


@pytest.mark.parametrize("release", RELEASES)
def test_authenticate(release: str) -> None:
    fake = Secured(release)
    body = fake.by("nobody", "GET", "{security}/_authenticate").body
    assert (body["username"], body["roles"], body["enabled"]) == ("nobody", [], True)
    if fake.fake.version >= (7, 0):
        assert body["authentication_realm"] == {"name": "default_file", "type": "file"}
    if fake.fake.version >= (8, 0):
        assert fake.by("elastic", "GET", "{security}/_authenticate").body == {
            "username": "elastic",
            "roles": ["superuser"],
            "full_name": None,
            "email": None,
            "metadata": {"_reserved": True},
            "enabled": True,
            "authentication_realm": {"name": "reserved", "type": "reserved"},
            "lookup_realm": {"name": "reserved", "type": "reserved"},
            "authentication_type": "realm",
        }


@pytest.mark.parametrize(
    ("user", "held"),
    [
        ("elastic", {"manage_ml", "monitor_ml", "monitor", "manage", "all", "cluster:monitor/main"}),
        ("all", {"manage_ml", "monitor_ml", "monitor", "manage", "all", "cluster:monitor/main"}),
        ("manage", {"manage_ml", "monitor_ml", "monitor", "manage", "cluster:monitor/main"}),
        ("manage_ml", {"manage_ml", "monitor_ml"}),
        ("monitor", {"monitor_ml", "monitor", "cluster:monitor/main"}),
        ("nobody", set()),
    ],
)
def test_has_privileges_of_the_cluster(user: str, held: set[str]) -> None:
    wanted = ["manage_ml", "monitor_ml", "monitor", "manage", "all", "cluster:monitor/main"]
    body = Secured().by(user, "POST", "{security}/user/_has_privileges", {"cluster": wanted}).body
    assert {name for name, has in body["cluster"].items() if has} == held
    assert body["has_all_requested"] == (len(held) == len(wanted))
    assert (body["username"], body["index"], body["application"]) == (user, {}, {})


@pytest.mark.parametrize(
    ("granted", "wanted", "has"),
    [
        ("all", "read", True),
        ("write", "create_doc", True),
        ("write", "read", False),
        ("manage", "delete_index", True),
        ("indices:data/read/*", "indices:data/read/search", True),
        ("none", "read", False),
    ],
)
def test_has_privileges_of_indices(granted: str, wanted: str, has: bool) -> None:
    fake = Secured()
    fake.by("elastic", "PUT", "{security}/role/r", {"indices": [{"names": "logs-*", "privileges": [granted]}]})
    fake.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": ["r"]})
    wishes = {"index": [{"names": ["logs-1", "other"], "privileges": [wanted]}]}
    body = fake.by("joe", "GET", "{security}/user/joe/_has_privileges", wishes).body
    assert body["index"] == {"logs-1": {wanted: has}, "other": {wanted: False}}


@pytest.mark.parametrize(
    ("pattern", "index", "has"),
    [
        ("/log(s|ged)-.*/", "logged-1", True),
        ("/~(([.]|ilm-history-).*)/", "logs-1", True),
        ("/~(([.]|ilm-history-).*)/", ".kibana", False),
        ("/(/", "(", False),
        ("a?c*", "abcd", True),
    ],
)
def test_indices_are_named_by_patterns(pattern: str, index: str, has: bool) -> None:
    fake = Secured()
    fake.by("elastic", "PUT", "{security}/role/r", {"indices": [{"names": [pattern], "privileges": ["read"]}]})
    fake.by("elastic", "PUT", "{security}/user/joe", USER | {"roles": ["r"]})
    wishes = {"index": [{"names": index, "privileges": "read"}]}
    body = fake.by("joe", "POST", "{security}/user/_has_privileges", wishes).body
    assert body["index"] == {index: {"read": has}}


def test_privileges_of_others_are_none_of_ones_business() -> None:
    fake = Secured()
    path, wishes = "{security}/user/elastic/_has_privileges", {"cluster": ["all"]}
    assert fake.by("nobody", "POST", path, wishes).status == 403
    assert fake.by("all", "POST", path, wishes).reason == "users may only check the privileges of their own account"


USER = {"password": "secret-joe", "roles": []}


@pytest.mark.parametrize(
    ("target", "body", "reason"),
    [
        ("user/joe", {"password": "secret-joe"}, "Validation Failed: 1: roles are missing;"),
        ("user/joe", USER | {"metadata": {"_a": 1}}, "Validation Failed: 1: metadata keys may not start with [_];"),
        ("user/joe", USER | {"password": "short"}, "Validation Failed: 1: passwords must be at least [6] characters long;"),
        ("user/joe", {"roles": []}, "password must be specified unless you are updating an existing user;"),
        ("user/elastic", USER, "Validation Failed: 1: user [elastic] is reserved and only the password can be changed;"),
        ("user/_xpack", USER, "Validation Failed: 1: user [_xpack] is internal;"),
        ("user/%20joe", USER, "Leading or trailing whitespace is not allowed.;"),
        ("user/joe", USER | {"colour": 1}, "failed to parse add user request. unexpected field [colour]"),
        ("user/joe", USER | {"roles": 5}, "expected field [roles] to be an array of strings, but found [VALUE_NUMBER] instead"),
        ("user/joe", USER | {"enabled": "x"}, "field [enabled] to be of type boolean, but found [VALUE_STRING] instead"),
        ("user/joe", USER | {"metadata": []}, "field [metadata] to be of type object, but found [START_ARRAY] instead"),
        ("user/joe", [], "failed to parse add user request. expected an object but found [START_ARRAY] instead"),
        ("user/joe", None, "request body is required"),
        ("user/gone/_password", {"password": "secret"}, "user must exist in order to change password;"),
        ("user/elastic/_password", {"password": "short"}, "passwords must be at least [6] characters long;"),
        ("user/elastic/_password", {}, "password is missing;"),
        ("role/superuser", {}, "role [superuser] is reserved and cannot be modified."),
        ("role/r", {"cluster": ["fly"]}, "or a pattern over one of the available cluster actions;"),
        ("role/r", {"indices": [{"names": ["a"]}]},
         "failed to parse indices privileges for role [r]. missing required [privileges] field"),
        ("role/r", {"indices": [{"colour": 1}]}, "indices privileges for role [r]. unexpected field [colour]"),
        ("role/r", {"indices": [{"names": 5, "privileges": ["read"]}]},
         "expected field [names] value to be a string or an array of strings, but found [VALUE_NUMBER] instead"),
        ("role/r", {"indices": {}}, "expected field [indices] to be an array of objects, but found [START_OBJECT] instead"),
        ("role/r", {"metadata": {"_a": 1}}, "metadata keys may not start with [_];"),
        ("role/%20", {}, "Leading or trailing whitespace is not allowed.;"),
        ("user/_has_privileges", {}, "Validation Failed: 1: must specify at least one privilege;"),
        ("user/_has_privileges", {"cluster": ["fly"]}, "unknown cluster privilege [fly]. a privilege must be either one of"),
        ("user/_has_privileges", {"index": [{"names": [5]}]}, "each index entry needs [names] and [privileges]"),
    ],
)  # fmt: skip
def test_bodies_that_are_refused(target: str, body: Any, reason: str) -> None:
    fake = Secured("9.5")
    reply = fake.by("elastic", "POST", "{security}/" + target, body)
    assert reply.status == 400
    assert reason in reply.reason
    assert fake.by("elastic", "GET", "{security}/user/joe").status == 404
    assert fake.by("elastic", "GET", "{security}/role/r").status == 404


@pytest.mark.parametrize(
    ("release", "type_"), [("6.8", "illegal_argument_exception"), ("7.0", "action_request_validation_exception")]
)
def test_up_to_6_8_a_reserved_user_is_an_illegal_argument(release: str, type_: str) -> None:
    fake = Secured(release)
    reply = fake.by("elastic", "PUT", "{security}/user/elastic", USER)
    assert (reply.status, reply.type) == (400, type_)
    assert fake.by("elastic", "DELETE", "{security}/user/elastic").reason == "user [elastic] is reserved and cannot be deleted"


def test_what_is_reserved_is_not_deleted() -> None:
    fake = Secured()
    assert fake.by("elastic", "DELETE", "{security}/user/elastic").reason == "user [elastic] is reserved and cannot be deleted"
    reason = fake.by("elastic", "DELETE", "{security}/role/superuser").reason
    assert reason == "role [superuser] is reserved and cannot be deleted"


def test_unknown_privileges_passed_unseen_before_7_0() -> None:
    assert Secured("6.8").by("elastic", "PUT", "{security}/role/r", {"cluster": ["fly"]}).status == 200


def test_a_reset_forgets_users_and_roles_made_since_the_start() -> None:
    fake = Secured()
    fake.by("elastic", "PUT", "{security}/role/r", {})
    fake.by("elastic", "PUT", "{security}/user/joe", USER)
    fake.fake.reset()
    assert fake.by("joe", "GET", "/").status == 401
    assert fake.by("manage", "GET", "{ml}/anomaly_detectors").status == 200
    assert fake.by("elastic", "GET", "{security}/role/r").status == 404


def test_the_old_prefix_warns_in_7_x() -> None:
    reply = Secured("7.17").by("elastic", "GET", "/_xpack/security/_authenticate")
    assert (
        "[GET /_xpack/security/_authenticate] is deprecated! Use [GET /_security/_authenticate] instead."
        in (reply.headers["warning"])
    )
    assert Secured("6.8").by("elastic", "GET", "/_security/_authenticate").status == 200
    assert Secured("9.5").by("elastic", "GET", "/_xpack/security/_authenticate").status == 400
