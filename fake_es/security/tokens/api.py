"""``/_security/oauth2/token``: create, refresh and invalidate tokens (``RestGetTokenAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.authentication import AuthContext, by_password
from fake_es.security.caller import Caller
from fake_es.security.routes import security
from fake_es.security.shown import shown_caller
from fake_es.security.tokens.store import ACCESS_SECONDS, InvalidGrant, Pair, Tokens, client_of
from fake_es.security.users import realm_name
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, NotImplementedHere, check_failures
from fake_es.wire.object_parser import STRING, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation

_ACTION = "cluster:admin/xpack/security/token/"
_SINCE = (5, 5)
_REFRESHING = (6, 2)
_CREATE = ObjectParser(
    "token_request",
    (
        Field("grant_type", STRING),
        Field("username", STRING),
        Field("password", STRING),
        Field("scope", STRING),
        Field("refresh_token", STRING, since=_REFRESHING),
        Field("kerberos_ticket", STRING, since=(7, 4)),
    ),
)
_INVALIDATE = ObjectParser(
    "invalidate_token",
    (
        Field("token", STRING),
        Field("refresh_token", STRING, since=_REFRESHING),
        Field("realm_name", STRING, since=(6, 6)),
        Field("username", STRING, since=(6, 6)),
    ),
)


# Grant type -> the fields it needs, and its first release. It allows no field that only other types need.
_GRANTS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "password": (("username", "password"), (5, 5)),
    "_kerberos": (("kerberos_ticket",), (7, 4)),
    "refresh_token": (("refresh_token",), _REFRESHING),
    "client_credentials": ((), (6, 7)),
}


def _failures(found: dict[str, Any], version: tuple[int, ...]) -> list[str]:
    known = {name: fields for name, (fields, since) in _GRANTS.items() if version >= since}
    kind = found.get("grant_type")
    if kind not in known:
        return [messages.GRANT_TYPES.format(known=", ".join(known))]
    others = [field for name, fields in known.items() if name != kind for field in fields]
    unwanted = [messages.TOKEN_FIELD_UNWANTED.format(field=field, type=kind) for field in others if field in found]
    return unwanted + [messages.TOKEN_FIELD_MISSING.format(field=field) for field in known[kind] if not found.get(field)]


@operation(
    "security.get_token",
    routes=security("POST", "/oauth2/token", since=_SINCE),
    action=_ACTION + "create",
    body=BodyUse.REQUIRED,
    parse=lambda call: _CREATE.parse_text(call.json_body()),
)
def get_token(call: Call, cluster: Cluster) -> Any:
    """Create a token for a password, a refresh token or the caller. Errors have the form of OAuth2."""
    found, tokens = call.request, cluster.part(Tokens)
    failures = _failures(found, call.version)
    if failures:
        error = "unsupported_grant_type" if any("grant_type" in failure for failure in failures) else "invalid_request"
        return _refused(error, str(ActionRequestValidation(*failures).reason))
    if found["grant_type"] == "_kerberos":
        raise NotImplementedHere("[kerberos] realms are not emulated by fake_es")
    if found["grant_type"] == "refresh_token":
        try:
            token, pair = tokens.refresh(found["refresh_token"], client_of(call.user), call.now)
        except InvalidGrant as refusal:
            return _refused("invalid_grant", str(refusal))
        return _response(call, token.caller, pair)
    caller, refreshable = _token_user(call, cluster), found["grant_type"] == "password" and call.version >= _REFRESHING
    return _response(call, caller, tokens.add(caller, client_of(call.user), call.now, refreshable=refreshable))


def _token_user(call: Call, cluster: Cluster) -> Caller:
    """The user that the token is for: the caller, or the user of the password in the body."""
    if call.request["grant_type"] == "client_credentials":
        if call.user.is_service:
            raise IllegalArgument(messages.NO_TOKENS_FOR_SERVICES)
        caller: Caller = call.user
        return caller._replace(secondary=None)
    context = AuthContext(cluster, call.target, f"action [{_ACTION}create]")
    return by_password(context, call.request["username"], call.request["password"])


def _refused(error: str, description: str) -> Answer:
    return Answer(400, {"error": error, "error_description": description})


def _response(call: Call, caller: Caller, pair: Pair) -> dict[str, Any]:
    shown: dict[str, Any] = {"access_token": pair.access, "type": "Bearer", "expires_in": ACCESS_SECONDS}
    if pair.refresh is not None:
        shown["refresh_token"] = pair.refresh
    if call.version >= (7, 11):
        shown["authentication"] = shown_caller(caller, call.version)
    return shown


def _read_selection(call: Call) -> dict[str, Any]:
    found = _INVALIDATE.parse_text(call.json_body())
    texts, whose = [found.get("token"), found.get("refresh_token")], found.get("realm_name") or found.get("username")
    if all(texts):
        raise IllegalArgument(messages.ONE_TOKEN)
    failures = [messages.TOKEN_AND_OWNER["text"], messages.TOKEN_AND_OWNER["type"]] if whose and any(texts) else []
    failures += [messages.TOKEN_AND_OWNER["neither"]] if not whose and not any(texts) else []
    check_failures(failures)
    return found


@operation(
    "security.invalidate_token",
    routes=security("DELETE", "/oauth2/token", since=_SINCE),
    action=_ACTION + "invalidate",
    body=BodyUse.REQUIRED,
    parse=_read_selection,
)
def invalidate_token(call: Call, cluster: Cluster) -> Any:
    """Invalidate a token, or all tokens of a user or realm; from 8.0 404 if a token is unknown."""
    ended = _end(call, cluster.part(Tokens))
    newly, before = ended or (0, 0)
    if call.version < (6, 6):
        return {"created": bool(newly)}
    shown: dict[str, Any] = {"created": bool(newly)} if call.version < (7, 0) else {}
    shown |= {"invalidated_tokens": newly, "previously_invalidated_tokens": before, "error_count": 0}
    return Answer(404, shown) if ended is None and call.version >= (8, 0) else shown


def _end(call: Call, tokens: Tokens) -> tuple[int, int] | None:
    found = call.request
    if found.get("token"):
        return tokens.end_access(found["token"])
    if found.get("refresh_token"):
        return tokens.end_refresh(found["refresh_token"])
    user, realm = found.get("username"), found.get("realm_name")

    def matches(caller: Caller) -> bool:
        return user in (None, caller.name) and realm in (None, realm_name(caller.authenticated.realm))

    return tokens.end_all(matches, call.now), 0
