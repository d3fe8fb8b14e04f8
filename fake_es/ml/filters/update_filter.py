"""``POST _ml/filters/{filter_id}/_update`` (``TransportUpdateFilterAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.indices.system_indices import SystemIndices
from fake_es.ml.common.routes import ml
from fake_es.ml.filters import messages, store
from fake_es.ml.filters.store import notify_jobs
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.ml.persistence.names import META_INDEX
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument, ResourceNotFound, bad_request
from fake_es.wire.object_parser import STRING, STRINGS, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation

_UPDATE = ObjectParser(
    "cluster:admin/xpack/ml/filters/update",
    (Field("filter_id", STRING), Field("description", STRING), Field("add_items", STRINGS), Field("remove_items", STRINGS)),
)


def _read(call: Call) -> dict[str, Any]:
    url, found = call.path_parameters["filter_id"], _UPDATE.parse_text(call.json_body())
    if found.get("filter_id", url) != url:
        raise IllegalArgument(messages.INCONSISTENT_ID.format(body=found["filter_id"], url=url))
    return found


@operation(
    "ml.update_filter",
    routes=ml("POST", "/filters/{filter_id}/_update", since=(6, 4)),
    action="cluster:admin/xpack/ml/filters/update",
    guard=not_while_upgrading,
    body=BodyUse.REQUIRED,
    parse=_read,
)
def update_filter(call: Call, cluster: Cluster) -> Any:
    """Add items to a filter, then remove others. Return the whole filter."""
    filter_id, update = call.path_parameters["filter_id"], call.request
    existing = _existing(cluster, filter_id)
    added, removed = update.get("add_items", ()), update.get("remove_items", ())
    if not added and not removed and "description" not in update:
        return store.filter_to_json(existing)
    items = {*existing.get("items", ()), *added}
    for item in removed:
        if item not in items:
            raise bad_request(messages.NO_SUCH_ITEM.format(item=item, id=filter_id))
        items.remove(item)
    changed = store.build_filter(filter_id, update.get("description", existing.get("description")), items)
    store.save(cluster, changed)
    notify_jobs(cluster, filter_id, added, removed, call.now)
    return store.filter_to_json(changed)


def _existing(cluster: Cluster, filter_id: str) -> dict[str, Any]:
    cluster.part(SystemIndices).index(META_INDEX)
    found = store.find(cluster, filter_id)
    if found is None:
        raise ResourceNotFound(messages.NO_FILTER.format(id=filter_id))
    return found
