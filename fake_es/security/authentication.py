"""Authentication: credentials, realms, and the refusals of missing or wrong credentials (``AuthenticationService``)."""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.api_keys.store import REST, ApiKeys
from fake_es.security.caller import ANONYMOUS, API_KEY, REALM, TOKEN, Caller, plain
from fake_es.security.challenges import token_expired, unauthenticated, unsuccessful
from fake_es.security.hashing import fingerprint
from fake_es.security.remembered import Remembered
from fake_es.security.service_accounts.store import ServiceTokens, account_user, read_service_token
from fake_es.security.tokens.store import Tokens
from fake_es.security.users import Users
from fake_es.wire.call import Call
from fake_es.wire.errors import SecurityError

_RUN_AS = "es-security-runas-user"
_SECONDARY = "es-secondary-authorization"
# Scheme of the ``Authorization`` header -> the first release that knows it.
_SCHEMES = {"basic": (5, 4), "bearer": (5, 5), "apikey": (6, 7)}


class Gate(NamedTuple):
    """Where credentials are checked: the cluster, and the target of the request as a refusal names it."""

    cluster: Cluster
    target: str
    purpose: str


def authenticate(call: Call, cluster: Cluster) -> Caller | None:
    """The caller of a request; None when security is off.

    :raises SecurityError: 401, no credentials or wrong ones.
    """
    if not cluster.settings.security:
        return None
    headers, gate = call.headers, Gate(cluster, call.target, f"REST request [{call.target}]")
    with cluster.lock:
        caller = _identify(gate, headers.get("authorization", ""))
        if caller is None:
            caller = _anonymous(gate)
        if _RUN_AS in headers:
            caller = _run_as(cluster, caller, headers[_RUN_AS])
        if _SECONDARY in headers and cluster.version >= (7, 9):
            caller = caller._replace(secondary=_secondary(gate, headers[_SECONDARY]))
    return caller


def _identify(gate: Gate, header: str) -> Caller | None:
    """The caller named by the credentials of a header; None if its scheme is unknown."""
    scheme, _, value = header.partition(" ")
    version = gate.cluster.version
    known = scheme.lower() if version >= (6, 4) else {"Basic": "basic", "Bearer": "bearer"}.get(scheme, "")
    if version < _SCHEMES.get(known, (99,)):
        return None
    if known == "basic":
        return _by_basic(gate, value)
    if not value.strip():
        return None
    return by_bearer(gate, value.strip()) if known == "bearer" else _by_api_key(gate, value)


def _anonymous(gate: Gate) -> Caller:
    user = gate.cluster.part(Users).anonymous
    if user is None:
        version = gate.cluster.version
        raise unauthenticated(version, messages.NO_CREDENTIALS.at(version, uri=gate.target))
    return plain(user, ANONYMOUS)


def _run_as(cluster: Cluster, caller: Caller, name: str) -> Caller:
    """The caller running as the user ``name``: API keys and tokens may from 8.2 on, the anonymous user never."""
    if caller.by == ANONYMOUS or (caller.by != REALM and cluster.version < (8, 2)):
        return caller
    return caller._replace(user=cluster.part(Users).find(name), name=name)


def _secondary(gate: Gate, header: str) -> Caller:
    try:
        caller = _identify(gate, header)
        if caller is None:
            raise unauthenticated(gate.cluster.version, messages.NO_SECONDARY.format(header=_SECONDARY))
    except SecurityError as error:
        raise SecurityError(messages.BAD_SECONDARY, status=error.status, cause=error) from None
    return caller


def _by_basic(gate: Gate, value: str) -> Caller:
    callers, key = gate.cluster.part(Remembered).now().callers, fingerprint(value)
    caller = callers.get(key)
    if caller is None:
        caller = callers[key] = by_password(gate, *_name_and_password(gate, value))
    return caller


def _name_and_password(gate: Gate, value: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise unauthenticated(gate.cluster.version, messages.BAD_BASIC_ENCODING) from None
    name, colon, password = text.partition(":")
    if not colon:
        raise unauthenticated(gate.cluster.version, messages.BAD_BASIC_VALUE)
    return name, password


def by_password(gate: Gate, name: str, password: str) -> Caller:
    """The user with that name and password.

    :raises SecurityError: 401, there is no such user, the password is wrong, or the user is disabled.
    """
    users, version = gate.cluster.part(Users), gate.cluster.version
    user = users.find(name)
    if user is not None and user.secret is not None and user.secret.fits(password) and user.enabled:
        return plain(user)
    if users.is_reserved(name):
        raise unauthenticated(version, messages.WRONG_RESERVED.at(version, user=name, purpose=gate.purpose))
    raise unauthenticated(version, messages.WRONG_CREDENTIALS.format(user=name, purpose=gate.purpose))


def _by_api_key(gate: Gate, value: str) -> Caller:
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        text = value
    key_id, _, secret = text.partition(":")
    return by_api_key(gate, key_id, secret)


def by_api_key(gate: Gate, key_id: str, secret: str) -> Caller:
    """The owner of an API key, with the privileges of the key.

    :raises SecurityError: 401, there is no such key, or it is invalidated or expired.
    """
    key = gate.cluster.part(ApiKeys).find(key_id)
    wrong = "unknown"
    if key is not None:
        wrong = "other type" if key.type != REST else "invalidated" if key.invalidated is not None else ""
        wrong = wrong or ("wrong" if not key.secret.fits(secret) else "")
        wrong = wrong or ("expired" if key.has_expired(gate.cluster.clock.now()) else "")
        if not wrong:
            return Caller(key.owner, key.owner, key.owner.name, API_KEY, key)
    message = messages.BAD_API_KEY[wrong].format(id=key_id, type=key.type if key is not None else "")
    raise unsuccessful(gate.cluster.version, gate.target, message)


def by_bearer(gate: Gate, value: str) -> Caller:
    """The caller that an access token, or the token of a service account, was created for.

    :raises SecurityError: 401, the token is unknown, invalidated or expired.
    """
    cluster = gate.cluster
    service = read_service_token(value) if cluster.version >= (7, 13) else None
    if service is not None:
        return _by_service_token(cluster, *service)
    token = cluster.part(Tokens).find(value)
    if token is None:
        raise unsuccessful(cluster.version, gate.target, messages.BAD_TOKEN)
    if token.access_ended or token.has_expired(cluster.clock.now()):
        raise token_expired()
    return token.caller if token.caller.by == API_KEY else token.caller._replace(by=TOKEN)


def _by_service_token(cluster: Cluster, account: str, name: str, secret: str) -> Caller:
    user = account_user(account, cluster.version)
    if user is None or not cluster.part(ServiceTokens).fits(account, name, secret):
        raise unauthenticated(cluster.version, messages.BAD_SERVICE_TOKEN.format(account=account, name=name))
    return plain(user, TOKEN)._replace(token_name=name)
