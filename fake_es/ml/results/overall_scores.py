"""Overall buckets, which combine the buckets of several jobs (``OverallBucketsProvider``, ``OverallBucketsAggregator``).

All times are epoch milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import groupby
from typing import Any, NamedTuple

Tree = dict[str, Any]
# The server searches this many overall buckets at a time.
_BUCKETS_PER_CHUNK = 1000


class JobBucket(NamedTuple):
    """A bucket of a job, reduced to what an overall bucket needs."""

    start: int
    job_id: str
    score: float
    interim: bool


class OverallBucket(NamedTuple):
    """One span of time: its score, the highest score of each job, and whether any of the jobs' buckets is interim."""

    start: int
    score: float
    jobs: dict[str, float]
    interim: bool


def overall_buckets(buckets: Iterable[JobBucket], span: int, top: int, least: float) -> Iterator[OverallBucket]:
    """Overall buckets of length ``span`` in the order of time. The score is the mean of the ``top`` highest job scores.

    Buckets with a score below ``least`` are left out. If ``least`` is 0, gaps are filled with buckets that score 0, within
    each chunk of the server's search (``ChunkedBucketSearcher``).
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
            yield OverallBucket(start, score, jobs, interim)


def _starts(filled: Sequence[int], span: int) -> Iterator[int]:
    """Starts of all overall buckets: in each chunk from the first to the last one that has data."""
    chunk = span * _BUCKETS_PER_CHUNK
    for _, members in groupby(filled, lambda start: (start - filled[0]) // chunk):
        inside = list(members)
        yield from range(inside[0], inside[-1] + span, span)


def _score(jobs: dict[str, float], top: int) -> float:
    highest = nlargest(top, jobs.values())
    return sum(highest) / len(highest) if highest else 0.0


def merged(found: Iterable[OverallBucket], span: int) -> Iterator[OverallBucket]:
    """Merge overall buckets into longer ones of length ``span``, which have the highest scores."""
    current: OverallBucket | None = None
    for overall in found:
        start = overall.start - overall.start % span
        if current is not None and current.start == start:
            jobs = current.jobs | {job_id: max(score, current.jobs.get(job_id, 0.0)) for job_id, score in overall.jobs.items()}
            current = OverallBucket(start, max(current.score, overall.score), jobs, current.interim or overall.interim)
            continue
        if current is not None:
            yield current
        current = overall._replace(start=start)
    if current is not None:
        yield current


def bucket_to_json(overall: OverallBucket, span: int) -> Tree:
    """An overall bucket in the form of the API; ``span`` is in milliseconds."""
    return {
        "timestamp": overall.start,
        "bucket_span": span // 1000,
        "overall_score": overall.score,
        "jobs": [{"job_id": job_id, "max_anomaly_score": score} for job_id, score in sorted(overall.jobs.items())],
        "is_interim": overall.interim,
        "result_type": "overall_bucket",
    }
