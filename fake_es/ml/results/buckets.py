"""``GET _ml/anomaly_detectors/{job_id}/results/buckets[/{timestamp}]`` (``TransportGetBucketsAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.paging import Page, page_of
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.results import messages, result_shapes
from fake_es.ml.results.exclusive_parameters import check_exclusive
from fake_es.ml.results.records import RECORDS
from fake_es.ml.results.result_query import ResultQuery, results_routes
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import ResourceNotFound
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

BUCKETS = ResultQuery(
    {"term": {"result_type": "bucket"}}, "buckets", "timestamp", False, result_shapes.BUCKET, "anomaly_score", ("timestamp",)
)
# Maximal number of records per bucket with ``expand``; the process does not write more.
_MOST_RECORDS = 500
_SELECTING = ("from", "size", "page", "start", "end", "anomaly_score")
_BY_PROBABILITY = [{"probability": {"order": "asc", "missing": "_last", "unmapped_type": "double"}}]


@operation(
    "ml.get_buckets",
    routes=results_routes("results/buckets", "results/buckets/{timestamp}"),
    action="cluster:monitor/xpack/ml/job/results/buckets/get",
    query=[
        *BUCKETS.parameters(),
        Parameter("timestamp", parameters.TEXT),
        Parameter("expand", parameters.BOOLEAN, False),
    ],
    body=BodyUse.PARAMETERS,
)
def get_buckets(call: Call, cluster: Cluster) -> Any:
    """Buckets of one job, by default in the order of time. ``count`` counts all matching buckets, not only the page."""
    timestamp = call.path_parameters.get("timestamp") or call.params["timestamp"]
    if timestamp is not None:
        check_exclusive(call, "timestamp", _SELECTING, messages.TIMESTAMP_INCOMPATIBLE)
    page_of(call)
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    if timestamp is None:
        answer = BUCKETS.answer(call, BUCKETS.search(cluster, job, call))
    else:
        at = {"range": {"timestamp": {"gte": timestamp, "lte": timestamp}}}
        answer = BUCKETS.answer(call, BUCKETS.find(cluster, job, Page(0, 1), [at]))
        if not answer["buckets"]:
            raise ResourceNotFound(messages.NO_BUCKETS)
    if call.params["expand"]:
        answer["buckets"] = [_expanded(call, cluster, job, bucket) for bucket in answer["buckets"]]
    if call.version < (6, 0):
        answer["buckets"] = [_counted(cluster, job, bucket) for bucket in answer["buckets"]]
    return answer


def _expanded(call: Call, cluster: Cluster, job: Job, bucket: dict[str, Any]) -> dict[str, Any]:
    """Add the records to a bucket, the least probable first. A bucket without influencers gets none (``BucketsProvider``)."""
    if not bucket["bucket_influencers"] or not isinstance(bucket.get("timestamp"), int):
        return bucket
    filters: list[dict[str, Any]] = [{"term": {"timestamp": bucket["timestamp"]}}]
    if call.params["exclude_interim"]:
        filters.append({"term": {"is_interim": False}})
    found = RECORDS.find(cluster, job, Page(0, _MOST_RECORDS), filters, _BY_PROBABILITY)
    if not found.total:
        return bucket
    return bucket | {"records": RECORDS.answer(call, found)["records"]}


def _counted(cluster: Cluster, job: Job, bucket: dict[str, Any]) -> dict[str, Any]:
    """Add the number of records to a bucket, for 5.x."""
    if not isinstance(bucket.get("timestamp"), int):
        return bucket
    found = RECORDS.find(cluster, job, Page(0, 0), [{"term": {"timestamp": bucket["timestamp"]}}])
    return bucket | {"record_count": found.total}
