"""Cluster privileges: which transport actions each grants, by release (``ClusterPrivilegeResolver``)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from fake_es.patterns.wildcards import simple_match
from fake_es.security import messages
from fake_es.wire.errors import IllegalArgument

_TEMPLATES = ("indices:admin/template/*", "indices:admin/index_template/*", "cluster:admin/component_template/*")
_SECURITY = "cluster:admin/xpack/security/"
_DELEGATE = _SECURITY + "delegate_pki"
_TOKENS = (_SECURITY + "token/invalidate", _SECURITY + "token/refresh")
_CCR = ("cluster:monitor/state", _SECURITY + "user/has_privileges")
_SNAPSHOTS = ("cluster:admin/snapshot/status*", "cluster:admin/snapshot/get", "cluster:admin/repository/get")
_READS = (
    "api_key/get", "api_key/query", "privilege/builtin/get", "privilege/get", "profile/get", "profile/has_privileges",
    "profile/suggest", "role/get", "role/query", "role_mapping/get", "service_account/get",
    "service_account/credential/get", "settings/get", "user/get", "user/has_privileges", "user/list_privileges",
    "user/query",
)  # fmt: skip
_ILM_MODES = ("operation_mode/get", "start", "stop")
_MONITOR_TRANSFORM = ("cluster:monitor/data_frame/*", "cluster:monitor/transform/*")
_MANAGE_TRANSFORM = (*_MONITOR_TRANSFORM, "cluster:admin/data_frame/*", "cluster:admin/transform/*")
_CONNECTOR_SECRETS = tuple(f"cluster:admin/xpack/connector/secret/{verb}" for verb in ("post", "put", "delete"))
_REMOTE = ("cluster:internal/remote_cluster/handshake", "cluster:internal/remote_cluster/nodes")
_SEEN_TEMPLATES = ("indices:admin/template/get", "indices:admin/index_template/get", "cluster:admin/component_template/get")


class Privilege(NamedTuple):
    """A named privilege: patterns of the actions it grants (with a minus: does not grant), and its first release."""

    name: str
    patterns: tuple[str, ...]
    since: tuple[int, ...] = (5, 4)


# From the least access to the most: the order in which a refusal names the sufficient privileges.
_TABLE = (
    Privilege("none", ()),
    Privilege("monitor_ml", ("cluster:monitor/xpack/ml/*",)),
    Privilege("manage_ml", ("cluster:admin/xpack/ml/*", "cluster:monitor/xpack/ml/*")),
    Privilege("monitor_text_structure", ("cluster:monitor/text_structure/*",), (7, 13)),
    Privilege("monitor_inference", ("cluster:monitor/xpack/inference*",), (8, 11)),
    Privilege("manage_inference", ("cluster:admin/xpack/inference/*", "cluster:monitor/xpack/inference*"), (8, 11)),
    Privilege("monitor_data_frame_transforms", _MONITOR_TRANSFORM, (7, 2)),
    Privilege("monitor_transform", _MONITOR_TRANSFORM, (7, 5)),
    Privilege("manage_data_frame_transforms", _MANAGE_TRANSFORM, (7, 2)),
    Privilege("manage_transform", _MANAGE_TRANSFORM, (7, 5)),
    Privilege("monitor_watcher", ("cluster:monitor/xpack/watcher/*",), (5, 5)),
    Privilege("manage_watcher", ("cluster:admin/xpack/watcher/*", "cluster:monitor/xpack/watcher/*"), (5, 5)),
    Privilege("monitor_rollup", ("cluster:monitor/xpack/rollup/*",), (6, 3)),
    Privilege("manage_rollup", ("cluster:admin/xpack/rollup/*", "cluster:monitor/xpack/rollup/*"), (6, 3)),
    Privilege("transport_client", ("cluster:monitor/nodes/liveness", "cluster:monitor/state")),
    Privilege("manage_index_templates", _TEMPLATES),
    Privilege("read_pipeline", ("cluster:admin/ingest/pipeline/get", "cluster:admin/ingest/pipeline/simulate"), (7, 16)),
    Privilege("manage_pipeline", ("cluster:admin/ingest/pipeline/*",)),
    Privilege("manage_ingest_pipelines", ("cluster:admin/ingest/pipeline/*",)),
    Privilege("manage_logstash_pipelines", ("cluster:admin/logstash/pipeline/*",), (7, 12)),
    Privilege("monitor_enrich", ("cluster:monitor/xpack/enrich/*",), (8, 5)),
    Privilege("manage_enrich", ("cluster:admin/xpack/enrich/*",), (7, 5)),
    Privilege("manage_autoscaling", ("cluster:admin/autoscaling/*",), (7, 11)),
    Privilege("manage_search_application", ("cluster:admin/xpack/application/search_application/*",), (8, 8)),
    Privilege("post_behavioral_analytics_event", ("cluster:admin/xpack/application/analytics/post_event",), (8, 8)),
    Privilege("manage_behavioral_analytics", ("cluster:admin/xpack/application/analytics/*",), (8, 8)),
    Privilege("manage_search_query_rules", ("cluster:admin/xpack/query/rules/*",), (8, 10)),
    Privilege("manage_search_synonyms", ("cluster:admin/synonyms/*", "cluster:admin/synonym_rules/*"), (8, 10)),
    Privilege("monitor_connector", ("cluster:monitor/xpack/connector/*",), (8, 15)),
    Privilege("manage_connector", ("cluster:admin/xpack/connector/*", "cluster:monitor/xpack/connector/*"), (8, 15)),
    Privilege("read_connector_secrets", ("cluster:admin/xpack/connector/secret/get",), (8, 13)),
    Privilege("write_connector_secrets", _CONNECTOR_SECRETS, (8, 13)),
    Privilege("read_fleet_secrets", ("cluster:admin/fleet/secrets/get",), (8, 10)),
    Privilege("write_fleet_secrets", ("cluster:admin/fleet/secrets/post", "cluster:admin/fleet/secrets/delete"), (8, 10)),
    Privilege("monitor_data_stream_global_retention", ("cluster:monitor/data_stream/global_retention/*",), (8, 14)),
    Privilege("manage_data_stream_global_retention", ("cluster:admin/data_stream/global_retention/*",), (8, 14)),
    Privilege("cross_cluster_search", _REMOTE, (8, 9)),
    Privilege("cross_cluster_replication", _REMOTE, (8, 9)),
    Privilege("monitor_esql", ("cluster:monitor/xpack/esql/*",), (9, 0)),
    Privilege("manage_esql", ("cluster:admin/xpack/esql/*", "cluster:monitor/xpack/esql/*"), (9, 0)),
    Privilege("monitor_reindex", ("cluster:monitor/reindex/*",), (9, 5)),
    Privilege("manage_reindex", ("cluster:admin/reindex/*", "cluster:monitor/reindex/*"), (9, 5)),
    Privilege("monitor_stats", ("cluster:monitor/stats*",), (8, 17)),
    Privilege("cancel_task", ("cluster:admin/tasks/cancel*",), (7, 14)),
    Privilege("monitor_snapshot", _SNAPSHOTS, (7, 10)),
    Privilege("create_snapshot", ("cluster:admin/snapshot/create", *_SNAPSHOTS), (6, 7)),
    Privilege("read_ccr", _CCR, (6, 5)),
    Privilege("manage_ccr", ("cluster:admin/xpack/ccr/*", *_CCR), (6, 5)),
    Privilege("read_slm", ("cluster:admin/slm/get", "cluster:admin/ilm/operation_mode/get"), (7, 4)),
    Privilege("manage_slm", ("cluster:admin/slm/*", *(f"cluster:admin/ilm/{verb}" for verb in _ILM_MODES)), (7, 4)),
    Privilege("read_ilm", ("cluster:admin/ilm/get*", "cluster:admin/ilm/operation_mode/get"), (6, 6)),
    Privilege("manage_ilm", ("cluster:admin/ilm/*",), (6, 6)),
    Privilege("monitor", ("cluster:monitor/*",)),
    # This row replaces the one above, from its release on.
    Privilege("monitor", ("cluster:monitor/*", *_SEEN_TEMPLATES), (8, 0)),
    Privilege("grant_api_key", (_SECURITY + "api_key/grant*",), (7, 9)),
    Privilege("manage_own_api_key", (_SECURITY + "api_key/*", "-" + _SECURITY + "api_key/grant*"), (7, 4)),
    Privilege("manage_api_key", (_SECURITY + "api_key/*",), (7, 0)),
    Privilege("manage_saml", (_SECURITY + "saml/*", *_TOKENS), (6, 2)),
    Privilege("manage_oidc", (_SECURITY + "oidc/*",), (7, 2)),
    Privilege("manage_token", (_SECURITY + "token/*",), (6, 6)),
    Privilege("delegate_pki", (_DELEGATE, _SECURITY + "token/invalidate"), (7, 4)),
    Privilege("manage_service_account", (_SECURITY + "service_account/*",), (7, 13)),
    Privilege("manage_user_profile", (_SECURITY + "profile/*",), (8, 2)),
    Privilege("read_security", tuple(_SECURITY + action for action in _READS), (8, 3)),
    Privilege("manage_security", (_SECURITY + "*", "-" + _DELEGATE)),
    Privilege("manage", ("cluster:*", *_TEMPLATES, "-" + _SECURITY + "*")),
    Privilege("all", ("cluster:*", *_TEMPLATES)),
)


@cache
def known(version: tuple[int, ...]) -> dict[str, Privilege]:
    """The named privileges of a release."""
    return {privilege.name: privilege for privilege in _TABLE if version >= privilege.since}


def failures(names: Iterable[str], version: tuple[int, ...]) -> list[str]:
    """The errors for names that are neither privileges nor patterns of actions: one each, up to 7.3 one for all."""
    given = list(dict.fromkeys(names))
    unknown = [name.lower() for name in given if not is_known(name, version)]
    if not unknown:
        return []
    names_known = sorted(known(version))
    if version >= (7, 4):
        return [messages.UNKNOWN_PRIVILEGE.at(version, name=name, known=",".join(names_known)) for name in unknown]
    # ``ClusterPrivilege.resolve`` shows all given names, and its known privileges as map entries.
    listed = ",".join(f"{name}=[{name}]" for name in names_known)
    return [messages.UNKNOWN_PRIVILEGE.at(version, name=f"[{', '.join(given)}]", known=listed)]


def is_known(name: str, version: tuple[int, ...]) -> bool:
    """Whether a name is a privilege of that release, or a pattern of actions."""
    return name.lower() in known(version) or name.startswith(("cluster:", "indices:"))


def check(names: Iterable[str], version: tuple[int, ...]) -> None:
    """Refuse names that are neither privileges nor patterns of actions.

    :raises IllegalArgument: a name is unknown.
    """
    found = failures(names, version)
    if found:
        raise IllegalArgument(found[0])


@lru_cache(maxsize=4096)
def grants(name: str, action: str, version: tuple[int, ...]) -> bool:
    """Whether a privilege, or a pattern of actions given as one, grants an action."""
    privilege = known(version).get(name.lower())
    patterns = privilege.patterns if privilege is not None else (name + "*",)
    if any(simple_match(action, pattern[1:]) for pattern in patterns if pattern[0] == "-"):
        return False
    return any(simple_match(action, pattern) for pattern in patterns)


def includes(granted: Iterable[str], wanted: str, version: tuple[int, ...]) -> bool:
    """Whether privileges together grant everything that ``wanted`` grants: a privilege, or an action."""
    privilege = known(version).get(wanted.lower())
    actions = (wanted,) if privilege is None else privilege.patterns
    names = list(granted)
    if any(name.lower() == wanted.lower() for name in names):
        return True
    # Patterns are compared as if they were actions: whatever grants the text ``cluster:*`` grants all that it matches.
    return bool(actions) and all(any(_includes(name, action, version) for name in names) for action in actions)


def _includes(name: str, action: str, version: tuple[int, ...]) -> bool:
    if action[0] == "-":
        return True
    # It grants requests about the caller's own keys, not the actions for all keys (``ManageOwnApiKeyClusterPrivilege``).
    if name.lower() == "manage_own_api_key":
        return False
    return grants(name, action, version) and (name.lower() != "manage" or action != "cluster:*")


def granting(action: str, version: tuple[int, ...]) -> list[str]:
    """Names of the privileges that grant an action, from the least access to the most."""
    return [name for name in known(version) if grants(name, action, version)]
