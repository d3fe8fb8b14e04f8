"""``POST _ml/anomaly_detectors/{job_id}/_data`` (``TransportPostDataAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.dates import parse_ml_date
from fake_es.ml.common.routes import ml
from fake_es.ml.job_store.open_jobs import running_process
from fake_es.ml.jobs import messages
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire import parameters
from fake_es.wire.call import Answer, Call
from fake_es.wire.errors import ParseError
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter


@operation(
    "ml.post_data",
    routes=ml("POST", "/anomaly_detectors/{job_id}/_data"),
    action="cluster:admin/xpack/ml/job/data/post",
    guard=not_while_upgrading,
    query=[Parameter("reset_start", parameters.TEXT), Parameter("reset_end", parameters.TEXT)],
    body=BodyUse.RAW,
)
def post_data(call: Call, cluster: Cluster) -> Any:
    """Feed records to an open job. Return the counts of this upload, with status 202."""
    if call.version >= (7, 11):
        call.warn(messages.POST_DATA_DEPRECATED.at(call.version))
    if not call.body and call.version >= (6, 0):
        raise ParseError("request body is required")
    process = running_process(call, cluster, "process data")
    for name in ("reset_start", "reset_end"):
        if call.params[name]:
            parse_ml_date(call.params[name], name, call.now, call.version)
    counts = process.post(call.body, call.now)
    return Answer(202, counts.to_json())
