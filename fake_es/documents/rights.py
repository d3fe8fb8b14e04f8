"""What writing a document takes beside the action of its request (``AuthorizationService.authorizeBulkItems``)."""

from __future__ import annotations

from fake_es.cluster import Cluster
from fake_es.documents.indices import Indices
from fake_es.security.authorization import check_index
from fake_es.wire.call import Call

_BULK = "indices:data/write/bulk[s]"


def check_may_write(call: Call, cluster: Cluster, kind: str, name: str) -> None:
    """Refuse to write into an index what the caller may not: ``kind`` is ``index``, ``create``, ``update`` or ``delete``.

    To make the index with it takes a privilege of its own.

    :raises SecurityError: 403.
    """
    if call.user is None:
        return
    check_index(call, cluster, _BULK, name)
    check_index(call, cluster, _action(kind, call.version), name)
    if kind != "delete" and not cluster.part(Indices).exists(name):
        check_index(call, cluster, "indices:admin/auto_create" if call.version >= (7, 9) else "indices:admin/create", name)


def _action(kind: str, release: tuple[int, ...]) -> str:
    if kind in ("update", "delete"):
        return f"indices:data/write/{kind}"
    # Told apart since there is a privilege that only creates.
    return f"indices:data/write/index:op_type/{kind}" if release >= (7, 5) else "indices:data/write/index"
