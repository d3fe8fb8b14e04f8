"""``/_security/role``: roles (``TransportPutRoleAction``, ``RoleDescriptor``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages, privileges
from fake_es.security.bodies import read_object, strings, token_name
from fake_es.security.roles import Role, Roles
from fake_es.security.routes import security
from fake_es.security.user_api import bad_name, valid_name
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, ParseError
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/role/"
_REFRESH = (Parameter("refresh", parameters.TEXT),)
_FIELDS = {
    "cluster": "texts", "indices": "objects", "index": "objects", "run_as": "texts", "applications": "objects",
    "metadata": "object", "transient_metadata": "object", "global": "object", "description": "text",
    "remote_indices": "objects", "remote_cluster": "objects",
}  # fmt: skip


def _read_role(call: Call) -> Role:
    name = call.path_parameters["name"]
    found = read_object(call, f"role [{name}]", _FIELDS)
    failures = [] if valid_name(name, call.version) else [bad_name("Role", call.version)]
    if any(key.startswith("_") for key in found.get("metadata") or ()):
        failures.append(messages.RESERVED_METADATA)
    failures += _bad_privileges(found.get("cluster", ()), call.version)
    if failures:
        raise ActionRequestValidation(*failures)
    return Role(
        cluster=tuple(found.get("cluster", ())),
        indices=tuple(_entry(name, entry) for entry in found.get("indices") or found.get("index") or ()),
        run_as=tuple(found.get("run_as", ())),
        applications=tuple(found.get("applications", ())),
        metadata=found.get("metadata") or {},
        description=found.get("description"),
    )


def _bad_privileges(names: list[str], version: tuple[int, ...]) -> list[str]:
    """From 7.x unknown privileges are found when the role is put; before, the role was useless but taken."""
    if version < (7, 0):
        return []
    try:
        privileges.check(names, version)
    except IllegalArgument as error:
        return [str(error.reason)]
    return []


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


@operation(
    "security.put_role",
    routes=security("PUT,POST", "/role/{name}"),
    action=_ACTION + "put",
    query=_REFRESH,
    body=BodyUse.REQUIRED,
    parse=_read_role,
)
def put_role(call: Call, cluster: Cluster) -> Any:
    """Create or replace a role."""
    name, roles = call.path_parameters["name"], cluster.part(Roles)
    _check_not_reserved(roles, name, messages.RESERVED_ROLE)
    return {"role": {"created": roles.put(name, call.request)}}


def _check_not_reserved(roles: Roles, name: str, refusal: str) -> None:
    role = roles.listed().get(name)
    if role is not None and role.reserved:
        raise IllegalArgument(refusal.format(name=name))


@operation(
    "security.get_role",
    routes=[*security("GET", "/role"), *security("GET", "/role/{name}")],
    action=_ACTION + "get",
)
def get_role(call: Call, cluster: Cluster) -> Any:
    """Roles by name, those of the start excepted; 404 if all names are unknown."""
    listed, names = cluster.part(Roles).listed(), call.path_parameters.get("name")
    if names is None:
        return {name: role.to_json(call.version) for name, role in listed.items()}
    found = {name: listed[name].to_json(call.version) for name in names.split(",") if name in listed}
    return found or Answer(404, {})


@operation("security.delete_role", routes=security("DELETE", "/role/{name}"), action=_ACTION + "delete", query=_REFRESH)
def delete_role(call: Call, cluster: Cluster) -> Any:
    """Delete a role; 404 if there is none."""
    name, roles = call.path_parameters["name"], cluster.part(Roles)
    _check_not_reserved(roles, name, messages.RESERVED_ROLE_DELETED)
    return {"found": True} if roles.delete(name) else Answer(404, {"found": False})
