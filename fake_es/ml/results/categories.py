"""``GET _ml/anomaly_detectors/{job_id}/results/categories[/{category_id}]`` (``TransportGetCategoriesAction``)."""

from __future__ import annotations

import re
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.paging import PAGE, Page, page_given, page_of
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.results import messages, result_shapes
from fake_es.ml.results.exclusive_parameters import check_exclusive
from fake_es.ml.results.result_query import ResultQuery, results_routes
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, NumberFormat
from fake_es.wire.java import FOR_INPUT_STRING
from fake_es.wire.object_parser import LONG
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter, ParameterKind

# Before 7.x category definitions have no ``result_type``, so they are found by their number.
CATEGORIES = ResultQuery({"exists": {"field": "category_id"}}, "categories", "category_id", False, result_shapes.CATEGORY)
_INCOMPATIBLE = messages.INCOMPATIBLE.format(name="category_id", with_="from, size")
_BY_NUMBER = [{"category_id": {"order": "asc", "unmapped_type": "long"}}]


def _parse(name: str, text: str, version: tuple[int, ...]) -> int:
    if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        raise NumberFormat(FOR_INPUT_STRING.format(text=text))
    return int(text)


_NUMBER = ParameterKind(_parse, LONG)


@operation(
    "ml.get_categories",
    routes=results_routes("results/categories", "results/categories/{category_id}"),
    action="cluster:monitor/xpack/ml/job/results/categories/get",
    query=[
        *PAGE,
        Parameter("category_id", _NUMBER),
        Parameter("partition_field_value", parameters.TEXT, since=(7, 9)),
    ],
    body=BodyUse.PARAMETERS,
)
def get_categories(call: Call, cluster: Cluster) -> Any:
    """Categories of one job, by number. The list is empty if the requested category does not exist."""
    number = _number(call)
    page = page_of(call) if number is None else Page(0, 1)
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    filters: list[dict[str, Any]] = [] if number is None else [{"term": {"category_id": number}}]
    partition = call.params.get("partition_field_value")
    if partition is not None:
        filters.append({"term": {"partition_field_value": partition}})
    return CATEGORIES.answer(call, CATEGORIES.find(cluster, job, page, filters, _BY_NUMBER))


def _number(call: Call) -> int | None:
    """The number of the requested category; None for a page of categories.

    :raises ElasticsearchError: 400, it is not a number; the call has a page as well; or a body has neither of them.
    """
    text = call.path_parameters.get("category_id")
    number: int | None = call.params["category_id"] if text is None else _parse("category_id", text, call.version)
    if number is None:
        if call.body and not page_given(call):
            raise ActionRequestValidation(messages.CATEGORY_OR_PAGE)
        return None
    check_exclusive(call, "category_id", ("from", "size", "page"), _INCOMPATIBLE)
    return number
