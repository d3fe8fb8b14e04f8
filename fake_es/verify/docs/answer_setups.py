"""Set-ups made from an answer: requests that create the jobs, datafeeds and results that a page shows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from fake_es.verify.examples import ELIDED
from fake_es.verify.suite import Send
from fake_es.version import Version

Tree = dict[str, Any]

# Fields that the server adds to configurations, and refuses or ignores in requests.
_OF_SERVER = frozenset(
    {
        "job_id", "job_type", "job_version", "create_time", "finished_time", "model_snapshot_id", "model_snapshot_min_version",
        "established_model_memory", "datafeed_config", "deleted", "deleting", "blocked", "datafeed_id", "authorization",
    }
)  # fmt: skip
_CUSTOM = "custom-"
_PLAIN_JOB: Tree = {"analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {"time_field": "timestamp"}}
_SPAN_S = 300


class _Resource(NamedTuple):
    """The job or datafeed of a request: the prefix of ML APIs, the document type in paths, and the id."""

    ml: str
    document: str
    id: str


def requests_for_answer(send: Send, answer: Any, version: Version) -> str:
    """Requests that create what an answer to ``send`` shows, as text; empty for other kinds of requests."""
    if not isinstance(answer, dict):
        return ""
    line = f"{send.method} {send.target.partition('?')[0].rstrip('/')}"
    document = "doc" if version < (7, 0) else "_doc"
    for pattern, requests in _REQUESTS:
        found = pattern.fullmatch(line)
        if found is not None:
            resource = _Resource(found["ml"], document, found["id"])
            return "".join(f"{each}\n\n" for each in requests(resource, _without_elisions(answer)))
    return ""


def _without_elisions(value: Any) -> Any:
    """A value without ``...``, which replaces omitted parts."""
    if isinstance(value, dict):
        return {key: _without_elisions(each) for key, each in value.items() if key != ELIDED and each != ELIDED}
    return [_without_elisions(each) for each in value if each != ELIDED] if isinstance(value, list) else value


def _put(path: str, body: Tree) -> str:
    return f"PUT {path}\n{json.dumps(body, ensure_ascii=False)}"


def _put_job(resource: _Resource, job_id: str, config: Tree) -> str:
    given = {key: value for key, value in config.items() if key not in _OF_SERVER}
    # The page may show only a part of the job.
    given = _PLAIN_JOB | given
    given["analysis_config"] = _PLAIN_JOB["analysis_config"] | given["analysis_config"]
    index = given.pop("results_index_name", "shared")
    if index != "shared":
        given["results_index_name"] = index.removeprefix(_CUSTOM)
    return _put(f"{resource.ml}/anomaly_detectors/{job_id}", given)


def _jobs(resource: _Resource, answer: Tree) -> Iterator[str]:
    for config in answer.get("jobs", [answer] if "job_id" in answer else []):
        yield _put_job(resource, config.get("job_id", resource.id), config)


def _datafeeds(resource: _Resource, answer: Tree) -> Iterator[str]:
    for config in answer.get("datafeeds", [answer] if "datafeed_id" in answer else []):
        job_id = config.get("job_id", resource.id)
        given = {key: value for key, value in config.items() if key not in _OF_SERVER}
        yield _put_job(resource, job_id, {})
        yield _put(f"{resource.ml}/datafeeds/{config.get('datafeed_id', resource.id)}", {"job_id": job_id, **given})


def _document(resource: _Resource, job_id: str, name: str, source: Tree) -> str:
    return _put(f".ml-anomalies-{job_id}/{resource.document}/{job_id}_{name}?refresh=true", {"job_id": job_id, **source})


def _results(resource: _Resource, answer: Tree) -> Iterator[str]:
    """A request for the document of each result."""
    for results in (found for found in answer.values() if isinstance(found, list)):
        yield _put_job(resource, resource.id, {})
        for number, result in enumerate(results):
            kind = "category_definition" if "category_id" in result else result.get("result_type", "result")
            name = (
                f"{kind}_{result.get('category_id') or result.get('timestamp')}_{result.get('bucket_span', _SPAN_S)}_{number}"
            )
            yield _document(resource, resource.id, name, result)


def _overall_buckets(resource: _Resource, answer: Tree) -> Iterator[str]:
    buckets = answer.get("overall_buckets", [])
    for job_id in dict.fromkeys(job["job_id"] for bucket in buckets for job in bucket.get("jobs", ())):
        yield _put_job(resource, job_id, {"analysis_config": {"bucket_span": f"{buckets[0].get('bucket_span', _SPAN_S)}s"}})
    for bucket in buckets:
        at, span = bucket.get("timestamp"), bucket.get("bucket_span", _SPAN_S)
        for job in bucket.get("jobs", ()):
            scores = {"anomaly_score": job["max_anomaly_score"], "initial_anomaly_score": job["max_anomaly_score"]}
            source = {"result_type": "bucket", "timestamp": at, "bucket_span": span, "is_interim": False, **scores}
            yield _document(resource, job["job_id"], f"bucket_{at}_{span}", source)


def _snapshots(resource: _Resource, answer: Tree) -> Iterator[str]:
    yield _put_job(resource, resource.id, {})
    for snapshot in answer.get("model_snapshots", [answer["model"]] if "model" in answer else []):
        yield _document(resource, resource.id, f"model_snapshot_{snapshot.get('snapshot_id')}", snapshot)


_ML = r"/(?P<ml>(?:_xpack/)?_?ml)"
_JOB, _FEED = (rf"{_ML}/{kind}/(?P<id>[^/]+)" for kind in ("anomaly_detectors", "datafeeds"))
_REQUESTS: tuple[tuple[re.Pattern[str], Callable[[_Resource, Tree], Iterator[str]]], ...] = tuple(
    (re.compile(pattern), requests)
    for pattern, requests in (
        (rf"GET {_JOB}", _jobs),
        (rf"POST {_JOB}/_update", _jobs),
        (rf"\w+ {_JOB}/results/overall_buckets", _overall_buckets),
        (rf"\w+ {_JOB}/results/(buckets|records|influencers|categories)(/.*)?", _results),
        (rf"(GET|POST) {_JOB}/model_snapshots(/.*)?", _snapshots),
        (rf"GET {_FEED}", _datafeeds),
        (rf"POST {_FEED}/_update", _datafeeds),
    )
)
