"""The arguments of ``FakeElasticsearch``: each is checked, and a wrong one is refused in one line that says what is right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from fake_es.clock import Clock, SystemClock, VirtualClock
from fake_es.cluster import LICENCES, Account, Anonymous
from fake_es.version import Version, parse_version

# The names that FakeElasticsearch takes for its clock and delays.
ClockName = Literal["virtual", "system"]
DelaysName = Literal["realistic", "none"]
User = Account | tuple[str, str, Iterable[str]]


def read_version(given: Any) -> Version:
    """The release: None for the newest, or text such as ``"8.19"``.

    :raises TypeError: it is no text.
    :raises UnknownVersionError: there is no such release.
    """
    if given is None or isinstance(given, (str, Version)):
        return parse_version(given)
    shown = given if isinstance(given, (int, float)) else "8.19"
    raise TypeError(f'version must be text such as "{shown}", not {given!r}')


def read_roles(given: Mapping[str, Iterable[str]] | None, name: str = "roles") -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Roles by name with their cluster privileges.

    :raises TypeError: they are no dict from names to lists.
    """
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        raise TypeError(f'{name} must be a dict such as {{"reader": ["monitor_ml"]}}, not {given!r}')
    return tuple((role, _names(privileges, f"the privileges of role [{role}]")) for role, privileges in given.items())


def read_users(given: Iterable[User], roles: Iterable[tuple[str, Any]], version: Version) -> tuple[Account, ...]:
    """Accounts, each with roles that exist.

    :raises TypeError: a user is no account and no tuple of name, password and role names.
    :raises ValueError: a role is neither built in nor in ``roles``.
    """
    accounts = tuple(user if isinstance(user, Account) else _account(user) for user in given)
    if accounts:
        # Loaded only if there are users.
        from fake_es.security.built_in_roles import built_in_roles

        known = {name for name, _ in roles} | {entry.name for entry in built_in_roles(version)}
        for account in accounts:
            for role in account.roles:
                if role not in known:
                    raise ValueError(
                        f"user [{account.name}] has the role [{role}], which is not built in: add it with roles={{...}}"
                    )
    return accounts


def _account(user: Any) -> Account:
    if not isinstance(user, (tuple, list)) or len(user) != 3 or not all(isinstance(text, str) for text in user[:2]):
        right = 'a user must be a tuple of name, password and role names, such as ("bob", "secret", ["reader"])'
        raise TypeError(f"{right}, not {user!r}")
    name, password, roles = user
    return Account(name, password, _names(roles, f"the roles of user [{name}]"))


def read_anonymous(given: Anonymous | Iterable[str] | None) -> Anonymous | None:
    """The anonymous user; without roles there is none, as with the setting of a real node."""
    anonymous = given if given is None or isinstance(given, Anonymous) else Anonymous(_names(given, "the roles in anonymous"))
    return anonymous if anonymous is not None and anonymous.roles else None


def _names(given: Any, what: str) -> tuple[str, ...]:
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"{what} must be a list of names, not {given!r}")
    return tuple(given)


def read_licence(name: str | None) -> str | None:
    """The type of a licence.

    :raises ValueError: there is no such licence.
    """
    if name is not None and name not in LICENCES:
        raise ValueError(f"unknown licence [{name}]: {', '.join(LICENCES)}")
    return name


def read_clock(clock: Clock | str) -> Clock:
    """A clock, or the one with that name.

    :raises ValueError: there is no clock of that name.
    """
    if isinstance(clock, Clock):
        return clock
    if clock == "virtual":
        return VirtualClock()
    if clock == "system":
        return SystemClock()
    raise ValueError(f"unknown clock [{clock}]: virtual, system or a Clock")


def read_settings(settings: Mapping[str, Any] | None, version: Version, security: bool) -> tuple[tuple[str, str], ...]:
    """Settings as in ``elasticsearch.yml``, as pairs of dotted key and text.

    :raises ValueError: a setting is unknown, has a bad value, or contradicts ``security``.
    """
    if not settings:
        return ()
    # Loaded only if there are settings.
    from fake_es.cluster_settings import configured

    found = configured(settings, version)
    named = dict(found).get("xpack.security.enabled")
    if named is not None and (named == "true") is not security:
        raise ValueError(f"the setting [xpack.security.enabled] is {named}: give security={not security} with it")
    return found
