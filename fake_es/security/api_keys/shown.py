"""How API keys are shown and selected (``ApiKey.toXContent``, ``GetApiKeyRequest``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fake_es.patterns.wildcards import simple_match
from fake_es.security import messages
from fake_es.security.api_keys.store import CROSS_CLUSTER, ApiKey
from fake_es.security.roles import Role
from fake_es.security.users import realm_name

Release = tuple[int, ...]


def shown_key(key: ApiKey, version: Release, *, limited_by: bool = False, profile_uid: str | None = None) -> dict[str, Any]:
    """A key as the release shows it, without its secret."""
    roles = key.roles if key.access is None else {CROSS_CLUSTER: cross_cluster_role(key.access)}
    fields: tuple[tuple[str, Any, Release], ...] = (
        ("id", key.id, (6, 7)),
        ("name", key.name, (6, 7)),
        ("type", key.type, (8, 10)),
        ("creation", key.created, (6, 7)),
        ("expiration", key.expires, (6, 7)),
        ("invalidated", key.invalidated is not None, (6, 7)),
        ("invalidation", key.invalidated, (8, 12)),
        ("username", key.owner.name, (6, 7)),
        ("realm", realm_name(key.owner.realm), (6, 7)),
        ("realm_type", key.owner.realm, (8, 14)),
        ("metadata", dict(key.metadata), (7, 13)),
        ("role_descriptors", _descriptions(roles, version), (8, 5)),
        ("limited_by", [_descriptions(key.limited_by, version)] if limited_by and not key.access else None, (8, 5)),
        ("access", key.access, (8, 10)),
        ("certificate_identity", key.certificate_identity, (9, 3)),
        ("profile_uid", profile_uid, (8, 14)),
    )
    return {name: value for name, value, since in fields if value is not None and version >= since}


def cross_cluster_role(access: Mapping[str, Any]) -> Role:
    """The role that is equivalent to the access of a cross-cluster key."""
    privileges = {
        "search": ("read", "read_cross_cluster", "view_index_metadata"),
        "replication": ("cross_cluster_replication",),
    }
    entries = [{**entry, "privileges": list(names)} for kind, names in privileges.items() for entry in access.get(kind) or ()]
    return Role(tuple(f"cross_cluster_{kind}" for kind in privileges if access.get(kind)), tuple(entries))


def _descriptions(roles: Mapping[str, Role], version: Release) -> dict[str, Any]:
    return {name: role.to_json(version) for name, role in roles.items()}


def select_keys(keys: Iterable[ApiKey], wanted: Mapping[str, Any]) -> list[ApiKey]:
    """The keys that match ``ids``, ``name`` (a pattern), ``username`` and ``realm_name``; without any of these, all keys."""
    return [
        key
        for key in keys
        if (not wanted.get("ids") or key.id in wanted["ids"])
        and (not wanted.get("name") or simple_match(key.name, str(wanted["name"])))
        and (not wanted.get("username") or key.owner.name == wanted["username"])
        and (not wanted.get("realm_name") or realm_name(key.owner.realm) == wanted["realm_name"])
    ]


def selection_failures(wanted: Mapping[str, Any], *, verb: str, needed: bool) -> list[str]:
    """The validation errors of a request that selects keys.

    ``verb`` names the operation in the error texts; with ``needed`` a request that selects nothing is an error.
    """
    named, whose = wanted.get("ids") or wanted.get("name"), wanted.get("username") or wanted.get("realm_name")
    wrong = {
        "none": needed and not named and not whose and not wanted.get("owner"),
        "both": named and whose,
        "owned": wanted.get("owner") and whose,
        "one": wanted.get("ids") and wanted.get("name"),
    }
    plural = verb == "invalidating"
    fill = {"s": "(s)" if plural else "", "are": "are" if plural else "is", "verb": verb}
    return [messages.WHICH_KEYS[name].format(**fill) for name, failed in wrong.items() if failed]
