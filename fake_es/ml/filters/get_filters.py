"""``GET _ml/filters[/{filter_id}]`` (``TransportGetFiltersAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.paging import PAGE, page_given, page_of
from fake_es.ml.common.routes import ml
from fake_es.ml.filters import messages, store
from fake_es.ml.persistence import meta_index
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, ResourceNotFound
from fake_es.wire.operation import operation


@operation(
    "ml.get_filters",
    routes=[*ml("GET", "/filters"), *ml("GET", "/filters/{filter_id}")],
    # This action belongs to ``manage_ml``: a user who may not change filters may not see them.
    action="cluster:admin/xpack/ml/filters/get",
    query=PAGE,
)
def get_filters(call: Call, cluster: Cluster) -> Any:
    """Filters that an expression matches, or a page of all filters, by id."""
    expression = call.path_parameters.get("filter_id")
    if expression is not None and call.version < (7, 0) and page_given(call):
        raise ActionRequestValidation(messages.ID_AND_PAGE)

    def missing(filter_id: str) -> ResourceNotFound:
        return ResourceNotFound(messages.NOT_FOUND.at(call.version, id=filter_id))

    found = meta_index.by_expression(cluster, meta_index.FILTER, "filter_id", expression, page_of(call), missing)
    return {"count": found.total, "filters": [store.filter_to_json(tree) for tree in found.sources]}
