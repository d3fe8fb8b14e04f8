"""Change API keys; only the owner of a key can (``UpdateApiKeyAction``, ``BulkUpdateApiKeyAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.api_keys.body import BULK_UPDATE, UPDATE, failures_in
from fake_es.security.api_keys.owners import owns
from fake_es.security.api_keys.store import REST, ApiKeys
from fake_es.security.grants import grants_of
from fake_es.security.routes import security
from fake_es.wire.call import Call
from fake_es.wire.errors import ElasticsearchError, IllegalArgument, ResourceNotFound, check_failures
from fake_es.wire.object_parser import ObjectParser
from fake_es.wire.operation import BodyUse, operation

_ACTION = "cluster:admin/xpack/security/api_key/"
_EMPTY: dict[str, Any] = {}


def _read(call: Call, parser: ObjectParser) -> dict[str, Any]:
    found = parser.parse_text(call.json_body()) if call.body.strip() else dict(_EMPTY)
    failures = failures_in(found, call.version)
    if not found.get("ids", True):
        failures.append("Field [ids] cannot be empty")
    check_failures(failures)
    return found


@operation(
    "security.update_api_key",
    routes=security("PUT", "/api_key/{id}", since=(8, 4)),
    action=_ACTION + "update",
    body=BodyUse.OPTIONAL,
    parse=lambda call: _read(call, UPDATE),
)
def update_api_key(call: Call, cluster: Cluster) -> Any:
    """Change the roles, metadata or expiration of a key, and limit it by the roles that its owner has now."""
    _check_no_key(call)
    return {"updated": change_key(call, cluster, call.path_parameters["id"], call.request)}


@operation(
    "security.bulk_update_api_keys",
    routes=security("POST", "/api_key/_bulk_update", since=(8, 5)),
    action=_ACTION + "bulk_update",
    body=BodyUse.REQUIRED,
    parse=lambda call: _read(call, BULK_UPDATE),
)
def bulk_update_api_keys(call: Call, cluster: Cluster) -> Any:
    """Change several keys; each can fail by itself."""
    _check_no_key(call)
    done: dict[bool, list[str]] = {True: [], False: []}
    errors: dict[str, Any] = {}
    for key_id in dict.fromkeys(call.request["ids"]):
        try:
            done[change_key(call, cluster, key_id, call.request)].append(key_id)
        except ElasticsearchError as error:  # noqa: PERF203 - keys are few
            errors[key_id] = error.entry(causes=True)
    shown: dict[str, Any] = {"updated": done[True], "noops": done[False]}
    return shown | {"errors": {"count": len(errors), "details": errors}} if errors else shown


def _check_no_key(call: Call) -> None:
    if call.user.key is not None:
        raise IllegalArgument(messages.UPDATE_BY_KEY)


def change_key(call: Call, cluster: Cluster, key_id: str, found: dict[str, Any], kind: str = REST, **more: Any) -> bool:
    """Change one of the caller's keys; returns whether anything changed.

    :raises ResourceNotFound: the caller has no key with that id.
    :raises IllegalArgument: the key is invalidated, expired, or of another type.
    """
    keys = cluster.part(ApiKeys)
    key = keys.find(key_id)
    if key is None or not owns(call.user, key):
        raise ResourceNotFound(messages.NO_OWN_KEY.format(id=key_id))
    wrong = "invalidated" if key.invalidated is not None else "expired" if key.has_expired(call.now) else ""
    wrong = wrong or ("type" if key.type != kind else "")
    if wrong:
        raise IllegalArgument(messages.KEY_NOT_CHANGED[wrong].format(id=key.id, type=key.type, expected=kind))
    changes: dict[str, Any] = {"limited_by": dict(grants_of(cluster, call.user).roles), **more}
    changes |= {new: found[old] for old, new in (("role_descriptors", "roles"), ("metadata", "metadata")) if old in found}
    if "expiration" in found:
        changes["expires"] = call.now + found["expiration"]
    changed = key._replace(**changes)
    if changed == key:
        return False
    keys.replace(changed)
    return True
