"""What a caller may do, decided by the transport action (``AuthorizationService``, ``AuthorizationDenialMessages``)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fake_es.cluster import Cluster
from fake_es.security import index_privileges, messages, privileges
from fake_es.security.authentication import Caller
from fake_es.security.roles import Role, Roles
from fake_es.wire.call import Call
from fake_es.wire.errors import SecurityError

# The control room is no part of Elasticsearch: no privilege of a role gives it, only the role superuser.
_CONTROL = "cluster:admin/fake"


def authorize(call: Call, cluster: Cluster) -> None:
    """Refuse what the caller's roles do not grant.

    :raises SecurityError: 403.
    """
    caller: Caller | None = call.user
    operation = call.endpoint.operation
    if caller is None or operation.action is None:
        return
    roles = cluster.part(Roles)
    if caller.runs_as and not _may_run_as(roles.of(caller.authenticated.roles), caller.name):
        raise SecurityError(_run_as_denied(call, caller, roles))
    if caller.user is not None and operation.own_affair and _own(call, caller):
        return
    assigned = () if caller.user is None else caller.user.roles
    defined = roles.of(assigned)
    if _grants(defined, operation.action, call.version):
        return
    names = _names(call)
    if not _grants_on(defined, operation.action, names):
        raise SecurityError(_denied(call, operation.action, caller, assigned, defined, names or ()))


def check_index(call: Call, cluster: Cluster, action: str, name: str) -> None:
    """Refuse an action on one index that a request of many means: an item of a bulk, one of many searches.

    :raises SecurityError: 403.
    """
    caller: Caller | None = call.user
    if caller is None:
        return
    assigned = () if caller.user is None else caller.user.roles
    defined = cluster.part(Roles).of(assigned)
    if not _grants_on(defined, action, [name]):
        raise SecurityError(_denied(call, action, caller, assigned, defined, [name]))


def _names(call: Call) -> Sequence[str] | None:
    """The indices, or patterns, that a call means; None where each of its items is looked at by itself."""
    operation = call.endpoint.operation
    if operation.names is not None:
        return operation.names(call)
    expression = call.path_parameters.get("index", "*")
    return ["*" if name == "_all" else name for name in expression.split(",") if not name.startswith("-")] or ["*"]


def _grants_on(roles: dict[str, Role], action: str, names: Sequence[str] | None) -> bool:
    """Whether roles grant an action of indices on all of ``names``, on any index where there are none."""
    if not action.startswith("indices:"):
        return False
    entries = [entry for role in roles.values() for entry in role.indices]
    return all(index_privileges.grants(entries, name, action) for name in (names if names is not None else [None]))


def _own(call: Call, caller: Caller) -> bool:
    return call.path_parameters.get("username", caller.name) == caller.name


def _may_run_as(roles: dict[str, Role], target: str) -> bool:
    patterns = [pattern for role in roles.values() for pattern in role.run_as]
    return any(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), target) for pattern in patterns)


def _grants(roles: dict[str, Role], action: str, version: tuple[int, ...]) -> bool:
    if action == _CONTROL:
        return "superuser" in roles
    return any(privileges.grants(name, action, version) for role in roles.values() for name in role.cluster)


def _denied(
    call: Call,
    action: str,
    caller: Caller,
    assigned: tuple[str, ...],
    defined: dict[str, Role],
    names: Sequence[str] = (),
) -> str:
    version = call.version
    if caller.runs_as:
        text = messages.UNAUTHORIZED.format(action=action, user=caller.authenticated.name) + f" run as [{caller.name}]"
    else:
        text = messages.UNAUTHORIZED.format(action=action, user=caller.name)
    if version >= (8, 5):
        text += f" with effective roles [{','.join(defined)}]"
        missing = sorted(set(assigned) - defined.keys())
        text += f" (assigned roles [{','.join(missing)}] were not found)" if missing else ""
    elif version >= (7, 13):
        text += f" with roles [{','.join(assigned)}]"
    return text + _granted_by(action, names, version) if version >= (7, 12) else text


def _granted_by(action: str, names: Sequence[str], version: tuple[int, ...]) -> str:
    """The end of a refusal: the indices it is about, and which privileges would help."""
    if action.startswith("indices:"):
        where = f" on indices [{','.join(names)}]" if names else ""
        return where + messages.GRANTED_BY_INDEX.format(privileges=",".join(index_privileges.granting(action)))
    granted_by = privileges.granting(action, version) if action != _CONTROL else []
    return messages.GRANTED_BY.format(privileges=",".join(granted_by)) if granted_by else ""


def _run_as_denied(call: Call, caller: Caller, roles: Roles) -> str:
    user = caller.authenticated
    listed = ",".join(roles.of(user.roles))
    action = call.endpoint.operation.action
    return messages.RUN_AS_DENIED.at(call.version, action=action, user=user.name, target=caller.name, roles=listed)
