"""Results and documents among many others: what a page of them costs, and a search that leaves few."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any

from benchmarks.measure import Effort, Measured, compare, cpu, repeat, row
from benchmarks.scene import SMALL_JOB, Ml
from fake_es.indices.system_indices import SystemIndices

Tree = dict[str, Any]
_SPAN_MS = 900_000
_FIRST = 1_486_425_600_000
_DOCUMENTS = 100_000
_PAGE = 100


def _result(job_id: str, number: int) -> Tree:
    return {
        "job_id": job_id, "result_type": "record", "timestamp": _FIRST + number * _SPAN_MS, "bucket_span": 900,
        "detector_index": 0, "record_score": number * 7919 % 1000 / 10, "is_interim": False,
    }  # fmt: skip


def _results(others: int) -> Ml:
    """A job with a thousand results, in an index where other jobs have ``others``."""
    ml = Ml()
    ml.job("PUT", "web-1", "", SMALL_JOB)
    put = partial(ml.fake.cluster.part(SystemIndices).put, ".ml-anomalies-shared")
    for number in range(others):
        put(f"{number}", _result(f"other-{number % 100}", number // 100))
    for number in range(1000):
        put(f"web-1-{number}", _result("web-1", number))
    return ml


def _turn_pages(ml: Ml, numbers: Iterator[int]) -> None:
    """One more result, so that nothing that was kept still holds, and ten pages."""
    number = next(numbers)
    ml.fake.cluster.part(SystemIndices).put(".ml-anomalies-shared", f"web-1-{number}", _result("web-1", number))
    for start in range(0, 1000, _PAGE):
        body = {"page": {"from": start, "size": _PAGE}, "sort": "record_score", "desc": True, "record_score": 1.0}
        ml.job("POST", "web-1", "/results/records", json.dumps(body).encode())


@row("page", "a page of results among a million of other jobs, over the same alone", goal=1.3)
def page(effort: Effort) -> Measured:
    """Ten pages of a hundred, by score, after each result that is written."""
    many, alone = (_results(others) for others in (effort.part(100_000, 1_000_000), 0))
    ours, base = (partial(_turn_pages, ml, count(1000)) for ml in (many, alone))
    return compare(effort, lambda: cpu(ours), lambda: cpu(base), ours_per=10, unit="us")


@row("search", f"a term and a range that leave 100 of {_DOCUMENTS:,} documents, over a loop in Python", goal=0.05)
def search(effort: Effort) -> Measured:
    """The whole request, ten hits shown as by default; a range of its own each time, so that no result is kept."""
    ml, amount = Ml(), effort.count(_DOCUMENTS)
    documents: list[Tree] = [
        {"time": _FIRST + number, "host": f"web-{number % 10}", "bytes": number % 977} for number in range(amount)
    ]
    for number, document in enumerate(documents):
        ml.fake.cluster.part(SystemIndices).put("logs", f"{number}", document)
    starts = (_FIRST + number * 7 % amount for number in count())

    def ask() -> None:
        start = next(starts)
        within = {"range": {"time": {"gte": start, "lt": start + 1000}}}
        query = {"bool": {"filter": [{"term": {"host.keyword": "web-3"}}, within]}}
        ml("POST", "/logs/_search", json.dumps({"query": query}).encode())

    def loop() -> None:
        start = next(starts)
        found = [each for each in documents if each["host"] == "web-3" and start <= each["time"] < start + 1000]
        assert len(found) <= _PAGE

    times = effort.count(20)
    return compare(
        effort,
        lambda: cpu(repeat(times, ask)),
        lambda: cpu(repeat(5, loop)),
        ours_per=times,
        base_per=5,
        unit="us",
    )
