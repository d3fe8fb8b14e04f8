"""Get and update the settings of indices (``RestGetSettingsAction``, ``RestUpdateSettingsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices import index_settings, messages
from fake_es.indices.access import indices_in_path
from fake_es.indices.flat_settings import flat
from fake_es.indices.indices_api import FLAT_SETTINGS, INCLUDE_DEFAULTS, settings_json
from fake_es.indices.parameters import BOOLEAN, EVERY_STATE, INDICES, LOCAL, MASTER_TIMEOUT, TIMES
from fake_es.indices.types import routes
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, ParseError
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter


@operation(
    "indices.get_settings",
    routes=[
        *routes("GET", "/_settings", "/{index}/_settings", "/_settings/{name}", "/{index}/_settings/{name}"),
        *routes("GET", "/{index}/_setting/{name}"),
    ],
    action="indices:monitor/settings/get",
    query=[*INDICES, FLAT_SETTINGS, INCLUDE_DEFAULTS, LOCAL, MASTER_TIMEOUT],
)
def get_settings(call: Call, cluster: Cluster) -> Any:
    """The settings of indices, all or by name."""
    found = indices_in_path(call, cluster, EVERY_STATE)
    settings = {index.name: settings_json(call, index, call.path_parameters.get("name", "*")) for index in found}
    return {name: parts for name, parts in settings.items() if any(parts.values())}


def _read(call: Call) -> dict[str, Any]:
    tree = call.json_body().tree()
    if not isinstance(tree, dict):
        raise ParseError(messages.KEY_NOT_OBJECT.format(key="settings"))
    inner = tree.get("settings")
    return flat(inner if isinstance(inner, dict) and list(tree) == ["settings"] else tree)


@operation(
    "indices.put_settings",
    routes=routes("PUT", "/_settings", "/{index}/_settings"),
    action="indices:admin/settings/update",
    query=[
        *INDICES,
        *TIMES,
        FLAT_SETTINGS,
        Parameter("preserve_existing", BOOLEAN, False),
        Parameter("reopen", BOOLEAN, False, since=(8, 11)),
    ],
    body=BodyUse.REQUIRED,
    parse=_read,
)
def put_settings(call: Call, cluster: Cluster) -> Any:
    """Update settings of all named indices, or of none."""
    if not call.request:
        raise ActionRequestValidation(messages.NO_SETTINGS)
    index_settings.check_settings(call.request, call.version)
    found = indices_in_path(call, cluster, EVERY_STATE)
    for index in found:
        if not call.params["reopen"]:
            index_settings.check_update(index, call.request)
    for index in found:
        index_settings.update(index, call.request, keep=call.params["preserve_existing"])
    return {"acknowledged": True}
