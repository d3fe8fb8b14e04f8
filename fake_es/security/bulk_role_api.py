"""``POST`` and ``DELETE /_security/role``: several roles in one request; each can fail by itself (``NativeRolesStore``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.role_api import reserved_error
from fake_es.security.role_body import failures_of, read_role
from fake_es.security.roles import Role, Roles
from fake_es.security.routes import security
from fake_es.security.user_api import bad_name, valid_name
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, ElasticsearchError
from fake_es.wire.object_parser import OBJECT, STRINGS, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/role/"
_SINCE = (8, 15)
_REFRESH = (Parameter("refresh", parameters.TEXT),)
_PUT = ObjectParser("bulk_update_roles_request_payload", (Field("roles", OBJECT),), required=("roles",))
_DELETE = ObjectParser("bulk_delete_roles_request", (Field("names", STRINGS),), required=("names",))


def _read_roles(call: Call) -> dict[str, Role]:
    trees = _PUT.parse_text(call.json_body())["roles"]
    if not trees:
        raise ActionRequestValidation(messages.NO_ROLES_NAMED)
    return {name: read_role(name, tree) for name, tree in trees.items()}


@operation(
    "security.bulk_put_role",
    routes=security("POST", "/role", since=_SINCE),
    action=_ACTION + "bulk_put",
    query=_REFRESH,
    body=BodyUse.REQUIRED,
    parse=_read_roles,
)
def bulk_put_role(call: Call, cluster: Cluster) -> Any:
    """Create or replace roles; roles that do not change are listed as ``noop``."""
    roles, done, errors = cluster.part(Roles), dict[str, list[str]](), dict[str, ElasticsearchError]()
    for name, role in call.request.items():
        error = _refusal(roles, name, role, call.version)
        if error is not None:
            errors[name] = error
            continue
        known = roles.listed().get(name) == role
        outcome = "noop" if known else "created" if roles.put(name, role) else "updated"
        done.setdefault(outcome, []).append(name)
    return {
        **{outcome: done[outcome] for outcome in ("created", "updated", "noop") if outcome in done},
        **_shown_errors(errors),
    }


def _refusal(roles: Roles, name: str, role: Role, version: tuple[int, ...]) -> ElasticsearchError | None:
    failures = [] if valid_name(name, version) else [bad_name("Role", version)]
    failures += failures_of(role, version)
    if failures:
        return ActionRequestValidation(*failures)
    return reserved_error(roles, name, messages.RESERVED_ROLE)


def _shown_errors(errors: dict[str, ElasticsearchError]) -> dict[str, Any]:
    details = {name: error.entry(causes=True) for name, error in errors.items()}
    return {"errors": {"count": len(details), "details": details}} if details else {}


@operation(
    "security.bulk_delete_role",
    routes=security("DELETE", "/role", since=_SINCE),
    action=_ACTION + "bulk_delete",
    query=_REFRESH,
    body=BodyUse.REQUIRED,
    parse=lambda call: _DELETE.parse_text(call.json_body()),
)
def bulk_delete_role(call: Call, cluster: Cluster) -> Any:
    """Delete roles; unknown roles are listed as ``not_found``."""
    roles, done, errors = cluster.part(Roles), dict[str, list[str]](), dict[str, ElasticsearchError]()
    for name in dict.fromkeys(call.request["names"]):
        error = reserved_error(roles, name, messages.RESERVED_ROLE_DELETED)
        if error is not None:
            errors[name] = error
            continue
        done.setdefault("deleted" if roles.delete(name) else "not_found", []).append(name)
    return {**{outcome: done[outcome] for outcome in ("deleted", "not_found") if outcome in done}, **_shown_errors(errors)}
