"""Overall buckets: what several jobs' buckets come to together (``OverallBucketsProvider``, ``OverallBucketsAggregator``).

All times are epoch milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import groupby
from typing import Any, NamedTuple

Tree = dict[str, Any]
# So many cells the server asks for at a time.
_CELLS_OF_A_CHUNK = 1000


class Bucket(NamedTuple):
    """What counts of a job's bucket."""

    start: int
    job_id: str
    score: float
    interim: bool


class Cell(NamedTuple):
    """What happened in one span of time: its score, each job's highest score, and whether any of it is interim."""

    start: int
    score: float
    jobs: dict[str, float]
    interim: bool


def cells(buckets: Iterable[Bucket], span: int, top: int, least: float) -> Iterator[Cell]:
    """Cells of length ``span`` in the order of time; each scores the mean of its ``top`` highest jobs.

    Cells that score less than ``least`` are left out. Between buckets there are cells without any job, which score
    nothing, as far as a histogram of the server reaches (``ChunkedBucketSearcher``).
    """
    filled: dict[int, tuple[dict[str, float], bool]] = {}
    for bucket in buckets:
        start = bucket.start - bucket.start % span
        jobs, interim = filled.get(start, ({}, False))
        jobs[bucket.job_id] = max(bucket.score, jobs.get(bucket.job_id, 0.0))
        filled[start] = jobs, interim or bucket.interim
    for start in _starts(sorted(filled), span) if least <= 0 else sorted(filled):
        jobs, interim = filled.get(start, ({}, False))
        score = _score(jobs, top)
        if score >= least:
            yield Cell(start, score, jobs, interim)


def _starts(filled: Sequence[int], span: int) -> Iterator[int]:
    """Starts of all cells of the histograms, each of which goes from the first to the last filled cell of a chunk."""
    chunk = span * _CELLS_OF_A_CHUNK
    for _, members in groupby(filled, lambda start: (start - filled[0]) // chunk):
        inside = list(members)
        yield from range(inside[0], inside[-1] + span, span)


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
