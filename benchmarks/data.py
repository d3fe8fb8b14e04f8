"""Records by post data."""

from __future__ import annotations

import json
from functools import partial

from benchmarks.measure import Effort, Measured, compare, cpu, row
from benchmarks.scene import SMALL_JOB, Ml, records

_LINES = 100


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
