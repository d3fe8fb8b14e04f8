"""Who is let in and what each may do, by release."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from fake_es import FakeElasticsearch
from tests.api.secured import Secured, basic
from tests.support import JOB, RELEASES, Http

READS = {"get": ("GET", "/x"), "stats": ("GET", "/x/_stats")}
WRITES = {
    "put": ("PUT", "/x"),
    "update": ("POST", "/x/_update"),
    "delete": ("DELETE", "/x"),
    "open": ("POST", "/x/_open"),
    "close": ("POST", "/x/_close"),
    "flush": ("POST", "/x/_flush"),
    "data": ("POST", "/x/_data"),
}
BODIES = {"put": JOB, "update": {"description": "d"}, "data": {"time": 1}}


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    ("user", "reads", "writes"),
    [
        ("monitor_ml", True, False),
        ("manage_ml", True, True),
        ("monitor", True, False),
        ("manage", True, True),
        ("all", True, True),
        ("elastic", True, True),
        ("security", False, False),
        ("nobody", False, False),
    ],
)
def test_each_privilege_gets_its_due_on_all_nine_apis(release: str, user: str, reads: bool, writes: bool) -> None:
    fake = Secured(release)
    for apis, allowed in ((READS, reads), (WRITES, writes)):
        for name, (method, path) in apis.items():
            reply = fake.by(user, method, "{ml}/anomaly_detectors" + path, BODIES.get(name))
            assert (reply.status != 403) is allowed, (name, reply.body)


def test_a_privilege_may_be_a_pattern_of_actions() -> None:
    fake = Secured()
    assert fake.by("pattern", "POST", "{ml}/anomaly_detectors/_all/_close").body == {"closed": True}
    assert fake.by("pattern", "POST", "{ml}/anomaly_detectors/x/_open").status == 403


def test_a_refused_call_changes_nothing_and_hides_what_exists() -> None:
    fake = Secured()
    assert fake.by("monitor_ml", "POST", "{ml}/anomaly_detectors/nope/_close").status == 403
    assert fake.by("monitor_ml", "PUT", "{ml}/anomaly_detectors/x", JOB).status == 403
    assert fake.by("elastic", "GET", "{ml}/anomaly_detectors").body["count"] == 0
    assert fake.by("monitor_ml", "PUT", "{ml}/anomaly_detectors/x", {"foo": 1}).status == 400


@pytest.mark.parametrize(
    ("release", "text"),
    [
        ("5.4.0", ""),
        ("7.11", ""),
        ("7.12", ", this action is granted by the cluster privileges [manage_ml,manage,all]"),
        ("7.13", " with roles [monitor_ml], this action is granted by the cluster privileges [manage_ml,manage,all]"),
        ("8.5", " with effective roles [monitor_ml], this action is granted by the cluster privileges [manage_ml,manage,all]"),
    ],
)
def test_the_words_of_a_403(release: str, text: str) -> None:
    fake = Secured(release)
    reply = fake.by("monitor_ml", "POST", "{ml}/anomaly_detectors/x/_close")
    reason = "action [cluster:admin/xpack/ml/job/close] is unauthorized for user [monitor_ml]" + text
    error = {"type": "security_exception", "reason": reason}
    assert reply.body == {"error": {"root_cause": [error], **error}, "status": 403}
    assert "www-authenticate" not in reply.headers
    assert ("x-elastic-product" in reply.headers) == (release.startswith("7.") and fake.fake.version >= (7, 14))


def test_a_403_for_reading_names_all_that_would_do() -> None:
    reason = Secured("9.5").by("nobody", "GET", "{ml}/anomaly_detectors").reason
    assert "with effective roles []" in reason
    assert reason.endswith("granted by the cluster privileges [monitor_ml,manage_ml,monitor,manage,all]")


def test_a_403_names_roles_that_do_not_exist() -> None:
    es = Secured("9.5")
    es.by("elastic", "PUT", "{security}/user/joe", {"password": "secret-joe", "roles": ["gone", "viewer"]})
    reply = es.by("joe", "GET", "{ml}/anomaly_detectors")
    assert "with effective roles [viewer] (assigned roles [gone] were not found), this" in reply.reason


BASIC = 'Basic realm="security" charset="UTF-8"'
BEARER = 'Bearer realm="security"'


@pytest.mark.parametrize(
    ("release", "reason", "challenge"),
    [
        ("5.4.0", "missing authentication token for REST request [/_xpack/ml/anomaly_detectors?pretty]", BASIC),
        ("6.8", "missing authentication token for REST request [/_xpack/ml/anomaly_detectors?pretty]", BASIC),
        ("7.17", "missing authentication credentials for REST request [/_ml/anomaly_detectors?pretty]", BASIC),
        (
            "8.14",
            "missing authentication credentials for REST request [/_ml/anomaly_detectors?pretty]",
            [BASIC, BEARER, "ApiKey"],
        ),
        (
            "9.5",
            "missing authentication credentials for REST request [/_ml/anomaly_detectors?pretty]",
            ['Basic realm="security", charset="UTF-8"', BEARER, "ApiKey"],
        ),
    ],
)
def test_the_words_of_a_401(release: str, reason: str, challenge: Any) -> None:
    fake = Secured(release)
    reply = fake("GET", "{ml}/anomaly_detectors?pretty")
    error = {"type": "security_exception", "reason": reason, "header": {"WWW-Authenticate": challenge}}
    assert reply.status == 401
    assert reply.body == {"error": {"root_cause": [error], **error}, "status": 401}
    response = fake.raw("GET", "/")
    sent = [value for name, value in response.headers if name == "WWW-Authenticate"]
    assert sent == (challenge if isinstance(challenge, list) else [challenge])


@pytest.mark.parametrize(
    ("release", "user", "reason"),
    [
        ("5.4.0", "elastic", "failed to authenticate user [elastic]"),
        ("9.5", "elastic", "unable to authenticate user [elastic] for REST request [/]"),
        ("5.4.0", "manage", "unable to authenticate user [manage] for REST request [/]"),
        ("9.5", "stranger", "unable to authenticate user [stranger] for REST request [/]"),
        ("9.5", "kibana_system", "unable to authenticate user [kibana_system] for REST request [/]"),
    ],
)
def test_wrong_passwords(release: str, user: str, reason: str) -> None:
    reply = Secured(release)("GET", "/", authorization=basic(user, "wrong"))
    assert (reply.status, reply.reason) == (401, reason)


def test_built_in_users_of_5_x_all_have_the_default_password() -> None:
    assert Secured("5.6")("GET", "/", authorization=basic("kibana", "changeme")).status == 200
    assert Secured("6.8")("GET", "/", authorization=basic("kibana", "changeme")).status == 401


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("Basic ???", "invalid basic authentication header encoding"),
        ("Basic " + base64.b64encode(b"nocolon").decode(), "invalid basic authentication header value"),
        ("Digest x", "missing authentication credentials for REST request [/]"),
        ("Bearer abc", "unable to authenticate with provided credentials and anonymous access is not allowed for this request"),
    ],
)
def test_credentials_of_other_kinds(header: str, reason: str) -> None:
    reply = Secured("9.5")("GET", "/", authorization=header)
    assert (reply.status, reply.reason) == (401, reason)


@pytest.mark.parametrize(("key", "key_id"), [(base64.b64encode(b"id-1:secret").decode(), "id-1"), ("???", "???")])
def test_api_keys_are_unknown(key: str, key_id: str) -> None:
    error = Secured("9.5")("GET", "/", authorization=f"ApiKey {key}").body["error"]
    assert error["additional_unsuccessful_credentials"] == f"API key: unable to find apikey with id {key_id}"
    assert list(error["root_cause"][0]) == ["type", "reason", "additional_unsuccessful_credentials", "header"]


def test_the_scheme_is_read_in_any_case_from_6_4() -> None:
    header = basic("manage").replace("Basic", "bAsIc")
    assert Secured("6.4")("GET", "/", authorization=header).status == 200
    assert Secured("6.3")("GET", "/", authorization=header).status == 401


def test_credentials_come_before_the_route_from_8_7() -> None:
    assert Secured("8.6")("GET", "/_nowhere/at/all/now").status == 400
    assert Secured("8.7")("GET", "/_nowhere/at/all/now").status == 401


def test_options_are_open_to_all() -> None:
    assert Secured().raw("OPTIONS", "/").status == 200


def test_no_trace_in_a_401() -> None:
    assert "stack_trace" not in Secured("9.5")("GET", "/?error_trace").body["error"]


def test_elastic_has_the_password_it_was_given() -> None:
    fake = Http(FakeElasticsearch(security=True, password="other-password"))
    assert fake("GET", "/", authorization=basic("elastic", "other-password")).status == 200
    assert fake("GET", "/", authorization=basic("elastic", "changeme")).status == 401


def test_one_user_acts_for_another() -> None:
    fake = Secured("9.5")
    mine = {"es_security_runas_user": "nobody"}
    assert fake.by("elastic", "GET", "{security}/_authenticate", **mine).body["username"] == "nobody"
    denied = fake.by("elastic", "GET", "{ml}/anomaly_detectors", **mine)
    assert denied.reason.startswith(
        "action [cluster:monitor/xpack/ml/job/get] is unauthorized for user [elastic] run as [nobody] with effective roles []"
    )
    refused = fake.by("manage", "GET", "{ml}/anomaly_detectors", **mine)
    assert refused.reason == (
        "action [cluster:monitor/xpack/ml/job/get] is unauthorized for user [manage] with effective roles [manage],"
        " because user [manage] is unauthorized to run as [nobody]"
    )
    stranger = fake.by("elastic", "GET", "{ml}/anomaly_detectors", es_security_runas_user="stranger")
    assert (stranger.status, "run as [stranger]" in stranger.reason) == (403, True)


@pytest.mark.parametrize("release", RELEASES)
def test_where_security_is_off_its_apis_do_not_exist(release: str) -> None:
    fake = Http(FakeElasticsearch(release))
    prefix = "/_xpack/security" if fake.fake.version < (7, 0) else "/_security"
    reply = fake("GET", prefix + "/_authenticate", authorization="Basic nonsense")
    # Up to 7.x a path that no API has is that of a document, or of a type.
    assert ("o handler found for uri" in str(reply.body)) is (fake.fake.version >= (8, 0))
    assert reply.status in (400, 404, 405)
    assert fake("GET", "{ml}/anomaly_detectors").status == 200
