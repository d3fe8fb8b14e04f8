"""``GET _ml/anomaly_detectors/{job_id}/results/categories[/{category_id}]`` (``TransportGetCategoriesAction``)."""

from __future__ import annotations

import re
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.jobs.store import Jobs
from fake_es.ml.results import documents, messages
from fake_es.ml.results.grok import grok_pattern
from fake_es.ml.results.listing import Listing, results_routes
from fake_es.ml.results.paging import PAGE, Page, page_given, page_of
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ActionRequestValidation, IllegalArgument, NumberFormat
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

# Before 7.x definitions say nothing of their kind: they are known by their number.
CATEGORIES = Listing({"exists": {"field": "category_id"}}, "categories", "category_id", False, documents.CATEGORY)
_BY_NUMBER = [{"category_id": {"order": "asc", "unmapped_type": "long"}}]


@operation(
    "ml.get_categories",
    routes=results_routes("results/categories", "results/categories/{category_id}"),
    action="cluster:monitor/xpack/ml/job/results/categories/get",
    query=[
        *PAGE,
        Parameter("category_id", parameters.TEXT),
        Parameter("partition_field_value", parameters.TEXT, since=(7, 9)),
    ],
    body=BodyUse.PARAMETERS,
)
def get_categories(call: Call, cluster: Cluster) -> Any:
    """Categories of one job by number; one that is not there makes an empty list."""
    number = _number(call)
    page = page_of(call) if number is None else Page(0, 1)
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    filters = [] if number is None else [{"term": {"category_id": number}}]
    partition = call.params.get("partition_field_value")
    if partition is not None:
        filters.append({"term": {"partition_field_value": partition}})
    answer = CATEGORIES.answer(call, CATEGORIES.find(cluster, job, page, filters, _BY_NUMBER))
    return answer | {"categories": [_augmented(call, category) for category in answer["categories"]]}


def _number(call: Call) -> int | None:
    """The number of the category that is asked for.

    :raises ElasticsearchError: 400, it is none; or a page is asked for as well, or by a body neither.
    """
    text = call.path_parameters.get("category_id") or call.params["category_id"]
    if text is None:
        if call.body and not page_given(call):
            raise ActionRequestValidation(messages.CATEGORY_OR_PAGE)
        return None
    if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        raise NumberFormat(f'For input string: "{text}"')
    if page_given(call):
        # The body is read before the path, the parameters after it.
        pair = ("category_id", "from, size") if call.body else ("from, size", "category_id")
        raise IllegalArgument(messages.INCOMPATIBLE.format(name=pair[0], with_=pair[1]))
    return int(text)


def _augmented(call: Call, category: dict[str, Any]) -> dict[str, Any]:
    """A category with what is worked out of it when it is shown."""
    further: dict[str, Any] = {}
    if call.version >= (6, 3):
        further["grok_pattern"] = grok_pattern(category["regex"], category["examples"])
    if call.version >= (7, 10):
        further["mlcategory"] = str(category["category_id"])
    return category | further
