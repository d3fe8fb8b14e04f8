"""``PUT _ml/filters/{filter_id}`` (``TransportPutFilterAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.config import messages as config_messages
from fake_es.ml.config.ids import is_valid_id
from fake_es.ml.filters import messages, store
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument, ResourceAlreadyExists, bad_request
from fake_es.wire.object_parser import STRING, STRINGS, Field, ObjectParser
from fake_es.wire.operation import BodyUse, operation

_FILTER = ObjectParser(
    "ml_filter",
    (
        Field("type", STRING),
        Field("filter_id", STRING),
        Field("description", STRING, since=(6, 4)),
        Field("items", STRINGS),
    ),
)


def _read(call: Call) -> dict[str, Any]:
    url, found = call.path_parameters["filter_id"], _FILTER.parse_text(call.json_body())
    if found.get("filter_id", url) != url:
        raise IllegalArgument(messages.INCONSISTENT_ID.format(body=found["filter_id"], url=url))
    if "items" not in found:
        raise IllegalArgument(messages.NULL_ITEMS)
    if not is_valid_id(url):
        raise bad_request(config_messages.INVALID_ID.at(call.version, field="filter_id", id=url))
    return store.build_filter(url, found.get("description"), found["items"])


@operation(
    "ml.put_filter",
    routes=ml("PUT", "/filters/{filter_id}"),
    action="cluster:admin/xpack/ml/filters/put",
    guard=not_while_upgrading,
    body=BodyUse.REQUIRED,
    parse=_read,
)
def put_filter(call: Call, cluster: Cluster) -> Any:
    """Create a filter. Before 6.4 it replaces a filter with the same id."""
    tree: dict[str, Any] = call.request
    if call.version >= (6, 4) and store.find(cluster, tree["filter_id"]) is not None:
        raise ResourceAlreadyExists(messages.EXISTS.format(id=tree["filter_id"]))
    store.save(cluster, tree)
    return store.filter_to_json(tree) if call.version >= (6, 3) else {"acknowledged": True}
