"""The only node of the cluster: its roles and attributes by release, and the filters that match it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.patterns.wildcards import simple_match
from fake_es.version import ml_config_version
from fake_es.wire.call import Call

MACHINE_MEMORY = 16 * 1024**3
JVM_MEMORY = MACHINE_MEMORY // 2
PROCESSORS = 2
HOST = "127.0.0.1"
_HTTP = f"{HOST}:9200"
_HOST_AND_PORT = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:]+\]):\d+", re.ASCII)

# Role, its letter in ``_cat/nodes``, and the first release that has it.
_ROLES = (
    ("data", "d", (5, 4)),
    ("data_cold", "c", (7, 10)),
    ("data_content", "s", (7, 10)),
    ("data_frozen", "f", (7, 12)),
    ("data_hot", "h", (7, 10)),
    ("data_warm", "w", (7, 10)),
    ("ingest", "i", (5, 4)),
    ("master", "m", (5, 4)),
    ("ml", "l", (7, 4)),
    ("remote_cluster_client", "r", (7, 8)),
    ("transform", "t", (7, 7)),
)
# Names of roles in filters of nodes.
_ROLE_NAMES = (*(name for name, _, _ in _ROLES), "coordinating_only", "voting_only")


def http_address(call: Call) -> str:
    """The address of the node: the caller's ``Host``, because clients that sniff use this address afterwards."""
    host = call.headers.get("host", "")
    return host if _HOST_AND_PORT.fullmatch(host) else _HTTP


def roles(cluster: Cluster) -> list[str]:
    """The roles of the node: all roles of the release. Up to 7.x that of ML is left out if ``xpack.ml.enabled`` is false."""
    return [name for name, _ in _roles(cluster)]


def _roles(cluster: Cluster) -> Iterator[tuple[str, str]]:
    version = cluster.version
    for name, letter, since in _ROLES:
        if version >= since and (name != "ml" or version >= (8, 0) or cluster.settings.ml):
            yield name, letter


def role_letters(cluster: Cluster) -> str:
    """The roles as letters, as in ``_cat/nodes``. Up to 7.2 the order is fixed: ``mdi``."""
    letters = [letter for _, letter in _roles(cluster)]
    return "mdi" if cluster.version < (7, 3) else "".join(sorted(letters))


def ml_attributes(version: tuple[int, ...]) -> dict[str, str]:
    """The attributes that ML adds to the node (``MachineLearning.additionalSettings``)."""
    return _ml_attributes(version).copy()


@lru_cache(maxsize=64)
def _ml_attributes(version: tuple[int, ...]) -> dict[str, str]:
    if version < (6, 0):
        return {"max_running_jobs": "10"}
    attributes = {}
    if version < (7, 0):
        attributes["ml.enabled"] = "true"
    if version >= (6, 1):
        attributes["ml.machine_memory"] = str(MACHINE_MEMORY)
    if version < (8, 0):
        attributes["ml.max_open_jobs"] = "10" if version < (6, 1) else "20" if version < (7, 13) else "512"
    if version >= (7, 14):
        attributes["ml.max_jvm_size"] = str(JVM_MEMORY)
    if version >= (8, 0):
        attributes |= {
            "ml.allocated_processors": str(PROCESSORS),
            "ml.allocated_processors_double": str(float(PROCESSORS)),
        }
    config = ml_config_version(version)
    if config is not None:
        attributes["ml.config_version"] = config
    return attributes


def attributes(cluster: Cluster) -> dict[str, str]:
    """All attributes of the node."""
    version = cluster.version
    found = ml_attributes(version) if cluster.settings.ml else {}
    if version >= (6, 3):
        found["xpack.installed"] = "true"
    if (7, 7) <= version < (8, 0):
        found["transform.node"] = "true"
    if version >= (8, 9):
        found["transform.config_version"] = "10.0.0"
    return found


def header(cluster: Cluster) -> dict[str, Any]:
    """The first fields of the node in all lists of nodes: name, addresses and host."""
    node = cluster.part(Node)
    return {"name": node.name, "transport_address": node.transport_address, "host": HOST, "ip": HOST}


def matches_node(cluster: Cluster, filters: str | None) -> bool:
    """Whether filters match the node: ``_all``, ``_local``, ids, names, addresses, ``ml:true``, ``attribute:value``.

    Filters are separated by commas; a filter by role overrides those before it (``DiscoveryNodes.resolveNodes``).
    """
    if not filters:
        return True
    found = False
    for part in filters.split(","):
        name, colon, value = part.partition(":")
        if colon and name in _ROLE_NAMES:
            found = value == "true"
        elif colon and part != cluster.part(Node).transport_address:
            known = attributes(cluster)
            found = found or (name in known and simple_match(known[name], value))
        else:
            found = found or any(simple_match(word, part) for word in _names(cluster, part))
    return found


def _names(cluster: Cluster, part: str) -> tuple[str, ...]:
    node = cluster.part(Node)
    always = (part,) if part in ("_all", "_local", "_master") else ()
    return (*always, node.id, node.name, HOST, node.transport_address)
