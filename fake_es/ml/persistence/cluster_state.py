"""``metadata.ml`` of the cluster state (``MlMetadata``).

Up to 6.5 it contains the configurations of jobs and datafeeds, later only the upgrade and reset modes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.cluster import Cluster, Node
from fake_es.cluster_api.metadata import Metadata
from fake_es.cluster_api.node import ml_attributes
from fake_es.security.authorization import action_of
from fake_es.wire.call import Call
from fake_es.wire.errors import StatusException

Configurations = Callable[[], "list[dict[str, Any]]"]


UPGRADING = "persistent task cannot be assigned while upgrade mode is enabled."
NOT_WHILE_UPGRADING = "Cannot perform {action} action while upgrade mode is enabled"


class MlMetadata:
    """The data of ML in the cluster state. The stores of jobs and datafeeds provide their configurations."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._version = cluster.version
        self._lists: dict[str, Configurations | None] = {"jobs": None, "datafeeds": None}
        self.upgrade_mode = False
        cluster.part(Metadata).provide("ml", self._section)

    def provide(self, name: str, configurations: Configurations) -> None:
        """Show ``configurations()`` as ``jobs`` or ``datafeeds``."""
        self._lists[name] = configurations

    def assignment(self) -> tuple[str | None, str]:
        """Id of the node that runs ML's persistent tasks, or None and an explanation."""
        return (None, UPGRADING) if self.upgrade_mode else (self._cluster.part(Node).id, "")

    def _section(self) -> dict[str, Any] | None:
        section: dict[str, Any] = {}
        if self._version < (8, 0):
            in_state = self._version < (6, 6)
            section = {name: give() if give is not None and in_state else [] for name, give in self._lists.items()}
        return section | {"upgrade_mode": self.upgrade_mode} if self._version >= (6, 7) else section


def not_while_upgrading(call: Call, cluster: Cluster, *, since: tuple[int, ...] = (7, 8)) -> None:
    """Guard of an operation: refuse it in upgrade mode, from release ``since`` on (``MlUpgradeModeActionFilter``, PR 54437).

    :raises StatusException: 429.
    """
    if call.version >= since and cluster.part(MlMetadata).upgrade_mode:
        raise StatusException(NOT_WHILE_UPGRADING.format(action=action_of(call)), status=429)


def assigned_node(cluster: Cluster) -> dict[str, Any]:
    """The description of the node, with its attributes for ML."""
    node = cluster.part(Node)
    return {
        "id": node.id,
        "name": node.name,
        "ephemeral_id": node.ephemeral_id,
        "transport_address": node.transport_address,
        "attributes": ml_attributes(cluster.version),
    }
