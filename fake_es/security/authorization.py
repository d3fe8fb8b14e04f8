"""What a caller may do, decided by the transport action (``AuthorizationService``, ``AuthorizationDenialMessages``)."""

from __future__ import annotations

import re

from fake_es.cluster import Cluster
from fake_es.security import messages, privileges
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
    if not _grants(defined, operation.action, call.version):
        raise SecurityError(_denied(call, operation.action, caller, assigned, defined))


def _own(call: Call, caller: Caller) -> bool:
    return call.path_parameters.get("username", caller.name) == caller.name


def _may_run_as(roles: dict[str, Role], target: str) -> bool:
    patterns = [pattern for role in roles.values() for pattern in role.run_as]
    return any(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), target) for pattern in patterns)


def _grants(roles: dict[str, Role], action: str, version: tuple[int, ...]) -> bool:
    if action == _CONTROL:
        return "superuser" in roles
    return any(privileges.grants(name, action, version) for role in roles.values() for name in role.cluster)


def _denied(call: Call, action: str, caller: Caller, assigned: tuple[str, ...], defined: dict[str, Role]) -> str:
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
    granted_by = privileges.granting(action, version) if action != _CONTROL else []
    if version >= (7, 12) and granted_by:
        text += messages.GRANTED_BY.format(privileges=",".join(granted_by))
    return text


def _run_as_denied(call: Call, caller: Caller, roles: Roles) -> str:
    user = caller.authenticated
    listed = ",".join(roles.of(user.roles))
    action = call.endpoint.operation.action
    return messages.RUN_AS_DENIED.at(call.version, action=action, user=user.name, target=caller.name, roles=listed)
