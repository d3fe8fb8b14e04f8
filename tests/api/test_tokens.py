"""Access and refresh tokens: granted, used, refreshed, expired and ended."""

from __future__ import annotations

from typing import Any

import pytest

from fake_es import VirtualClock
from tests.api.secured import Secured
from tests.spec.validator import check
from tests.support import Reply

PASSWORD = {"grant_type": "password", "username": "manage_ml", "password": "secret-manage_ml"}
TOKEN = "{security}/oauth2/token"


class Tokened(Secured):
    """A secured emulator whose clock stands, and requests with tokens."""

    def __init__(self, release: str | None = None) -> None:
        super().__init__(release, clock=VirtualClock(auto=False))

    def ask(self, user: str = "elastic", **body: Any) -> Reply:
        """Ask for a token."""
        return self.by(user, "POST", TOKEN, body)

    def bearing(self, token: str, method: str, target: str) -> Reply:
        """A request with an access token."""
        return self(method, target.replace("{security}", self.security), authorization=f"Bearer {token}")

    def wait(self, duration: str) -> None:
        """Let time pass."""
        self.fake.clock.advance(duration)


@pytest.mark.parametrize("release", ["5.5", "6.2", "6.8", "7.17", "8.19", "9.5"])
def test_a_token_for_a_password(release: str) -> None:
    fake = Tokened(release)
    told = fake.ask(**PASSWORD).body
    assert (told["type"], told["expires_in"]) == ("Bearer", 1200)
    assert ("refresh_token" in told) == (fake.fake.version >= (6, 2))
    assert ("authentication" in told) == (fake.fake.version >= (7, 11))
    assert fake.bearing(told["access_token"], "GET", "{ml}/anomaly_detectors").status == 200
    refused = fake.bearing(told["access_token"], "GET", "/")
    assert (refused.status, "user [manage_ml]" in refused.reason) == (403, True)


def test_who_one_is_with_a_token() -> None:
    fake = Tokened("9.5")
    told = fake.ask(**PASSWORD).body
    check("security.get_token", told)
    assert told["authentication"]["username"] == "manage_ml"
    body = fake.bearing(told["access_token"], "GET", "{security}/_authenticate").body
    assert (body["authentication_type"], body["authentication_realm"]["type"]) == ("token", "file")


def test_tokens_expire() -> None:
    fake = Tokened()
    told = fake.ask(**PASSWORD).body
    fake.wait("1199s")
    assert fake.bearing(told["access_token"], "GET", "{ml}/anomaly_detectors").status == 200
    fake.wait("1s")
    expired = fake.bearing(told["access_token"], "GET", "{ml}/anomaly_detectors")
    assert (expired.status, expired.reason) == (401, "token expired")
    assert 'error="invalid_token"' in expired.headers["www-authenticate"]


def test_a_refresh_token_is_good_once() -> None:
    fake = Tokened()
    old = fake.ask(**PASSWORD).body
    new = fake.ask(grant_type="refresh_token", refresh_token=old["refresh_token"]).body
    assert fake.bearing(new["access_token"], "GET", "{ml}/anomaly_detectors").status == 200
    fake.wait("30s")
    again = fake.ask(grant_type="refresh_token", refresh_token=old["refresh_token"]).body
    assert (again["access_token"], again["refresh_token"]) == (new["access_token"], new["refresh_token"])
    fake.wait("1s")
    late = fake.ask(grant_type="refresh_token", refresh_token=old["refresh_token"])
    assert (late.status, late.body) == (
        400,
        {"error": "invalid_grant", "error_description": "token has already been refreshed more than 30 seconds in the past"},
    )


@pytest.mark.parametrize(
    ("after", "user", "token", "description"),
    [
        ("24h", "elastic", None, "refresh token is expired"),
        ("1s", "all", None, "tokens must be refreshed by the creating client"),
        ("1s", "elastic", "nonsense", "could not refresh the requested token"),
    ],
)
def test_refresh_tokens_of_no_use(after: str, user: str, token: str | None, description: str) -> None:
    fake = Tokened()
    told = fake.ask(**PASSWORD).body
    fake.wait(after)
    reply = fake.ask(user, grant_type="refresh_token", refresh_token=token or told["refresh_token"])
    assert (reply.status, reply.body) == (400, {"error": "invalid_grant", "error_description": description})


@pytest.mark.parametrize(
    ("body", "error", "description"),
    [
        ({"grant_type": "magic"}, "unsupported_grant_type", "grant_type only supports the values"),
        ({}, "unsupported_grant_type", "grant_type only supports the values"),
        ({"grant_type": "password", "username": "x"}, "invalid_request", "password is missing"),
        ({"grant_type": "refresh_token"}, "invalid_request", "refresh_token is missing"),
        (
            {"grant_type": "client_credentials", "username": "x"},
            "unsupported_grant_type",
            "username is not supported with the client_credentials grant_type",
        ),
    ],
)
def test_requests_for_tokens_fail_as_oauth2_has_it(body: dict[str, Any], error: str, description: str) -> None:
    reply = Tokened().ask(**body)
    assert (reply.status, reply.body["error"]) == (400, error)
    assert description in reply.body["error_description"]


def test_a_wrong_password_is_401() -> None:
    reply = Tokened().ask(**{**PASSWORD, "password": "wrong"})
    action = "cluster:admin/xpack/security/token/create"
    assert (reply.status, reply.reason) == (401, f"unable to authenticate user [manage_ml] for action [{action}]")


def test_client_credentials_are_those_of_the_caller() -> None:
    fake = Tokened()
    told = fake.ask("all", grant_type="client_credentials").body
    assert "refresh_token" not in told
    assert fake.bearing(told["access_token"], "GET", "{security}/_authenticate").body["username"] == "all"
    assert fake.ask("manage_ml", grant_type="client_credentials").status == 403


def end(fake: Tokened, **body: str) -> Reply:
    return fake.by("elastic", "DELETE", TOKEN, body)


@pytest.mark.parametrize("release", ["7.17", "9.5"])
def test_ending_tokens(release: str) -> None:
    fake = Tokened(release)
    told = fake.ask(**PASSWORD).body
    assert end(fake, token=told["access_token"]).body == {
        "invalidated_tokens": 1, "previously_invalidated_tokens": 0, "error_count": 0,
    }  # fmt: skip
    assert end(fake, token=told["access_token"]).body["previously_invalidated_tokens"] == 1
    assert fake.bearing(told["access_token"], "GET", "{ml}/anomaly_detectors").status == 401
    assert end(fake, refresh_token=told["refresh_token"]).body["invalidated_tokens"] == 1
    ended = fake.ask(grant_type="refresh_token", refresh_token=told["refresh_token"])
    assert ended.body["error_description"] == "token has been invalidated"
    assert end(fake, token="unknown").status == (404 if fake.fake.version >= (8, 0) else 200)


def test_ending_all_tokens_of_a_user_or_realm() -> None:
    fake = Tokened()
    tokens = [fake.ask(**PASSWORD).body for _ in range(2)]
    other = fake.ask(**{**PASSWORD, "username": "all", "password": "secret-all"}).body
    assert end(fake, username="manage_ml").body["invalidated_tokens"] == 4
    assert fake.bearing(tokens[0]["access_token"], "GET", "{ml}/anomaly_detectors").status == 401
    assert fake.bearing(other["access_token"], "GET", "/").status == 200
    assert end(fake, realm_name="default_file").body["invalidated_tokens"] == 2
    assert fake.bearing(other["access_token"], "GET", "/").status == 401


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "token string must be provided when not specifying a realm name or a username"),
        ({"token": "x", "username": "y"}, "token string must not be provided when realm name or username is specified"),
        ({"token": "x", "refresh_token": "y"}, "only one of [token, refresh_token] may be sent per request"),
    ],
)
def test_wrong_requests_to_end_tokens(body: dict[str, str], reason: str) -> None:
    reply = end(Tokened(), **body)
    assert reply.status == 400
    assert reason in reply.reason


def test_releases_before_tokens() -> None:
    assert Tokened("5.4.0").by("elastic", "POST", TOKEN, PASSWORD).status in (400, 405)
    assert "created" in end(Tokened("6.2"), token="x").body


def test_tokens_of_services() -> None:
    fake = Tokened("9.5")
    path = "{security}/service/elastic/fleet-server/credential"
    made = fake.by("elastic", "POST", f"{path}/token/t1")
    check("security.create_service_token", made.body)
    value = made.body["token"]["value"]
    me = fake.bearing(value, "GET", "{security}/_authenticate").body
    check("security.authenticate", me)
    assert (me["username"], me["token"]["name"], me["authentication_type"]) == ("elastic/fleet-server", "t1", "token")
    assert me["authentication_realm"] == {"name": "_service_account", "type": "_service_account"}
    refused = fake.bearing(value, "POST", "{ml}/anomaly_detectors/x/_close")
    start = "action [cluster:admin/xpack/ml/job/close] is unauthorized for service account [elastic/fleet-server],"
    assert refused.reason.startswith(start)
    again = fake.by("elastic", "POST", f"{path}/token/t1")
    assert (again.status, again.type) == (409, "version_conflict_engine_exception")
    credentials = fake.by("elastic", "GET", path).body
    check("security.get_service_credentials", credentials)
    assert (credentials["count"], credentials["tokens"]) == (1, {"t1": {}})
    assert fake.by("elastic", "DELETE", f"{path}/token/t1").body == {"found": True}
    assert fake.by("elastic", "DELETE", f"{path}/token/t1").status == 404
    gone = fake.bearing(value, "GET", "/")
    words = "failed to authenticate service account [elastic/fleet-server] with token name [t1]"
    assert (gone.status, gone.reason) == (401, words)


def test_service_accounts_by_release() -> None:
    assert set(Tokened("7.17").by("elastic", "GET", "{security}/service").body) == {"elastic/fleet-server"}
    newest = Tokened("9.5")
    body = newest.by("elastic", "GET", "{security}/service/elastic").body
    check("security.get_service_accounts", body)
    assert "elastic/kibana" in body
    assert newest.by("elastic", "GET", "{security}/service/other").body == {}
    unknown = newest.by("elastic", "POST", "{security}/service/elastic/none/credential/token/t")
    assert (unknown.status, unknown.reason) == (400, "service account [elastic/none] does not exist")
    named = newest.by("elastic", "POST", "{security}/service/elastic/kibana/credential/token").body["token"]["name"]
    assert named.startswith("token_")
    assert newest.by("elastic", "POST", "{security}/service/elastic/kibana/credential/token/_bad").status == 400


def test_bearers_of_nonsense() -> None:
    reply = Tokened().bearing("nonsense", "GET", "/")
    assert reply.status == 401
    assert reply.body["error"]["additional_unsuccessful_credentials"] == "oauth2 token: invalid token"


def test_a_scheme_alone_is_no_credentials() -> None:
    for scheme in ("Bearer", "Bearer ", "ApiKey "):
        reply = Tokened()("GET", "/", authorization=scheme)
        assert (reply.status, reply.reason) == (401, "missing authentication credentials for REST request [/]")
