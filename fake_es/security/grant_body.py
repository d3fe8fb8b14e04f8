"""Credentials of a user in a body (``Grant``): to create an API key, or activate a profile, for that user."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.authentication import AuthContext, by_bearer, by_password
from fake_es.security.authorization import may_run_as
from fake_es.security.caller import Caller
from fake_es.security.users import Users
from fake_es.wire.call import Call
from fake_es.wire.object_parser import STRING, Field

GRANT_FIELDS = tuple(Field(name, STRING) for name in ("grant_type", "username", "password", "access_token"))
# The action that is authorized when a grant runs as another user (``TransportGrantAction``).
_AUTHENTICATE = "cluster:admin/xpack/security/user/authenticate"
# Type of a grant -> the fields it needs; other fields are not allowed.
_NEEDS = {"password": ("username", "password"), "access_token": ("access_token",)}


def grant_failures(found: dict[str, Any]) -> list[str]:
    """The validation errors of a grant: an unknown type, missing fields, fields that its type does not allow."""
    kind = found.get("grant_type")
    if kind is None:
        return [messages.GRANT["missing"]]
    if kind not in _NEEDS:
        return [messages.GRANT["unknown"].format(type=kind)]
    others = [field for name, fields in _NEEDS.items() if name != kind for field in fields]
    failures = [messages.GRANT["needed"].format(type=kind, field=field) for field in _NEEDS[kind] if not found.get(field)]
    return failures + [messages.GRANT["unwanted"].format(type=kind, field=field) for field in others if found.get(field)]


def granted(call: Call, cluster: Cluster, found: dict[str, Any]) -> Caller:
    """The caller whose credentials a body has, running as ``run_as`` if the body names that.

    :raises SecurityError: 401, the credentials are wrong; 403, this user may not run as the other.
    """
    action = call.endpoint.operation.action
    context = AuthContext(cluster, call.target, f"action [{action}]")
    if found["grant_type"] == "password":
        caller = by_password(context, found["username"], found["password"])
    else:
        caller = by_bearer(context, found["access_token"])
    target = found.get("run_as")
    if not target:
        return caller
    may_run_as(cluster, caller, _AUTHENTICATE, target)
    return caller._replace(user=cluster.part(Users).find(target), name=target)
