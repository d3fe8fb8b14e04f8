"""``/_security/privilege``: privileges of applications (``PutPrivilegesRequest``), and the names of the built-in ones."""

from __future__ import annotations

import re
from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import index_privileges, messages, privileges
from fake_es.security.applications.store import ApplicationPrivilege, ApplicationPrivileges
from fake_es.security.bodies import read_fields, token_name
from fake_es.security.routes import security
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import ParseError, check_failures
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/privilege/"
_SINCE = (6, 4)
_REFRESH = (Parameter("refresh", parameters.TEXT),)
_FIELDS = {"application": "text", "name": "text", "actions": "texts", "metadata": "object"}
_PREFIX = re.compile(r"[a-z][A-Za-z0-9]*")
_NAME = re.compile(r"[a-z][A-Za-z0-9_\-.]*")


def _read_privileges(call: Call) -> list[ApplicationPrivilege]:
    tree = call.json_body().tree()
    if not isinstance(tree, dict):
        raise ParseError(f"expected object but found {token_name(tree)} instead")
    found = [_read(app, name, entry) for app, entries in tree.items() for name, entry in _object(entries).items()]
    failures = [failure for privilege in found for failure in _failures(privilege)]
    if not found:
        failures = [messages.NO_APPLICATION_PRIVILEGES]
    check_failures(failures)
    return found


def _object(tree: Any) -> dict[str, Any]:
    if not isinstance(tree, dict):
        raise ParseError(f"expected the value of a privilege to be an object but found {token_name(tree)} instead")
    return tree


def _read(application: str, name: str, tree: Any) -> ApplicationPrivilege:
    found = read_fields(tree, f"privilege [{name}]", _FIELDS)
    for field, expected in (("application", application), ("name", name)):
        if found.get(field, expected) != expected:
            raise ParseError(messages.OTHER_PRIVILEGE.format(field=field, expected=expected, found=found[field]))
    return ApplicationPrivilege(application, name, tuple(found.get("actions", ())), found.get("metadata") or {})


def _failures(privilege: ApplicationPrivilege) -> list[str]:
    wrong_name = _wrong_application(privilege.application)
    failures = [] if wrong_name is None else [wrong_name]
    if not _NAME.fullmatch(privilege.name):
        failures.append(messages.BAD_PRIVILEGE_NAME.format(name=privilege.name))
    if not privilege.actions:
        failures.append(messages.NO_ACTIONS)
    failures += [messages.BAD_ACTION.format(action=action) for action in privilege.actions if not re.search("[/*:]", action)]
    if any(key.startswith("_") for key in privilege.metadata):
        failures.append(messages.RESERVED_PRIVILEGE_METADATA.format(application=privilege.application, name=privilege.name))
    return failures


def _wrong_application(name: str) -> str | None:
    """The error in the name of an application, if any (``ApplicationPrivilege.validateApplicationName``)."""
    prefix, _, suffix = re.sub("[_-]", "\0", name, count=1).partition("\0")
    wrong = {
        "blank": not name.strip(),
        "star": "*" in name,
        "space": re.search(r"\s", name) is not None,
        "prefix": not _PREFIX.fullmatch(prefix),
        "short": len(prefix) < 3,
        "suffix": re.search(r'[\\/*?"<>|,]', suffix) is not None,
    }
    found = next((reason for reason, failed in wrong.items() if failed), None)
    return None if found is None else messages.BAD_APPLICATION[found].format(name=name, prefix=prefix, suffix=suffix)


@operation(
    "security.put_privileges",
    routes=security("PUT,POST", "/privilege", since=_SINCE),
    action=_ACTION + "put",
    query=_REFRESH,
    body=BodyUse.REQUIRED,
    parse=_read_privileges,
)
def put_privileges(call: Call, cluster: Cluster) -> Any:
    """Create or replace privileges."""
    store, shown = cluster.part(ApplicationPrivileges), dict[str, dict[str, Any]]()
    for privilege in call.request:
        shown.setdefault(privilege.application, {})[privilege.name] = {"created": store.put(privilege)}
    return shown


@operation(
    "security.get_privileges",
    routes=[
        *security("GET", "/privilege", since=_SINCE),
        *security("GET", "/privilege/{application}", since=_SINCE),
        *security("GET", "/privilege/{application}/{name}", since=_SINCE),
    ],
    action=_ACTION + "get",
)
def get_privileges(call: Call, cluster: Cluster) -> Any:
    """Privileges by application and name; 404 if the request names a privilege and none was found."""
    application, names = (call.path_parameters.get(field, "") for field in ("application", "name"))
    found = cluster.part(ApplicationPrivileges).find(application or "*", filter(None, names.split(",")))
    shown: dict[str, dict[str, Any]] = {}
    for privilege in found:
        shown.setdefault(privilege.application, {})[privilege.name] = privilege.to_json()
    return shown if shown or not application else Answer(404, {})


@operation(
    "security.delete_privileges",
    routes=security("DELETE", "/privilege/{application}/{name}", since=_SINCE),
    action=_ACTION + "delete",
    query=_REFRESH,
)
def delete_privileges(call: Call, cluster: Cluster) -> Any:
    """Delete privileges of an application; 404 if none of them exists."""
    application, names = call.path_parameters["application"], call.path_parameters["name"].split(",")
    store = cluster.part(ApplicationPrivileges)
    found = {name: {"found": store.delete(application, name)} for name in names}
    status = 200 if any(entry["found"] for entry in found.values()) else 404
    return Answer(status, {application: found})


@operation(
    "security.get_builtin_privileges",
    routes=security("GET", "/privilege/_builtin", since=(7, 3)),
    action=_ACTION + "builtin/get",
)
def get_builtin_privileges(call: Call, cluster: Cluster) -> Any:
    """The names of all built-in privileges of the release, sorted (``GetBuiltinPrivilegesAction``)."""
    shown = {"cluster": sorted(privileges.known(call.version)), "index": sorted(index_privileges.known(call.version))}
    if call.version >= (8, 15):
        remote = ["monitor_enrich", "monitor_stats"] if call.version >= (8, 17) else ["monitor_enrich"]
        shown["remote_cluster"] = remote
    return shown
