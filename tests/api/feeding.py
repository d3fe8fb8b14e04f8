"""What the tests of datafeeds share: documents, a job and a datafeed over them, and what they have said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fake_es import VirtualClock
from fake_es.indices.system_indices import SystemIndices
from fake_es.search.system_search import SystemSearch
from tests.support import Http, Reply, http

HOUR = 3_600_000
# 2017-02-01T00:00:00Z
START = 1_485_907_200_000

JOB: dict[str, Any] = {
    "analysis_config": {
        "bucket_span": "1h",
        "detectors": [{"function": "mean", "field_name": "value", "by_field_name": "host"}],
    },
    "data_description": {"time_field": "time"},
}
SUMMARISED: dict[str, Any] = {
    "analysis_config": JOB["analysis_config"] | {"summary_count_field_name": "doc_count"},
    "data_description": {"time_field": "time"},
}
HOURLY: dict[str, Any] = {
    "buckets": {
        "date_histogram": {"field": "time", "fixed_interval": "1h"},
        "aggs": {
            "time": {"max": {"field": "time"}},
            "host": {"terms": {"field": "host"}, "aggs": {"value": {"avg": {"field": "value"}}}},
        },
    }
}
MAPPINGS: dict[str, Any] = {
    "properties": {
        "time": {"type": "date"},
        "host": {"type": "keyword"},
        "value": {"type": "double"},
        "text": {"type": "text"},
    }
}
QUIET: dict[str, Any] = {"open": 0, "close": 0, "start_datafeed": 0, "stop_datafeed": 0, "lookback": 0}


def documents(count: int, step: int = 600_000, start: int = START) -> list[dict[str, Any]]:
    """One document every ``step`` milliseconds, from three hosts by turns."""
    return [{"time": start + at * step, "host": f"h{at % 3}", "value": float(at % 7)} for at in range(count)]


def index(fake: Http, sources: Iterable[dict[str, Any]], name: str = "logs") -> None:
    """Index documents, each under an id of its own."""
    indices = fake.fake.cluster.part(SystemIndices)
    if not indices.exists(name):
        indices.create(name, mappings=MAPPINGS)
    for source in sources:
        indices.put(name, None, source)


def scene(release: str = "9.5", sources: Iterable[dict[str, Any]] = (), **settings: Any) -> Http:
    """Documents in ``logs``, the job ``x``, and the clock two days after the first document; nothing takes time."""
    settings = {"delays": QUIET, "clock": VirtualClock(start=START + 48 * HOUR)} | settings
    fake = http(release, **settings)
    index(fake, sources)
    return fake


def put(fake: Http, body: dict[str, Any] | None = None, datafeed_id: str = "d", query: str = "") -> Reply:
    """Create a datafeed, for the job ``x`` over ``logs`` unless told otherwise."""
    wanted = {"job_id": "x", "indices": ["logs"]} if body is None else body
    return fake("PUT", f"{{ml}}/datafeeds/{datafeed_id}{query}", wanted)


def ready(release: str = "9.5", sources: Iterable[dict[str, Any]] = (), **more: Any) -> Http:
    """A scene with the datafeed ``d``, configured with ``more``, and its job open."""
    job, settings = more.pop("job", JOB), more.pop("settings", {})
    fake = scene(release, sources, **settings)
    assert fake.put("x", job).status == 200
    reply = put(fake, {"job_id": "x", "indices": ["logs"], "query_delay": "60s", **more})
    assert reply.status == 200, reply.body
    assert fake.job("x", "_open").status == 200
    return fake


def datafeed(fake: Http, action: str, body: Any = None, method: str = "POST", datafeed_id: str = "d") -> Reply:
    """A request about a datafeed: ``datafeed(fake, "_start?end=...")``."""
    return fake(method, f"{{ml}}/datafeeds/{datafeed_id}/{action}", body)


def start(fake: Http, query: str = "") -> Reply:
    """Start the datafeed ``d``, which must work."""
    reply = datafeed(fake, f"_start{query}")
    assert reply.status == 200, reply.body
    return reply


def stats(fake: Http, datafeed_id: str = "d") -> Any:
    """Statistics of a datafeed."""
    return datafeed(fake, "_stats", method="GET", datafeed_id=datafeed_id).body["datafeeds"][0]


def counts(fake: Http) -> Any:
    """Data counts of the job ``x``."""
    return fake.stats("x")["data_counts"]


def said(fake: Http) -> list[str]:
    """What has been told of the job ``x``, in the order of time."""
    found = fake.fake.cluster.part(SystemSearch).scan(".ml-notifications*", {"term": {"job_id": "x"}})
    return [document.source["message"] for document in found]


def buckets(fake: Http) -> dict[int, int]:
    """Event counts of the job's finished buckets by their start, empty ones left out."""
    query = {"bool": {"filter": [{"term": {"result_type": "bucket"}}, {"term": {"is_interim": False}}]}}
    found = fake.fake.cluster.part(SystemSearch).scan(".ml-anomalies-*", query)
    return {item.source["timestamp"]: item.source["event_count"] for item in found if item.source["event_count"]}
