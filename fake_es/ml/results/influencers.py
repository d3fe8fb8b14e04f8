"""``GET _ml/anomaly_detectors/{job_id}/results/influencers`` (``TransportGetInfluencersAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.paging import page_of
from fake_es.ml.job_store.jobs import Jobs
from fake_es.ml.results import result_shapes
from fake_es.ml.results.result_query import ResultQuery, results_routes
from fake_es.wire.call import Call
from fake_es.wire.operation import BodyUse, operation

INFLUENCERS = ResultQuery(
    {"term": {"result_type": "influencer"}},
    "influencers",
    "influencer_score",
    True,
    result_shapes.INFLUENCER,
    "influencer_score",
)


@operation(
    "ml.get_influencers",
    routes=results_routes("results/influencers"),
    action="cluster:monitor/xpack/ml/job/results/influencers/get",
    query=INFLUENCERS.parameters(),
    body=BodyUse.PARAMETERS,
)
def get_influencers(call: Call, cluster: Cluster) -> Any:
    """Influencers of one job, by default the highest score first."""
    page_of(call)
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    return INFLUENCERS.answer(call, INFLUENCERS.search(cluster, job, call))
