"""Ten thousand jobs: what they weigh, and whether a request about one or a few of them notices the others."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial

from benchmarks.measure import Effort, Measured, compare, cpu, repeat, row
from benchmarks.processes import run
from benchmarks.scene import Ml

_MANY, _FEW = 10_000, 10


@row("exact", f"operations on one exact id with {_MANY:,} jobs stored, over the same with {_FEW}", goal=1.3)
def exact(effort: Effort) -> Measured:
    """Open, get, stats and close of a job in the middle."""
    times = effort.count(300)
    many, few = (_ask_about_one(amount, times) for amount in (effort.count(_MANY), _FEW))
    return compare(effort, lambda: cpu(many), lambda: cpu(few), ours_per=times, unit="us")


def _ask_about_one(amount: int, times: int) -> Callable[[], None]:
    ml = Ml()
    name = ml.put_jobs(amount)[amount // 2]

    def ask() -> None:
        ml.job("POST", name, "/_open")
        ml.job("GET", name)
        ml.job("GET", name, "/_stats")
        ml.job("POST", name, "/_close")

    return repeat(times, ask)


@row("prefix", f"GET of web-0000*, ten of {_MANY:,} jobs, over a compiled regex tried on all ids", goal=0.05)
def prefix(effort: Effort) -> Measured:
    """The whole request, with the ten configurations in its answer."""
    ml, times = Ml(), effort.count(200)
    names = ml.put_jobs(effort.count(_MANY))
    fits = re.compile("web-0000.*").fullmatch
    ours = repeat(times, lambda: ml.job("GET", "web-0000*"))
    scan = repeat(10, lambda: [name for name in names if fits(name)])
    return compare(effort, lambda: cpu(ours), lambda: cpu(scan), ours_per=times, base_per=10, unit="us")


@row("get_all", f"GET of all {_MANY:,} jobs, over json.dumps of the whole answer", goal=0.5, stretch=0.1)
def get_all(effort: Effort) -> Measured:
    """About 30 MB."""
    ml = Ml()
    ml.put_jobs(effort.count(_MANY))
    ask = partial(ml, "GET", "/_ml/anomaly_detectors")
    answer = json.loads(ask())
    return compare(
        effort, lambda: cpu(repeat(5, ask)), lambda: cpu(partial(json.dumps, answer)), ours_per=5, base_per=1, unit="ms"
    )


_Before = Callable[[Ml, list[str]], object]


def _per_job(effort: Effort, ask: Callable[[Ml], object], before: _Before = lambda ml, names: None) -> Measured:
    """The cost of a request about all jobs, by job: with ten thousand of them over with a hundred, asked ten times."""

    def block(amount: int, times: int) -> Callable[[], float]:
        ml = Ml()
        names = ml.put_jobs(amount)

        def asked() -> float:
            spent = 0.0
            for _ in range(times):
                before(ml, names)
                spent += cpu(partial(ask, ml))
            return spent

        return asked

    many, few = effort.count(_MANY), effort.count(100)
    times = 10
    return compare(effort.fewer(), block(many, 1), block(few, times), ours_per=many, base_per=times * few, unit="us")


@row("list_each", f"GET of web-*, by job: {_MANY:,} of them over 100", goal=1.5)
def list_each(effort: Effort) -> Measured:
    """Matched by a wildcard and shown."""
    return _per_job(effort, lambda ml: ml("GET", "/_ml/anomaly_detectors/web-*"))


@row("stats_each", "_stats of web-*, by job: the same", goal=1.5)
def stats_each(effort: Effort) -> Measured:
    """Statistics of closed jobs."""
    return _per_job(effort, lambda ml: ml("GET", "/_ml/anomaly_detectors/web-*/_stats"))


@row("close_each", "_close of web-*, all open, by job: the same", goal=1.5)
def close_each(effort: Effort) -> Measured:
    """One request closes all."""
    return _per_job(
        effort,
        lambda ml: ml("POST", "/_ml/anomaly_detectors/web-*/_close"),
        lambda ml, names: ml.each("POST", names, "/_open"),
    )


@row("memory_job", f"peak resident memory of a stored 3.2 KB job, with {_MANY:,} of them", goal=8, stretch=4, unit="KB")
def memory_job(effort: Effort) -> Measured:
    """Kilobytes; all that a PUT leaves behind, its audit message included."""
    return Measured(float(run("-m", "benchmarks.children.stored", str(effort.count(_MANY))).output))
