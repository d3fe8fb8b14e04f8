"""``/_cluster/settings`` (``RestClusterGetSettingsAction``, ``RestClusterUpdateSettingsAction``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.cluster import Cluster
from fake_es.cluster_settings import ClusterSettings, flatten, nest
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation
from fake_es.wire.object_parser import OBJECT, Field, ObjectParser
from fake_es.wire.operation import BodyUse, Route, operation
from fake_es.wire.parameters import Parameter

NOTHING_TO_UPDATE = "no settings to update"

_TIMES = (Parameter("timeout", parameters.TIME), Parameter("master_timeout", parameters.TIME))
_FLAT = Parameter("flat_settings", parameters.BOOLEAN, False)
_BODY = ObjectParser("cluster_update_settings_request", [Field("persistent", OBJECT), Field("transient", OBJECT)])


@operation(
    "cluster.get_settings",
    routes=[Route("GET", "/_cluster/settings")],
    action="cluster:monitor/state",
    query=[
        _FLAT,
        Parameter("include_defaults", parameters.BOOLEAN, False),
        Parameter("local", parameters.BOOLEAN, False),
        *_TIMES,
    ],
)
def get_settings(call: Call, cluster: Cluster) -> Any:
    """The settings that were set; with ``include_defaults`` also all others."""
    settings = cluster.part(ClusterSettings)
    shown = {"persistent": settings.persistent, "transient": settings.transient}
    if call.params["include_defaults"]:
        shown["defaults"] = settings.defaults()
    return {name: _shaped(call, flat) for name, flat in shown.items()}


def _read_updates(call: Call) -> dict[str, Any]:
    found = _BODY.parse_text(call.json_body())
    return {scope: flatten(found.get(scope, {})) for scope in ("persistent", "transient")}


@operation(
    "cluster.put_settings",
    routes=[Route("PUT", "/_cluster/settings")],
    action="cluster:admin/settings/update",
    query=[_FLAT, *_TIMES],
    body=BodyUse.REQUIRED,
    parse=_read_updates,
)
def put_settings(call: Call, cluster: Cluster) -> Any:
    """Change settings. The answer has the settings that got a value."""
    persistent, transient = call.request["persistent"], call.request["transient"]
    if not persistent and not transient:
        raise ActionRequestValidation(NOTHING_TO_UPDATE)
    cluster.part(ClusterSettings).update(persistent, transient)
    return {"acknowledged": True, "persistent": _given(call, persistent), "transient": _given(call, transient)}


def _given(call: Call, updates: Mapping[str, Any]) -> dict[str, Any]:
    return _shaped(call, {key: value for key, value in updates.items() if value is not None})


def _shaped(call: Call, flat: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(flat.items())) if call.params["flat_settings"] else nest(flat)
