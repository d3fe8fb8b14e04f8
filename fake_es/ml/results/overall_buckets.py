"""``GET _ml/anomaly_detectors/{job_id}/results/overall_buckets`` (``TransportGetOverallBucketsAction``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from fake_es.cluster import Cluster
from fake_es.ml.common.dates import parse_ml_date
from fake_es.ml.common.paging import DATES
from fake_es.ml.config.job.analysis_config import span_ms
from fake_es.ml.job_store.jobs import Job, Jobs
from fake_es.ml.job_store.selection import ALLOW_NO_MATCH, allow_no_match
from fake_es.ml.results import messages, overall_scores
from fake_es.ml.results.result_query import EXCLUDE_INTERIM, results_routes
from fake_es.search.system_search import SystemSearch
from fake_es.wire import parameters
from fake_es.wire.call import Call
from fake_es.wire.errors import IllegalArgument, ParseError, bad_request
from fake_es.wire.human import with_readable_times
from fake_es.wire.numbers import whole
from fake_es.wire.operation import BodyUse, operation
from fake_es.wire.parameters import Parameter

_MOST = 10_000
Tree = dict[str, Any]


class _Request(NamedTuple):
    """The parameters of a request. Times and spans are in milliseconds; without a ``span`` that of the jobs is used."""

    start: int | None
    end: int | None
    span: int | None
    top: int
    least: float


@operation(
    "ml.get_overall_buckets",
    routes=results_routes("results/overall_buckets", since=(6, 1)),
    action="cluster:monitor/xpack/ml/job/results/overall_buckets/get",
    query=[
        *ALLOW_NO_MATCH,
        *DATES,
        EXCLUDE_INTERIM,
        Parameter("top_n", parameters.INT, 1),
        Parameter("bucket_span", parameters.TIME),
        Parameter("overall_score", parameters.DOUBLE, 0.0),
    ],
    body=BodyUse.PARAMETERS,
)
def get_overall_buckets(call: Call, cluster: Cluster) -> Any:
    """Overall buckets of all jobs that an expression matches, in the order of time."""
    request = _read(call)
    expression = call.path_parameters["job_id"]
    jobs = cluster.part(Jobs).expand(expression, call.version, allow_no_match=allow_no_match(call))
    span, found = _compute(call, cluster, request, jobs) if jobs else (0, iter(()))
    buckets = [overall_scores.bucket_to_json(cell, span) for cell in islice(found, _MOST + 1)]
    if len(buckets) > _MOST:
        raise bad_request(messages.TOO_MANY_OVERALL.format(most=_MOST))
    if call.flag("human"):
        buckets = [with_readable_times(bucket, ("timestamp",)) for bucket in buckets]
    return {"count": len(buckets), "overall_buckets": buckets}


def _read(call: Call) -> _Request:
    top: int = call.params["top_n"]
    if top <= 0:
        raise call.refused("top_n", IllegalArgument(messages.TOP_N_NOT_POSITIVE.format(value=top)))
    start, end = (_instant(call, name) for name in ("start", "end"))
    span = call.params["bucket_span"]
    return _Request(start, end, None if span is None else span.ms, top, call.params["overall_score"])


def _instant(call: Call, name: str) -> int | None:
    """A time in epoch milliseconds. In this API a number is always in milliseconds."""
    text = call.params[name]
    if not text:
        return None
    number = whole(text, 0)
    if number is not None:
        return number
    try:
        return parse_ml_date(text, name, call.now, call.version)
    except ParseError as error:
        raise call.refused(name, error) from None


def _compute(
    call: Call, cluster: Cluster, request: _Request, jobs: Sequence[Job]
) -> tuple[int, Iterator[overall_scores.OverallBucket]]:
    """The length of the overall buckets in milliseconds, and the buckets.

    :raises StatusException: 400, the buckets of a job are longer than the requested span.
    """
    configs = (job.config_tree()["analysis_config"] for job in jobs)
    longest, text = max((span_ms(config), config["bucket_span"]) for config in configs)
    if request.span is not None and request.span < longest:
        raise bad_request(messages.SPAN_TOO_SHORT.format(longest=text))
    span = longest
    if request.span is not None and (request.top == 1 or len(jobs) == 1):
        span = request.span
    found = overall_scores.overall_buckets(_buckets(call, cluster, request, jobs, span), span, request.top, request.least)
    if request.span is None or request.span == span:
        return span, found
    return request.span, overall_scores.merged(found, request.span)


def _buckets(
    call: Call, cluster: Cluster, request: _Request, jobs: Sequence[Job], span: int
) -> Iterator[overall_scores.JobBucket]:
    """Buckets of the jobs in all whole spans between start and end."""
    filters: list[Tree] = [{"term": {"result_type": "bucket"}}, {"terms": {"job_id": [job.id for job in jobs]}}]
    bounds: dict[str, int] = {}
    if request.start is not None:
        bounds["gte"] = -(-request.start // span) * span
    if request.end is not None:
        bounds["lt"] = request.end // span * span
    if bounds:
        filters.append({"range": {"timestamp": bounds}})
    if call.params["exclude_interim"]:
        filters.append({"bool": {"must_not": [{"term": {"is_interim": True}}]}})
    names = sorted({job.results_index for job in jobs})
    for document in cluster.part(SystemSearch).scan(names, {"bool": {"filter": filters}}):
        job_id, score = document.values("job_id")[0], max(document.values("anomaly_score"), default=0.0)
        interim = any(document.values("is_interim"))
        for time in document.values("timestamp"):
            yield overall_scores.JobBucket(time, job_id, score, interim)
