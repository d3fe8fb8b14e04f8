"""``/_license`` (``/_xpack/license`` up to 6.x): ``RestGetLicenseAction``, ``RestPutLicenseAction`` and others."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.licence import messages
from fake_es.licence.licence import ALIASES, BASIC, ENTERPRISE, LEVELS, PLATINUM, TRIAL, Licence, Terms
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import IllegalArgument, ParseError
from fake_es.wire.human import iso_instant
from fake_es.wire.operation import BodyUse, Route, moved, operation
from fake_es.wire.parameters import Parameter

_READ, _WRITE = "cluster:monitor/xpack/license/", "cluster:admin/xpack/license/"
_TIMES = (Parameter("timeout", parameters.TIME), Parameter("master_timeout", parameters.TIME))
_ACKNOWLEDGE = Parameter("acknowledge", parameters.BOOLEAN, False)
# The end of the year 9999 in epoch milliseconds, the last date that can be shown.
_LAST = 253_402_300_799_999
_TRIAL_TYPES = frozenset({"cloud_internal", ENTERPRISE, "gold", PLATINUM, "standard", TRIAL})


def _routes(methods: str, path: str = "", since: tuple[int, ...] = (5, 4)) -> list[Route]:
    return [
        route
        for method in methods.split(",")
        for route in moved(method, f"/_xpack/license{path}", f"/_license{path}", since=since)
    ]


@operation(
    "license.get",
    routes=_routes("GET"),
    action=_READ + "get",
    query=[
        Parameter("local", parameters.BOOLEAN, False),
        Parameter("accept_enterprise", parameters.BOOLEAN, None, since=(7, 6)),
        *_TIMES,
    ],
)
def get_license(call: Call, cluster: Cluster) -> Any:
    """The licence; 404 with an empty body if there is none."""
    accepts = call.params["accept_enterprise"]
    if accepts is not None and call.version >= (8, 0):
        call.warn(messages.ACCEPT_ENTERPRISE_DEPRECATED)
        if not accepts:
            raise IllegalArgument(messages.ACCEPT_ENTERPRISE_TRUE)
    current = cluster.part(Licence).current
    if current is None:
        return Answer(404, {})
    return {"license": _shown(call, current, accepts_enterprise=call.version >= (8, 0) or bool(accepts))}


def _shown(call: Call, current: Terms, *, accepts_enterprise: bool) -> dict[str, Any]:
    # A client of 7.x without ``accept_enterprise`` does not know enterprise licences: it is shown ``platinum``.
    kind = PLATINUM if current.type == ENTERPRISE and not accepts_enterprise else current.type
    shown: dict[str, Any] = {
        "status": current.status(call.now),
        "uid": current.uid,
        "type": kind,
        "issue_date": iso_instant(current.issued),
        "issue_date_in_millis": current.issued,
    }
    if current.expires is not None:
        shown |= {"expiry_date": iso_instant(current.expires), "expiry_date_in_millis": current.expires}
    shown["max_nodes"] = current.max_nodes
    if call.version >= (7, 6):
        shown["max_resource_units"] = current.max_resource_units
    return shown | {
        "issued_to": current.issued_to,
        "issuer": current.issuer,
        "start_date_in_millis": current.start_date,
    }


def _read_license(call: Call) -> tuple[Terms, bool]:
    """The licence in a body, and whether it has a signature. The signature is not verified.

    :raises ElasticsearchError: 400, the body has no licence, several, or an invalid one.
    """
    tree = call.json_body().tree() if call.body else None
    found = tree.get("licenses", [tree["license"]] if "license" in tree else []) if isinstance(tree, dict) else []
    if not isinstance(found, list) or not found:
        raise IllegalArgument(messages.NO_LICENCE_GIVEN)
    if len(found) > 1:
        raise IllegalArgument(messages.TOO_MANY)
    fields = found[0]
    if not isinstance(fields, dict) or not all(isinstance(fields.get(name), str) for name in ("uid", "type", "issued_to")):
        raise ParseError(messages.MALFORMED)
    if ALIASES.get(fields["type"], fields["type"]) not in LEVELS:
        raise IllegalArgument(messages.UNKNOWN_TYPE.format(type=fields["type"]))
    return _terms(fields), bool(fields.get("signature"))


def _terms(fields: dict[str, Any]) -> Terms:
    return Terms(
        fields["type"],
        fields["uid"],
        _number(fields, "issue_date_in_millis", 0),
        _number(fields, "expiry_date_in_millis", 0),
        fields["issued_to"],
        str(fields.get("issuer", "")),
        _number(fields, "max_nodes", None),
        _number(fields, "max_resource_units", None),
        _number(fields, "start_date_in_millis", -1),
    )


def _number(fields: dict[str, Any], name: str, default: Any) -> Any:
    value = fields.get(name, default)
    if value is not default and not (type(value) is int and -1 <= value <= _LAST):
        raise ParseError(messages.MALFORMED)
    return value


@operation(
    "license.post",
    routes=_routes("PUT,POST"),
    action=_WRITE + "put",
    query=[_ACKNOWLEDGE, *_TIMES],
    body=BodyUse.OPTIONAL,
    parse=_read_license,
)
def put_license(call: Call, cluster: Cluster) -> Any:
    """Install a licence. If it takes features away, it needs ``acknowledge=true``."""
    licence = cluster.part(Licence)
    given, signed = call.request
    if not signed:
        return {"acknowledged": True, "license_status": "invalid"}
    if given.status(call.now) == "expired":
        return {"acknowledged": True, "license_status": "expired"}
    if licence.loses_ml(given.type) and not call.params["acknowledge"]:
        losses = _losses(messages.UPDATE_AGAIN)
        return {"acknowledged": False, "license_status": "valid", "acknowledge": losses}
    licence.current = given
    return {"acknowledged": True, "license_status": "valid"}


def _losses(again: str) -> dict[str, Any]:
    message = messages.ACKNOWLEDGE_UPDATE.format(again=again)
    return {"message": message, "machine_learning": [messages.ML_DISABLED]}


@operation("license.delete", routes=_routes("DELETE"), action=_WRITE + "delete", query=_TIMES)
def delete_license(call: Call, cluster: Cluster) -> Any:
    """Delete the licence; from 6.3 a basic licence replaces it."""
    licence = cluster.part(Licence)
    if call.version < (6, 3):
        licence.current = None
    elif licence.current is None or licence.current.type != BASIC:
        licence.current = licence.generate(BASIC, call.now)
    return {"acknowledged": True}


@operation("license.get_trial_status", routes=_routes("GET", "/trial_status", (6, 1)), action=_WRITE + "trial_status")
def trial_status(call: Call, cluster: Cluster) -> Any:
    """Whether a trial can be started: only once in the life of a cluster."""
    return {"eligible_to_start_trial": not cluster.part(Licence).trial_used}


@operation("license.get_basic_status", routes=_routes("GET", "/basic_status", (6, 3)), action=_WRITE + "basic_status")
def basic_status(call: Call, cluster: Cluster) -> Any:
    """Whether a basic licence can be started: not if the cluster has one already."""
    return {"eligible_to_start_basic": not _is_basic(cluster.part(Licence))}


def _is_basic(licence: Licence) -> bool:
    return licence.current is not None and licence.current.type == BASIC


_ACKNOWLEDGED_SINCE = (6, 3)


@operation(
    "license.post_start_trial",
    routes=_routes("POST", "/start_trial", (6, 1)),
    action=_WRITE + "start_trial",
    query=[_ACKNOWLEDGE, Parameter("type", parameters.TEXT, TRIAL), *_TIMES],
)
def start_trial(call: Call, cluster: Cluster) -> Any:
    """Start a trial of 30 days. From 6.3 that must be acknowledged (PR 30135)."""
    licence, kind, acknowledged = cluster.part(Licence), call.params["type"], call.params["acknowledge"]
    if kind not in _TRIAL_TYPES:
        raise IllegalArgument(messages.BAD_TRIAL.format(type=kind))
    refused = {"acknowledged": acknowledged, "trial_was_started": False}
    if not acknowledged and call.version >= _ACKNOWLEDGED_SINCE:
        message = {"message": messages.ACKNOWLEDGE_TRIAL}
        return {**refused, "error_message": messages.NEEDS_ACKNOWLEDGEMENT, "acknowledge": message}
    if licence.trial_used:
        return Answer(403, {**refused, "error_message": messages.TRIAL_USED})
    licence.current, licence.trial_used = licence.generate(TRIAL, call.now), True
    return {"acknowledged": True, "trial_was_started": True, "type": TRIAL}


@operation(
    "license.post_start_basic",
    routes=_routes("POST", "/start_basic", (6, 3)),
    action=_WRITE + "start_basic",
    query=[_ACKNOWLEDGE, *_TIMES],
)
def start_basic(call: Call, cluster: Cluster) -> Any:
    """Replace the licence by a basic one."""
    licence, acknowledged = cluster.part(Licence), call.params["acknowledge"]
    refused = {"acknowledged": acknowledged, "basic_was_started": False}
    if _is_basic(licence):
        return Answer(403, {**refused, "error_message": messages.IS_BASIC})
    if licence.loses_ml(BASIC) and not acknowledged:
        losses = _losses(messages.START_BASIC_AGAIN)
        return {**refused, "error_message": messages.NEEDS_ACKNOWLEDGEMENT, "acknowledge": losses}
    licence.current = licence.generate(BASIC, call.now)
    return {"acknowledged": True, "basic_was_started": True}
