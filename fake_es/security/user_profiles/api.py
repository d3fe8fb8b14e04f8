"""``/_security/profile``: profiles of users, which Kibana uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.cluster import Cluster
from fake_es.security import messages
from fake_es.security.document_errors import DocumentMissing, VersionConflict
from fake_es.security.grant_body import GRANT_FIELDS, grant_failures, granted
from fake_es.security.routes import security
from fake_es.security.user_profiles.store import Profile, Profiles
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ResourceNotFound, check_failures
from fake_es.wire.object_parser import OBJECT, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/profile/"
_SINCE = (8, 2)
_REFRESH = Parameter("refresh", parameters.TEXT)
_ACTIVATE = ObjectParser("activate_profile_request", GRANT_FIELDS)
_DATA = ObjectParser("update_profile_data_request", (Field("labels", OBJECT), Field("data", OBJECT)))


def _read_grant(call: Call) -> dict[str, Any]:
    found = _ACTIVATE.parse_text(call.json_body())
    check_failures(grant_failures(found))
    return found


@operation(
    "security.activate_user_profile",
    routes=security("POST", "/profile/_activate", since=_SINCE),
    action=_ACTION + "activate",
    body=BodyUse.REQUIRED,
    parse=_read_grant,
)
def activate_user_profile(call: Call, cluster: Cluster) -> Any:
    """Create or update the profile of the user whose password or token is in the body."""
    caller = granted(call, cluster, call.request)
    return cluster.part(Profiles).activate(caller.user or caller.authenticated, call.now).to_json({})


@operation(
    "security.get_user_profile",
    routes=security("GET", "/profile/{uid}", since=_SINCE),
    action=_ACTION + "get",
    query=[Parameter("data", parameters.TEXT)],
)
def get_user_profile(call: Call, cluster: Cluster) -> Any:
    """Profiles by uid. Up to 8.4 the response is an object keyed by uid, without errors for unknown uids."""
    profiles, uids = cluster.part(Profiles), call.path_parameters["uid"].split(",")
    found = {uid: profile for uid in uids if (profile := profiles.find(uid)) is not None}
    shown = {uid: profile.to_json(select_data(profile, call.params.get("data"))) for uid, profile in found.items()}
    if call.version < (8, 5):
        return shown
    return {"profiles": list(shown.values()), **unknown(uid for uid in uids if uid not in found)}


def unknown(uids: Any) -> dict[str, Any]:
    """The ``errors`` of a response about several profiles, for unknown uids; empty if all are known."""
    missing = ResourceNotFound(messages.NO_PROFILE)
    details = {uid: missing.entry() for uid in uids}
    return {"errors": {"count": len(details), "details": details}} if details else {}


def select_data(profile: Profile, wanted: str | None) -> dict[str, Any]:
    """The part of the profile's data that ``wanted`` names: top-level names, separated by commas, or ``*``."""
    names = (wanted or "").split(",")
    return {name: value for name, value in profile.data.items() if "*" in names or name in names}


def _change(call: Call, cluster: Cluster, **changes: Any) -> dict[str, Any]:
    profiles = cluster.part(Profiles)
    profiles.write(profile_of(call, cluster)._replace(**changes))
    return {"acknowledged": True}


def profile_of(call: Call, cluster: Cluster) -> Profile:
    """The profile that the path names.

    :raises DocumentMissing: there is no such profile.
    """
    uid = call.path_parameters["uid"]
    profile = cluster.part(Profiles).find(uid)
    if profile is None:
        raise DocumentMissing(f"[profile_{uid}]: document missing")
    return profile


@operation(
    "security.enable_user_profile",
    routes=security("PUT,POST", "/profile/{uid}/_enable", since=_SINCE),
    action=_ACTION + "set_enabled",
    query=[_REFRESH],
)
def enable_user_profile(call: Call, cluster: Cluster) -> Any:
    """Enable a profile: it can be suggested."""
    return _change(call, cluster, enabled=True)


@operation(
    "security.disable_user_profile",
    routes=security("PUT,POST", "/profile/{uid}/_disable", since=_SINCE),
    action=_ACTION + "set_enabled",
    query=[_REFRESH],
)
def disable_user_profile(call: Call, cluster: Cluster) -> Any:
    """Disable a profile: it is no longer suggested."""
    return _change(call, cluster, enabled=False)


def _read_data(call: Call) -> dict[str, Any]:
    found = _DATA.parse_text(call.json_body())
    names = dict.fromkeys(name for part in found.values() for name in part)
    wrong = {
        messages.DOT_IN_APPLICATION: [name for name in names if "." in name],
        messages.UNDERSCORE_IN_APPLICATION: [name for name in names if name.startswith("_")],
    }
    failures = [] if names else [messages.NO_PROFILE_DATA]
    failures += [text.format(names=",".join(bad)) for text, bad in wrong.items() if bad]
    check_failures(failures)
    return found


@operation(
    "security.update_user_profile_data",
    routes=security("PUT,POST", "/profile/{uid}/_data", since=_SINCE),
    action=_ACTION + "put/data",
    query=[_REFRESH, Parameter("if_seq_no", parameters.INT), Parameter("if_primary_term", parameters.INT)],
    body=BodyUse.REQUIRED,
    parse=_read_data,
)
def update_user_profile_data(call: Call, cluster: Cluster) -> Any:
    """Merge labels and data into those of a profile.

    :raises VersionConflict: the profile was changed since ``if_seq_no``.
    """
    profile, wanted = profile_of(call, cluster), call.params.get("if_seq_no")
    if wanted is not None and (wanted, call.params.get("if_primary_term")) != (profile.number, 1):
        raise VersionConflict(
            messages.PROFILE_CONFLICT.format(
                uid=profile.uid, seq_no=wanted, term=call.params.get("if_primary_term"), number=profile.number
            )
        )
    merged = {part: _merged(getattr(profile, part), values) for part, values in call.request.items()}
    return _change(call, cluster, **merged)


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(old)
    for name, value in new.items():
        before = result.get(name)
        result[name] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return result
