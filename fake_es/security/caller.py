"""Who a request is from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fake_es.security.users import User

if TYPE_CHECKING:
    from fake_es.security.api_keys.store import ApiKey

REALM, API_KEY, TOKEN, ANONYMOUS = "realm", "api_key", "token", "anonymous"


class Caller(NamedTuple):
    """Who a request is from: ``user`` counts, ``authenticated`` is who gave the credentials for him.

    ``user`` is None for a name to run as that nobody bears: authorization refuses it later. ``by`` is how he showed
    who he is, as ``authentication_type`` names it; ``key`` is his API key if that was one, ``token_name`` the name of
    a service token. ``secondary`` is whom ``es-secondary-authorization`` names.
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
        """Whether one acts for another."""
        return self.name != self.authenticated.name

    @property
    def identity(self) -> tuple[str, ...]:
        """What two callers share who may use what the other has opened (``Authentication.canAccessResourcesOf``).

        The same user of the same realm, however he showed who he is; an API key only shares with itself.
        """
        if self.key is not None and not self.runs_as:
            return ("api key", self.key.id)
        return (self.name, (self.user or self.authenticated).realm)

    @property
    def is_service(self) -> bool:
        """Whether it is no person, but a service account."""
        return self.authenticated.realm == "_service_account"


def plain(user: User, by: str = REALM) -> Caller:
    """One who acts for himself."""
    return Caller(user, user, user.name, by)
