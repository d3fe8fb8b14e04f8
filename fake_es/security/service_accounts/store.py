"""The stored tokens of service accounts."""

from __future__ import annotations

import base64
import binascii

from fake_es.cluster import Cluster
from fake_es.security.changes import Changes
from fake_es.security.hashing import Secret
from fake_es.security.service_accounts.accounts import accounts
from fake_es.security.users import User

# The first bytes of a service token: version of the format, and kind of token.
_MARK = b"\x00\x01\x00\x01"


class ServiceTokens:
    """All tokens of service accounts, by account and name."""

    def __init__(self, cluster: Cluster) -> None:
        self._changes = cluster.part(Changes)
        self._ids = cluster.ids
        self._tokens: dict[tuple[str, str], Secret] = {}

    def names_of(self, account: str) -> list[str]:
        """Names of the tokens of an account."""
        return sorted(name for owner, name in self._tokens if owner == account)

    def add(self, account: str, name: str) -> str | None:
        """Create a token; returns its value, or None if the name is taken. Only a hash is stored."""
        if (account, name) in self._tokens:
            return None
        secret = self._ids.uuid()
        self._tokens[account, name] = Secret(secret, self._ids.uuid().encode())
        self._changes.note()
        return base64.b64encode(_MARK + f"{account}/{name}:{secret}".encode()).decode().rstrip("=")

    def delete(self, account: str, name: str) -> bool:
        """Delete a token; returns whether it existed."""
        self._changes.note()
        return self._tokens.pop((account, name), None) is not None

    def fits(self, account: str, name: str, secret: str) -> bool:
        """Whether an account has a token with that name and secret."""
        stored = self._tokens.get((account, name))
        return stored is not None and stored.fits(secret)


def read_service_token(value: str) -> tuple[str, str, str] | None:
    """Account, token name and secret of a bearer token; None if it is not a service token."""
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    if not raw.startswith(_MARK):
        return None
    path, colon, secret = raw[len(_MARK) :].decode("utf-8", "replace").partition(":")
    account, slash, name = path.rpartition("/")
    return (account, name, secret) if colon and slash and account.count("/") == 1 else None


def account_user(account: str, version: tuple[int, ...]) -> User | None:
    """A service account as a user; None if it does not exist."""
    if account not in accounts(version):
        return None
    metadata = {"_elastic_service_account": True}
    return User(account, None, (), "_service_account", f"Service account - {account}", metadata=metadata)
