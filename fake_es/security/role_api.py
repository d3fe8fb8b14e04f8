"""``/_security/role``: roles (``TransportPutRoleAction``, ``RoleDescriptor``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.role_body import failures_of, read_role
from fake_es.security.roles import Role, Roles
from fake_es.security.routes import security
from fake_es.security.user_api import bad_name, valid_name
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import IllegalArgument, NotImplementedHere, check_failures
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/role/"
_REFRESH = (Parameter("refresh", parameters.TEXT),)


def _read_role(call: Call) -> Role:
    name = call.path_parameters["name"]
    role = read_role(name, call.json_body().tree())
    failures = [] if valid_name(name, call.version) else [bad_name("Role", call.version)]
    failures += failures_of(role, call.version)
    check_failures(failures)
    return role


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
    error = reserved_error(roles, name, messages.RESERVED_ROLE)
    if error is not None:
        raise error
    return {"role": {"created": roles.put(name, call.request)}}


def reserved_error(roles: Roles, name: str, text: str) -> IllegalArgument | None:
    """The error for changing a built-in role, with the given text; None for other roles."""
    role = roles.listed().get(name)
    return IllegalArgument(text.format(name=name)) if role is not None and role.reserved else None


@operation(
    "security.get_role",
    routes=[*security("GET", "/role"), *security("GET", "/role/{name}")],
    action=_ACTION + "get",
    query=[Parameter("include_implicit", parameters.BOOLEAN, False, since=(9, 3))],
)
def get_role(call: Call, cluster: Cluster) -> Any:
    """Roles by name, without those given to the emulator (as with a ``roles.yml``); 404 if all names are unknown."""
    if call.params.get("include_implicit"):
        raise NotImplementedHere(messages.IMPLICIT_NOT_EMULATED)
    listed, names = cluster.part(Roles).listed(), call.path_parameters.get("name")
    if names is None:
        return {name: role.to_json(call.version) for name, role in listed.items()}
    found = {name: listed[name].to_json(call.version) for name in names.split(",") if name in listed}
    return found or Answer(404, {})


@operation("security.delete_role", routes=security("DELETE", "/role/{name}"), action=_ACTION + "delete", query=_REFRESH)
def delete_role(call: Call, cluster: Cluster) -> Any:
    """Delete a role; 404 if it does not exist."""
    name, roles = call.path_parameters["name"], cluster.part(Roles)
    error = reserved_error(roles, name, messages.RESERVED_ROLE_DELETED)
    if error is not None:
        raise error
    return {"found": True} if roles.delete(name) else Answer(404, {"found": False})
