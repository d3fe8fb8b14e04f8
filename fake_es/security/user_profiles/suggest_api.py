"""``/_security/profile/_suggest`` and ``_has_privileges``: find users by name, or by their privileges."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.bodies import strings
from fake_es.security.grants import Grants, roles_of
from fake_es.security.has_privileges import check_privileges, read_requested
from fake_es.security.routes import security
from fake_es.security.user_profiles.api import select_data, unknown
from fake_es.security.user_profiles.store import Profile, Profiles
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation
from fake_es.wire.object_parser import INT, OBJECT, STRING, STRINGS, Field, ObjectParser, nested, reading
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/profile/"
_SINCE = (8, 2)
_MOST = 1000
_HINT = ObjectParser("hint", (Field("uids", STRINGS), Field("labels", OBJECT)))
_SUGGEST = ObjectParser(
    "suggest_profile_request",
    (Field("name", STRING), Field("size", INT), Field("data", STRING), Field("hint", nested(_HINT))),
)


def _read_suggest(call: Call) -> dict[str, Any]:
    found = _SUGGEST.parse_text(call.json_body()) if call.body.strip() else {}
    size = found.get("size", 10)
    if not 0 <= size <= _MOST:
        raise ActionRequestValidation(messages.SUGGEST_SIZE.format(most=_MOST, size=size))
    return found


@operation(
    "security.suggest_user_profiles",
    routes=security("GET,POST", "/profile/_suggest", since=_SINCE),
    action=_ACTION + "suggest",
    query=[Parameter("data", parameters.TEXT)],
    body=BodyUse.OPTIONAL,
    parse=_read_suggest,
)
def suggest_user_profiles(call: Call, cluster: Cluster) -> Any:
    """Profiles with names that begin with each word of ``name``; those of the hint first, then the last seen."""
    found, name = call.request, call.request.get("name", "")
    matching = [profile for profile in cluster.part(Profiles) if profile.enabled and _fits(profile, name)]
    matching.sort(key=lambda profile: (not _is_hinted(profile, found.get("hint", {})), -profile.seen))
    wanted = call.params.get("data") or found.get("data")
    shown = [
        {"uid": profile.uid, **profile.summary(select_data(profile, wanted))} for profile in matching[: found.get("size", 10)]
    ]
    return {"took": 0, "total": {"value": len(matching), "relation": "eq"}, "profiles": shown}


def _fits(profile: Profile, name: str) -> bool:
    user = profile.user
    words = " ".join(filter(None, (user.name, user.full_name, user.email))).lower().split()
    return all(any(word.startswith(wanted) for word in words) for wanted in name.lower().split())


def _is_hinted(profile: Profile, hint: dict[str, Any]) -> bool:
    labels = hint.get("labels", {}).items()
    return profile.uid in hint.get("uids", ()) or any(
        profile.labels.get(key) in (value if isinstance(value, list) else [value]) for key, value in labels
    )


_HAS_PRIVILEGES = ObjectParser(
    "profile_has_privileges_request",
    (Field("uids", STRINGS), Field("privileges", reading(OBJECT, lambda tree, body: read_requested(tree)))),
    required=("uids", "privileges"),
)


@operation(
    "security.has_privileges_user_profile",
    routes=security("GET,POST", "/profile/_has_privileges", since=(8, 3)),
    action=_ACTION + "has_privileges",
    body=BodyUse.REQUIRED,
    parse=lambda call: _HAS_PRIVILEGES.parse_text(call.json_body()),
)
def has_privileges_user_profile(call: Call, cluster: Cluster) -> Any:
    """The users, of those named in the request, who have all the named privileges."""
    uids, profiles = strings(call.request["uids"]), cluster.part(Profiles)
    found = {uid: profile for uid in uids if (profile := profiles.find(uid)) is not None}
    able = [
        uid
        for uid, profile in found.items()
        if check_privileges(call.request["privileges"], Grants(roles_of(cluster, profile.user)), cluster)["has_all_requested"]
    ]
    return {"has_privilege_uids": able, **unknown(uid for uid in uids if uid not in found)}
