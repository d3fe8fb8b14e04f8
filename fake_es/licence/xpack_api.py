"""``GET /_xpack`` (``RestXPackInfoAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.licence.licence import BASIC, ENTERPRISE, LEVELS, PLATINUM, Licence
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument
from fake_es.wire.human import iso_instant
from fake_es.wire.operation import Route, operation
from fake_es.wire.parameters import Parameter

UNKNOWN_CATEGORY = "No enum constant org.elasticsearch.protocol.xpack.XPackInfoRequest.Category.{name}"
_CATEGORIES = ("build", "license", "features")
_ML = "Machine Learning for the Elastic Stack"

# Feature, the licence level it needs, the first release that lists it, its description.
_FEATURES = (
    ("graph", PLATINUM, (5, 4), "Graph Data Exploration for the Elastic Stack"),
    ("ilm", BASIC, (6, 6), "Index lifecycle management for the Elastic Stack"),
    ("logstash", "standard", (6, 0), "Logstash management component for X-Pack"),
    ("ml", PLATINUM, (5, 4), _ML),
    ("monitoring", BASIC, (5, 4), "Monitoring for the Elastic Stack"),
    ("rollup", BASIC, (6, 3), "Time series pre-aggregation and rollup"),
    ("security", BASIC, (5, 4), "Security for the Elastic Stack"),
    ("sql", BASIC, (6, 3), "SQL access to Elasticsearch"),
    ("transform", BASIC, (7, 5), "Transform raw documents to an index"),
    ("watcher", "standard", (5, 4), "Alerting, Notification and Automation for the Elastic Stack"),
)


@operation(
    "xpack.info",
    routes=[Route("GET", "/_xpack"), Route("HEAD", "/_xpack", until=(7, 0))],
    action="cluster:monitor/xpack/info",
    query=[
        Parameter("categories", parameters.TEXT, "_all"),
        Parameter("accept_enterprise", parameters.BOOLEAN, None, since=(7, 6)),
    ],
)
def info(call: Call, cluster: Cluster) -> Any:
    """Build, licence and features of X-Pack."""
    wanted = _wanted(call.params["categories"])
    # Unlike in other APIs, ``human`` is true by default.
    verbose = call.query.get("human") != "false"
    parts: dict[str, Any] = {}
    if "build" in wanted:
        parts["build"] = {"hash": call.version.build_hash, "date": call.version.build_date}
    if "license" in wanted:
        parts["license"] = _license(call, cluster)
    if "features" in wanted:
        parts["features"] = _features(call, cluster, verbose=verbose)
    return parts | {"tagline": "You know, for X"} if verbose else parts


def _wanted(names: str) -> frozenset[str]:
    wanted = frozenset(names.split(","))
    for name in sorted(wanted):
        if name not in (*_CATEGORIES, "_all", "_none", ""):
            raise IllegalArgument(UNKNOWN_CATEGORY.format(name=name.upper()))
    return frozenset(_CATEGORIES) if "_all" in wanted else wanted


def _license(call: Call, cluster: Cluster) -> dict[str, Any] | None:
    current = cluster.part(Licence).current
    if current is None:
        return None
    knows_enterprise = call.version >= (8, 0) or bool(call.params["accept_enterprise"])
    kind, mode = (PLATINUM if name == ENTERPRISE and not knows_enterprise else name for name in (current.type, current.mode))
    shown: dict[str, Any] = {"uid": current.uid, "type": kind, "mode": mode, "status": current.status(call.now)}
    if current.expires is not None:
        if call.flag("human"):
            shown["expiry_date"] = iso_instant(current.expires)
        shown["expiry_date_in_millis"] = current.expires
    return shown


def _features(call: Call, cluster: Cluster, *, verbose: bool) -> dict[str, Any]:
    """Features by name. Only ML and security are emulated; all others are shown as not enabled."""
    enabled = {"ml": cluster.settings.ml, "security": cluster.settings.security}
    shown = {}
    for name, level, since, description in _FEATURES:
        if call.version < since:
            continue
        entry: dict[str, Any] = {"description": description} if verbose and call.version < (8, 0) else {}
        entry |= {"available": _available(call, cluster, level), "enabled": enabled.get(name, False)}
        # From 8.0 only ``_ml/info`` shows the version of ML's native code.
        if name == "ml" and call.version < (8, 0):
            native = {"version": str(call.version), "build_hash": call.version.build_hash[:14]}
            entry["native_code_info"] = native if enabled["ml"] else {"version": "N/A", "build_hash": "N/A"}
        shown[name] = entry
    return shown


def _available(call: Call, cluster: Cluster, level: str) -> bool:
    """Whether the licence allows a level. After its end, it allows only the basic level."""
    current = cluster.part(Licence).current
    if current is None or (level != BASIC and current.status(call.now) != "active"):
        return False
    return LEVELS.get(current.mode, 0) >= LEVELS[level]
