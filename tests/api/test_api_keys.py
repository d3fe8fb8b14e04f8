"""API keys: made, used, shown, changed and ended; never more than their owner may."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from fake_es import VirtualClock
from tests.api.secured import Secured
from tests.spec.validator import check
from tests.support import Reply

READER = {"reader": {"cluster": ["monitor_ml"], "indices": [{"names": ["logs-*"], "privileges": ["read"]}]}}
HOUR = 3_600_000


class Keyed(Secured):
    """A secured emulator, and requests with keys."""

    def make(self, user: str = "elastic", **body: Any) -> dict[str, Any]:
        """Make a key of that user."""
        reply = self.by(user, "POST", "{security}/api_key", {"name": "k", **body})
        assert reply.status == 200, reply.body
        made: dict[str, Any] = reply.body
        return made

    def with_key(self, made: dict[str, Any], method: str, target: str, body: Any = None, **headers: str) -> Reply:
        """A request with a key as its maker was told it."""
        header = "ApiKey " + base64.b64encode(f"{made['id']}:{made['api_key']}".encode()).decode()
        return self(method, target.replace("{security}", self.security), body, authorization=header, **headers)

    def shown(self, made: dict[str, Any], query: str = "") -> dict[str, Any]:
        """The key as elastic sees it."""
        reply = self.by("elastic", "GET", f"{{security}}/api_key?id={made['id']}{query}")
        key: dict[str, Any] = reply.body["api_keys"][0]
        return key


def invalidate(fake: Keyed, **wanted: Any) -> Reply:
    return fake.by("elastic", "DELETE", "{security}/api_key", wanted)


@pytest.mark.parametrize("release", ["6.8", "7.5", "7.17", "8.5", "8.19", "9.5"])
def test_a_key_lets_its_owner_in(release: str) -> None:
    fake = Keyed(release)
    made = fake.make(role_descriptors=READER)
    assert len(made["id"]) == 20
    assert len(made["api_key"]) == 22
    assert ("encoded" in made) == (fake.fake.version >= (7, 16))
    assert fake.with_key(made, "GET", "{ml}/anomaly_detectors").status == 200
    refused = fake.with_key(made, "POST", "{ml}/anomaly_detectors/x/_close")
    assert refused.status == 403
    start = f"action [cluster:admin/xpack/ml/job/close] is unauthorized for API key id [{made['id']}] of user [elastic]"
    assert refused.reason.startswith(start)
    assert "roles" not in refused.reason


def test_apis_of_keys_begin_with_6_7() -> None:
    fake = Keyed("6.6")
    assert fake.by("elastic", "POST", "{security}/api_key", {"name": "k"}).status in (400, 405)


def test_what_a_maker_is_told_and_what_is_shown() -> None:
    fake = Keyed("9.5")
    made = fake.make(name="mine", expiration="1d", role_descriptors=READER, metadata={"team": "a"})
    check("security.create_api_key", made)
    assert base64.b64decode(made["encoded"]).decode() == f"{made['id']}:{made['api_key']}"
    reply = fake.by("elastic", "GET", f"{{security}}/api_key?id={made['id']}&with_limited_by&with_profile_uid")
    check("security.get_api_key", reply.body)
    shown = reply.body["api_keys"][0]
    assert shown["expiration"] - shown["creation"] == 24 * HOUR
    assert made["expiration"] == shown["expiration"]
    assert (shown["name"], shown["type"], shown["invalidated"], shown["username"]) == ("mine", "rest", False, "elastic")
    assert (shown["realm"], shown["metadata"]) == ("reserved", {"team": "a"})
    assert shown["role_descriptors"]["reader"]["cluster"] == ["monitor_ml"]
    assert list(shown["limited_by"][0]) == ["superuser"]
    assert made["api_key"] not in str(reply.body)


def test_fields_come_with_their_releases() -> None:
    old, new = Keyed("7.10"), Keyed("8.19")
    before, now = old.shown(old.make()), new.shown(new.make())
    assert set(before) == {"id", "name", "creation", "invalidated", "username", "realm"}
    assert set(now) - set(before) == {"type", "realm_type", "metadata", "role_descriptors"}


def test_a_key_without_roles_may_what_its_owner_might_when_he_made_it() -> None:
    fake = Keyed()
    fake.by("elastic", "PUT", "{security}/role/r", {"cluster": ["manage_ml", "manage_own_api_key"]})
    fake.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": ["r"]})
    made = fake.make("joe")
    fake.by("elastic", "PUT", "{security}/role/r", {"cluster": ["none"]})
    assert fake.by("joe", "GET", "{ml}/anomaly_detectors").status == 403
    assert fake.with_key(made, "GET", "{ml}/anomaly_detectors").status == 200


def test_a_key_is_limited_by_its_owner() -> None:
    fake = Keyed()
    fake.by("elastic", "PUT", "{security}/role/r", {"cluster": ["monitor_ml", "manage_own_api_key"]})
    fake.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": ["r"]})
    made = fake.make("joe", role_descriptors={"more": {"cluster": ["all"]}})
    assert fake.with_key(made, "GET", "{ml}/anomaly_detectors").status == 200
    assert fake.with_key(made, "POST", "{ml}/anomaly_detectors/x/_close").status == 403
    asked = {"cluster": ["manage_ml", "monitor_ml"]}
    has = fake.with_key(made, "POST", "{security}/user/_has_privileges", asked).body
    assert has["cluster"] == {"manage_ml": False, "monitor_ml": True}


def test_who_one_is_with_a_key() -> None:
    fake = Keyed("9.5")
    made = fake.make(name="mine")
    body = fake.with_key(made, "GET", "{security}/_authenticate").body
    check("security.authenticate", body)
    realm = {"name": "_es_api_key", "type": "_es_api_key"}
    assert (body["username"], body["roles"], body["authentication_type"]) == ("elastic", [], "api_key")
    assert (body["authentication_realm"], body["lookup_realm"]) == (realm, realm)
    assert (body["api_key"]["id"], body["api_key"]["name"]) == (made["id"], "mine")


def test_why_a_key_is_refused() -> None:
    fake = Keyed(clock=VirtualClock(auto=False))
    made = fake.make(expiration="1h")

    def refusal(key: dict[str, Any]) -> str:
        error = fake.with_key(key, "GET", "/").body["error"]
        assert error["root_cause"][0].items() <= error.items()
        text: str = error["additional_unsuccessful_credentials"]
        return text

    assert fake.with_key(made, "GET", "/").status == 200
    assert refusal({**made, "api_key": "wrong"}) == f"API key: invalid credentials for API key [{made['id']}]"
    assert refusal({**made, "id": "gone"}) == "API key: unable to find apikey with id gone"
    fake.fake.clock.advance("1h")
    assert refusal(made) == "API key: api key is expired"
    other = fake.make()
    assert invalidate(fake, ids=[other["id"]]).body["invalidated_api_keys"] == [other["id"]]
    assert refusal(other) == f"API key: api key [{other['id']}] has been invalidated"


def test_before_7_11_a_bad_key_is_as_none() -> None:
    fake = Keyed("7.10")
    reply = fake.with_key({"id": "gone", "api_key": "x"}, "GET", "/")
    assert (reply.status, reply.reason) == (401, "missing authentication credentials for REST request [/]")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "api key name is required"),
        ("x" * 257, "api key name may not be more than 256 characters long"),
        (" x", "api key name may not begin or end with whitespace"),
        ("_x", "api key name may not begin with an underscore"),
    ],
)
def test_names_of_keys(name: str, reason: str) -> None:
    reply = Keyed().by("elastic", "POST", "{security}/api_key", {"name": name})
    assert (reply.status, reply.type) == (400, "action_request_validation_exception")
    assert reply.reason == f"Validation Failed: 1: {reason};"


def test_bad_bodies_make_no_key() -> None:
    fake = Keyed()
    for body in ({"nme": "x"}, {"name": "x", "expiration": "soon"}, {"name": "x", "role_descriptors": {"r": {"clstr": []}}}):
        assert fake.by("elastic", "POST", "{security}/api_key", body).status == 400
    bad = fake.by("elastic", "POST", "{security}/api_key", {"name": "x", "role_descriptors": {"r": {"cluster": ["fly"]}}})
    assert "unknown cluster privilege [fly]" in bad.reason
    assert fake.by("elastic", "GET", "{security}/api_key").body == {"api_keys": []}


def test_a_key_makes_only_keys_that_may_nothing() -> None:
    fake = Keyed()
    made = fake.make()
    refused = fake.with_key(made, "POST", "{security}/api_key", {"name": "child"})
    assert refused.reason == "creating derived api keys requires an explicit role descriptor that is empty (has no privileges)"
    child = fake.with_key(made, "POST", "{security}/api_key", {"name": "child", "role_descriptors": {"none": {}}})
    assert child.status == 200
    assert fake.with_key(child.body, "GET", "{ml}/anomaly_detectors").status == 403
    assert fake.with_key(child.body, "GET", "{security}/_authenticate").status == 200


def test_own_keys_and_those_of_others() -> None:
    fake = Keyed()
    fake.by("elastic", "PUT", "{security}/role/own", {"cluster": ["manage_own_api_key"]})
    for name in ("ada", "bob"):
        fake.by("elastic", "PUT", f"{{security}}/user/{name}", {"password": f"secret-{name}", "roles": ["own"]})
    mine, his = fake.make("ada", name="mine"), fake.make("bob", name="his")
    listed = fake.by("ada", "GET", "{security}/api_key?owner=true").body["api_keys"]
    assert [key["id"] for key in listed] == [mine["id"]]
    assert fake.by("ada", "GET", "{security}/api_key?username=ada&realm_name=default_native").status == 200
    refused = fake.by("ada", "GET", f"{{security}}/api_key?id={his['id']}")
    assert refused.status == 403
    assert "action [cluster:admin/xpack/security/api_key/get] is unauthorized for user [ada]" in refused.reason
    assert fake.by("ada", "DELETE", "{security}/api_key", {"ids": [his["id"]]}).status == 403
    assert (
        fake.by("ada", "DELETE", "{security}/api_key", {"ids": [his["id"]], "owner": True}).body["invalidated_api_keys"] == []
    )
    assert fake.by("ada", "GET", "{security}/_query/api_key").body["total"] == 1
    assert fake.by("elastic", "GET", "{security}/_query/api_key").body["total"] == 2
    assert fake.with_key(mine, "GET", f"{{security}}/api_key?id={mine['id']}").status == 200
    grant = {"api_key": {"name": "x"}, "grant_type": "password", "username": "bob", "password": "secret-bob"}
    assert fake.by("ada", "POST", "{security}/api_key/grant", grant).status == 403


def test_choosing_keys() -> None:
    fake = Keyed()
    made = [fake.make(name=name) for name in ("web-1", "web-2", "db-1")]
    ask = "{security}/api_key?"
    assert [key["name"] for key in fake.by("elastic", "GET", ask + "name=web-*").body["api_keys"]] == ["web-1", "web-2"]
    gone = fake.by("elastic", "GET", ask + "id=gone")
    assert (gone.status, gone.body) == (404, {"api_keys": []})
    both = fake.by("elastic", "GET", ask + "id=x&username=elastic")
    assert "username or realm name must not be specified when the api key id or api key name is specified" in both.reason
    assert invalidate(fake, name="web-*").body["invalidated_api_keys"] == [made[0]["id"], made[1]["id"]]
    again = invalidate(fake, username="elastic").body
    assert (again["invalidated_api_keys"], len(again["previously_invalidated_api_keys"])) == ([made[2]["id"]], 2)
    assert fake.by("elastic", "GET", ask + "active_only=true").body == {"api_keys": []}
    assert "[owner] flag is false" in invalidate(fake).reason


def test_invalidating_by_id_before_ids() -> None:
    fake = Keyed("7.5")
    made = fake.make()
    assert invalidate(fake, id=made["id"]).body["invalidated_api_keys"] == [made["id"]]
    assert invalidate(Keyed("8.0"), id="x").status == 400


def test_updates() -> None:
    fake = Keyed("9.5")
    made = fake.make(name="mine", role_descriptors=READER)
    path = f"{{security}}/api_key/{made['id']}"
    assert fake.by("elastic", "PUT", path, {"metadata": {"a": 1}, "role_descriptors": {}}).body == {"updated": True}
    assert fake.by("elastic", "PUT", path, {"metadata": {"a": 1}}).body == {"updated": False}
    assert fake.shown(made)["metadata"] == {"a": 1}
    assert fake.with_key(made, "POST", "{ml}/anomaly_detectors/x/_close").status == 404
    gone = fake.by("all", "PUT", path, {})
    assert (gone.status, gone.reason) == (404, f"no API key owned by requesting user found for ID [{made['id']}]")
    by_key = fake.with_key(made, "PUT", path, {})
    assert by_key.reason == "authentication via API key not supported: only the owner user can update an API key"
    ended = fake.make()
    invalidate(fake, ids=[ended["id"]])
    bulk = {"ids": [made["id"], ended["id"], "gone"], "metadata": {"a": 2}}
    reply = fake.by("elastic", "POST", "{security}/api_key/_bulk_update", bulk)
    check("security.bulk_update_api_keys", reply.body)
    assert (reply.body["updated"], reply.body["noops"], reply.body["errors"]["count"]) == ([made["id"]], [], 2)
    assert reply.body["errors"]["details"][ended["id"]] == {
        "type": "illegal_argument_exception",
        "reason": f"cannot update invalidated API key [{ended['id']}]",
    }


def test_an_update_takes_the_owners_roles_anew() -> None:
    fake = Keyed()
    fake.by("elastic", "PUT", "{security}/role/r", {"cluster": ["manage_ml", "manage_own_api_key"]})
    fake.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": ["r"]})
    made = fake.make("joe")
    fake.by("elastic", "PUT", "{security}/role/r", {"cluster": ["manage_own_api_key"]})
    assert fake.by("joe", "PUT", f"{{security}}/api_key/{made['id']}", {}).body == {"updated": True}
    assert fake.with_key(made, "GET", "{ml}/anomaly_detectors").status == 403


@pytest.mark.parametrize(("release", "said"), [("8.4", " because {who}"), ("9.5", ", because {who}")])
def test_a_key_acts_for_others_only_if_it_says_so(release: str, said: str) -> None:
    fake = Keyed(release)
    key = fake.make(role_descriptors=READER)
    who = f"API key id [{key['id']}] of user [elastic]"
    refused = fake.with_key(key, "GET", "{ml}/info", es_security_runas_user="nobody")
    denied = f"action [cluster:monitor/xpack/ml/info/get] is unauthorized for {who}"
    assert (refused.status, refused.reason) == (403, denied + said.format(who=who) + " is unauthorized to run as [nobody]")


def test_a_key_for_somebody_else() -> None:
    fake = Keyed("9.5")
    body: dict[str, Any] = {"api_key": {"name": "k"}, "grant_type": "password", "username": "monitor_ml"}
    ask = "{security}/api_key/grant"
    made = fake.by("elastic", "POST", ask, {**body, "password": "secret-monitor_ml"})
    check("security.grant_api_key", made.body)
    assert fake.with_key(made.body, "GET", "{security}/_authenticate").body["username"] == "monitor_ml"
    wrong = fake.by("elastic", "POST", ask, {**body, "password": "wrong"})
    action = "cluster:admin/xpack/security/api_key/grant"
    assert (wrong.status, wrong.reason) == (401, f"unable to authenticate user [monitor_ml] for action [{action}]")
    assert fake.by("elastic", "POST", ask, body).reason.endswith("1: [password] is required for grant_type [password];")
    token = fake.by("monitor_ml", "POST", ask, {**body, "password": "x"})
    assert token.status == 403
    run_as = fake.by("elastic", "POST", ask, {**body, "password": "secret-monitor_ml", "run_as": "elastic"})
    assert (run_as.status, run_as.reason) == (
        403,
        "action [cluster:admin/xpack/security/user/authenticate] is unauthorized for user [monitor_ml] with effective roles"
        " [monitor_ml], because user [monitor_ml] is unauthorized to run as [elastic]",
    )


def test_clones() -> None:
    fake = Keyed("9.5")
    made = fake.make(role_descriptors=READER, metadata={"a": 1})
    ask = {"api_key": made["encoded"], "name": "clone"}
    clone = fake.by("elastic", "POST", "{security}/api_key/clone", ask)
    check("security.clone_api_key", clone.body)
    assert clone.body["api_key"] != made["api_key"]
    assert fake.shown(clone.body)["role_descriptors"] == fake.shown(made)["role_descriptors"]
    assert fake.with_key(clone.body, "POST", "{ml}/anomaly_detectors/x/_close").status == 403
    assert fake.by("elastic", "POST", "{security}/api_key/clone", {**ask, "api_key": "?"}).status == 400
    invalidate(fake, ids=[made["id"]])
    assert fake.by("elastic", "POST", "{security}/api_key/clone", ask).status == 400


def test_cross_cluster_keys() -> None:
    fake = Keyed("9.5")
    ask = "{security}/cross_cluster/api_key"
    access = {"search": [{"names": ["logs-*"]}], "replication": [{"names": ["archive"]}]}
    made = fake.by("elastic", "POST", ask, {"name": "cc", "access": access})
    check("security.create_cross_cluster_api_key", made.body)
    shown = fake.by("elastic", "GET", f"{{security}}/api_key?id={made.body['id']}&with_limited_by")
    check("security.get_api_key", shown.body)
    key = shown.body["api_keys"][0]
    assert (key["type"], key["access"], "limited_by" in key) == ("cross_cluster", access, False)
    assert key["role_descriptors"]["cross_cluster"]["cluster"] == ["cross_cluster_search", "cross_cluster_replication"]
    refused = fake.with_key(made.body, "GET", "/").body["error"]["additional_unsuccessful_credentials"]
    assert refused.startswith("API key: authentication expected API key type of [rest]")
    update = fake.by("elastic", "PUT", f"{ask}/{made.body['id']}", {"metadata": {"a": 1}})
    assert update.body == {"updated": True}
    assert fake.by("elastic", "PUT", f"{ask}/{made.body['id']}", {}).status == 400
    rest = fake.by("elastic", "PUT", f"{{security}}/api_key/{made.body['id']}", {})
    assert "cannot update API key of type [cross_cluster] while expected type is [rest]" in rest.reason
    assert fake.by("elastic", "POST", ask, {"name": "cc", "access": {}}).status == 400
    assert fake.by("manage", "POST", ask, {"name": "cc", "access": access}).status == 403


def test_the_same_seed_gives_the_same_keys() -> None:
    assert Keyed(seed=7).make() == Keyed(seed=7).make()
    assert Keyed(seed=7).make() != Keyed(seed=8).make()


def test_a_reset_forgets_keys() -> None:
    fake = Keyed()
    made = fake.make()
    assert fake.with_key(made, "GET", "/").status == 200
    fake.fake.reset()
    assert fake.with_key(made, "GET", "/").status == 401
    assert fake.by("elastic", "GET", "{security}/api_key").body == {"api_keys": []}
