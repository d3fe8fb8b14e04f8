"""Create API keys for the caller, for another user (grant), or as copies (clone): ``ApiKeyService.createApiKey``."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.api_keys.body import CLONE, CREATE, failures_in, name_failures
from fake_es.security.api_keys.owners import owner_of, owns
from fake_es.security.api_keys.store import ApiKeys
from fake_es.security.authentication import AuthContext, by_api_key
from fake_es.security.caller import Caller
from fake_es.security.grant_body import GRANT_FIELDS, grant_failures, granted
from fake_es.security.grants import grants_of
from fake_es.security.routes import security
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument, SecurityError, check_failures
from fake_es.wire.object_parser import STRING, Field, ObjectParser, nested
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/api_key/"
_REFRESH = (Parameter("refresh", parameters.TEXT),)
_GRANT = ObjectParser(
    "grant_api_key_request",
    (Field("api_key", nested(CREATE)), Field("run_as", STRING, since=(8, 2)), *GRANT_FIELDS),
    required=("api_key", "grant_type"),
)


def create_key(call: Call, cluster: Cluster, caller: Caller, found: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """Create a key for ``caller`` from the fields of a body; returns the response body, with the secret.

    :param settings: further fields of ``ApiKey``.
    :raises IllegalArgument: the caller was authenticated by an API key, and the new key would grant something.
    """
    roles = found.get("role_descriptors", {})
    if caller.key is not None and (not roles or not all(role.is_empty for role in roles.values())):
        raise IllegalArgument(messages.DERIVED_KEY)
    lasts = found.get("expiration")
    settings.setdefault("roles", roles)
    key, secret = cluster.part(ApiKeys).add(
        found["name"],
        owner_of(caller),
        call.now,
        expires=None if lasts is None else call.now + lasts,
        limited_by=dict(grants_of(cluster, caller).roles),
        metadata=found.get("metadata", {}),
        **settings,
    )
    shown: dict[str, Any] = {"id": key.id, "name": key.name}
    if key.expires is not None:
        shown["expiration"] = key.expires
    shown["api_key"] = secret
    if call.version >= (7, 16):
        shown["encoded"] = base64.b64encode(f"{key.id}:{secret}".encode()).decode()
    return shown


def _read_key(call: Call) -> dict[str, Any]:
    found = CREATE.parse_text(call.json_body())
    check_failures([*name_failures(found.get("name")), *failures_in(found, call.version)])
    return found


@operation(
    "security.create_api_key",
    routes=security("PUT,POST", "/api_key", since=(6, 7)),
    action=_ACTION + "create",
    query=_REFRESH,
    body=BodyUse.REQUIRED,
    parse=_read_key,
)
def create_api_key(call: Call, cluster: Cluster) -> Any:
    """Create a key with the privileges of its roles, limited by the privileges of its creator."""
    return create_key(call, cluster, call.user, call.request)


def _read_grant(call: Call) -> dict[str, Any]:
    found = _GRANT.parse_text(call.json_body())
    key = found["api_key"]
    check_failures([*name_failures(key.get("name")), *failures_in(key, call.version), *grant_failures(found)])
    return found


@operation(
    "security.grant_api_key",
    routes=security("POST", "/api_key/grant", since=(7, 9)),
    action=_ACTION + "grant",
    query=_REFRESH,
    body=BodyUse.REQUIRED,
    parse=_read_grant,
)
def grant_api_key(call: Call, cluster: Cluster) -> Any:
    """Create a key for another user, whose password or token is in the body."""
    return create_key(call, cluster, granted(call, cluster, call.request), call.request["api_key"])


def _read_clone(call: Call) -> dict[str, Any]:
    found = CLONE.parse_text(call.json_body())
    check_failures(name_failures(found["name"]))
    return found


@operation(
    "security.clone_api_key",
    routes=security("PUT,POST", "/api_key/clone", since=(9, 4)),
    action=_ACTION + "clone",
    query=_REFRESH,
    body=BodyUse.REQUIRED,
    parse=_read_clone,
)
def clone_api_key(call: Call, cluster: Cluster) -> Any:
    """Create a key with the privileges of another key; the body holds the other key's secret.

    :raises IllegalArgument: the key is not valid, or belongs to another user.
    """
    try:
        text = base64.b64decode(call.request["api_key"], validate=True).decode()
    except (binascii.Error, ValueError):
        raise IllegalArgument(messages.CLONE_UNREADABLE) from None
    key_id, _, secret = text.partition(":")
    try:
        source = by_api_key(AuthContext(cluster, call.target, f"action [{_ACTION}clone]"), key_id, secret).key
    except SecurityError as error:
        raise IllegalArgument(messages.CLONE_REFUSED, cause=error) from None
    assert source is not None
    if not owns(call.user, source):
        raise IllegalArgument(messages.CLONE_REFUSED)
    found = {"metadata": dict(source.metadata), **call.request}
    return create_key(call, cluster, call.user._replace(key=None), found, roles=source.roles)
