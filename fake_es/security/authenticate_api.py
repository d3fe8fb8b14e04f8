"""What callers can ask about themselves: ``_authenticate``, ``_has_privileges`` and ``_privileges``."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.grants import grants_of
from fake_es.security.has_privileges import check_privileges, read_requested
from fake_es.security.routes import security
from fake_es.security.shown import shown_caller
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.operation import BodyUse, operation

_ACTION = "cluster:admin/xpack/security/user/"


@operation(
    "security.authenticate",
    routes=security("GET", "/_authenticate"),
    action=_ACTION + "authenticate",
    same_user=True,
)
def authenticate(call: Call, cluster: Cluster) -> Any:
    """The user who sends the request."""
    return shown_caller(call.user, call.version)


@operation(
    "security.has_privileges",
    routes=[
        *security("GET,POST", "/user/_has_privileges"),
        *security("GET,POST", "/user/{user}/_has_privileges"),
    ],
    action=_ACTION + "has_privileges",
    body=BodyUse.REQUIRED,
    parse=lambda call: read_requested(call.json_body().tree()),
    same_user=True,
)
def has_privileges(call: Call, cluster: Cluster) -> Any:
    """Which of the requested privileges the caller has."""
    if call.path_parameters.get("user", call.user.name) != call.user.name:
        raise IllegalArgument(messages.OWN_ACCOUNT_ONLY)
    return {"username": call.user.name, **check_privileges(call.request, grants_of(cluster, call.user), cluster)}


@operation(
    "security.get_user_privileges",
    routes=security("GET", "/user/_privileges", since=(6, 5)),
    action=_ACTION + "list_privileges",
    same_user=True,
)
def get_user_privileges(call: Call, cluster: Cluster) -> Any:
    """All privileges that the caller's roles grant.

    :raises IllegalArgument: the caller was authenticated by an API key with role descriptors.
    """
    grants = grants_of(cluster, call.user)
    if grants.limit is not None and grants.roles is not grants.limit:
        raise IllegalArgument(messages.LIMITED_PRIVILEGES)
    roles = grants.roles.values()
    shown: dict[str, Any] = {
        "cluster": sorted({name for role in roles for name in role.cluster}),
        "global": [role.elsewhere["global"] for role in roles if "global" in role.elsewhere],
        "indices": [_shown_index(entry, call.version) for role in roles for entry in role.indices],
        "applications": [entry for role in roles for entry in role.applications],
        "run_as": sorted({name for role in roles for name in role.run_as}),
    }
    return shown


def _shown_index(entry: dict[str, Any], version: tuple[int, ...]) -> dict[str, Any]:
    """An ``indices`` entry; queries and field restrictions are shown as lists."""
    shown: dict[str, Any] = {"names": entry["names"], "privileges": entry["privileges"]}
    for field in ("field_security", "query"):
        if entry.get(field):
            shown[field] = entry[field] if isinstance(entry[field], list) else [entry[field]]
    if version >= (6, 7):
        shown["allow_restricted_indices"] = entry.get("allow_restricted_indices", False)
    return shown
