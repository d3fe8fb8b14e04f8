"""Who is calling: credentials, realms, and the refusals of those who cannot say (``AuthenticationService``)."""

from __future__ import annotations

import base64
import binascii
from typing import NamedTuple, NoReturn

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.users import User, Users
from fake_es.wire.call import Call
from fake_es.wire.errors import SecurityError

_RUN_AS = "es-security-runas-user"


class Caller(NamedTuple):
    """Who a request is from: ``user`` counts, ``authenticated`` is who gave the credentials for him.

    ``user`` is None for a name to run as that nobody bears: authorization refuses it later.
    """

    user: User | None
    authenticated: User
    name: str

    @property
    def runs_as(self) -> bool:
        """Whether one acts for another."""
        return self.name != self.authenticated.name


def authenticate(call: Call, cluster: Cluster) -> Caller | None:
    """The caller; None when security is off.

    :raises SecurityError: 401, no credentials or wrong ones.
    """
    if not cluster.settings.security:
        return None
    user = _user(call, cluster)
    target = call.headers.get(_RUN_AS)
    if target is None:
        return Caller(user, user, user.name)
    return Caller(cluster.part(Users).find(target), user, target)


def _user(call: Call, cluster: Cluster) -> User:
    scheme, _, value = call.headers.get("authorization", "").partition(" ")
    known = scheme.lower() if call.version >= (6, 4) else {"Basic": "basic"}.get(scheme, "")
    if known == "basic":
        return _by_password(call, cluster, value)
    if known in ("apikey", "bearer") and call.version >= (7, 11):
        _refuse_key(call, known, value)
    raise _unauthenticated(call, messages.NO_CREDENTIALS.at(call.version, uri=call.target))


def _by_password(call: Call, cluster: Cluster, value: str) -> User:
    name, password = _decode(call, value)
    users = cluster.part(Users)
    with cluster.changed:
        user = users.find(name)
    if user is not None and user.secret is not None and user.secret.fits(password) and user.enabled:
        return user
    if users.is_reserved(name):
        raise _unauthenticated(call, messages.WRONG_RESERVED.at(call.version, user=name, uri=call.target))
    raise _unauthenticated(call, messages.WRONG_CREDENTIALS.format(user=name, uri=call.target))


def _decode(call: Call, value: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        raise _unauthenticated(call, messages.BAD_BASIC_ENCODING) from None
    name, colon, password = text.partition(":")
    if not colon:
        raise _unauthenticated(call, messages.BAD_BASIC_VALUE)
    return name, password


def _refuse_key(call: Call, scheme: str, value: str) -> NoReturn:
    """No API key and no token is known yet: all of them are wrong."""
    error = _unauthenticated(call, messages.PROVIDED_CREDENTIALS)
    if scheme == "apikey":
        try:
            key_id = base64.b64decode(value.strip(), validate=True).decode("utf-8", "replace").partition(":")[0]
        except (binascii.Error, ValueError):
            key_id = value
        error.metadata["additional_unsuccessful_credentials"] = messages.NO_SUCH_API_KEY.format(id=key_id)
    raise error


def _unauthenticated(call: Call, reason: str) -> SecurityError:
    error = SecurityError(reason, status=401)
    basic = 'Basic realm="security", charset="UTF-8"' if call.version >= (8, 15) else 'Basic realm="security" charset="UTF-8"'
    error.headers["WWW-Authenticate"] = [basic, "ApiKey"] if call.version >= (8, 0) else basic
    return error
