"""``POST _ml/anomaly_detectors/{job_id}/_forecast`` (``TransportForecastJobAction``)."""

from __future__ import annotations

from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.delays import JobSize
from fake_es.ml.common.routes import ml
from fake_es.ml.config.job.analysis_config import span_ms
from fake_es.ml.config.job.analysis_limits import memory_limit_mib
from fake_es.ml.engine.functions import FUNCTIONS
from fake_es.ml.forecasts import messages
from fake_es.ml.forecasts.store import STARTED, Forecasts
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.job_store.open_jobs import running_process
from fake_es.ml.job_store.process import JobProcess
from fake_es.ml.persistence.audit import audit
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.durations import TimeValue
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter
from fake_es.wire.sizes import parse_size

_MIB = 1024 * 1024
_A_DAY, _TWO_WEEKS = TimeValue(1, "d"), TimeValue(14, "d")
_LONGEST = TimeValue(3650, "d")
# The process of earlier releases shortens a forecast to eight weeks (pull request 41082).
_LONGEST_BEFORE_7_2_MS = 56 * 86_400_000
_MEMORY = 20 * _MIB
# Limit of a job without ``model_memory_limit`` (``AnalysisLimits.PRE_6_1_DEFAULT_MODEL_MEMORY_LIMIT_MB``).
_OLD_LIMIT_MIB = 4096
# Memory of the models of a forecast in bytes.
_BYTES_OF_A_FORECAST = 64 * 1024
# Maximal number of points of one series. A real node has no limit but the duration and its disk.
_MOST_POINTS = 10_000
Tree = dict[str, Any]


class _Request(NamedTuple):
    """The parameters of a request; ``length_ms`` is how long the forecast gets, ``memory`` is in bytes."""

    duration: TimeValue
    length_ms: int
    expires_in: TimeValue
    memory: int | None


@operation(
    "ml.forecast",
    routes=ml("POST", "/anomaly_detectors/{job_id}/_forecast", since=(6, 1)),
    action="cluster:admin/xpack/ml/job/forecast",
    guard=not_while_upgrading,
    query=[
        Parameter("duration", parameters.TIME),
        Parameter("expires_in", parameters.TIME),
        Parameter("max_model_memory", parameters.TEXT, since=(7, 9)),
    ],
    body=BodyUse.PARAMETERS,
)
def forecast_job(call: Call, cluster: Cluster) -> Any:
    """Start a forecast of an open job, which begins after its last finished bucket.

    The forecast can be read when its status is ``finished``.
    """
    request = _read(call)
    process = running_process(call, cluster, "forecast")
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    config = job.config_tree()
    _check_may_forecast(call, config, process, request)
    _cut_memory(call, cluster, config, request)
    stats = _started(call, cluster, job, process, request)
    length = min(request.length_ms, _MOST_POINTS * span_ms(config["analysis_config"]))
    points = [point | {"forecast_id": stats["forecast_id"]} for point in process.engine.forecast(length)]
    delay = cluster.delays.duration("forecast", job.id, JobSize(records=len(points)))
    cluster.part(Forecasts).start(job, process, stats, points, call.now, delay)
    return {"acknowledged": True, "forecast_id": stats["forecast_id"]}


def _read(call: Call) -> _Request:
    """Read the parameters.

    :raises ElasticsearchError: 400, an invalid duration or size.
    """
    duration: TimeValue | None = call.params["duration"]
    expires_in: TimeValue | None = call.params["expires_in"]
    if duration is not None and duration.ms <= 0:
        raise IllegalArgument(messages.DURATION_NOT_POSITIVE.format(duration=duration))
    if duration is not None and duration.ms > _LONGEST.ms:
        raise IllegalArgument(messages.DURATION_TOO_LONG.format(most=_LONGEST, duration=duration))
    if expires_in is not None and expires_in.ms < 0:
        raise IllegalArgument(messages.EXPIRY_NEGATIVE.format(duration=expires_in))
    duration = duration or _A_DAY
    length = duration.ms if call.version >= (7, 2) else min(duration.ms, _LONGEST_BEFORE_7_2_MS)
    return _Request(duration, length, expires_in or _TWO_WEEKS, _memory(call))


def _memory(call: Call) -> int | None:
    text = call.params.get("max_model_memory")
    if text is None:
        return None
    memory = parse_size(text, "max_model_memory", call.version)
    if memory < _MIB:
        raise IllegalArgument(messages.MEMORY_TOO_SMALL)
    if memory >= 500 * _MIB:
        raise bad_request(messages.MEMORY_TOO_LARGE)
    return memory


def _check_may_forecast(call: Call, config: Tree, process: JobProcess, request: _Request) -> None:
    """The checks of the server, then those of the process.

    :raises ElasticsearchError: 400 or 409, the job cannot be forecast.
    """
    analysis = config["analysis_config"]
    if call.params["duration"] is not None and request.duration.ms < span_ms(analysis):
        raise bad_request(messages.SHORTER_THAN_BUCKET.format(duration=request.duration, span=analysis["bucket_span"]))
    why = _unable(analysis["detectors"], process)
    if why is not None:
        raise bad_request(messages.REFUSED.format(why=why))


def _unable(detectors: list[Tree], process: JobProcess) -> str | None:
    if any("over_field_name" in detector for detector in detectors):
        return messages.POPULATION
    if all(FUNCTIONS[detector["function"]].kind != "value" for detector in detectors):
        return messages.UNSUPPORTED_FUNCTION
    if process.engine.latest_bucket() is None:
        return messages.NO_DATA
    if process.engine.model_size().get("memory_status", "ok") != "ok":
        return messages.BAD_MEMORY
    return None


def _cut_memory(call: Call, cluster: Cluster, config: Tree, request: _Request) -> None:
    """Report a memory limit above 40% of the job's limit: the forecast gets less."""
    if request.memory is None:
        return
    limit = memory_limit_mib(config.get("analysis_limits")) or _OLD_LIMIT_MIB
    allowed = int(limit * _MIB * 0.4)
    if request.memory > allowed - 1:
        text = messages.AUDIT_MEMORY_CUT.format(requested=request.memory, allowed=allowed, reduced=allowed - 1)
        audit(cluster, config["job_id"], text, call.now, "warning")


def _started(call: Call, cluster: Cluster, job: Job, process: JobProcess, request: _Request) -> Tree:
    """The statistics of a forecast at its start."""
    latest = process.engine.latest_bucket()
    assert latest is not None, "without a bucket no forecast is begun"
    start = latest + span_ms(job.config_tree()["analysis_config"])
    stats: Tree = {
        "job_id": job.id,
        "result_type": "model_forecast_request_stats",
        "forecast_id": cluster.ids.document_id(),
        "processed_record_count": 0,
        "forecast_messages": [messages.SHORTENED] if request.length_ms < request.duration.ms else [],
        "timestamp": start,
        "forecast_start_timestamp": start,
        "forecast_end_timestamp": start + request.length_ms,
        "forecast_create_timestamp": call.now,
    }
    if request.expires_in.ms:
        stats["forecast_expiry_timestamp"] = call.now + request.expires_in.ms
    memory = min(request.memory or _MEMORY, process.engine.model_size()["model_bytes"] + _BYTES_OF_A_FORECAST)
    return stats | {
        "forecast_progress": 0.0,
        "processing_time_ms": 0,
        "forecast_memory_bytes": memory,
        "forecast_status": STARTED,
    }
