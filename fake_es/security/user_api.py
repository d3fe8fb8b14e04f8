"""``/_security/user``: users of the native realm, and passwords of the built-in users (``TransportPutUserAction``)."""

from __future__ import annotations

import re
from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.bodies import read_object
from fake_es.security.routes import security
from fake_es.security.user_profiles.store import Profiles
from fake_es.security.users import INTERNAL, User, Users
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, NotImplementedHere, ValidationError, check_failures
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/user/"
_REFRESH = (Parameter("refresh", parameters.TEXT),)
_FIELDS = {
    "username": "text", "password": "text", "password_hash": "text", "roles": "texts", "full_name": "text",
    "email": "text", "metadata": "object", "enabled": "flag",
}  # fmt: skip
_BCRYPT = re.compile(r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}")
_NAME = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def valid_name(name: str, version: tuple[int, ...]) -> bool:
    """Whether a user or role can have that name: printable ASCII, without blanks at either end."""
    return len(name) <= (1024 if version >= (6, 0) else 30) and _NAME.fullmatch(name) is not None


def bad_name(kind: str, version: tuple[int, ...]) -> str:
    """The validation error for a bad name; ``kind`` is ``User`` or ``Role``."""
    return messages.BAD_NAME.format(kind=kind, most=1024 if version >= (6, 0) else 30)


def _read_user(call: Call) -> dict[str, Any]:
    found = read_object(call, "add user request", _FIELDS)
    failures = []
    name = call.path_parameters["username"]
    if not valid_name(name, call.version):
        failures.append(bad_name("User", call.version))
    if "roles" not in found:
        failures.append(messages.ROLES_MISSING)
    if any(key.startswith("_") for key in found.get("metadata") or ()):
        failures.append(messages.RESERVED_METADATA)
    check_failures(failures)
    _check_password(found)
    return found


def _check_password(found: dict[str, Any]) -> None:
    """Refuse a short password, and a ``password_hash``: bcrypt hashes are not emulated."""
    password, hashed = found.get("password"), found.get("password_hash")
    if password is not None and hashed is not None:
        raise IllegalArgument(messages.PASSWORD_AND_HASH)
    if hashed is not None and not _BCRYPT.fullmatch(hashed):
        raise IllegalArgument(messages.NO_HASH)
    if hashed is not None:
        raise NotImplementedHere(messages.HASH_NOT_EMULATED)
    if password is not None and len(password) < 6:
        raise ValidationError(messages.SHORT_PASSWORD)


def _check_not_built_in(
    users: Users, name: str, reserved: str, refusal: type[IllegalArgument | ActionRequestValidation] = IllegalArgument
) -> None:
    problem = None
    if users.is_reserved(name):
        problem = reserved
    elif name in INTERNAL:
        problem = messages.INTERNAL_USER
    elif users.anonymous is not None and name == users.anonymous.name:
        problem = messages.ANONYMOUS_USER
    if problem is not None:
        raise refusal(problem.format(name=name))


@operation(
    "security.put_user",
    routes=security("PUT,POST", "/user/{username}"),
    action=_ACTION + "put",
    query=_REFRESH,
    body=BodyUse.REQUIRED,
    parse=_read_user,
)
def put_user(call: Call, cluster: Cluster) -> Any:
    """Create or replace a user. Without a password, an existing user keeps the old one."""
    name, found, users = call.path_parameters["username"], call.request, cluster.part(Users)
    # From 7.0 this is a validation error (``TransportPutUserAction.validateRequest``).
    refusal = ActionRequestValidation if call.version >= (7, 0) else IllegalArgument
    _check_not_built_in(users, name, messages.RESERVED_USER, refusal)
    existing = users.native(name)
    if existing is None and found.get("password") is None:
        raise ValidationError(messages.PASSWORD_NEEDED)
    secret = users.secret(found["password"]) if found.get("password") is not None else existing and existing.secret
    user = User(
        name, secret, tuple(found["roles"]), "native",
        found.get("full_name"), found.get("email"), found.get("metadata") or {}, found.get("enabled", True),
    )  # fmt: skip
    created = {"created": users.put(user)}
    if call.version >= (7, 0):
        return created
    return {"user": created} if call.version < (6, 0) else {"user": created, **created}


@operation(
    "security.get_user",
    routes=[*security("GET", "/user"), *security("GET", "/user/{username}")],
    action=_ACTION + "get",
    query=[Parameter("with_profile_uid", parameters.BOOLEAN, since=(8, 5))],
)
def get_user(call: Call, cluster: Cluster) -> Any:
    """Users by name, without those given to the emulator (as with a file realm); 404 if all names are unknown."""
    listed, names = cluster.part(Users).listed(), call.path_parameters.get("username")
    profiles = cluster.part(Profiles) if call.params.get("with_profile_uid") else None
    if names is None:
        return {name: _shown(user, profiles) for name, user in listed.items()}
    found = {name: _shown(listed[name], profiles) for name in names.split(",") if name in listed}
    return found or Answer(404, {})


def _shown(user: User, profiles: Profiles | None) -> dict[str, Any]:
    uid = None if profiles is None else profiles.uid_of(user)
    return user.to_json() if uid is None else {**user.to_json(), "profile_uid": uid}


@operation("security.delete_user", routes=security("DELETE", "/user/{username}"), action=_ACTION + "delete", query=_REFRESH)
def delete_user(call: Call, cluster: Cluster) -> Any:
    """Delete a user; 404 if it does not exist."""
    name, users = call.path_parameters["username"], cluster.part(Users)
    _check_not_built_in(users, name, messages.RESERVED_USER_DELETED)
    return {"found": True} if users.delete(name) else Answer(404, {"found": False})


def _read_password(call: Call) -> dict[str, Any]:
    found = read_object(call, "change password request", {"password": "text", "password_hash": "text"})
    if found.get("password") is None and found.get("password_hash") is None:
        raise ActionRequestValidation(messages.PASSWORD_MISSING)
    _check_password(found)
    return found


@operation(
    "security.change_password",
    routes=[*security("PUT,POST", "/user/_password"), *security("PUT,POST", "/user/{username}/_password")],
    action=_ACTION + "change_password",
    query=_REFRESH,
    body=BodyUse.REQUIRED,
    parse=_read_password,
    same_user=True,
)
def change_password(call: Call, cluster: Cluster) -> Any:
    """Change the caller's password; with ``manage_security``, the password of any user."""
    users = cluster.part(Users)
    name = call.path_parameters.get("username", call.user.name)
    if name not in users.listed():
        raise ValidationError(messages.USER_MUST_EXIST)
    users.change(name, secret=users.secret(call.request["password"]))
    return {}


def _set_enabled(call: Call, cluster: Cluster, enabled: bool) -> Any:
    users, name = cluster.part(Users), call.path_parameters["username"]
    if name == call.user.name:
        raise IllegalArgument(messages.SELF_DISABLE)
    if name not in users.listed():
        raise ValidationError(messages.NO_SUCH_USER.format(verb="enabled" if enabled else "disabled"))
    users.change(name, enabled=enabled)
    return {}


@operation(
    "security.enable_user",
    routes=security("PUT,POST", "/user/{username}/_enable"),
    action=_ACTION + "set_enabled",
    query=_REFRESH,
)
def enable_user(call: Call, cluster: Cluster) -> Any:
    """Enable a user."""
    return _set_enabled(call, cluster, True)


@operation(
    "security.disable_user",
    routes=security("PUT,POST", "/user/{username}/_disable"),
    action=_ACTION + "set_enabled",
    query=_REFRESH,
)
def disable_user(call: Call, cluster: Cluster) -> Any:
    """Disable a user: authentication then fails as with a wrong password."""
    return _set_enabled(call, cluster, False)
