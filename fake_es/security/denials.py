"""The texts of a 403 (``AuthorizationDenialMessages``)."""

from __future__ import annotations

from collections.abc import Sequence

from fake_es.cluster import Cluster
from fake_es.security import index_privileges, messages, privileges
from fake_es.security.cache import rights_of
from fake_es.security.caller import ANONYMOUS, Caller
from fake_es.security.challenges import unauthenticated
from fake_es.security.grants import Grants, grants_of, grants_of_authenticated
from fake_es.security.roles import Roles
from fake_es.security.users import User
from fake_es.wire.errors import SecurityError

# The action of ``/_fake``, which can do everything. It needs the privilege ``all`` on the cluster and on every index.
CONTROL = "cluster:admin/fake"
# Actions that may address remote clusters. Their indices are resolved before the action is authorized.
_REMOTE = frozenset({
    "indices:data/read/search", "indices:data/read/field_caps", "indices:data/read/open_point_in_time",
    "indices:admin/resolve/index",
})  # fmt: skip
_OF_THE_CLUSTER = ("cluster:", "indices:admin/template/", "indices:admin/index_template/")


def is_cluster_action(action: str) -> bool:
    """Whether cluster privileges grant an action, not index privileges (``ClusterPrivilegeResolver.isClusterAction``)."""
    return action.startswith(_OF_THE_CLUSTER)


def is_remote_action(action: str) -> bool:
    """Whether an action may name indices of remote clusters (``IndicesRequest.Replaceable.allowsRemoteIndices``)."""
    return action in _REMOTE


def denied(cluster: Cluster, caller: Caller, action: str, names: Sequence[str] = ()) -> SecurityError:
    """The 403 for a caller, or for the user of a datafeed or task; ``names`` are the refused indices."""
    version, anonymous = cluster.version, cluster.settings.anonymous
    if caller.by == ANONYMOUS and anonymous is not None and not anonymous.authz_exception:
        return unauthenticated(version, messages.NEEDS_AUTHENTICATION.format(action=action))
    text = messages.UNAUTHORIZED.format(action=action, who=_who(caller)) + _roles(cluster, caller)
    if version < (7, 12):
        return SecurityError(text)
    if is_cluster_action(action):
        return SecurityError(text + _granted_by(action, version))
    # If the caller is granted the action on no index at all, the text names no indices.
    names_shown = is_remote_action(action) or rights_of(cluster, caller, action).anywhere
    where = _where(names, version) if names_shown else ""
    granting = ",".join(index_privileges.granting(action, version))
    return SecurityError(text + where + messages.GRANTED_BY_INDEX.format(privileges=granting))


def _granted_by(action: str, version: tuple[int, ...]) -> str:
    """The end of the text: the privileges that would grant the action."""
    granted_by = privileges.granting(action, version) if action != CONTROL else []
    return messages.GRANTED_BY.format(privileges=",".join(granted_by)) if granted_by else ""


def _where(names: Sequence[str], version: tuple[int, ...]) -> str:
    restricted = [name for name in names if index_privileges.is_restricted(name, version)]
    plain = [name for name in names if name not in restricted]
    parts = [f"{kind} [{','.join(some)}]" for kind, some in (("indices", plain), ("restricted indices", restricted)) if some]
    return f" on {' and '.join(parts)}" if parts else ""


def run_as_denied(cluster: Cluster, caller: Caller, action: str, target: str) -> SecurityError:
    """The 403 for a caller who may not run as ``target``."""
    who, version = _authenticated(caller), cluster.version
    roles = "" if _has_no_roles(caller) else _effective(cluster, grants_of_authenticated(cluster, caller), caller.authenticated)
    denied = messages.UNAUTHORIZED.format(action=action, who=who)
    return SecurityError(messages.RUN_AS_DENIED.at(version, denied=denied, who=who, roles=roles, target=target))


def _who(caller: Caller) -> str:
    who = _authenticated(caller)
    return f"{who} run as [{caller.name}]" if caller.runs_as else who


def _authenticated(caller: Caller) -> str:
    name = caller.authenticated.name
    who = f"service account [{name}]" if caller.is_service else f"user [{name}]"
    return who if caller.key is None else f"API key id [{caller.key.id}] of {who}"


def _has_no_roles(caller: Caller) -> bool:
    """Whether the caller used an API key or a service account: these have privileges, but no role names."""
    return caller.key is not None or caller.is_service


def _roles(cluster: Cluster, caller: Caller) -> str:
    """The part of the text that names the caller's roles."""
    if cluster.version < (7, 13) or (not caller.runs_as and _has_no_roles(caller)):
        return ""
    if cluster.version < (8, 5):
        return f" with roles [{','.join(() if caller.user is None else caller.user.roles)}]"
    return _effective(cluster, grants_of(cluster, caller), caller.user)


def _effective(cluster: Cluster, grants: Grants, user: User | None) -> str:
    assigned = () if user is None else user.roles
    text = f" with effective roles [{','.join(grants.roles)}]"
    missing = sorted(set(assigned) - cluster.part(Roles).of(assigned).keys())
    return text + (f" (assigned roles [{','.join(missing)}] were not found)" if missing else "")
