"""Authorization: what a caller may do, decided by the transport action (``AuthorizationService``, ``RBACEngine``)."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.security.cache import SecurityCache, origin_of_rights, rights_of
from fake_es.security.caller import REALM, Caller
from fake_es.security.denials import CONTROL, denied, is_cluster_action, run_as_denied
from fake_es.security.grants import grants_of, grants_of_authenticated
from fake_es.security.index_access import IndexAccess
from fake_es.security.index_names import ExpressionPart, parse_expression
from fake_es.security.name_patterns import granted_names
from fake_es.security.users import User
from fake_es.wire.call import Call

_PASSWORD = "cluster:admin/xpack/security/user/change_password"
# Closing a scroll or a point in time needs no privilege. That the same user opened it is not checked here.
_OWN_CONTEXTS = frozenset({"indices:data/read/scroll/clear", "indices:data/read/close_point_in_time"})


def action_of(call: Call) -> str:
    """The transport action that a call is authorized as (``SecurityActionMapper`` where it depends on the request)."""
    operation = call.endpoint.operation
    mapped = None if operation.acts is None else operation.acts(call)
    return mapped or str(operation.action)


def authorize(call: Call, cluster: Cluster) -> None:
    """Refuse what the caller's roles do not grant.

    Index names are checked here, so that this refusal comes first. They are checked again when they are resolved
    (``indices.access``), which also catches what this check does not see.

    :raises SecurityError: 403; 401 for the anonymous user, if ``xpack.security.authc.anonymous.authz_exception`` is false.
    :raises IllegalArgument: one of the caller's roles names a privilege that this release does not know.
    :raises NotImplementedHere: the caller may see only part of the documents that the call would show.
    """
    caller: Caller | None = call.user
    operation = call.endpoint.operation
    if caller is None or operation.action is None:
        return
    action = action_of(call)
    if caller.runs_as:
        grants_of(cluster, caller).check(call.version)
        may_run_as(cluster, caller, action, caller.name)
    if caller.user is not None and operation.same_user and _concerns_caller(call, caller.user, caller):
        grants_of(cluster, caller).check(call.version)
        return
    if is_cluster_action(action):
        _authorize_cluster_action(cluster, caller, action)
    elif action not in _OWN_CONTEXTS:
        lenient = bool(call.params.get("ignore_unavailable"))
        IndexAccess(cluster, caller, action).admitted(_expression_parts(call), lenient=lenient)


def _authorize_cluster_action(cluster: Cluster, caller: Caller, action: str) -> None:
    key = (action, origin_of_rights(caller))
    granted = cluster.part(SecurityCache).current().granted
    if key in granted:
        return
    grants = grants_of(cluster, caller)
    grants.check(cluster.version)
    if not (grants.holds_everything(cluster.version) if action == CONTROL else grants.allows(action, cluster.version)):
        raise denied(cluster, caller, action)
    granted.add(key)


def may_on(cluster: Cluster, caller: Caller, action: str, name: str) -> bool:
    """Whether a caller may run an index action on an index, or on a pattern as it is written."""
    return rights_of(cluster, caller, action).on(name)


def _expression_parts(call: Call) -> list[ExpressionPart]:
    """The indices or patterns of a call; empty where each item of the request is authorized by itself."""
    operation = call.endpoint.operation
    names = call.path_parameters.get("index", "*") if operation.names is None else operation.names(call)
    return [] if names is None else parse_expression(names, call.now)


def may_run_as(cluster: Cluster, caller: Caller, action: str, target: str) -> None:
    """Refuse a caller who may not run as ``target``.

    :raises SecurityError: 403.
    """
    grants = grants_of_authenticated(cluster, caller)
    grants.check(cluster.version)
    patterns = [pattern for role in grants.roles.values() for pattern in role.run_as]
    if not any(granted_names(pattern, cluster.version)(target) for pattern in patterns):
        raise run_as_denied(cluster, caller, action, target)


def _concerns_caller(call: Call, user: User, caller: Caller) -> bool:
    """Whether a call concerns only the caller (``RBACEngine.checkSameUserPermissions``).

    Passwords can be changed only in the native and reserved realms.
    """
    if call.endpoint.operation.action == _PASSWORD and (caller.by != REALM or user.realm not in ("native", "reserved")):
        return False
    parameters = call.path_parameters
    return parameters.get("username", parameters.get("user", caller.name)) == caller.name
