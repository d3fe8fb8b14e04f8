"""Starting and ending: processes of servers and of tests, and the live server of a test."""

from __future__ import annotations

import time
from http.client import HTTPConnection
from statistics import median

from benchmarks.measure import Effort, Measured, compare, figure, row
from benchmarks.processes import OURS, STOCK, first_answer, run
from fake_es import FakeElasticsearch


@row("start", "CPU from the start of `fake-es serve` to its first answer, over werkzeug's server", goal=1.5, stretch=1.1)
def start(effort: Effort) -> Measured:
    """Processor time: on a machine with other work it says more than the clock."""
    return compare(effort, lambda: first_answer(OURS).cpu, lambda: first_answer(STOCK).cpu, unit="ms")


@row("start_test", "CPU of a test process to its first answer, over client and constant node", goal=1.25, stretch=1.1)
def start_test(effort: Effort) -> Measured:
    """The client is imported, made, and asked once; our side imports and makes the emulator as well."""

    def ours() -> float:
        return run("-m", "benchmarks.children.first_answer", "fake").cpu

    def constant() -> float:
        return run("-m", "benchmarks.children.first_answer", "constant").cpu

    return compare(effort, ours, constant, unit="ms")


@row("stop", "a live server is stopped and joined, right after a request", goal=25, stretch=5, unit="ms")
def stop(effort: Effort) -> Measured:
    """Milliseconds, the median of some servers."""
    spent = sorted(_stopping() for _ in range(effort.count(50)))
    return Measured(median(spent) * 1000, f"at most {figure(spent[-1], 'ms')}")


def _stopping() -> float:
    server = FakeElasticsearch().serve()
    connection = HTTPConnection(server.host, server.port)
    connection.request("GET", "/")
    connection.getresponse().read()
    started = time.perf_counter()
    server.stop()
    elapsed = time.perf_counter() - started
    connection.close()
    return elapsed


@row("memory", "peak resident memory of `fake-es serve` after its first answer", goal=45, stretch=32, unit="MB")
def memory(effort: Effort) -> Measured:
    """Megabytes, the median of three processes."""
    return Measured(median(first_answer(OURS).peak for _ in range(min(3, effort.rounds))))
