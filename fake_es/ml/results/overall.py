"""Overall buckets: what several jobs' buckets come to together (``OverallBucketsProvider``, ``OverallBucketsAggregator``).

All times are epoch milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import nlargest
from typing import Any, NamedTuple

Tree = dict[str, Any]


class Cell(NamedTuple):
    """What happened in one span of time: its score, each job's highest score, and whether any of it is interim."""

    start: int
    score: float
    jobs: dict[str, float]
    interim: bool


def cells(buckets: Iterable[Tree], span: int, top: int, least: float) -> Iterator[Cell]:
    """Cells of length ``span`` from the first bucket to the last; each scores the mean of its ``top`` highest jobs.

    Cells that score less than ``least`` are left out. Between the buckets there are cells without any job, which score
    nothing: the server's histogram has no least number of documents.
    """
    filled: dict[int, tuple[dict[str, float], bool]] = {}
    for bucket in buckets:
        start = bucket["timestamp"] - bucket["timestamp"] % span
        jobs, interim = filled.get(start, ({}, False))
        job_id, score = bucket["job_id"], float(bucket.get("anomaly_score") or 0)
        jobs[job_id] = max(score, jobs.get(job_id, 0.0))
        filled[start] = jobs, interim or bool(bucket.get("is_interim"))
    if not filled:
        return
    for start in range(min(filled), max(filled) + span, span) if least <= 0 else sorted(filled):
        jobs, interim = filled.get(start, ({}, False))
        score = _score(jobs, top)
        if score >= least:
            yield Cell(start, score, jobs, interim)


def _score(jobs: dict[str, float], top: int) -> float:
    highest = nlargest(top, jobs.values())
    return sum(highest) / len(highest) if highest else 0.0


def joined(found: Iterable[Cell], span: int) -> Iterator[Cell]:
    """Cells brought together into longer ones of length ``span``: the highest score, and each job's, counts."""
    current: Cell | None = None
    for cell in found:
        start = cell.start - cell.start % span
        if current is not None and current.start == start:
            jobs = current.jobs | {job_id: max(score, current.jobs.get(job_id, 0.0)) for job_id, score in cell.jobs.items()}
            current = Cell(start, max(current.score, cell.score), jobs, current.interim or cell.interim)
            continue
        if current is not None:
            yield current
        current = cell._replace(start=start)
    if current is not None:
        yield current


def shown(cell: Cell, span: int) -> Tree:
    """A cell as the API shows it."""
    return {
        "timestamp": cell.start,
        "bucket_span": span // 1000,
        "overall_score": cell.score,
        "jobs": [{"job_id": job_id, "max_anomaly_score": score} for job_id, score in sorted(cell.jobs.items())],
        "is_interim": cell.interim,
        "result_type": "overall_bucket",
    }
