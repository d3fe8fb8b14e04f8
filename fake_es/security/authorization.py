"""What a caller may do, decided by the transport action (``AuthorizationService``, ``AuthorizationDenialMessages``)."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence

from fake_es.cluster import Cluster
from fake_es.security import index_privileges, messages, privileges
from fake_es.security.caller import ANONYMOUS, Caller
from fake_es.security.challenges import unauthenticated
from fake_es.security.grants import Grants, grants_of, grants_of_authenticated
from fake_es.security.remembered import Remembered
from fake_es.security.roles import Role, Roles
from fake_es.wire.call import Call
from fake_es.wire.errors import SecurityError

# The control room is no part of Elasticsearch: no privilege of a role gives it, only the role superuser.
_CONTROL = "cluster:admin/fake"


def authorize(call: Call, cluster: Cluster) -> None:
    """Refuse what the caller's roles do not grant.

    :raises SecurityError: 403; 401 for the anonymous where he is not to be refused.
    """
    caller: Caller | None = call.user
    operation = call.endpoint.operation
    if caller is None or operation.action is None:
        return
    if caller.runs_as:
        may_run_as(call, cluster, caller, caller.name)
    if caller.user is not None and operation.own_affair and _own(call, caller):
        return
    verdict = (operation.action, caller.name, _rights(caller))
    granted = cluster.part(Remembered).now().granted
    if verdict in granted:
        return
    grants = grants_of(cluster, caller)
    if grants.is_superuser if operation.action == _CONTROL else grants.allows(operation.action, call.version):
        granted.add(verdict)
        return
    names = _names(call)
    if not _grants_on(grants, operation.action, names):
        raise denied(call, cluster, names=names or ())


def _rights(caller: Caller) -> Hashable:
    """What his rights come from: two callers of the same have the same until something changes."""
    user = caller.user
    return caller.key and caller.key.id, caller.authenticated.name, user and user.realm, user and user.roles


def may_run_as(call: Call, cluster: Cluster, caller: Caller, target: str) -> None:
    """Refuse to let a caller act for ``target`` whose roles do not say he may.

    :raises SecurityError: 403.
    """
    roles = grants_of_authenticated(cluster, caller).roles
    if not _may_run_as(roles.values(), target):
        action, name = call.endpoint.operation.action, caller.authenticated.name
        text = messages.RUN_AS_DENIED.at(call.version, action=action, user=name, target=target, roles=",".join(roles))
        raise SecurityError(text)


def check_index(call: Call, cluster: Cluster, action: str, name: str) -> None:
    """Refuse an action on one index that a request of many means: an item of a bulk, one of many searches.

    :raises SecurityError: 403.
    """
    caller: Caller | None = call.user
    if caller is not None and not _grants_on(grants_of(cluster, caller), action, [name]):
        raise denied(call, cluster, action, [name])


def denied(call: Call, cluster: Cluster, action: str | None = None, names: Sequence[str] = ()) -> SecurityError:
    """The refusal of an action, without one of that which the call is for; ``names`` are the indices it is about."""
    caller: Caller = call.user
    action = action or str(call.endpoint.operation.action)
    anonymous = cluster.settings.anonymous
    if caller.by == ANONYMOUS and anonymous is not None and not anonymous.authz_exception:
        return unauthenticated(call.version, messages.NEEDS_AUTHENTICATION.format(action=action))
    return unauthorized(cluster, caller, action, names)


def unauthorized(cluster: Cluster, caller: Caller, action: str, names: Sequence[str] = ()) -> SecurityError:
    """The refusal of an action to somebody who need not be calling now: one for whom something runs."""
    version = cluster.version
    text = messages.UNAUTHORIZED.format(action=action, who=_who(caller)) + _roles(cluster, caller)
    return SecurityError(text + _granted_by(action, names, version) if version >= (7, 12) else text)


def may_on(cluster: Cluster, caller: Caller, action: str, name: str) -> bool:
    """Whether somebody may do an action of indices on one index, or on what a pattern means, as written."""
    return _grants_on(grants_of(cluster, caller), action, [name])


def _names(call: Call) -> Sequence[str] | None:
    """The indices, or patterns, that a call means; None where each of its items is looked at by itself."""
    operation = call.endpoint.operation
    if operation.names is not None:
        return operation.names(call)
    expression = call.path_parameters.get("index", "*")
    return ["*" if name == "_all" else name for name in expression.split(",") if not name.startswith("-")] or ["*"]


def _grants_on(grants: Grants, action: str, names: Sequence[str] | None) -> bool:
    """Whether an action of indices is granted on all of ``names``, on any index where there are none."""
    if not action.startswith("indices:"):
        return False
    wanted = names if names is not None else [None]
    return all(index_privileges.grants(part, name, action) for part in grants.entries() for name in wanted)


def _granted_by(action: str, names: Sequence[str], version: tuple[int, ...]) -> str:
    """The end of a refusal: the indices it is about, and which privileges would help."""
    if action.startswith("indices:"):
        where = f" on indices [{','.join(names)}]" if names else ""
        return where + messages.GRANTED_BY_INDEX.format(privileges=",".join(index_privileges.granting(action)))
    granted_by = privileges.granting(action, version) if action != _CONTROL else []
    return messages.GRANTED_BY.format(privileges=",".join(granted_by)) if granted_by else ""


def _own(call: Call, caller: Caller) -> bool:
    parameters = call.path_parameters
    return parameters.get("username", parameters.get("user", caller.name)) == caller.name


def _may_run_as(roles: Iterable[Role], target: str) -> bool:
    patterns = [pattern for role in roles for pattern in role.run_as]
    return any(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), target) for pattern in patterns)


def _who(caller: Caller) -> str:
    name = caller.authenticated.name
    who = f"service account [{name}]" if caller.is_service else f"user [{name}]"
    if caller.key is not None:
        who = f"API key id [{caller.key.id}] of {who}"
    return f"{who} run as [{caller.name}]" if caller.runs_as else who


def _roles(cluster: Cluster, caller: Caller) -> str:
    """What is said of the roles; of keys and services none is."""
    if cluster.version < (7, 13) or (not caller.runs_as and (caller.key is not None or caller.is_service)):
        return ""
    assigned = () if caller.user is None else caller.user.roles
    if cluster.version < (8, 5):
        return f" with roles [{','.join(assigned)}]"
    text = f" with effective roles [{','.join(grants_of(cluster, caller).roles)}]"
    missing = sorted(set(assigned) - cluster.part(Roles).of(assigned).keys())
    return text + (f" (assigned roles [{','.join(missing)}] were not found)" if missing else "")
