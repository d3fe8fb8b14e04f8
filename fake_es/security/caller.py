"""The caller of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fake_es.security.users import User

if TYPE_CHECKING:
    from fake_es.security.api_keys.store import ApiKey

REALM, API_KEY, TOKEN, ANONYMOUS = "realm", "api_key", "token", "anonymous"


class Caller(NamedTuple):
    """The caller: ``user`` is the effective user, ``authenticated`` the user of the credentials.

    ``user`` is None if the user to run as does not exist: authorization refuses it later. ``by`` is the way of
    authentication, as ``authentication_type`` names it; ``key`` is the API key if one was used, ``token_name`` the name of
    a service token. ``secondary`` is the caller in the header ``es-secondary-authorization``.
    """

    user: User | None
    authenticated: User
    name: str
    by: str = REALM
    key: ApiKey | None = None
    token_name: str | None = None
    secondary: Caller | None = None

    @property
    def runs_as(self) -> bool:
        """Whether the caller runs as another user."""
        return self.name != self.authenticated.name

    @property
    def identity(self) -> tuple[str, ...]:
        """Equal for callers who may use each other's scrolls and async searches (``Authentication.canAccessResourcesOf``).

        That is: the same user of the same realm, or the same API key.
        """
        if self.key is not None and not self.runs_as:
            return ("api key", self.key.id)
        return (self.name, (self.user or self.authenticated).realm)

    @property
    def is_service(self) -> bool:
        """Whether the caller is a service account."""
        return self.authenticated.realm == "_service_account"


def plain(user: User, by: str = REALM) -> Caller:
    """A caller who does not run as another user."""
    return Caller(user, user, user.name, by)
