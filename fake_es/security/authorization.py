"""What a caller may do, decided by the transport action (``AuthorizationService``, ``RBACEngine``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from fake_es.cluster import Cluster
from fake_es.patterns.wildcards import wildcards
from fake_es.security.caller import REALM, Caller
from fake_es.security.denials import CONTROL, denied, is_cluster_action, run_as_denied
from fake_es.security.grants import grants_of, grants_of_authenticated
from fake_es.security.index_rights import IndexRights, origin_of_rights, rights_of
from fake_es.security.remembered import Remembered
from fake_es.security.roles import Role
from fake_es.security.users import User
from fake_es.wire.call import Call

_PASSWORD = "cluster:admin/xpack/security/user/change_password"
# Whoever opened them may close them; whether it is the same who asks is not looked at here.
_OWN_CONTEXTS = frozenset({"indices:data/read/scroll/clear", "indices:data/read/close_point_in_time"})
# ``<logs-{now/d}>``: what stands in braces is any date.
_DATE = re.compile(r"\{[^{}]*(?:\{[^{}]*\})?[^{}]*\}")


def authorize(call: Call, cluster: Cluster) -> None:
    """Refuse what the caller's roles do not grant.

    :raises SecurityError: 403; 401 for the anonymous where he is not to be refused.
    :raises IllegalArgument: a role of his has a privilege that is none.
    :raises NotImplementedHere: he may see only part of the documents that the call would show.
    """
    caller: Caller | None = call.user
    operation = call.endpoint.operation
    if caller is None or operation.action is None:
        return
    if caller.runs_as:
        grants_of(cluster, caller).check(call.version)
        may_run_as(cluster, caller, operation.action, caller.name)
    if caller.user is not None and operation.own_affair and _own(call, caller.user, caller):
        grants_of(cluster, caller).check(call.version)
        return
    if is_cluster_action(operation.action):
        _authorize_cluster_action(call, cluster, caller, operation.action)
    else:
        _authorize_on_indices(call, cluster, caller, operation.action)


def _authorize_cluster_action(call: Call, cluster: Cluster, caller: Caller, action: str) -> None:
    verdict = (action, origin_of_rights(caller))
    granted = cluster.part(Remembered).now().granted
    if verdict in granted:
        return
    grants = grants_of(cluster, caller)
    grants.check(call.version)
    if not (grants.is_superuser if action == CONTROL else grants.allows(action, call.version)):
        raise denied(call, cluster)
    granted.add(verdict)


def _authorize_on_indices(call: Call, cluster: Cluster, caller: Caller, action: str) -> None:
    """Names must all be granted; what wildcards mean is narrowed to what is, which is left in ``call.seen``."""
    if action in _OWN_CONTEXTS:
        return
    rights, names = rights_of(cluster, caller, action), _names(call) or ()
    _check_names(call, cluster, rights, action, names, bool(call.params.get("ignore_unavailable")))
    call.seen = rights.sees


def check_indices(
    call: Call, cluster: Cluster, action: str, names: Iterable[str], *, lenient: bool = False
) -> IndexRights | None:
    """Refuse an action on indices that a request of many means: an item of a bulk, one of many searches.

    Answers what wildcards may mean (None: all); ``lenient`` leaves out names that are not granted.

    :raises SecurityError: 403.
    """
    caller: Caller | None = call.user
    if caller is None:
        return None
    rights = rights_of(cluster, caller, action)
    _check_names(call, cluster, rights, action, names, lenient)
    return rights


def check_index(call: Call, cluster: Cluster, action: str, name: str) -> None:
    """Refuse an action on one index.

    :raises SecurityError: 403.
    """
    check_indices(call, cluster, action, [name])


def may_on(cluster: Cluster, caller: Caller, action: str, name: str) -> bool:
    """Whether somebody may do an action of indices on one index, or on what a pattern means, as written."""
    return rights_of(cluster, caller, action).on(name)


def _check_names(call: Call, cluster: Cluster, rights: IndexRights, action: str, names: Iterable[str], lenient: bool) -> None:
    refused = [name for name in names if _is_plain(name) and not rights.sees(_as_pattern(name))]
    if (refused and not lenient) or not rights.anywhere:
        raise denied(call, cluster, action, refused)


def _is_plain(name: str) -> bool:
    """Whether it is a name: no pattern, none that is taken away, none of a remote cluster, which looks after its own."""
    return not ("*" in name or ":" in name or name[:1] == "-" or name == "_all")


def _as_pattern(name: str) -> str:
    return _DATE.sub("*", name[1:-1]) if name[:1] == "<" and name[-1:] == ">" else name


def _names(call: Call) -> Sequence[str] | None:
    """The indices, or patterns, that a call means; None where each of its items is looked at by itself."""
    operation = call.endpoint.operation
    if operation.names is not None:
        return operation.names(call)
    return [name.strip() for name in call.path_parameters.get("index", "*").split(",")]


def may_run_as(cluster: Cluster, caller: Caller, action: str, target: str) -> None:
    """Refuse to let a caller do something for ``target`` whose roles do not say he may.

    :raises SecurityError: 403.
    """
    grants = grants_of_authenticated(cluster, caller)
    grants.check(cluster.version)
    if not _may_run_as(grants.roles.values(), target):
        raise run_as_denied(cluster, caller, action, target)


def _may_run_as(roles: Iterable[Role], target: str) -> bool:
    patterns = [pattern for role in roles for pattern in role.run_as]
    return wildcards(patterns)(target)


def _own(call: Call, user: User, caller: Caller) -> bool:
    """Whether a call is about the caller himself; a password is only his to change where it is kept here."""
    if call.endpoint.operation.action == _PASSWORD and (caller.by != REALM or user.realm not in ("native", "reserved")):
        return False
    parameters = call.path_parameters
    return parameters.get("username", parameters.get("user", caller.name)) == caller.name
