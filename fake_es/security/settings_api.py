"""``/_security/settings`` and ``/_security/stats``: settings of the indices of security, and its statistics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.security import messages
from fake_es.security.routes import security
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument
from fake_es.wire.numbers import INT_MAX, whole
from fake_es.wire.object_parser import OBJECT, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_ACTION = "cluster:admin/xpack/security/settings/"
_SINCE = (8, 12)
_INDICES = ("security", "security-tokens", "security-profile")
_SETTINGS = ("index.number_of_replicas", "index.auto_expand_replicas")
_PARSER = ObjectParser("update_security_settings_request", [Field(name, OBJECT) for name in _INDICES])
_TIMEOUT = Parameter("master_timeout", parameters.TIME)


class SecuritySettings:
    """Settings of the indices of security: index name -> dotted setting name -> value."""

    def __init__(self, cluster: Cluster) -> None:
        first = {"index.auto_expand_replicas": "0-1", "index.number_of_replicas": "0"}
        self.by_index: dict[str, dict[str, str]] = {name: dict(first) for name in _INDICES}

    def update(self, index: str, changes: Mapping[str, Any]) -> None:
        """Change settings of an index; null removes a setting."""
        for name, value in changes.items():
            self.by_index[index].pop(name, None)
            if value is not None:
                self.by_index[index][name] = str(value)


@operation("security.get_settings", routes=security("GET", "/settings", since=_SINCE), action=_ACTION + "get", query=[_TIMEOUT])
def get_settings(call: Call, cluster: Cluster) -> Any:
    """The settings of the indices of security that can be changed."""
    settings = cluster.part(SecuritySettings).by_index
    return {name: {"index": {key.partition(".")[2]: value for key, value in given.items()}} for name, given in settings.items()}


def _read_settings(call: Call) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = _PARSER.parse_text(call.json_body())
    wrong = {index: names for index, given in found.items() if (names := [name for name in given if name not in _SETTINGS])}
    if wrong:
        texts = [
            messages.SETTINGS_NOT_ALLOWED.format(index=index, names=", ".join(names), known=", ".join(_SETTINGS))
            for index, names in wrong.items()
        ]
        raise ActionRequestValidation(*texts)
    for given in found.values():
        value = given.get("index.number_of_replicas")
        if value is not None and whole(str(value), 0, INT_MAX) is None:
            raise IllegalArgument(f"Failed to parse value [{value}] for setting [index.number_of_replicas]")
    return found


@operation(
    "security.update_settings",
    routes=security("PUT", "/settings", since=_SINCE),
    action=_ACTION + "update",
    query=[_TIMEOUT, Parameter("timeout", parameters.TIME)],
    body=BodyUse.REQUIRED,
    parse=_read_settings,
)
def update_settings(call: Call, cluster: Cluster) -> Any:
    """Change settings; null removes a setting."""
    settings = cluster.part(SecuritySettings)
    for index, changes in call.request.items():
        settings.update(index, changes)
    return {"acknowledged": True}


@operation("security.get_stats", routes=security("GET", "/stats", since=(9, 2)), action="cluster:monitor/xpack/security/stats")
def get_stats(call: Call, cluster: Cluster) -> Any:
    """Statistics of the cache for document-level security; it is always empty here."""
    cache = {
        "count": 0, "memory": "0b", "memory_in_bytes": 0, "hits": 0, "misses": 0, "evictions": 0,
        "hits_time_in_millis": 0, "misses_time_in_millis": 0,
    }  # fmt: skip
    return {"nodes": {cluster.part(Node).id: {"roles": {"dls": {"bit_set_cache": cache}}}}}
