"""Create and change API keys for other clusters. No request here can be authenticated by such a key."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.api_keys.body import failures_in, name_failures
from fake_es.security.api_keys.create_api import create_key
from fake_es.security.api_keys.store import CROSS_CLUSTER
from fake_es.security.api_keys.update_api import change_key
from fake_es.security.routes import security
from fake_es.wire.call import Call
from fake_es.wire.durations import parse_time_value
from fake_es.wire.errors import IllegalArgument, check_failures
from fake_es.wire.object_parser import ANY, BOOLEAN, OBJECT, STRING, STRINGS, Field, ObjectParser, nested, nested_list, reading
from fake_es.wire.operation import BodyUse, operation

_ACTION = "cluster:admin/xpack/security/cross_cluster/api_key/"
_SINCE = (8, 10)
_RESTRICTED = Field("allow_restricted_indices", BOOLEAN)
_SEARCH = ObjectParser(
    "cross_cluster_api_key_request_access_search",
    (Field("names", STRINGS), _RESTRICTED, Field("field_security", OBJECT), Field("query", ANY)),
    required=("names",),
)
_REPLICATION = ObjectParser(
    "cross_cluster_api_key_request_access_replication", (Field("names", STRINGS), _RESTRICTED), required=("names",)
)
_ACCESS = ObjectParser(
    "cross_cluster_api_key_request_access",
    (Field("search", nested_list(_SEARCH)), Field("replication", nested_list(_REPLICATION))),
)
_CHANGES = (
    Field("access", nested(_ACCESS)),
    Field("metadata", OBJECT),
    Field("expiration", reading(STRING, lambda text, body: parse_time_value(text, "expiration", body.version).ms)),
    Field("certificate_identity", STRING, since=(9, 3)),
)
_CREATE = ObjectParser("cross_cluster_api_key_request_builder", (Field("name", STRING), *_CHANGES), required=("name", "access"))
_UPDATE = ObjectParser("update_cross_cluster_api_key_request", _CHANGES)


def _read_key(call: Call) -> dict[str, Any]:
    found = _CREATE.parse_text(call.json_body())
    return _checked(call, found, list(name_failures(found["name"])))


def _read_changes(call: Call) -> dict[str, Any]:
    found = _UPDATE.parse_text(call.json_body())
    return _checked(call, found, [] if found else [messages.NO_CROSS_CLUSTER_CHANGE])


def _checked(call: Call, found: dict[str, Any], failures: list[str]) -> dict[str, Any]:
    if "access" in found and not any(found["access"].values()):
        failures.append(messages.NO_ACCESS)
    failures += failures_in(found, call.version)
    check_failures(failures)
    return found


@operation(
    "security.create_cross_cluster_api_key",
    routes=security("POST", "/cross_cluster/api_key", since=_SINCE),
    action=_ACTION + "create",
    body=BodyUse.REQUIRED,
    parse=_read_key,
)
def create_cross_cluster_api_key(call: Call, cluster: Cluster) -> Any:
    """Create a key for another cluster.

    :raises IllegalArgument: the caller was authenticated by an API key.
    """
    if call.user.key is not None:
        raise IllegalArgument(messages.CROSS_CLUSTER_BY_KEY)
    return create_key(call, cluster, call.user, call.request, type=CROSS_CLUSTER, **_settings(call.request))


@operation(
    "security.update_cross_cluster_api_key",
    routes=security("PUT", "/cross_cluster/api_key/{id}", since=_SINCE),
    action=_ACTION + "update",
    body=BodyUse.REQUIRED,
    parse=_read_changes,
)
def update_cross_cluster_api_key(call: Call, cluster: Cluster) -> Any:
    """Change the access, the metadata or the expiration of a cross-cluster key."""
    if call.user.key is not None:
        raise IllegalArgument(messages.UPDATE_BY_KEY)
    changed = change_key(call, cluster, call.path_parameters["id"], call.request, CROSS_CLUSTER, **_settings(call.request))
    return {"updated": changed}


def _settings(found: dict[str, Any]) -> dict[str, Any]:
    return {field: found[field] for field in ("access", "certificate_identity") if field in found}
