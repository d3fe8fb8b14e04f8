"""Records by post data, and by a datafeed."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from benchmarks.measure import Effort, Measured, compare, cpu, row
from benchmarks.scene import SMALL_JOB, Ml, records, watched
from fake_es.indices.system_indices import SystemIndices

_LINES = 100
# Records of one upload where a million are posted.
_UPLOAD = 10_000
_MEAN = {"function": "mean", "field_name": "responsetime"}
_THREE = [
    {**_MEAN, "by_field_name": "airline"},
    {"function": "max", "field_name": "responsetime", "partition_field_name": "host"},
    {"function": "high_count", "by_field_name": "airline"},
]
_DATAFEED: dict[str, Any] = {"datafeed_config": {"indices": ["flights"], "datafeed_id": "feed"}}
_MAPPING = {
    "properties": {
        "time": {"type": "date"},
        "responsetime": {"type": "double"},
        "airline": {"type": "keyword"},
        "host": {"type": "keyword"},
    }
}


def _post(ml: Ml, bodies: list[bytes]) -> None:
    for body in bodies:
        ml.job("POST", "web-1", "/_data", body)


def _fresh_job(config: bytes = SMALL_JOB) -> Ml:
    ml = Ml()
    ml.job("PUT", "web-1", "", config)
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


def _records(effort: Effort, config: bytes, airlines: int) -> Measured:
    """Uploads of ten thousand records to a fresh job, a second apart."""
    lines = records(effort.part(50_000, 1_000_000), step=1000, airlines=airlines)
    texts = ["\n".join(lines[at : at + _UPLOAD]) for at in range(0, len(lines), _UPLOAD)]
    bodies = [text.encode() for text in texts]
    return compare(
        effort.fewer(),
        lambda: cpu(partial(_post, _fresh_job(config), bodies)),
        lambda: cpu(partial(_loads, texts)),
        ours_per=len(lines),
        unit="us",
    )


@row("records", "a million records to one detector, over json.loads line by line", goal=2, stretch=1)
def one_detector(effort: Effort) -> Measured:
    """The mean of a field."""
    return _records(effort, watched([_MEAN]), 5)


@row("records_3", "the same to three detectors with split fields and influencers", goal=5, stretch=3)
def three_detectors(effort: Effort) -> Measured:
    """Five airlines and eight hosts."""
    return _records(effort, watched(_THREE, ["airline", "host"]), 5)


@row("records_100", "the same to a detector split by 100 values, with two influencers", goal=10, stretch=5)
def hundred_series(effort: Effort) -> Measured:
    """Nine records of each series in a bucket."""
    return _records(effort, watched(_THREE[:1], ["airline", "host"]), 100)


def _fed_job(lines: list[str], config: bytes) -> Ml:
    """Documents, and an open job with a datafeed over them."""
    ml = Ml()
    indices = ml.fake.cluster.part(SystemIndices)
    indices.create("flights", mappings=_MAPPING)
    for line in lines:
        indices.put("flights", None, json.loads(line))
    ml.job("PUT", "web-1", "", config)
    ml.job("POST", "web-1", "/_open")
    return ml


def _look_back(ml: Ml) -> None:
    ml("POST", "/_ml/datafeeds/feed/_start", b'{"end": "2100"}')
    ml.fake.clock.advance("1h")


def _fed(effort: Effort, config: bytes) -> Measured:
    """Fresh documents in each round, so that their columns are built within the time."""
    lines = records(effort.part(50_000, 1_000_000), step=1000)
    return compare(
        effort.fewer(),
        lambda: cpu(partial(_look_back, _fed_job(lines, config))),
        lambda: cpu(partial(_loads, ["\n".join(lines)])),
        ours_per=len(lines),
        unit="us",
    )


@row("lookback", "a datafeed's lookback on a million records, over json.loads line by line", goal=2)
def lookback(effort: Effort) -> Measured:
    """One detector: the mean of a field."""
    return _fed(effort, watched([_MEAN], **_DATAFEED))


@row("lookback_3", "the same to three detectors with split fields and influencers", goal=5)
def lookback_of_three(effort: Effort) -> Measured:
    """Five airlines and eight hosts."""
    return _fed(effort, watched(_THREE, ["airline", "host"], **_DATAFEED))
