"""Who a request is from when no password says it: the anonymous, those run as, and the second user of a request."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import Anonymous, FakeElasticsearch
from tests.api.secured import Secured, basic
from tests.support import Http

DATAFEED = {"job_id": "j", "indices": ["logs-1"]}


def open_to_all(release: str | None = None, **settings: Any) -> Http:
    """An emulator that lets in whoever gives no credentials."""
    users: list[tuple[str, str, list[str]]] = [("joe", "secret-joe", [])]
    return Http(FakeElasticsearch(release, security=True, users=users, roles={"reader": ["monitor_ml"]}, **settings))


@pytest.mark.parametrize("release", ["5.4.0", "6.8", "7.17", "9.5"])
def test_the_anonymous_has_his_roles(release: str) -> None:
    fake = open_to_all(release, anonymous=["reader"])
    assert fake("GET", "{ml}/anomaly_detectors").status == 200
    refused = fake("POST", "{ml}/anomaly_detectors/x/_close")
    assert (refused.status, "for user [_anonymous]" in refused.reason) == (403, True)
    assert "www-authenticate" not in refused.headers
    assert fake("GET", "{ml}/anomaly_detectors", authorization=basic("joe", "wrong")).status == 401
    assert fake("GET", "{ml}/anomaly_detectors", authorization=basic("joe")).status == 200


def test_who_the_anonymous_is() -> None:
    fake = open_to_all(anonymous=Anonymous(("reader",), "guest"))
    body = fake("GET", "/_security/_authenticate").body
    assert (body["username"], body["roles"], body["authentication_type"]) == ("guest", ["reader"], "anonymous")
    assert body["authentication_realm"] == {"name": "__anonymous", "type": "__anonymous"}


def test_the_anonymous_can_be_asked_for_credentials_instead() -> None:
    fake = open_to_all(anonymous=Anonymous(("reader",), authz_exception=False))
    refused = fake("POST", "{ml}/anomaly_detectors/x/_close")
    assert (refused.status, refused.reason) == (401, "action [cluster:admin/xpack/ml/job/close] requires authentication")
    assert "www-authenticate" in refused.headers


def test_bad_keys_and_tokens_are_nobody_even_then() -> None:
    fake = open_to_all(anonymous=["reader"])
    assert fake("GET", "{ml}/anomaly_detectors", authorization="ApiKey bm8=").status == 401
    assert fake("GET", "{ml}/anomaly_detectors", authorization="Bearer no").status == 401


def test_no_roles_are_no_anonymous_user() -> None:
    assert open_to_all(anonymous=[])("GET", "/").status == 401


def test_the_anonymous_cannot_be_made_a_user() -> None:
    fake = open_to_all(anonymous=["reader"])
    body = {"password": "secret", "roles": []}
    reply = fake("PUT", "/_security/user/_anonymous", body, authorization=basic("elastic", "changeme"))
    assert reply.status == 400
    assert "user [_anonymous] is anonymous and cannot be modified via the API" in reply.reason


def runner(release: str | None = None) -> Secured:
    """An emulator with the user ``boss``, who may run as ``nobody`` and ``monitor_*``."""
    fake = Secured(release)
    fake.by("elastic", "PUT", "{security}/role/boss", {"run_as": ["nobody", "monitor_*"]})
    fake.by("elastic", "PUT", "{security}/user/boss", {"password": "secret-boss", "roles": ["boss"]})
    return fake


@pytest.mark.parametrize("release", ["5.4.0", "6.8", "7.17", "9.5"])
def test_running_as(release: str) -> None:
    fake = runner(release)
    as_reader = {"es_security_runas_user": "monitor_ml"}
    assert fake.by("boss", "GET", "{ml}/anomaly_detectors", **as_reader).status == 200
    assert fake.by("boss", "GET", "{ml}/anomaly_detectors").status == 403
    refused = fake.by("boss", "POST", "{ml}/anomaly_detectors/x/_close", **as_reader)
    assert (refused.status, "user [boss] run as [monitor_ml]" in refused.reason) == (403, True)
    other = fake.by("boss", "GET", "{ml}/anomaly_detectors", es_security_runas_user="elastic")
    assert (other.status, "elastic" in other.reason) == (403, True)
    gone = fake.by("boss", "GET", "{ml}/anomaly_detectors", es_security_runas_user="monitor_gone")
    assert (gone.status, "run as [monitor_gone]" in gone.reason) == (403, True)


def test_running_as_with_a_key() -> None:
    for release, name in (("8.1", "elastic"), ("9.5", "monitor_ml")):
        fake = Secured(release)
        key = fake.by("elastic", "POST", "{security}/api_key", {"name": "k"}).body
        headers = {"authorization": f"ApiKey {key['encoded']}", "es_security_runas_user": "monitor_ml"}
        assert fake("GET", "/_security/_authenticate", **headers).body["username"] == name


def searcher() -> Secured:
    """An emulator with a user who may search ``logs-1``, and one who may manage datafeeds and search nothing."""
    fake = Secured()
    role = {"indices": [{"names": ["logs-*"], "privileges": ["read"]}]}
    fake.by("elastic", "PUT", "{security}/role/searcher", role)
    fake.by("elastic", "PUT", "{security}/user/searcher", {"password": "secret-searcher", "roles": ["searcher"]})
    fake.by("elastic", "PUT", "{ml}/anomaly_detectors/j", {
        "analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {"time_field": "time"},
    })  # fmt: skip
    return fake


def test_a_datafeed_for_the_second_user() -> None:
    fake = searcher()
    assert fake.by("manage_ml", "PUT", "{ml}/datafeeds/d", DATAFEED).status == 403
    second = {"es_secondary_authorization": basic("searcher")}
    made = fake.by("manage_ml", "PUT", "{ml}/datafeeds/d", DATAFEED, **second)
    assert (made.status, made.body["authorization"]) == (200, {"roles": ["searcher"]})


def test_a_second_user_who_is_none() -> None:
    fake = searcher()
    refused = fake.by("manage_ml", "GET", "{ml}/datafeeds", es_secondary_authorization=basic("searcher", "wrong"))
    assert refused.status == 401
    error = refused.body["error"]
    assert error["reason"] == "Failed to authenticate secondary user"
    words = "unable to authenticate user [searcher] for REST request [/_ml/datafeeds]"
    assert (error["caused_by"]["reason"], error["root_cause"][0]["reason"]) == (words, words)


def test_a_change_counts_at_once() -> None:
    fake = Secured()
    ask = ("GET", "{ml}/anomaly_detectors")
    fake.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": ["r"]})
    seen = [fake.by("joe", *ask).status]
    for method, path, body in (
        ("PUT", "role/r", {"cluster": ["monitor_ml"]}),
        ("PUT", "role/r", {"cluster": []}),
        ("PUT", "user/joe", {"roles": ["monitor_ml"]}),
        ("PUT", "user/joe/_disable", None),
        ("PUT", "user/joe/_enable", None),
        ("DELETE", "user/joe", None),
    ):
        assert fake.by("elastic", method, f"{{security}}/{path}", body).status == 200
        seen.append(fake.by("joe", *ask).status)
    assert seen == [403, 200, 403, 200, 401, 200, 401]


def test_secrets_are_not_shown() -> None:
    fake = Secured(anonymous=["monitor_ml"])
    key = fake.by("elastic", "POST", "{security}/api_key", {"name": "k"}).body
    texts = [
        fake.by("elastic", "GET", f"{{security}}/{path}").body
        for path in ("user", "api_key", "_query/api_key", "_query/user", "_authenticate")
    ]
    settings = fake.fake.cluster.settings
    assert key["api_key"] not in str(texts)
    assert "changeme" not in str(texts) + repr(settings)
    assert "secret-" not in str(texts) + repr(settings)
