"""``GET _ml/anomaly_detectors/{job_id}/results/buckets[/{timestamp}]`` (``TransportGetBucketsAction``)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_es.cluster import Cluster
from fake_es.documents.indices import Indices
from fake_es.ml.dates import parse_ml_date
from fake_es.ml.jobs.store import Jobs
from fake_es.ml.results.paging import PAGE, SearchPhaseFailure, cut, page_of
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument, ParseError, ResourceNotFound
from fake_es.wire.human import with_time_twins
from fake_es.wire.operation import BodyUse, ml, operation
from fake_es.wire.parameters import Parameter

_PATH = "/anomaly_detectors/{job_id}/results/buckets"
Keep = Callable[[dict[str, Any]], bool]


@operation(
    "ml.get_buckets",
    routes=[route for path in (_PATH, _PATH + "/{timestamp}") for method in ("GET", "POST") for route in ml(method, path)],
    action="cluster:monitor/xpack/ml/job/results/buckets/get",
    query=[
        *PAGE,
        Parameter("timestamp", parameters.TEXT),
        Parameter("start", parameters.TEXT),
        Parameter("end", parameters.TEXT),
        Parameter("sort", parameters.TEXT),
        Parameter("desc", parameters.BOOLEAN, False),
        Parameter("exclude_interim", parameters.BOOLEAN, False),
        Parameter("expand", parameters.BOOLEAN, False),
        Parameter("anomaly_score", parameters.DOUBLE, 0.0),
    ],
    body=BodyUse.PARAMETERS,
)
def get_buckets(call: Call, cluster: Cluster) -> Any:
    """Buckets of one job, by time unless another field is named; ``count`` is of all that fit, not of the page."""
    job = cluster.part(Jobs).get(call.path_parameters["job_id"])
    timestamp = call.path_parameters.get("timestamp") or call.params["timestamp"]
    if timestamp is not None:
        _check_alone(call)
    page_of(call)
    keep = _in_range(call) if timestamp is None else _at(call, timestamp)
    mine = {"bool": {"filter": [{"term": {"job_id": job.id}}, {"term": {"result_type": "bucket"}}]}}
    stored = cluster.part(Indices).scan(job.results_index, mine, sort=["timestamp"])
    found = [document.source for document in stored if keep(document.source)]
    if timestamp is not None and not found:
        raise ResourceNotFound("Could not find requested buckets")
    return {"count": len(found), "buckets": [_shown(call, bucket) for bucket in cut(_sorted(call, found), call)]}


def _check_alone(call: Call) -> None:
    given = [name for name in ("from", "size", "start", "end", "anomaly_score") if name in call.query]
    if given:
        name = "from, size" if given[0] in ("from", "size") else given[0]
        raise IllegalArgument(f"Param [{name}] is incompatible with [timestamp].")
    if call.params["page"] or call.params["start"] or call.params["end"] or call.params["anomaly_score"]:
        raise IllegalArgument("Param [timestamp] is incompatible with [from,size,start,end,anomaly_score]")


def _at(call: Call, timestamp: str) -> Keep:
    instant = _instant(call, timestamp, "timestamp")
    return lambda bucket: bool(bucket["timestamp"] == instant)


def _in_range(call: Call) -> Keep:
    start, end = (None if not call.params[name] else _instant(call, call.params[name], name) for name in ("start", "end"))
    score, finished_only = call.params["anomaly_score"], call.params["exclude_interim"]

    def keep(bucket: dict[str, Any]) -> bool:
        timestamp = bucket["timestamp"]
        return (
            (start is None or timestamp >= start)
            and (end is None or timestamp < end)
            and bucket.get("anomaly_score", 0) >= score
            and not (finished_only and bucket.get("is_interim"))
        )

    return keep


def _instant(call: Call, text: str, name: str) -> int:
    """Epoch milliseconds of a time that the search itself reads: a number is always milliseconds."""
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        return parse_ml_date(text, name, call.now, call.version)
    except ParseError:
        formats = "strict_date_optional_time||epoch_millis"
        raise SearchPhaseFailure(
            "all shards failed", ParseError(f"failed to parse date field [{text}] with format [{formats}]")
        ) from None


def _sorted(call: Call, buckets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    field, descending = call.params["sort"] or "timestamp", call.params["desc"]
    if field != "timestamp":
        # Those that lack the field come last, whichever the direction.
        lacking = [bucket for bucket in buckets if not isinstance(bucket.get(field), (int, float))]
        having = [bucket for bucket in buckets if isinstance(bucket.get(field), (int, float))]
        return sorted(having, key=lambda bucket: (bucket[field], bucket["timestamp"]), reverse=descending) + lacking
    return buckets[::-1] if descending else buckets


def _shown(call: Call, bucket: dict[str, Any]) -> dict[str, Any]:
    if call.version < (6, 0):
        bucket = bucket | {"record_count": 0}
    return with_time_twins(bucket, ("timestamp",)) if call.flag("human") else bucket
