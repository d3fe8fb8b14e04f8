"""Copies of shards, as writes and searches count them: the one node holds all primaries and no replica."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fake_es.cluster import Cluster
from fake_es.indices import messages
from fake_es.indices.errors import UnavailableShards
from fake_es.indices.index import Index
from fake_es.indices.shard_health import health_of
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue

_MINUTE = TimeValue(1, "m")
_HALF = TimeValue(30, "s")


def shards_of_write(index: Index) -> dict[str, int]:
    """``_shards`` of one write: the copies there should be, and the primary that took it."""
    return {"total": 1 + health_of(index).replicas, "successful": 1, "failed": 0}


def broadcast_shards(indices: Iterable[Index]) -> dict[str, int]:
    """``_shards`` of what goes to all copies: refreshing, flushing, statistics."""
    found = [health_of(index) for index in indices]
    primaries = sum(health.primaries for health in found)
    return {"total": primaries + sum(health.unassigned for health in found), "successful": primaries, "failed": 0}


def searched_shards(indices: Iterable[Index]) -> int:
    """How many shards a search asks."""
    return sum(health_of(index).primaries for index in indices)


def _lacks(wanted: str, index: Index) -> bool:
    return health_of(index).replicas > 0 if wanted == "all" else int(wanted) > 1


def shards_acknowledged(call: Call, cluster: Cluster, indices: Sequence[Index]) -> bool:
    """Whether as many copies started as ``wait_for_active_shards`` asks for; waits for them in vain."""
    wanted = call.params.get("wait_for_active_shards", "1")
    if not any(_lacks(wanted, index) for index in indices):
        return True
    cluster.wait_until(lambda: False, (call.params.get("timeout") or _HALF).ms)
    return False


def wait_for_active_shards(call: Call, cluster: Cluster, index: Index) -> None:
    """Refuse a write that asks for more copies than there are, once its timeout has passed.

    :raises UnavailableShards: 503.
    """
    wanted = call.params.get("wait_for_active_shards", "1")
    if not _lacks(wanted, index):
        return
    timeout = call.params.get("timeout") or _MINUTE
    cluster.wait_until(lambda: False, timeout.ms)
    needed = 1 + health_of(index).replicas if wanted == "all" else wanted
    shown = "ALL" if wanted == "all" else wanted
    raise UnavailableShards(messages.NOT_ENOUGH_COPIES.format(index=index.name, wanted=shown, needed=needed, timeout=timeout))
