"""``GET`` and ``DELETE /_security/api_key``: show and invalidate keys."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security.api_keys.owners import check_own, owns
from fake_es.security.api_keys.shown import select_keys, selection_failures, shown_key
from fake_es.security.api_keys.store import ApiKeys
from fake_es.security.routes import security
from fake_es.security.user_profiles.store import Profiles
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, check_failures
from fake_es.wire.object_parser import BOOLEAN, STRING, STRINGS, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import BOOLEAN as FLAG
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/api_key/"
_INVALIDATE = ObjectParser(
    "invalidate_api_key",
    (
        Field("id", STRING, until=(8, 0)),
        Field("ids", STRINGS, since=(7, 10)),
        Field("name", STRING),
        Field("owner", BOOLEAN, since=(7, 4)),
        Field("realm_name", STRING),
        Field("username", STRING),
    ),
)


@operation(
    "security.get_api_key",
    routes=security("GET", "/api_key", since=(6, 7)),
    action=_ACTION + "get",
    query=[
        *(Parameter(name, parameters.TEXT) for name in ("id", "name", "username", "realm_name")),
        Parameter("owner", FLAG, False, since=(7, 4)),
        Parameter("with_limited_by", FLAG, False, since=(8, 5)),
        Parameter("active_only", FLAG, False, since=(8, 10)),
        Parameter("with_profile_uid", FLAG, False, since=(8, 14)),
    ],
)
def get_api_key(call: Call, cluster: Cluster) -> Any:
    """Keys by id, name and owner; 404 if an id was given and no key has it."""
    asked = call.params
    wanted = {"ids": [asked["id"]] if asked.get("id") else None, **asked}
    check_failures(selection_failures(wanted, verb="retrieving", needed=call.version < (7, 5)))
    check_own(call, cluster, wanted, reading=True)
    found = [key for key in select_keys(cluster.part(ApiKeys), wanted) if not wanted.get("owner") or owns(call.user, key)]
    if asked.get("active_only"):
        found = [key for key in found if key.is_active(call.now)]
    profiles = cluster.part(Profiles) if asked.get("with_profile_uid") else None
    limited_by = bool(asked.get("with_limited_by"))
    keys = []
    for key in found:
        uid = None if profiles is None else profiles.uid_of(key.owner)
        keys.append(shown_key(key, call.version, limited_by=limited_by, profile_uid=uid))
    return Answer(404, {"api_keys": keys}) if asked.get("id") and not found else {"api_keys": keys}


def _read_selection(call: Call) -> dict[str, Any]:
    found = _INVALIDATE.parse_text(call.json_body())
    if "id" in found and "ids" in found:
        raise IllegalArgument("Must use either [id] or [ids], not both at the same time")
    if "ids" in found and not found["ids"]:
        raise ActionRequestValidation("Field [ids] cannot be an empty array")
    if "id" in found:
        found["ids"] = [found.pop("id")]
    check_failures(selection_failures(found, verb="invalidating", needed=True))
    return found


@operation(
    "security.invalidate_api_key",
    routes=security("DELETE", "/api_key", since=(6, 7)),
    action=_ACTION + "invalidate",
    body=BodyUse.REQUIRED,
    parse=_read_selection,
)
def invalidate_api_key(call: Call, cluster: Cluster) -> Any:
    """Invalidate keys; they are still shown afterwards. Unknown ids are not counted."""
    check_own(call, cluster, call.request, reading=False)
    keys, ended, before = cluster.part(ApiKeys), list[str](), list[str]()
    for key in select_keys(keys, call.request):
        if call.request.get("owner") and not owns(call.user, key):
            continue
        if key.invalidated is not None:
            before.append(key.id)
            continue
        keys.replace(key._replace(invalidated=call.now))
        ended.append(key.id)
    return {"invalidated_api_keys": ended, "previously_invalidated_api_keys": before, "error_count": 0}
