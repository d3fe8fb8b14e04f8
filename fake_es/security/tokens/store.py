"""The stored tokens, by a hash of the token's text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from fake_es.cluster import Cluster
from fake_es.security.caller import Caller
from fake_es.security.changes import Changes
from fake_es.security.hashing import fingerprint, seal
from fake_es.security.messages import REFRESHED
from fake_es.security.users import realm_of

# Lifetime of an access token (``xpack.security.authc.token.timeout``), of a refresh token, and the time within which a
# repeated refresh returns the same new tokens.
ACCESS_SECONDS = 1200
_ACCESS_MS, _REFRESH_MS, _AGAIN_MS = ACCESS_SECONDS * 1000, 24 * 3600 * 1000, 30_000


class Pair(NamedTuple):
    """An access token and its refresh token, as a client gets them."""

    access: str
    refresh: str | None


class InvalidGrant(Exception):
    """A refresh token cannot be used; the text is the ``error_description`` of the response."""


@dataclass(slots=True)
class Token:
    """An access token, with its refresh token if it has one.

    ``caller`` is the user it authenticates, ``client`` the name and realm of the user who requested it. ``successor`` is the
    pair that replaced it, encrypted with the refresh token.
    """

    caller: Caller
    client: tuple[str, str]
    made_at: int
    refreshable: bool
    access_ended: bool = False
    refresh_ended: bool = False
    refreshed_at: int | None = None
    successor: bytes = b""

    def has_expired(self, now: int) -> bool:
        """Whether the access token has expired at ``now``."""
        return now >= self.made_at + _ACCESS_MS


def client_of(caller: Caller) -> tuple[str, str]:
    """Name and realm of the user who requests a token: only this user may refresh it."""
    return caller.name, realm_of(caller.authenticated)["name"]


class Tokens:
    """All tokens of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._changes = cluster.part(Changes)
        self._ids = cluster.ids
        self._by_access: dict[bytes, Token] = {}
        self._by_refresh: dict[bytes, Token] = {}

    def add(self, caller: Caller, client: tuple[str, str], now: int, *, refreshable: bool) -> Pair:
        """Create a token for ``caller``; only hashes of its texts are stored."""
        pair = Pair(self._text(), self._text() if refreshable else None)
        token = Token(caller, client, now, refreshable)
        self._by_access[fingerprint(pair.access)] = token
        if pair.refresh is not None:
            self._by_refresh[fingerprint(pair.refresh)] = token
        self._changes.note()
        return pair

    def _text(self) -> str:
        return self._ids.uuid() + self._ids.uuid()

    def find(self, access: str) -> Token | None:
        """The token with that access text, even if it is invalidated or expired."""
        return self._by_access.get(fingerprint(access))

    def refresh(self, text: str, client: tuple[str, str], now: int) -> tuple[Token, Pair]:
        """A new token for a refresh token; repeated within 30 seconds, it returns the same new token.

        :raises InvalidGrant: the refresh token is unknown, invalidated, expired, of another client, or was used before that.
        """
        token = self._by_refresh.get(fingerprint(text))
        if token is None:
            raise InvalidGrant(REFRESHED["unknown"])
        if token.refreshed_at is not None and now <= token.refreshed_at + _AGAIN_MS:
            access, _, refresh = seal(token.successor, text).decode().partition(" ")
            return token, Pair(access, refresh)
        self._check(token, client, now)
        pair = self.add(token.caller, client, now, refreshable=True)
        token.refreshed_at, token.successor = now, seal(f"{pair.access} {pair.refresh}".encode(), text)
        return token, pair

    def _check(self, token: Token, client: tuple[str, str], now: int) -> None:
        if token.refresh_ended:
            raise InvalidGrant(REFRESHED["ended"])
        if now >= token.made_at + _REFRESH_MS:
            raise InvalidGrant(REFRESHED["expired"])
        if token.refreshed_at is not None:
            raise InvalidGrant(REFRESHED["again"])
        if token.client != client:
            raise InvalidGrant(REFRESHED["other"])

    def end_access(self, text: str) -> tuple[int, int] | None:
        """Invalidate an access token; returns (1, 0), or (0, 1) if it was invalidated before; None if it is unknown."""
        return self._end(self.find(text), "access_ended")

    def end_refresh(self, text: str) -> tuple[int, int] | None:
        """Invalidate a refresh token; returns the same as ``end_access``."""
        return self._end(self._by_refresh.get(fingerprint(text)), "refresh_ended")

    def _end(self, token: Token | None, flag: str) -> tuple[int, int] | None:
        if token is None:
            return None
        before = bool(getattr(token, flag))
        setattr(token, flag, True)
        self._changes.note()
        return int(not before), int(before)

    def end_all(self, matches: Callable[[Caller], bool], now: int) -> int:
        """Invalidate the tokens of all matching callers; returns how many, counting refresh tokens too."""
        ended = 0
        for token in self._by_access.values():
            if matches(token.caller) and not token.has_expired(now):
                ended += (not token.access_ended) + (token.refreshable and not token.refresh_ended)
                token.access_ended = token.refresh_ended = True
        self._changes.note()
        return ended
