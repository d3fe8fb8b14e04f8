"""``POST _ml/anomaly_detectors/{job_id}/_flush`` (``TransportFlushJobAction``, ``FlushJobParams``)."""

from __future__ import annotations

from typing import Any

from fake_es.cluster import Cluster
from fake_es.ml.common.dates import parse_ml_date
from fake_es.ml.common.routes import ml
from fake_es.ml.engine.engine import Flush
from fake_es.ml.job_store.open_jobs import running_process
from fake_es.ml.jobs import messages
from fake_es.ml.persistence.cluster_state import not_while_upgrading
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument, bad_request
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter


@operation(
    "ml.flush_job",
    routes=ml("POST", "/anomaly_detectors/{job_id}/_flush"),
    action="cluster:admin/xpack/ml/job/flush",
    guard=not_while_upgrading,
    query=[
        Parameter("calc_interim", parameters.BOOLEAN, False),
        Parameter("start", parameters.TEXT),
        Parameter("end", parameters.TEXT),
        Parameter("advance_time", parameters.TEXT),
        Parameter("skip_time", parameters.TEXT, since=(5, 6)),
    ],
    body=BodyUse.PARAMETERS,
)
def flush_job(call: Call, cluster: Cluster) -> Any:
    """Bring the results of an open job up to date."""
    if call.version >= (9, 1):
        call.warn(messages.FLUSH_DEPRECATED)
    process = running_process(call, cluster, "flush")
    end = process.flush(_read(call))
    if end is None or call.version < (5, 6):
        return {"flushed": True}
    return {"flushed": True, "last_finalized_bucket_end": end}


def _read(call: Call) -> Flush:
    """Read the parameters; times are epoch milliseconds.

    :raises ElasticsearchError: 400, a parameter is not a time, or the times contradict each other.
    """
    given = {name: call.params[name] for name in ("start", "end", "advance_time", "skip_time")}
    times = {name: parse_ml_date(text, name, call.now, call.version) for name, text in given.items() if text}
    interim: bool = call.params["calc_interim"]
    _check_range(interim, times)
    advance, skip = times.get("advance_time"), times.get("skip_time")
    if advance is not None and skip is not None and advance <= skip:
        raise bad_request(messages.FLUSH_ADVANCE.format(advance=advance, skip=skip))
    return Flush(interim, times.get("start"), times.get("end"), advance, skip)


def _check_range(interim: bool, times: dict[str, int]) -> None:
    if not interim:
        for name in ("start", "end"):
            if name in times:
                raise IllegalArgument(messages.UNEXPECTED_FLUSH_FIELD.format(name=name))
    if "end" in times and "start" not in times:
        raise IllegalArgument(messages.FLUSH_START_MISSING)
    if "end" in times and times["end"] < times["start"]:
        raise bad_request(messages.FLUSH_RANGE.format(end=times["end"], start=times["start"]))
