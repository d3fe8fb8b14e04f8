"""What a caller may ask about himself: ``_authenticate`` and ``_has_privileges``."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import index_privileges, messages, privileges
from fake_es.security.bodies import read_object, strings
from fake_es.security.roles import Role, Roles
from fake_es.security.routes import security
from fake_es.security.users import realm_of
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, ParseError
from fake_es.wire.operation import BodyUse, operation

_ACTION = "cluster:admin/xpack/security/user/"


@operation(
    "security.authenticate",
    routes=security("GET", "/_authenticate"),
    action=_ACTION + "authenticate",
    own_affair=True,
)
def authenticate(call: Call, cluster: Cluster) -> Any:
    """Who the caller is."""
    shown: dict[str, Any] = call.user.user.to_json()
    if call.version >= (7, 0):
        shown["authentication_realm"] = realm_of(call.user.authenticated)
        shown["lookup_realm"] = realm_of(call.user.user)
    if call.version >= (7, 4):
        shown["authentication_type"] = "realm"
    return shown


def _read_wishes(call: Call) -> dict[str, Any]:
    found = read_object(call, "privilege check", {"cluster": "texts", "index": "objects", "application": "objects"})
    for entry in found.get("index", ()):
        if not strings(entry.get("names")) or not strings(entry.get("privileges")):
            raise ParseError("failed to parse privilege check. each index entry needs [names] and [privileges]")
    if not any(found.values()):
        raise ActionRequestValidation(messages.NO_PRIVILEGES_NAMED)
    return found


@operation(
    "security.has_privileges",
    routes=[
        *security("GET,POST", "/user/_has_privileges"),
        *security("GET,POST", "/user/{username}/_has_privileges"),
    ],
    action=_ACTION + "has_privileges",
    body=BodyUse.REQUIRED,
    parse=_read_wishes,
    own_affair=True,
)
def has_privileges(call: Call, cluster: Cluster) -> Any:
    """Which of the privileges named the caller has."""
    if call.path_parameters.get("username", call.user.name) != call.user.name:
        raise IllegalArgument(messages.OWN_ACCOUNT_ONLY)
    roles = list(cluster.part(Roles).of(call.user.user.roles).values())
    on_cluster = _on_cluster(call, roles)
    on_indices = _on_indices(call.request.get("index", ()), roles)
    everything = [*on_cluster.values(), *(value for given in on_indices.values() for value in given.values())]
    shown = {
        "username": call.user.name,
        "has_all_requested": all(everything) and not call.request.get("application"),
        "cluster": on_cluster,
        "index": on_indices,
    }
    return shown | {"application": {}} if call.version >= (6, 4) else shown


def _on_cluster(call: Call, roles: list[Role]) -> dict[str, bool]:
    wanted = call.request.get("cluster", ())
    privileges.check(wanted, call.version)
    granted = [name for role in roles for name in role.cluster]
    return {name: privileges.includes(granted, name, call.version) for name in wanted}


def _on_indices(wanted: list[dict[str, Any]], roles: list[Role]) -> dict[str, dict[str, bool]]:
    entries = [entry for role in roles for entry in role.indices]
    found: dict[str, dict[str, bool]] = {}
    for wish in wanted:
        for index in strings(wish["names"]):
            given = found.setdefault(index, {})
            given.update({name: index_privileges.allows(entries, index, name) for name in strings(wish["privileges"])})
    return found
