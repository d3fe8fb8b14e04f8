"""``/_security/role_mapping``: mappings are stored and shown, without effect: users of native and file realms need none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.bodies import read_object
from fake_es.security.changes import Changes
from fake_es.security.role_mappings.expression import check_rules
from fake_es.security.routes import security
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import check_failures
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/role_mapping/"
_SINCE = (5, 5)
_REFRESH = (Parameter("refresh", parameters.TEXT),)
_FIELDS = {
    "enabled": "flag", "roles": "texts", "role_templates": "objects", "rules": "object", "metadata": "object",
    "run_as": "texts",
}  # fmt: skip


class RoleMappings:
    """All role mappings of a cluster by name, in the form that the API shows."""

    def __init__(self, cluster: Cluster) -> None:
        self._changes = cluster.part(Changes)
        self._mappings: dict[str, Mapping[str, Any]] = {}

    def put(self, name: str, mapping: Mapping[str, Any]) -> bool:
        """Create or replace a mapping; returns whether it is new."""
        created = name not in self._mappings
        self._mappings[name] = mapping
        self._changes.note()
        return created

    def delete(self, name: str) -> bool:
        """Delete a mapping; returns whether it existed."""
        self._changes.note()
        return self._mappings.pop(name, None) is not None

    def all(self) -> Mapping[str, Mapping[str, Any]]:
        """The mappings by name."""
        return self._mappings


def _read_mapping(call: Call) -> dict[str, Any]:
    name = call.path_parameters["name"]
    found = read_object(call, f"role-mapping [{name}]", _FIELDS)
    if found.get("rules") is not None:
        check_rules(found["rules"], call.version)
    roles, templates = found.get("roles"), found.get("role_templates")
    failures = [] if roles or templates else [messages.MAPPING["roles"]]
    failures += [messages.MAPPING["both"]] if roles and templates else []
    failures += [] if found.get("rules") else [messages.MAPPING["rules"]]
    if any(key.startswith("_") for key in found.get("metadata") or ()):
        failures.append(messages.RESERVED_METADATA)
    check_failures(failures)
    return found


@operation(
    "security.put_role_mapping",
    routes=security("PUT,POST", "/role_mapping/{name}", since=_SINCE),
    action=_ACTION + "put",
    query=_REFRESH,
    body=BodyUse.REQUIRED,
    parse=_read_mapping,
)
def put_role_mapping(call: Call, cluster: Cluster) -> Any:
    """Create or replace a mapping."""
    found = call.request
    roles = {name: found[name] for name in ("roles", "role_templates") if found.get(name)}
    mapping = {"enabled": found.get("enabled", True), **roles, "rules": found["rules"], "metadata": found.get("metadata") or {}}
    created = cluster.part(RoleMappings).put(call.path_parameters["name"], mapping)
    return {"role_mapping": {"created": created}}


@operation(
    "security.get_role_mapping",
    routes=[
        *security("GET", "/role_mapping", since=_SINCE),
        *security("GET", "/role_mapping/{name}", since=_SINCE),
    ],
    action=_ACTION + "get",
)
def get_role_mapping(call: Call, cluster: Cluster) -> Any:
    """Mappings by name; 404 if the request names some and none of them exists."""
    mappings, names = cluster.part(RoleMappings).all(), call.path_parameters.get("name")
    if names is None:
        return dict(mappings)
    found = {name: mappings[name] for name in names.split(",") if name in mappings}
    return found or Answer(404, {})


@operation(
    "security.delete_role_mapping",
    routes=security("DELETE", "/role_mapping/{name}", since=_SINCE),
    action=_ACTION + "delete",
    query=_REFRESH,
)
def delete_role_mapping(call: Call, cluster: Cluster) -> Any:
    """Delete a mapping; 404 if it does not exist."""
    found = cluster.part(RoleMappings).delete(call.path_parameters["name"])
    return {"found": True} if found else Answer(404, {"found": False})
