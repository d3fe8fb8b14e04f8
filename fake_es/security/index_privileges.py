"""Index privileges: which other privileges they include, and which actions they grant (``IndexPrivilege``)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, NamedTuple

from fake_es.patterns.wildcards import simple_match
from fake_es.security import messages
from fake_es.security.name_patterns import granted_names
from fake_es.wire.errors import IllegalArgument

Release = tuple[int, ...]

# The other privileges that each named privilege includes.
_INCLUDED: dict[str, frozenset[str]] = {
    "index": frozenset({"create", "create_doc"}),
    "create": frozenset({"create_doc"}),
    "write": frozenset({"index", "create", "create_doc", "delete"}),
    "manage": frozenset(
        {"monitor", "create_index", "delete_index", "view_index_metadata", "maintenance", "auto_configure", "manage_ilm"}
    ),
}


class Privilege(NamedTuple):
    """A named privilege: its first release, and patterns of the actions it grants."""

    name: str
    since: Release
    patterns: tuple[str, ...] = ()


_FIRST: Release = (5, 4)
_WRITES = ("indices:data/write/index*", "indices:data/write/bulk*")
_CREATES = (
    "indices:data/write/index", "indices:data/write/index[*", "indices:data/write/index:op_type/create",
    "indices:data/write/bulk*",
)  # fmt: skip
_METADATA = (
    "indices:admin/aliases/get", "indices:admin/get", "indices:admin/mappings/*", "indices:admin/shards/search_shards",
    "indices:admin/validate/query", "indices:admin/resolve/*", "indices:admin/data_stream/get",
    "indices:monitor/settings/get",
)  # fmt: skip
# In the order in which refusals name them: from the least access to the most.
_TABLE = (
    Privilege("none", _FIRST),
    Privilege("read_cross_cluster", (5, 6), ("internal:transport/proxy/indices:data/read/*",)),
    Privilege("create_doc", (7, 5), _CREATES),
    Privilege("create", _FIRST, _WRITES),
    Privilege("delete", _FIRST, ("indices:data/write/delete*", "indices:data/write/bulk*")),
    Privilege("index", _FIRST, (*_WRITES, "indices:data/write/update*")),
    Privilege("auto_configure", (7, 9), ("indices:admin/auto_create", "indices:admin/mapping/auto_put")),
    Privilege(
        "create_index", _FIRST, ("indices:admin/create", "indices:admin/auto_create", "indices:admin/data_stream/create")
    ),
    Privilege("delete_index", _FIRST, ("indices:admin/delete", "indices:admin/data_stream/delete")),
    Privilege(
        "maintenance", (7, 9),
        ("indices:admin/refresh*", "indices:admin/flush*", "indices:admin/forcemerge*", "indices:admin/cache/clear*"),
    ),
    Privilege("manage_ilm", (6, 6), ("indices:admin/ilm/*",)),
    Privilege("manage_follow_index", (6, 5), ("indices:admin/xpack/ccr/*",)),
    Privilege("manage_leader_index", (7, 0), ("indices:admin/xpack/ccr/forget_follower*",)),
    Privilege("cross_cluster_replication", (8, 9)),
    Privilege("manage_data_stream_lifecycle", (8, 11), ("indices:admin/data_stream/lifecycle/*",)),
    Privilege("monitor", _FIRST, ("indices:monitor/*",)),
    Privilege("read", _FIRST, ("indices:data/read/*", "indices:admin/resolve/*")),
    Privilege("view_index_metadata", _FIRST, (*_METADATA, "indices:data/read/field_caps*")),
    Privilege("write", _FIRST, ("indices:data/write/*", "indices:admin/mapping/auto_put")),
    Privilege("manage", _FIRST, ("indices:monitor/*", "indices:admin/*", "indices:data/read/field_caps*")),
    Privilege("all", _FIRST, ("indices:*",)),
)  # fmt: skip
# Before this release, a refusal wrote each name as a map entry (issue 128132 of Elasticsearch).
_LISTED_BY_NAME = (8, 17, 8)
_BY_NAME = {privilege.name: privilege for privilege in _TABLE}

# Restricted indices: up to 7.x those of security, from 8.0 the indices of the system. Of ML, these are the configurations and
# models, not the results.
_SECURITY_INDICES = (".security", ".security-6", ".security-7", ".security-tokens", ".security-tokens-7")
_SYSTEM_INDICES = (
    ".security*", ".async-search*", ".tasks*", ".ml-config*", ".ml-meta*", ".ml-inference-*", ".watches*",
    ".triggered_watches*", ".kibana_*", ".fleet-*", ".geoip_databases*", ".transform-internal-*", ".logstash*", ".synonyms*",
)  # fmt: skip


@cache
def known(version: Release) -> tuple[str, ...]:
    """Names of the privileges of a release."""
    return tuple(privilege.name for privilege in _TABLE if version >= privilege.since)


@lru_cache(maxsize=4096)
def is_restricted(name: str, version: Release) -> bool:
    """Whether an index of that name is covered only with ``allow_restricted_indices``; a pattern never is.

    ``RestrictedIndicesNames``, later ``RestrictedIndices``.
    """
    if not name.startswith(".") or "*" in name:
        return False
    if version >= (8, 0):
        return any(simple_match(name, pattern) for pattern in _SYSTEM_INDICES)
    return name in _SECURITY_INDICES or (version >= (7, 7) and name.startswith(".async-search"))


def failures(names: Iterable[str], version: Release) -> list[str]:
    """The error for the first name that is neither a privilege nor a pattern of index actions, if any."""
    unknown = (name.lower() for name in names if name.lower() not in known(version) and not name.startswith("indices:"))
    first = next(unknown, None)
    if first is None:
        return []
    shown = "{0}" if version >= _LISTED_BY_NAME else "{0}=[{0}]"
    listed = ",".join(map(shown.format, sorted(known(version))))
    return [messages.UNKNOWN_INDEX_PRIVILEGE.format(name=first, known=listed)]


def check(names: Iterable[str], version: Release) -> None:
    """Refuse names that are neither privileges nor patterns of index actions.

    :raises IllegalArgument: a name is unknown.
    """
    found = failures(names, version)
    if found:
        raise IllegalArgument(found[0])


def granting(action: str, version: Release) -> list[str]:
    """Names of the privileges that grant an action, from the least access to the most."""
    return [privilege.name for privilege in _TABLE if version >= privilege.since and grants(privilege.name, action)]


@lru_cache(maxsize=4096)
def grants(name: str, action: str) -> bool:
    """Whether a privilege, or a pattern of actions, grants an action."""
    privilege = _BY_NAME.get(name.lower())
    patterns = privilege.patterns if privilege is not None else (f"{name.rstrip('*')}*",)
    return any(action.startswith(pattern[:-1]) if pattern[-1] == "*" else action == pattern for pattern in patterns)


def allows(entries: Iterable[dict[str, Any]], index: str, wanted: str, version: Release) -> bool:
    """Whether the ``indices`` entries of some roles grant ``wanted`` on ``index``, as written."""
    granted = {name for entry in entries if covers(entry, index, version) for name in entry["privileges"]}
    return any(_includes(name, wanted) for name in granted)


def covers(entry: dict[str, Any], index: str, version: Release) -> bool:
    """Whether an entry of a role covers an index, or a pattern as written; restricted indices must be allowed by it."""
    if is_restricted(index, version) and not entry.get("allow_restricted_indices", False):
        return False
    return any(_fits(pattern, index, version) for pattern in entry["names"])


@lru_cache(maxsize=4096)
def _fits(pattern: str, index: str, version: Release) -> bool:
    return granted_names(pattern, version)(index)


def _includes(granted: str, wanted: str) -> bool:
    if granted in ("all", wanted) or wanted in _INCLUDED.get(granted, ()):
        return True
    # An action that is requested by name is granted by every privilege that includes it.
    return wanted.startswith("indices:") and grants(granted, wanted.rstrip("*"))
