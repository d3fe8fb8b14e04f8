"""``_shards`` of responses, and ``wait_for_active_shards``. Only primaries are active: there is one node."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fake_es.cluster import Cluster
from fake_es.indices import messages
from fake_es.indices.errors import UnavailableShards
from fake_es.indices.index import Index
from fake_es.indices.shard_health import health_of
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue

_WRITE_TIMEOUT = TimeValue(1, "m")
_CREATE_TIMEOUT = TimeValue(30, "s")


def shards_of_write(index: Index) -> dict[str, int]:
    """``_shards`` of one write: all copies of its shard, of which only the primary is active."""
    return {"total": 1 + health_of(index).replicas, "successful": 1, "failed": 0}


def broadcast_shards(indices: Iterable[Index]) -> dict[str, int]:
    """``_shards`` of requests to all copies of shards: refresh, flush, statistics."""
    found = [health_of(index) for index in indices]
    primaries = sum(health.primaries for health in found)
    return {"total": primaries + sum(health.unassigned for health in found), "successful": primaries, "failed": 0}


def searched_shards(indices: Iterable[Index]) -> int:
    """The number of shards that a search asks: one copy of each."""
    return sum(health_of(index).primaries for index in indices)


def _has_too_few(wanted: str, index: Index) -> bool:
    return health_of(index).replicas > 0 if wanted == "all" else int(wanted) > 1


def shards_acknowledged(call: Call, cluster: Cluster, indices: Sequence[Index]) -> bool:
    """``shards_acknowledged``: whether the copies that ``wait_for_active_shards`` requires are active.

    If not, the request waits until its timeout: their number never changes.
    """
    wanted = call.params.get("wait_for_active_shards", "1")
    if not any(_has_too_few(wanted, index) for index in indices):
        return True
    cluster.wait_until(lambda: False, (call.params.get("timeout") or _CREATE_TIMEOUT).ms)
    return False


def wait_for_active_shards(call: Call, cluster: Cluster, index: Index) -> None:
    """Wait with a write until the copies that ``wait_for_active_shards`` requires are active.

    :raises UnavailableShards: they are not, after the timeout.
    """
    wanted = call.params.get("wait_for_active_shards", "1")
    if not _has_too_few(wanted, index):
        return
    timeout = call.params.get("timeout") or _WRITE_TIMEOUT
    cluster.wait_until(lambda: False, timeout.ms)
    needed = 1 + health_of(index).replicas if wanted == "all" else wanted
    arguments = {"index": index.name, "wanted": "ALL" if wanted == "all" else wanted, "needed": needed, "timeout": timeout}
    raise UnavailableShards(messages.NOT_ENOUGH_COPIES.format(**arguments))
