"""``GET _ml/anomaly_detectors/{job_id}/results/records`` (``TransportGetRecordsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.paging import page_of
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.results import result_shapes
from fake_es.ml.results.result_query import ResultQuery, results_routes
from fake_es.wire.call import Call
from fake_es.wire.operation import BodyUse, operation

# ``RecordsQueryBuilder.SECONDARY_SORT``.
_TIES = ("record_score", "over_field_value", "partition_field_value", "by_field_value", "field_name", "function")
RECORDS = ResultQuery(
    {"term": {"result_type": "record"}}, "records", "record_score", True, result_shapes.RECORD, "record_score", _TIES
)


@operation(
    "ml.get_records",
    routes=results_routes("results/records"),
    action="cluster:monitor/xpack/ml/job/results/records/get",
    query=RECORDS.parameters(),
    body=BodyUse.PARAMETERS,
)
def get_records(call: Call, cluster: Cluster) -> Any:
    """Anomaly records of one job, by default the highest score first."""
    page_of(call)
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    return RECORDS.answer(call, RECORDS.search(cluster, job, call))
