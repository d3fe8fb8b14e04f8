"""The stored profiles of users."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.security.changes import Changes
from fake_es.security.users import User, realm_of


class Profile(NamedTuple):
    """The profile of a user; ``seen`` is the last activation (epoch milliseconds), ``number`` its ``_seq_no``."""

    uid: str
    user: User
    seen: int
    number: int
    enabled: bool = True
    labels: Mapping[str, Any] = MappingProxyType({})
    data: Mapping[str, Any] = MappingProxyType({})

    def to_json(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The profile as the API shows it, with ``data`` as the part of its data to show."""
        return {
            "uid": self.uid,
            "enabled": self.enabled,
            "last_synchronized": self.seen,
            **self.summary(data),
            "_doc": {"_primary_term": 1, "_seq_no": self.number},
        }

    def summary(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The fields that suggestions show too."""
        user = self.user
        shown = {
            "username": user.name,
            "roles": list(user.roles),
            "realm_name": realm_of(user)["name"],
            "email": user.email,
            "full_name": user.full_name,
        }
        return {"user": shown, "labels": dict(self.labels), "data": dict(data)}


class Profiles:
    """All profiles of a cluster, by uid."""

    def __init__(self, cluster: Cluster) -> None:
        self._changes = cluster.part(Changes)
        self._profiles: dict[str, Profile] = {}
        self._written = 0

    def __iter__(self) -> Iterator[Profile]:
        return iter(self._profiles.values())

    def find(self, uid: str) -> Profile | None:
        """The profile with that uid."""
        return self._profiles.get(uid)

    def uid_of(self, user: User) -> str | None:
        """The uid of a user's profile, if there is one."""
        uid = _uid(user)
        return uid if uid in self._profiles else None

    def activate(self, user: User, now: int) -> Profile:
        """Create or update the profile of a user, and enable it."""
        uid = _uid(user)
        old = self._profiles.get(uid)
        fresh = Profile(uid, user, now, 0)
        return self.write(fresh if old is None else fresh._replace(labels=old.labels, data=old.data))

    def write(self, profile: Profile) -> Profile:
        """Store a profile; returns it with its new number."""
        numbered = self._profiles[profile.uid] = profile._replace(number=self._written)
        self._written += 1
        self._changes.note()
        return numbered


def _uid(user: User) -> str:
    digest = hashlib.sha256(f"{user.realm}/{user.name}".encode("utf-8", "surrogatepass")).digest()
    return f"u_{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}_0"
