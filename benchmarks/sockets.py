"""Requests a second over loopback: ``fake-es serve`` against werkzeug's own server with the bare application.

Server and load are processes of their own and share the machine. Our server opens and closes jobs, a real change of
state with each request; the bare application answers always the same.
"""

from __future__ import annotations

from benchmarks.measure import Effort, Measured, compare, row
from benchmarks.processes import OURS, STOCK, Served, run, serving
from benchmarks.scene import SMALL_JOB


def _rates(effort: Effort, connections: int) -> Measured:
    seconds = effort.seconds(0.7)
    with serving(OURS) as ours, serving(STOCK) as stock:
        return compare(effort, lambda: _ours(ours, connections, seconds), lambda: _load(stock, connections, seconds), unit="/s")


def _ours(served: Served, connections: int, seconds: float) -> float:
    """The load, with a fresh closed job for each connection."""
    for number in range(connections):
        path = f"/_ml/anomaly_detectors/load-{number}"
        served.ask("PUT", path, SMALL_JOB)
    try:
        return _load(served, connections, seconds)
    finally:
        served.ask("POST", "/_fake/reset")


def _load(served: Served, connections: int, seconds: float) -> float:
    return float(run("-m", "benchmarks.children.load", str(served.port), str(connections), str(seconds)).output)


@row("rate_1", "requests a second on one connection, over werkzeug's server", goal=2, stretch=3, more=True)
def rate_1(effort: Effort) -> Measured:
    """One connection."""
    return _rates(effort, 1)


@row("rate_8", "requests a second on eight connections, over the same", goal=2.5, stretch=4, more=True)
def rate_8(effort: Effort) -> Measured:
    """Eight connections."""
    return _rates(effort, 8)
