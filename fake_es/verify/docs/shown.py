"""What an answer shows, as requests that put it there: for pages whose jobs, datafeeds and results no set-up knows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from fake_es.verify.examples import ELIDED
from fake_es.verify.suite import Send
from fake_es.version import Version

Tree = dict[str, Any]

# What the server adds to configurations, and refuses or ignores in requests.
_OF_SERVER = frozenset(
    {
        "job_id", "job_type", "job_version", "create_time", "finished_time", "model_snapshot_id", "model_snapshot_min_version",
        "established_model_memory", "datafeed_config", "deleted", "deleting", "blocked", "datafeed_id", "authorization",
    }
)  # fmt: skip
_CUSTOM = "custom-"
_PLAIN_JOB: Tree = {"analysis_config": {"detectors": [{"function": "count"}]}, "data_description": {"time_field": "timestamp"}}
_SPAN_S = 300


class _Asked(NamedTuple):
    """A request about a job or a datafeed: the paths of its APIs and of documents in its release, and its id."""

    ml: str
    document: str
    id: str


def shown_by(send: Send, answer: Any, version: Version) -> str:
    """The text of requests after which the answer to ``send`` may be what a page shows; empty where that is not known."""
    if not isinstance(answer, dict):
        return ""
    line = f"{send.method} {send.target.partition('?')[0].rstrip('/')}"
    document = "doc" if version < (7, 0) else "_doc"
    for pattern, requests in _SHOWN:
        found = pattern.fullmatch(line)
        if found is not None:
            return "".join(f"{each}\n\n" for each in requests(_Asked(found["ml"], document, found["id"]), _whole(answer)))
    return ""


def _whole(value: Any) -> Any:
    """A value without what stands for something left out."""
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items() if key != ELIDED and each != ELIDED}
    return [_whole(each) for each in value if each != ELIDED] if isinstance(value, list) else value


def _put(path: str, body: Tree) -> str:
    return f"PUT {path}\n{json.dumps(body, ensure_ascii=False)}"


def _put_job(asked: _Asked, job_id: str, config: Tree) -> str:
    given = {key: value for key, value in config.items() if key not in _OF_SERVER}
    # Of a job that is shown in part.
    given = _PLAIN_JOB | given
    given["analysis_config"] = _PLAIN_JOB["analysis_config"] | given["analysis_config"]
    index = given.pop("results_index_name", "shared")
    if index != "shared":
        given["results_index_name"] = index.removeprefix(_CUSTOM)
    return _put(f"{asked.ml}/anomaly_detectors/{job_id}", given)


def _jobs(asked: _Asked, answer: Tree) -> Iterator[str]:
    for config in answer.get("jobs", [answer] if "job_id" in answer else []):
        yield _put_job(asked, config.get("job_id", asked.id), config)


def _datafeeds(asked: _Asked, answer: Tree) -> Iterator[str]:
    for config in answer.get("datafeeds", [answer] if "datafeed_id" in answer else []):
        job_id = config.get("job_id", asked.id)
        given = {key: value for key, value in config.items() if key not in _OF_SERVER}
        yield _put_job(asked, job_id, {})
        yield _put(f"{asked.ml}/datafeeds/{config.get('datafeed_id', asked.id)}", {"job_id": job_id, **given})


def _document(asked: _Asked, job_id: str, name: str, source: Tree) -> str:
    return _put(f".ml-anomalies-{job_id}/{asked.document}/{job_id}_{name}?refresh=true", {"job_id": job_id, **source})


def _buckets_and_the_like(asked: _Asked, answer: Tree) -> Iterator[str]:
    """Results of a kind, each as its document."""
    for results in (found for found in answer.values() if isinstance(found, list)):
        yield _put_job(asked, asked.id, {})
        for number, result in enumerate(results):
            kind = "category_definition" if "category_id" in result else result.get("result_type", "result")
            name = (
                f"{kind}_{result.get('category_id') or result.get('timestamp')}_{result.get('bucket_span', _SPAN_S)}_{number}"
            )
            yield _document(asked, asked.id, name, result)


def _overall_buckets(asked: _Asked, answer: Tree) -> Iterator[str]:
    buckets = answer.get("overall_buckets", [])
    for job_id in dict.fromkeys(job["job_id"] for bucket in buckets for job in bucket.get("jobs", ())):
        yield _put_job(asked, job_id, {"analysis_config": {"bucket_span": f"{buckets[0].get('bucket_span', _SPAN_S)}s"}})
    for bucket in buckets:
        at, span = bucket.get("timestamp"), bucket.get("bucket_span", _SPAN_S)
        for job in bucket.get("jobs", ()):
            scores = {"anomaly_score": job["max_anomaly_score"], "initial_anomaly_score": job["max_anomaly_score"]}
            source = {"result_type": "bucket", "timestamp": at, "bucket_span": span, "is_interim": False, **scores}
            yield _document(asked, job["job_id"], f"bucket_{at}_{span}", source)


def _snapshots(asked: _Asked, answer: Tree) -> Iterator[str]:
    yield _put_job(asked, asked.id, {})
    for snapshot in answer.get("model_snapshots", [answer["model"]] if "model" in answer else []):
        yield _document(asked, asked.id, f"model_snapshot_{snapshot.get('snapshot_id')}", snapshot)


_ML = r"/(?P<ml>(?:_xpack/)?_?ml)"
_JOB, _FEED = (rf"{_ML}/{kind}/(?P<id>[^/]+)" for kind in ("anomaly_detectors", "datafeeds"))
_SHOWN: tuple[tuple[re.Pattern[str], Callable[[_Asked, Tree], Iterator[str]]], ...] = tuple(
    (re.compile(pattern), requests)
    for pattern, requests in (
        (rf"GET {_JOB}", _jobs),
        (rf"POST {_JOB}/_update", _jobs),
        (rf"\w+ {_JOB}/results/overall_buckets", _overall_buckets),
        (rf"\w+ {_JOB}/results/(buckets|records|influencers|categories)(/.*)?", _buckets_and_the_like),
        (rf"(GET|POST) {_JOB}/model_snapshots(/.*)?", _snapshots),
        (rf"GET {_FEED}", _datafeeds),
        (rf"POST {_FEED}/_update", _datafeeds),
    )
)
