"""Authentication: credentials, realms, and the refusals of missing or wrong credentials (``AuthenticationService``)."""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.api_keys.store import REST, ApiKeys
from fake_es.security.cache import SecurityCache
from fake_es.security.caller import ANONYMOUS, API_KEY, REALM, TOKEN, Caller, plain
from fake_es.security.challenges import token_expired, unauthenticated, unsuccessful
from fake_es.security.hashing import fingerprint
from fake_es.security.service_accounts.store import ServiceTokens, account_user, read_service_token
from fake_es.security.tokens.store import Tokens
from fake_es.security.users import Users
from fake_es.wire.call import Call
from fake_es.wire.errors import SecurityError

_RUN_AS = "es-security-runas-user"
_SECONDARY = "es-secondary-authorization"
# Scheme of the ``Authorization`` header -> the first release that knows it.
_SCHEMES = {"basic": (5, 4), "bearer": (5, 5), "apikey": (6, 7)}


class AuthContext(NamedTuple):
    """The cluster that checks credentials, and how refusals name the request: by its URL, or by ``purpose``."""

    cluster: Cluster
    target: str
    purpose: str


def authenticate(call: Call, cluster: Cluster) -> Caller | None:
    """The caller of a request; None when security is off.

    :raises SecurityError: 401, no credentials or wrong ones.
    """
    if not cluster.settings.security:
        return None
    headers, context = call.headers, AuthContext(cluster, call.target, f"REST request [{call.target}]")
    with cluster.lock:
        caller = _identify(context, headers.get("authorization", ""))
        if caller is None:
            caller = _anonymous(context)
        if _RUN_AS in headers:
            caller = _run_as(cluster, caller, headers[_RUN_AS])
        if _SECONDARY in headers and cluster.version >= (7, 9):
            caller = caller._replace(secondary=_secondary(context, headers[_SECONDARY]))
    return caller


def _identify(context: AuthContext, header: str) -> Caller | None:
    """The caller named by the credentials of a header; None if its scheme is unknown."""
    scheme, _, value = header.partition(" ")
    version = context.cluster.version
    known = scheme.lower() if version >= (6, 4) else {"Basic": "basic", "Bearer": "bearer"}.get(scheme, "")
    if version < _SCHEMES.get(known, (99,)):
        return None
    if known == "basic":
        return _by_basic(context, value)
    if not value.strip():
        return None
    return by_bearer(context, value.strip()) if known == "bearer" else _by_api_key(context, value)


def _anonymous(context: AuthContext) -> Caller:
    user = context.cluster.part(Users).anonymous
    if user is None:
        version = context.cluster.version
        raise unauthenticated(version, messages.NO_CREDENTIALS.at(version, uri=context.target))
    return plain(user, ANONYMOUS)


def _run_as(cluster: Cluster, caller: Caller, name: str) -> Caller:
    """The caller running as the user ``name``: API keys and tokens may from 8.2 on, the anonymous user never."""
    if caller.by == ANONYMOUS or (caller.by != REALM and cluster.version < (8, 2)):
        return caller
    return caller._replace(user=cluster.part(Users).find(name), name=name)


def _secondary(context: AuthContext, header: str) -> Caller:
    try:
        caller = _identify(context, header)
        if caller is None:
            raise unauthenticated(context.cluster.version, messages.NO_SECONDARY.format(header=_SECONDARY))
    except SecurityError as error:
        raise SecurityError(messages.BAD_SECONDARY, status=error.status, cause=error) from None
    return caller


def _by_basic(context: AuthContext, value: str) -> Caller:
    callers, key = context.cluster.part(SecurityCache).current().callers, fingerprint(value)
    caller = callers.get(key)
    if caller is None:
        caller = callers[key] = by_password(context, *_name_and_password(context, value))
    return caller


def _name_and_password(context: AuthContext, value: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise unauthenticated(context.cluster.version, messages.BAD_BASIC_ENCODING) from None
    name, colon, password = text.partition(":")
    if not colon:
        raise unauthenticated(context.cluster.version, messages.BAD_BASIC_VALUE)
    return name, password


def by_password(context: AuthContext, name: str, password: str) -> Caller:
    """The user with that name and password.

    :raises SecurityError: 401, there is no such user, the password is wrong, or the user is disabled.
    """
    users, version = context.cluster.part(Users), context.cluster.version
    user = users.find(name)
    if user is not None and user.secret is not None and user.secret.fits(password) and user.enabled:
        return plain(user)
    if users.is_reserved(name):
        raise unauthenticated(version, messages.WRONG_RESERVED.at(version, user=name, purpose=context.purpose))
    raise unauthenticated(version, messages.WRONG_CREDENTIALS.format(user=name, purpose=context.purpose))


def _by_api_key(context: AuthContext, value: str) -> Caller:
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        text = value
    key_id, _, secret = text.partition(":")
    return by_api_key(context, key_id, secret)


def by_api_key(context: AuthContext, key_id: str, secret: str) -> Caller:
    """The owner of an API key, with the privileges of the key.

    :raises SecurityError: 401, there is no such key, or it is invalidated or expired.
    """
    key = context.cluster.part(ApiKeys).find(key_id)
    wrong = "unknown"
    if key is not None:
        wrong = "other type" if key.type != REST else "invalidated" if key.invalidated is not None else ""
        wrong = wrong or ("wrong" if not key.secret.fits(secret) else "")
        wrong = wrong or ("expired" if key.has_expired(context.cluster.clock.now()) else "")
        if not wrong:
            return Caller(key.owner, key.owner, key.owner.name, API_KEY, key)
    message = messages.BAD_API_KEY[wrong].format(id=key_id, type=key.type if key is not None else "")
    raise unsuccessful(context.cluster.version, context.target, message)


def by_bearer(context: AuthContext, value: str) -> Caller:
    """The caller that an access token, or the token of a service account, was created for.

    :raises SecurityError: 401, the token is unknown, invalidated or expired.
    """
    cluster = context.cluster
    service = read_service_token(value) if cluster.version >= (7, 13) else None
    if service is not None:
        return _by_service_token(cluster, *service)
    token = cluster.part(Tokens).find(value)
    if token is None:
        raise unsuccessful(cluster.version, context.target, messages.BAD_TOKEN)
    if token.access_ended or token.has_expired(cluster.clock.now()):
        raise token_expired()
    return token.caller if token.caller.by == API_KEY else token.caller._replace(by=TOKEN)


def _by_service_token(cluster: Cluster, account: str, name: str, secret: str) -> Caller:
    user = account_user(account, cluster.version)
    if user is None or not cluster.part(ServiceTokens).fits(account, name, secret):
        raise unauthenticated(cluster.version, messages.BAD_SERVICE_TOKEN.format(account=account, name=name))
    return plain(user, TOKEN)._replace(token_name=name)
