"""The common part of APIs that list a job's results: parameters, search, and the answer.

Source: ``BucketsQueryBuilder``, ``RecordsQueryBuilder``, ``InfluencersQueryBuilder`` and ``ResultsFilterBuilder``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.paging import DATES, PAGE, Page, page_of
from fake_es.ml.common.routes import ml
from fake_es.ml.job_store.jobs import Job
from fake_es.ml.persistence import names
from fake_es.ml.persistence.document_shapes import Shape
from fake_es.search.searcher import SearchResult
from fake_es.search.system_search import SystemSearch
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.operation import Route
from fake_es.wire.parameters import Parameter

Tree = dict[str, Any]

# In bodies for buckets, records and influencers the times may be null (``declareStringOrNull``).
_DATES_OR_NULL = tuple(date._replace(kind=parameters.TEXT_OR_NULL) for date in DATES)
EXCLUDE_INTERIM = Parameter("exclude_interim", parameters.BOOLEAN, False)


def results_routes(*paths: str, since: tuple[int, ...] = (5, 4)) -> list[Route]:
    """Routes with GET and POST for paths below a job."""
    below = (f"/anomaly_detectors/{{job_id}}/{path}" for path in paths)
    return [route for path in below for method in ("GET", "POST") for route in ml(method, path, since=since)]


@dataclass(frozen=True)
class ResultQuery:
    """The query for one kind of results.

    * ``kind``: the filter for this kind.
    * ``name``: the name of the list in the answer.
    * ``sort``, ``descending``: the default order.
    * ``score``: the parameter, and the field, of the minimal score.
    * ``ties``: further fields of the order.
    * ``missing``: values for sorting documents without a field.
    """

    kind: Tree
    name: str
    sort: str
    descending: bool
    shape: Shape
    score: str | None = None
    ties: tuple[str, ...] = ()
    missing: Mapping[str, Any] = field(default_factory=dict)

    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters that all such APIs have. ``exclude_interim`` and the score only exist if there is a score."""
        order = (Parameter("sort", parameters.TEXT), Parameter("desc", parameters.BOOLEAN, self.descending))
        if self.score is None:
            return (*PAGE, *DATES, *order)
        return (*PAGE, *_DATES_OR_NULL, *order, EXCLUDE_INTERIM, Parameter(self.score, parameters.DOUBLE, 0.0))

    def search(self, cluster: Cluster, job: Job, call: Call, *further: Tree) -> SearchResult:
        """The page of results that a call requests; ``further`` are filters in addition to its parameters.

        :raises ElasticsearchError: 400, ``start`` or ``end`` is not a time, or the page is beyond ``max_result_window``.
        """
        return self.find(cluster, job, page_of(call), [*_filters(call, self.score), *further], self._order(call))

    def find(
        self, cluster: Cluster, job: Job, page: Page, filters: list[Tree], order: list[Tree] | None = None
    ) -> SearchResult:
        """A page of results that match the filters, by default in the order of time."""
        query = {"bool": {"filter": [{"term": {"job_id": job.id}}, self.kind, *filters]}}
        sort = order or [{"timestamp": {"order": "asc", "unmapped_type": "date"}}]
        body = {"from": page.start, "size": page.size, "query": query, "sort": sort}
        return cluster.part(SystemSearch).search(names.read_alias(job.id), body)

    def answer(self, call: Call, found: SearchResult) -> Tree:
        """The answer of the API. ``count`` counts all matching results, not only the page."""
        human = call.flag("human")
        return {"count": found.total, self.name: [self.shape.of(source, call.version, human) for source in found.sources]}

    def _order(self, call: Call) -> list[Tree]:
        order = "desc" if call.params["desc"] else "asc"
        first = call.params["sort"] or self.sort
        return [
            {name: {"order": order, "missing": self.missing.get(name, "_last"), "unmapped_type": "double"}}
            for name in dict.fromkeys((first, *self.ties))
        ]


def _filters(call: Call, score: str | None) -> list[Tree]:
    """Query filters for the parameters of a call."""
    bounds = {"gte": call.params["start"], "lt": call.params["end"]}
    given = {name: value for name, value in bounds.items() if value}
    filters: list[Tree] = [{"range": {"timestamp": given}}] if given else []
    if score is not None:
        if call.params[score] > 0:
            filters.append({"range": {score: {"gte": call.params[score]}}})
        if call.params["exclude_interim"]:
            filters.append({"bool": {"must_not": [{"term": {"is_interim": True}}]}})
    return filters
