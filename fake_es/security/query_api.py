"""``/_security/_query``: pages of users, roles and API keys that match a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.cluster import Cluster
from fake_es.security.api_keys.owners import owns, sees_all
from fake_es.security.api_keys.shown import shown_key
from fake_es.security.api_keys.store import ApiKey, ApiKeys
from fake_es.security.query_language import Document, Kind, Page, flat, read_request, search_of
from fake_es.security.roles import Role, Roles
from fake_es.security.routes import security
from fake_es.security.user_profiles.store import Profiles
from fake_es.security.users import User, Users, realm_name
from fake_es.wire.call import Call
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import BOOLEAN, Parameter

_ACTION = "cluster:admin/xpack/security/"
_USERS = Kind("User", frozenset({"username", "roles", "full_name", "email", "enabled"}))
_ROLES = Kind("Role", frozenset({"name", "description", "metadata.", "applications."}))
_KEYS = Kind(
    "API Key",
    frozenset({"name", "creation", "expiration", "invalidated", "invalidation", "type", "username", "realm", "metadata."}),
)


def _shown(name: str, page: Page, show: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    found = [show(item) if values is None else {**show(item), "_sort": values} for item, values in page.found]
    return {"total": page.total, "count": len(found), name: found}


@operation(
    "security.query_user",
    routes=security("GET,POST", "/_query/user", since=(8, 14)),
    action=_ACTION + "user/query",
    query=[Parameter("with_profile_uid", BOOLEAN, False)],
    body=BodyUse.OPTIONAL,
    parse=lambda call: read_request(call, _USERS),
)
def query_user(call: Call, cluster: Cluster) -> Any:
    """Users of the native realm that match a query; built-in users and those of the file realm are left out."""
    native = [user for user in cluster.part(Users).listed().values() if user.realm == "native"]
    users = [(user, {**user.to_json(), "_id": f"user-{user.name}"}) for user in native]
    profiles = cluster.part(Profiles)

    def show(user: User) -> dict[str, Any]:
        uid = profiles.uid_of(user) if call.params.get("with_profile_uid") else None
        return user.to_json() if uid is None else {**user.to_json(), "profile_uid": uid}

    return _shown("users", search_of(call, _USERS).over(users), show)


@operation(
    "security.query_role",
    routes=security("GET,POST", "/_query/role", since=(8, 15)),
    action=_ACTION + "role/query",
    body=BodyUse.OPTIONAL,
    parse=lambda call: read_request(call, _ROLES),
)
def query_role(call: Call, cluster: Cluster) -> Any:
    """Roles created through the API that match a query; built-in roles and those of files are left out."""
    roles = [((name, role), _role_document(name, role)) for name, role in cluster.part(Roles).listed().items()]
    made = [pair for pair in roles if not pair[0][1].reserved]
    return _shown("roles", search_of(call, _ROLES).over(made), lambda pair: {"name": pair[0], **pair[1].to_json(call.version)})


def _role_document(name: str, role: Role) -> Document:
    applications = {
        f"applications.{field}": [entry[field] for entry in role.applications]
        for field in ("application", "privileges", "resources")
    }
    described = {"_id": f"role-{name}", "name": name, "description": role.description}
    return {**described, **flat("metadata", role.metadata), **applications}


@operation(
    "security.query_api_keys",
    routes=security("GET,POST", "/_query/api_key", since=(7, 15)),
    action=_ACTION + "api_key/query",
    query=[
        Parameter("with_limited_by", BOOLEAN, False, since=(8, 5)),
        Parameter("with_profile_uid", BOOLEAN, False, since=(8, 14)),
        Parameter("typed_keys", BOOLEAN, False, since=(8, 14)),
    ],
    body=BodyUse.OPTIONAL,
    parse=lambda call: read_request(call, _KEYS),
)
def query_api_keys(call: Call, cluster: Cluster) -> Any:
    """API keys that match a query: the caller's own, or all keys for a caller who may manage them."""
    everybody = sees_all(call, cluster, reading=True)
    keys = [(key, _key_document(key)) for key in cluster.part(ApiKeys) if everybody or owns(call.user, key)]
    profiles, limited = cluster.part(Profiles), bool(call.params.get("with_limited_by"))

    def show(key: ApiKey) -> dict[str, Any]:
        uid = profiles.uid_of(key.owner) if call.params.get("with_profile_uid") else None
        return shown_key(key, call.version, limited_by=limited, profile_uid=uid)

    return _shown("api_keys", search_of(call, _KEYS).over(keys), show)


def _key_document(key: ApiKey) -> Document:
    return {
        "_id": key.id, "name": key.name, "type": key.type, "creation": key.created, "expiration": key.expires,
        "invalidated": key.invalidated is not None, "invalidation": key.invalidated, "username": key.owner.name,
        "realm": realm_name(key.owner.realm), **flat("metadata", key.metadata),
    }  # fmt: skip
