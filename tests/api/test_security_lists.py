"""Role mappings, privileges of applications, profiles, queries, bulk roles, settings and caches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.secured import Secured
from tests.spec.validator import check, endpoints, needs_specification
from tests.support import Reply

MAPPING = {"roles": ["viewer"], "rules": {"all": [{"field": {"username": "*"}}, {"except": {"field": {"dn": "cn=x"}}}]}}


class Listed(Secured):
    """A secured emulator of the newest release whose good answers must fit the specification."""

    def ask(self, api: str, method: str, path: str, body: Any = None, user: str = "elastic") -> Reply:
        """A request to the API of that name."""
        reply = self.by(user, method, "{security}" + path, body)
        if reply.status < 300 and f"security.{api}" in endpoints():
            check(f"security.{api}", reply.body)
        return reply


def refused(reply: Reply) -> str:
    """The reason of a 400."""
    assert reply.status == 400
    return reply.reason


def test_role_mappings() -> None:
    fake = Listed()
    assert fake.ask("put_role_mapping", "PUT", "/role_mapping/m", MAPPING).body == {"role_mapping": {"created": True}}
    assert fake.ask("put_role_mapping", "POST", "/role_mapping/m", MAPPING).body == {"role_mapping": {"created": False}}
    shown = fake.ask("get_role_mapping", "GET", "/role_mapping/m").body
    assert shown == {"m": {"enabled": True, **MAPPING, "metadata": {}}}
    assert fake.ask("get_role_mapping", "GET", "/role_mapping/n").status == 404
    assert fake.ask("delete_role_mapping", "DELETE", "/role_mapping/m").body == {"found": True}
    assert fake.ask("delete_role_mapping", "DELETE", "/role_mapping/m").status == 404
    assert fake.ask("get_role_mapping", "GET", "/role_mapping").body == {}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"roles": []}, "role-mapping roles or role-templates are missing"),
        ({"rules": None}, "role-mapping rules are missing"),
        ({"rules": {"some": []}}, "field [some] is not recognised in object [rules]"),
        ({"rules": {"all": [{}]}}, "object [all] does not contain any fields"),
        ({"rules": {"field": {"a": "b"}, "any": []}}, "object [rules] contains multiple fields"),
        ({"rules": {"except": []}}, "expected an object but found [START_ARRAY] instead"),
        ({"rules": {"any": {}}}, "field [any] requires an array"),
        ({"rules": {"field": {"a": {"b": 1}}}}, "expected a field value but found [START_OBJECT] instead"),
        ({"metadata": {"_x": 1}}, "metadata keys may not start with [_]"),
        ({"role_templates": [{"template": "x"}]}, "role-mapping cannot have both roles and role-templates"),
        ({"nonsense": 1}, "unexpected field [nonsense]"),
    ],
)
def test_wrong_role_mappings(change: dict[str, Any], reason: str) -> None:
    fake = Listed()
    assert reason in refused(fake.ask("put_role_mapping", "PUT", "/role_mapping/m", {**MAPPING, **change}))
    assert fake.ask("get_role_mapping", "GET", "/role_mapping").body == {}


def test_privileges_of_applications() -> None:
    fake = Listed()
    body = {"shop": {"read": {"actions": ["data:read/*"], "metadata": {"a": 1}}, "write": {"actions": ["data:*"]}}}
    created = {"created": True}
    assert fake.ask("put_privileges", "PUT", "/privilege", body).body == {"shop": {"read": created, "write": created}}
    one = fake.ask("get_privileges", "GET", "/privilege/shop/read").body["shop"]
    assert one == {"read": {"application": "shop", "name": "read", "actions": ["data:read/*"], "metadata": {"a": 1}}}
    assert fake.ask("get_privileges", "GET", "/privilege/other").status == 404
    role = {"applications": [{"application": "shop", "privileges": ["write"], "resources": ["eu-*"]}]}
    fake.ask("put_role", "PUT", "/role/clerk", role)
    fake.ask("put_user", "PUT", "/user/joe", {"password": "secret-joe", "roles": ["clerk"]})
    wish = {"application": [{"application": "shop", "privileges": ["read", "data:gone"], "resources": ["eu-1", "us-1"]}]}
    has = fake.ask("has_privileges", "POST", "/user/_has_privileges", wish, "joe").body
    assert has["application"] == {
        "shop": {"eu-1": {"read": True, "data:gone": True}, "us-1": {"read": False, "data:gone": False}}
    }
    assert has["has_all_requested"] is False
    assert fake.ask("get_user_privileges", "GET", "/user/_privileges", user="joe").body["applications"] == role["applications"]
    found = fake.ask("delete_privileges", "DELETE", "/privilege/shop/read,gone").body
    assert found == {"shop": {"read": {"found": True}, "gone": {"found": False}}}
    assert fake.ask("delete_privileges", "DELETE", "/privilege/shop/gone").status == 404


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "At least one application privilege must be provided"),
        ({"Shop": {"r": {"actions": ["a:b"]}}}, "An application name prefix must match the pattern"),
        ({"sh-op": {"r": {"actions": ["a:b"]}}}, "must be at least 3 characters long (found 'sh')"),
        ({"shop-a*": {"r": {"actions": ["a:b"]}}}, "may not contain '*' (found 'shop-a*')"),
        ({"shop-a/b": {"r": {"actions": ["a:b"]}}}, "An application name suffix may not contain any of the characters"),
        ({"shop a": {"r": {"actions": ["a:b"]}}}, "Application names may not contain whitespace (found 'shop a')"),
        ({"shop": {"R": {"actions": ["a:b"]}}}, "Application privilege names must match the pattern"),
        ({"shop": {"r": {"actions": []}}}, "Application privileges must have at least one action"),
        ({"shop": {"r": {"actions": ["read"]}}}, "action [read] must contain one of"),
        ({"shop": {"r": {"name": "other", "actions": ["a:b"]}}}, "expected privilege name [r] but found [other]"),
        ({"shop": []}, "but found START_ARRAY instead"),
    ],
)
def test_wrong_privileges_of_applications(body: Any, reason: str) -> None:
    fake = Listed()
    assert reason in refused(fake.ask("put_privileges", "PUT", "/privilege", body))
    assert fake.ask("get_privileges", "GET", "/privilege").body == {}


def test_own_privileges() -> None:
    fake = Listed()
    body = fake.ask("get_user_privileges", "GET", "/user/_privileges").body
    assert body["cluster"] == ["all"]
    assert body["run_as"] == ["*"]
    assert {"names": ["*"], "privileges": ["all"], "allow_restricted_indices": False} in body["indices"]
    builtin = fake.ask("get_builtin_privileges", "GET", "/privilege/_builtin").body
    assert {"manage_ml", "monitor_ml"} <= set(builtin["cluster"])
    assert {"read", "none"} <= set(builtin["index"])


def activate(fake: Listed, name: str = "all") -> Any:
    grant = {"grant_type": "password", "username": name, "password": f"secret-{name}"}
    return fake.ask("activate_user_profile", "POST", "/profile/_activate", grant).body


def test_profiles() -> None:
    fake = Listed()
    uid = activate(fake)["uid"]
    assert uid == activate(fake)["uid"]
    assert uid != activate(fake, "monitor")["uid"]
    update = {"labels": {"team": "a"}, "data": {"app": {"theme": "dark"}}}
    assert fake.ask("update_user_profile_data", "PUT", f"/profile/{uid}/_data", update).body == {"acknowledged": True}
    more = {"data": {"app": {"size": 3}}}
    assert fake.ask("update_user_profile_data", "POST", f"/profile/{uid}/_data", more).status == 200
    profile = fake.ask("get_user_profile", "GET", f"/profile/{uid}?data=app").body["profiles"][0]
    assert (profile["labels"], profile["data"]) == ({"team": "a"}, {"app": {"theme": "dark", "size": 3}})
    assert fake.ask("get_user_profile", "GET", f"/profile/{uid}").body["profiles"][0]["data"] == {}
    for name, reason in (("a.b", "must not contain dot"), ("_a", "must not start with underscore")):
        wrong = fake.ask("update_user_profile_data", "PUT", f"/profile/{uid}/_data", {"labels": {name: 1}})
        assert f"application name {reason}, but found [{name}]" in refused(wrong)
    assert "update request is empty" in refused(fake.ask("update_user_profile_data", "PUT", f"/profile/{uid}/_data", {}))
    stale = f"/profile/{uid}/_data?if_seq_no=0&if_primary_term=1"
    conflict = fake.ask("update_user_profile_data", "PUT", stale, more)
    assert (conflict.status, conflict.type) == (409, "version_conflict_engine_exception")
    current = f"/profile/{uid}/_data?if_seq_no={profile['_doc']['_seq_no']}&if_primary_term=1"
    assert fake.ask("update_user_profile_data", "PUT", current, more).status == 200


def test_profiles_that_are_not_there() -> None:
    fake = Listed()
    errors = fake.ask("get_user_profile", "GET", "/profile/gone").body["errors"]
    assert errors == {
        "count": 1,
        "details": {"gone": {"type": "resource_not_found_exception", "reason": "profile document not found"}},
    }
    for path in ("_enable", "_disable"):
        missing = fake.ask("enable_user_profile", "PUT", f"/profile/gone/{path}")
        assert (missing.status, missing.type) == (404, "document_missing_exception")
    wrong = {"grant_type": "password", "username": "all", "password": "wrong"}
    assert fake.ask("activate_user_profile", "POST", "/profile/_activate", wrong).status == 401
    assert "not supported" in refused(fake.ask("activate_user_profile", "POST", "/profile/_activate", {"grant_type": "x"}))


def test_suggestions() -> None:
    fake = Listed()
    made = {name: activate(fake, name)["uid"] for name in ("monitor", "monitor_ml", "manage")}

    def names(**body: Any) -> list[str]:
        found = fake.ask("suggest_user_profiles", "POST", "/profile/_suggest", body).body["profiles"]
        return [profile["user"]["username"] for profile in found]

    assert names(name="moni") == ["monitor", "monitor_ml"]
    assert names(name="moni", hint={"uids": [made["monitor_ml"]]}) == ["monitor_ml", "monitor"]
    assert names(size=1) == ["monitor"]
    fake.ask("disable_user_profile", "PUT", f"/profile/{made['monitor']}/_disable")
    assert names(name="moni") == ["monitor_ml"]
    wish = {"uids": [*made.values(), "gone"], "privileges": {"cluster": ["manage_ml"]}}
    able = fake.ask("has_privileges_user_profile", "POST", "/profile/_has_privileges", wish).body
    assert (able["has_privilege_uids"], able["errors"]["count"]) == ([made["manage"]], 1)


def people() -> Listed:
    """An emulator with three users of the native realm, three roles and three API keys."""
    fake = Listed()
    for name, mail, roles in (("ada", "ada@a.org", ["x"]), ("bob", None, ["x", "y"]), ("cid", "cid@c.org", [])):
        fake.ask("put_user", "PUT", f"/user/{name}", {"password": "secret", "roles": roles, "email": mail})
        fake.ask("put_role", "PUT", f"/role/role-{name}", {"cluster": [], "metadata": {"of": name}, "description": "a role"})
        fake.ask("create_api_key", "POST", "/api_key", {"name": f"key-{name}", "metadata": {"of": name}, "expiration": "1d"})
    return fake


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (None, ["ada", "bob", "cid"]),
        ({"match_all": {}}, ["ada", "bob", "cid"]),
        ({"term": {"username": "ada"}}, ["ada"]),
        ({"term": {"username": {"value": "bob"}}}, ["bob"]),
        ({"terms": {"roles": ["y", "z"]}}, ["bob"]),
        ({"prefix": {"email": "a"}}, ["ada"]),
        ({"wildcard": {"email": "*.org"}}, ["ada", "cid"]),
        ({"wildcard": {"email": "[ac]*"}}, []),
        ({"exists": {"field": "email"}}, ["ada", "cid"]),
        ({"match": {"enabled": True}}, ["ada", "bob", "cid"]),
        ({"ids": {"values": ["user-cid"]}}, ["cid"]),
        ({"bool": {"must": {"term": {"roles": "x"}}, "must_not": [{"term": {"roles": "y"}}]}}, ["ada"]),
        ({"bool": {"should": [{"term": {"username": "ada"}}, {"term": {"username": "cid"}}]}}, ["ada", "cid"]),
        ({"simple_query_string": {"query": "b* c*", "fields": ["username"]}}, ["bob", "cid"]),
    ],
)
def test_queries_of_users(query: Any, names: list[str]) -> None:
    body = {"sort": ["username"]} | ({"query": query} if query else {})
    found = people().ask("query_user", "POST", "/_query/user", body).body
    assert [user["username"] for user in found["users"]] == names
    assert (found["total"], found["count"]) == (len(names), len(names))


def test_pages_of_queries() -> None:
    fake = people()
    body = {"sort": [{"username": {"order": "desc"}}], "size": 1, "from": 1}
    page = fake.ask("query_user", "POST", "/_query/user", body).body
    assert (page["total"], page["count"], page["users"][0]["username"]) == (3, 1, "bob")
    assert page["users"][0]["_sort"] == ["bob"]
    after = {"sort": [{"username": "desc"}], "search_after": ["bob"]}
    assert [user["username"] for user in fake.ask("query_user", "POST", "/_query/user", after).body["users"]] == ["ada"]


def test_queries_of_roles_and_keys() -> None:
    fake = people()
    roles = fake.ask("query_role", "GET", "/_query/role", {"query": {"term": {"metadata.of": "bob"}}}).body
    assert [role["name"] for role in roles["roles"]] == ["role-bob"]
    soon = {"query": {"range": {"expiration": {"lte": "now+2d", "gt": "now"}}}, "sort": ["name"]}
    keys = fake.ask("query_api_keys", "POST", "/_query/api_key?with_limited_by", soon).body
    assert [key["name"] for key in keys["api_keys"]] == ["key-ada", "key-bob", "key-cid"]
    none = {"query": {"range": {"creation": {"lt": "now-1d"}}}}
    assert fake.ask("query_api_keys", "POST", "/_query/api_key", none).body["total"] == 0


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"query": {"term": {"password": "x"}}}, "Field [password] is not allowed"),
        ({"query": {"fuzzy": {"username": "x"}}}, "Query type [fuzzy] is not currently supported"),
        ({"query": {"term": {}}}, "expected one field"),
        ({"query": {"term": 3}}, "no start_object after query name"),
        ({"sort": ["password"]}, "Field [password] is not allowed"),
        ({"sort": [{"username": "up"}]}, "Unknown SortOrder [up]"),
        ({"sort": 3}, "malformed sort format"),
        ({"search_after": ["x"]}, "Sort must contain at least one field."),
        ({"search_after": "x", "sort": ["username"]}, "Expected [START_ARRAY] in [search_after]"),
        ({"search_after": ["x", "y"], "sort": ["username"]}, "search_after has 2 value(s) but sort has 1."),
        ({"query": {"bool": {"must": [3]}}}, "no start_object after query name"),
        ({"size": -1}, "[size] parameter cannot be negative"),
        ({"nonsense": 1}, "unknown field [nonsense]"),
    ],
)
def test_wrong_queries(body: Any, reason: str) -> None:
    assert reason in refused(Listed().ask("query_user", "POST", "/_query/user", body))


def test_aggregations_of_keys_are_501() -> None:
    reply = Listed().ask("query_api_keys", "POST", "/_query/api_key", {"aggs": {"x": {"terms": {"field": "name"}}}})
    assert reply.status == 501


def test_many_roles_at_once() -> None:
    fake = Listed()
    roles = {"a": {"cluster": ["monitor"]}, "b": {"cluster": ["fly"]}, "superuser": {"cluster": []}}
    done = fake.ask("bulk_put_role", "POST", "/role", {"roles": roles}).body
    assert (done["created"], done["errors"]["count"]) == (["a"], 2)
    assert done["errors"]["details"]["superuser"]["reason"] == "role [superuser] is reserved and cannot be modified."
    assert fake.ask("bulk_put_role", "POST", "/role", {"roles": {"a": {"cluster": ["monitor"]}}}).body == {"noop": ["a"]}
    assert fake.ask("bulk_put_role", "POST", "/role", {"roles": {"a": {"cluster": ["all"]}}}).body == {"updated": ["a"]}
    gone = fake.ask("bulk_delete_role", "DELETE", "/role", {"names": ["a", "gone", "superuser"]}).body
    assert (gone["deleted"], gone["not_found"], gone["errors"]["count"]) == (["a"], ["gone"], 1)


def test_settings() -> None:
    fake = Listed()
    change = {"security": {"index.number_of_replicas": 1, "index.auto_expand_replicas": None}}
    assert fake.ask("update_settings", "PUT", "/settings", change).body == {"acknowledged": True}
    assert fake.ask("get_settings", "GET", "/settings").body["security"] == {"index": {"number_of_replicas": "1"}}
    bad_number, bad_name = {"index.number_of_replicas": "x"}, {"index.codec": "x"}
    changes: list[dict[str, Any]] = [{"security": bad_number}, {"security": bad_name}, {"other": {}}]
    for wrong in changes:
        assert fake.ask("update_settings", "PUT", "/settings", wrong).status == 400


@pytest.mark.parametrize(
    ("api", "path"),
    [
        ("clear_cached_roles", "/role/a/_clear_cache"),
        ("clear_cached_realms", "/realm/*/_clear_cache?usernames=a"),
        ("clear_cached_privileges", "/privilege/*/_clear_cache"),
        ("clear_api_key_cache", "/api_key/*/_clear_cache"),
        ("clear_cached_service_tokens", "/service/elastic/fleet-server/credential/token/*/_clear_cache"),
    ],
)
def test_caches(api: str, path: str) -> None:
    fake = Listed()
    assert fake.ask(api, "POST", path).body["_nodes"] == {"total": 1, "successful": 1, "failed": 0}
    assert fake.ask(api, "POST", path, user="manage").status == 403


@needs_specification
def test_statistics() -> None:
    assert next(iter(Listed().ask("get_stats", "GET", "/stats").body["nodes"].values()))["roles"]["dls"]


def test_who_reads_security_reads_all_of_it_and_changes_nothing() -> None:
    fake = Listed()
    fake.ask("put_role", "PUT", "/role/reader", {"cluster": ["read_security"]})
    fake.ask("put_user", "PUT", "/user/joe", {"password": "secret-joe", "roles": ["reader"]})
    for path in ("user", "role", "api_key", "_query/api_key", "_query/user", "_query/role", "privilege", "settings", "service"):
        assert fake.by("joe", "GET", f"{{security}}/{path}").status == 200, path
    for method, path in (("PUT", "role/r"), ("DELETE", "user/x"), ("POST", "oauth2/token"), ("DELETE", "role_mapping/m")):
        body = {"PUT": {"cluster": []}, "POST": {"grant_type": "client_credentials"}}.get(method)
        assert fake.by("joe", method, f"{{security}}/{path}", body).status == 403, path


def test_users_are_shown_with_their_profiles() -> None:
    fake = Listed()
    uid = activate(fake, "all")["uid"]
    fake.ask("put_user", "PUT", "/user/joe", {"password": "secret-joe", "roles": []})
    joe = activate(fake, "joe")["uid"]
    assert joe != uid
    assert fake.ask("get_user", "GET", "/user/joe?with_profile_uid=true").body["joe"]["profile_uid"] == joe
    assert "profile_uid" not in fake.ask("get_user", "GET", "/user/joe").body["joe"]
    found = fake.ask("query_user", "GET", "/_query/user?with_profile_uid=true").body["users"]
    assert found[0]["profile_uid"] == joe


def test_hashes_of_passwords_are_not_taken() -> None:
    fake = Listed()
    hashed = {"password_hash": "$2a$10$" + "x" * 53, "roles": []}
    assert fake.ask("put_user", "PUT", "/user/joe", hashed).status == 501
    assert "password hash is not a hash" in refused(fake.ask("put_user", "PUT", "/user/joe", {**hashed, "password_hash": "x"}))
    assert "password_hash has already been set" in refused(
        fake.ask("put_user", "PUT", "/user/joe", {**hashed, "password": "secret"})
    )
    assert fake.ask("get_user", "GET", "/user/joe").status == 404


def test_own_passwords_are_changed_by_password_alone() -> None:
    fake = Listed()
    new = {"password": "new-secret"}
    assert fake.ask("change_password", "PUT", "/user/_password", new, "monitor").status == 403
    key = fake.ask("create_api_key", "POST", "/api_key", {"name": "k", "role_descriptors": {"none": {}}}).body
    reply = fake("PUT", "/_security/user/_password", new, authorization=f"ApiKey {key['encoded']}")
    assert reply.status == 403
    assert fake.ask("change_password", "PUT", "/user/_password", new).body == {}
