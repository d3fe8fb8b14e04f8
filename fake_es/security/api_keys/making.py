"""Create an API key, and the response with its secret (``ApiKeyService.createApiKey``)."""

from __future__ import annotations

import base64
from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.api_keys.owners import owner_of
from fake_es.security.api_keys.store import ApiKey, ApiKeys
from fake_es.security.caller import Caller
from fake_es.security.grants import grants_of
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument


def make_key(call: Call, cluster: Cluster, caller: Caller, found: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """Create a key for ``caller`` from the fields of a body; returns the response body.

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
    return _told(key, secret, call.version)


def _told(key: ApiKey, secret: str, version: tuple[int, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {"id": key.id, "name": key.name}
    if key.expires is not None:
        told["expiration"] = key.expires
    told["api_key"] = secret
    if version >= (7, 16):
        told["encoded"] = base64.b64encode(f"{key.id}:{secret}".encode()).decode()
    return told
