"""Role descriptors in the bodies of roles and API keys (``RoleDescriptor.parse``)."""

from __future__ import annotations

from itertools import chain
from typing import Any

from fake_es.security import index_privileges, messages, name_patterns, privileges
from fake_es.security.bodies import read_fields, strings, token_name
from fake_es.security.roles import Role
from fake_es.wire.errors import ParseError

_FIELDS = {
    "cluster": "texts", "indices": "objects", "index": "objects", "run_as": "texts", "applications": "objects",
    "metadata": "object", "transient_metadata": "object", "global": "object", "description": "text",
    "remote_indices": "objects", "remote_cluster": "objects", "restriction": "object",
}  # fmt: skip
_ELSEWHERE = ("global", "remote_indices", "remote_cluster", "restriction")


def read_role(name: str, tree: Any) -> Role:
    """The role that a descriptor describes; ``failures_of`` checks its privileges.

    :raises ParseError: the descriptor is no object, or has an unknown field or a wrong value.
    """
    found = read_fields(tree, f"role [{name}]", _FIELDS)
    return Role(
        cluster=tuple(found.get("cluster", ())),
        indices=tuple(_entry(name, entry) for entry in found.get("indices") or found.get("index") or ()),
        run_as=tuple(found.get("run_as", ())),
        applications=tuple(_application(name, entry) for entry in found.get("applications", ())),
        metadata=found.get("metadata") or {},
        description=found.get("description"),
        elsewhere={field: found[field] for field in _ELSEWHERE if found.get(field)},
    )


def failures_of(role: Role, version: tuple[int, ...]) -> list[str]:
    """The validation errors of a new role (``PutRoleRequest``, ``RoleDescriptorRequestValidator``)."""
    failures: list[str] = []
    # Before pull request 46361 of Elasticsearch, unknown privileges were accepted. Requests of the role's users then failed.
    if version >= (7, 5):
        failures += privileges.failures(role.cluster, version)
        failures += chain.from_iterable(index_privileges.failures(entry["privileges"], version) for entry in role.indices)
    failures += name_patterns.failures((name for entry in role.indices for name in entry["names"]), version)
    if any(key.startswith("_") for key in role.metadata):
        failures.append(messages.RESERVED_ROLE_METADATA.at(version))
    return failures


def _entry(role: str, entry: dict[str, Any]) -> dict[str, Any]:
    known = {"names", "privileges", "field_security", "query", "allow_restricted_indices"}
    for field in entry:
        if field not in known:
            raise ParseError(f"failed to parse indices privileges for role [{role}]. unexpected field [{field}]")
    return {**entry, **{field: _names(role, entry, field) for field in ("names", "privileges")}}


def _names(role: str, entry: dict[str, Any], field: str) -> list[str]:
    value, failed = entry.get(field), f"failed to parse indices privileges for role [{role}]"
    if not value:
        raise ParseError(f"{failed}. missing required [{field}] field")
    if not strings(value):
        wanted = f"expected field [{field}] value to be a string or an array of strings"
        raise ParseError(f"{failed}. {wanted}, but found [{token_name(value)}] instead")
    return strings(value)


def _application(role: str, entry: dict[str, Any]) -> dict[str, Any]:
    failed = f"failed to parse application privileges for role [{role}]"
    for field in entry:
        if field not in ("application", "privileges", "resources"):
            raise ParseError(f"{failed}. unexpected field [{field}]")
    for field in ("application", "privileges", "resources"):
        if not entry.get(field):
            raise ParseError(f"{failed}. missing required [{field}] field")
    return {**entry, "privileges": strings(entry["privileges"]), "resources": strings(entry["resources"])}
