"""Which API keys a caller may see and change (``ManageOwnApiKeyClusterPrivilege``)."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.security.api_keys.store import ApiKey
from fake_es.security.caller import Caller
from fake_es.security.denials import denied
from fake_es.security.grants import grants_of
from fake_es.security.users import User, realm_name
from fake_es.wire.call import Call

_ANY = "manage_api_key"
_READ_ANY = "read_security"
# Before the privilege ``manage_own_api_key`` existed, a caller with a privilege for these APIs could use them for all keys.
_OWN_SINCE = (7, 4)


def owner_of(caller: Caller) -> User:
    """The owner of the keys that the caller creates."""
    return caller.user or caller.authenticated


def owns(caller: Caller, key: ApiKey) -> bool:
    """Whether the caller owns the key."""
    owner = owner_of(caller)
    return (key.owner.name, key.owner.realm) == (owner.name, owner.realm)


def sees_all(call: Call, cluster: Cluster, *, reading: bool) -> bool:
    """Whether the caller may read (or change, without ``reading``) the keys of other users."""
    if call.version < _OWN_SINCE:
        return True
    grants = grants_of(cluster, call.user)
    return grants.includes(_ANY, call.version) or (
        reading and call.version >= (8, 3) and grants.includes(_READ_ANY, call.version)
    )


def check_own(call: Call, cluster: Cluster, wanted: dict[str, object], *, reading: bool) -> None:
    """Refuse a request that may concern keys of other users, if the caller may only manage their own.

    ``wanted`` are the fields that select keys: ``owner``, ``username``, ``realm_name``, and ``ids``.

    :raises SecurityError: 403.
    """
    caller: Caller = call.user
    owner = owner_of(caller)
    same_owner = wanted.get("username") == owner.name and wanted.get("realm_name") == realm_name(owner.realm)
    this_key = caller.key is not None and wanted.get("ids") == [caller.key.id]
    if not (wanted.get("owner") or same_owner or this_key or sees_all(call, cluster, reading=reading)):
        raise denied(cluster, caller, str(call.endpoint.operation.action))
