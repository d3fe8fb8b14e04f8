"""What a caller is granted: by his own roles, those of his API key, or those of a service account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.security import index_privileges, privileges
from fake_es.security.caller import Caller
from fake_es.security.roles import Role, Roles
from fake_es.security.service_accounts.accounts import role_of
from fake_es.security.users import User, Users


class Grants(NamedTuple):
    """Roles by name; an API key is granted no more than ``limit`` grants too, the roles of its owner as he made it."""

    roles: Mapping[str, Role]
    limit: Mapping[str, Role] | None = None

    @property
    def parts(self) -> tuple[Mapping[str, Role], ...]:
        """Sets of roles, all of which must grant a thing."""
        return (self.roles,) if self.limit is None else (self.roles, self.limit)

    def allows(self, action: str, version: tuple[int, ...]) -> bool:
        """Whether the cluster privileges grant a transport action."""
        return all(_grant(part.values(), action, version) for part in self.parts)

    def includes(self, privilege: str, version: tuple[int, ...]) -> bool:
        """Whether they hold all that a cluster privilege, or an action, stands for."""
        return all(
            privileges.includes((name for role in part.values() for name in role.cluster), privilege, version)
            for part in self.parts
        )

    def holds_everything(self, version: tuple[int, ...]) -> bool:
        """Whether all is granted on the cluster and on every index, as the built-in role ``superuser`` grants it."""
        return self.includes("all", version) and all(
            index_privileges.allows(entries, "*", "all", version) for entries in self.entries()
        )

    def check(self, version: tuple[int, ...]) -> None:
        """Refuse whoever has a role with a privilege that is none (``CompositeRolesStore``).

        :raises IllegalArgument: there is one.
        """
        for part in self.parts:
            privileges.check([name for role in part.values() for name in role.cluster], version)
            for role in part.values():
                for entry in role.indices:
                    index_privileges.check(entry["privileges"], version)

    def entries(self) -> list[list[dict[str, Any]]]:
        """The ``indices`` entries of each part."""
        return [[entry for role in part.values() for entry in role.indices] for part in self.parts]


def _grant(roles: Iterable[Role], action: str, version: tuple[int, ...]) -> bool:
    return any(privileges.grants(name, action, version) for role in roles for name in role.cluster)


def grants_of(cluster: Cluster, caller: Caller) -> Grants:
    """What counts for a caller now."""
    if caller.key is not None and not caller.runs_as:
        limit = caller.key.limited_by
        return Grants(caller.key.roles or limit, limit)
    return Grants({} if caller.user is None else roles_of(cluster, caller.user))


def grants_of_authenticated(cluster: Cluster, caller: Caller) -> Grants:
    """What counts for the one who gave his credentials for another."""
    if caller.key is not None:
        return Grants(caller.key.roles or caller.key.limited_by, caller.key.limited_by)
    return Grants(roles_of(cluster, caller.authenticated))


def roles_of(cluster: Cluster, user: User) -> dict[str, Role]:
    """The defined roles of a user; who is let in at all has those of the anonymous user too."""
    if user.realm == "_service_account":
        return {user.name: role_of(user.name, cluster)}
    anonymous = cluster.part(Users).anonymous
    return cluster.part(Roles).of(user.roles if anonymous is None else (*user.roles, *anonymous.roles))
