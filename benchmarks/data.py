"""Records by post data, and by a datafeed."""

from __future__ import annotations

import json
from functools import partial

from benchmarks.measure import Effort, Measured, compare, cpu, row
from benchmarks.scene import SMALL_JOB, Ml, records
from fake_es.documents.indices import Indices

_LINES = 100
_FED_JOB = json.dumps({
    "analysis_config": {"bucket_span": "15m", "detectors": [{"function": "mean", "field_name": "responsetime"}]},
    "data_description": {"time_field": "time"},
    "datafeed_config": {"indices": ["flights"], "datafeed_id": "feed"},
}).encode()  # fmt: skip
_MAPPING = {"properties": {"time": {"type": "date"}, "responsetime": {"type": "double"}}}


def _post(ml: Ml, bodies: list[bytes]) -> None:
    for body in bodies:
        ml.job("POST", "web-1", "/_data", body)


def _fresh_job() -> Ml:
    ml = Ml()
    ml.job("PUT", "web-1", "", SMALL_JOB)
    ml.job("POST", "web-1", "/_open")
    return ml


def _loads(texts: list[str]) -> None:
    for text in texts:
        for line in text.splitlines():
            json.loads(line)


@row("data", f"_data of {_LINES} records, over json.loads line by line", goal=2, stretch=0.7)
def data(effort: Effort) -> Measured:
    """Many small uploads to one job, a fresh one in each round, so that no record is out of order."""
    lines = records(effort.count(200) * _LINES)
    texts = ["\n".join(lines[at : at + _LINES]) for at in range(0, len(lines), _LINES)]
    bodies = [text.encode() for text in texts]
    return compare(
        effort,
        lambda: cpu(partial(_post, _fresh_job(), bodies)),
        lambda: cpu(partial(_loads, texts)),
        ours_per=len(bodies),
        unit="us",
    )


def _fed_job(lines: list[str]) -> Ml:
    """Documents, and an open job with a datafeed over them."""
    ml = Ml()
    indices = ml.fake.cluster.part(Indices)
    indices.create("flights", mappings=_MAPPING)
    for line in lines:
        indices.put("flights", None, json.loads(line))
    ml.job("PUT", "web-1", "", _FED_JOB)
    ml.job("POST", "web-1", "/_open")
    return ml


def _look_back(ml: Ml) -> None:
    ml("POST", "/_ml/datafeeds/feed/_start", b'{"end": "2100"}')
    ml.fake.clock.advance("1h")


@row("lookback", "a datafeed's lookback, over json.loads of the same documents line by line", goal=2)
def lookback(effort: Effort) -> Measured:
    """Fresh documents in each round, so that their columns are built within the time."""
    lines = records(effort.count(50_000))
    return compare(
        effort,
        lambda: cpu(partial(_look_back, _fed_job(lines))),
        lambda: cpu(partial(_loads, ["\n".join(lines)])),
        ours_per=len(lines),
        unit="us",
    )
