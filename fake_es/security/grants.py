"""What a caller is granted: by the user's roles, by those of an API key, or by those of a service account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.security import index_privileges, privileges
from fake_es.security.caller import Caller
from fake_es.security.roles import Role, Roles
from fake_es.security.service_accounts.accounts import role_of
from fake_es.security.users import User, Users


class Grants(NamedTuple):
    """The roles of a caller, by name.

    For an API key, ``roles`` are its own (those of its owner, if it has none), and ``limit`` those of the owner. Both must
    grant an action.
    """

    roles: Mapping[str, Role]
    limit: Mapping[str, Role] | None = None

    @property
    def parts(self) -> tuple[Mapping[str, Role], ...]:
        """The sets of roles; each set must grant an action."""
        return (self.roles,) if self.limit is None else (self.roles, self.limit)

    def allows(self, action: str, version: tuple[int, ...]) -> bool:
        """Whether the cluster privileges grant a transport action."""
        return all(
            any(privileges.grants(name, action, version) for role in part.values() for name in role.cluster)
            for part in self.parts
        )

    def includes(self, privilege: str, version: tuple[int, ...]) -> bool:
        """Whether the roles grant everything that ``privilege`` grants: a cluster privilege, or an action."""
        return all(
            privileges.includes((name for role in part.values() for name in role.cluster), privilege, version)
            for part in self.parts
        )

    def holds_everything(self, version: tuple[int, ...]) -> bool:
        """Whether everything is granted on the cluster and on every index, as by the built-in role ``superuser``."""
        return self.includes("all", version) and all(
            index_privileges.allows(entries, "*", "all", version) for entries in self.entries()
        )

    def check(self, version: tuple[int, ...]) -> None:
        """Refuse a caller with a role that names an unknown privilege (``CompositeRolesStore``).

        :raises IllegalArgument: a privilege is unknown.
        """
        for part in self.parts:
            privileges.check([name for role in part.values() for name in role.cluster], version)
            for role in part.values():
                for entry in role.indices:
                    index_privileges.check(entry["privileges"], version)

    def entries(self) -> list[list[dict[str, Any]]]:
        """The ``indices`` entries of each set of roles (see ``parts``)."""
        return [[entry for role in part.values() for entry in role.indices] for part in self.parts]


def grants_of(cluster: Cluster, caller: Caller) -> Grants:
    """The grants of a caller's effective user, as of now."""
    if caller.key is not None and not caller.runs_as:
        limit = caller.key.limited_by
        return Grants(caller.key.roles or limit, limit)
    return Grants({} if caller.user is None else roles_of(cluster, caller.user))


def grants_of_authenticated(cluster: Cluster, caller: Caller) -> Grants:
    """The grants of the user who gave the credentials, also when running as another user."""
    if caller.key is not None:
        return Grants(caller.key.roles or caller.key.limited_by, caller.key.limited_by)
    return Grants(roles_of(cluster, caller.authenticated))


def roles_of(cluster: Cluster, user: User) -> dict[str, Role]:
    """The roles of a user by name, as far as they are defined, and those of the anonymous user.

    A service account has only its own role, under its own name.
    """
    if user.realm == "_service_account":
        return {user.name: role_of(user.name, cluster)}
    anonymous = cluster.part(Users).anonymous
    return cluster.part(Roles).of(user.roles if anonymous is None else (*user.roles, *anonymous.roles))
