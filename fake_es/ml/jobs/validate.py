"""``POST _ml/anomaly_detectors/_validate[/detector]`` (``ValidateJobConfigAction``, ``ValidateDetectorAction``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.routes import ml
from fake_es.ml.config.job.detector import DETECTOR, build_detector
from fake_es.ml.config.job.job import JOB, complete_job
from fake_es.wire.call import Call
from fake_es.wire.operation import BodyUse, operation

# The id for a configuration without one; the URL of the creation will have it.
_ANY_ID = "ok"


def _read_job(call: Call) -> None:
    complete_job({"job_id": _ANY_ID} | JOB.parse_text(call.json_body()), call.version)


def _read_detector(call: Call) -> None:
    body = call.json_body()
    build_detector(DETECTOR.parse_text(body), body)


@operation(
    "ml.validate",
    routes=ml("POST", "/anomaly_detectors/_validate"),
    action="cluster:admin/xpack/ml/job/validate",
    body=BodyUse.REQUIRED,
    parse=_read_job,
)
def validate(call: Call, cluster: Cluster) -> Any:
    """Check a job's configuration. The errors are those of its creation."""
    return {"acknowledged": True}


@operation(
    "ml.validate_detector",
    routes=ml("POST", "/anomaly_detectors/_validate/detector"),
    action="cluster:admin/xpack/ml/job/validate/detector",
    body=BodyUse.REQUIRED,
    parse=_read_detector,
)
def validate_detector(call: Call, cluster: Cluster) -> Any:
    """Check the configuration of one detector."""
    return {"acknowledged": True}
