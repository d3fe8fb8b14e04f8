"""Requests without a socket: WSGI calls against a bare application, the official client against a constant node."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks import bare
from benchmarks.constant import CLIENT, ConstantNode, constant_client
from benchmarks.measure import Block, Effort, Measured, compare, cpu, repeat, row
from benchmarks.scene import JOB, Ml, Site
from fake_es import FakeElasticsearch

_BARE = Site(bare.application)


def _bare(times: int) -> Block:
    """A block of requests to the bare application."""
    return lambda: cpu(repeat(times, lambda: _BARE("POST", "/_ml/anomaly_detectors/web-00000-rare/_close")))


@row("close", "_close of one job, over a request to a bare werkzeug application", goal=2, stretch=0.7)
def close(effort: Effort) -> Measured:
    """Jobs are opened, then closed; the second half is timed."""
    ml = Ml()
    names = ml.put_jobs(effort.count(1500))

    def ours() -> float:
        ml.each("POST", names, "/_open")
        return cpu(partial(ml.each, "POST", names, "/_close"))

    return compare(effort, ours, _bare(len(names)), ours_per=len(names), unit="us")


@row("open", "_open of one job, over the same", goal=2, stretch=0.7)
def opened(effort: Effort) -> Measured:
    """Jobs are closed, then opened; the second half is timed."""
    ml = Ml()
    names = ml.put_jobs(effort.count(1500))

    def ours() -> float:
        seconds = cpu(partial(ml.each, "POST", names, "/_open"))
        ml.each("POST", names, "/_close")
        return seconds

    return compare(effort, ours, _bare(len(names)), ours_per=len(names), unit="us")


@row("stats", "_stats of one open job, over the same", goal=2, stretch=0.7)
def stats(effort: Effort) -> Measured:
    """One open job."""
    ml, times = Ml(), effort.count(2000)
    (name,) = ml.put_jobs(1)
    ml.job("POST", name, "/_open")
    ours = repeat(times, lambda: ml.job("GET", name, "/_stats"))
    return compare(effort, lambda: cpu(ours), _bare(times), ours_per=times, unit="us")


@row("client", "close_job of a closed job by the official client, over that client with a constant node", goal=2, stretch=1.6)
def client(effort: Effort) -> Measured:
    """What the way costs: the job is closed already, so that both nodes have the same to say."""
    ml, times = Ml(), effort.count(1500)
    (name,) = ml.put_jobs(1)
    ours, constant = (repeat(times, _closing(es, name)) for es in (ml.fake.client(CLIENT), constant_client()))
    return compare(effort, lambda: cpu(ours), lambda: cpu(constant), ours_per=times, unit="us")


def _closing(es: Any, name: str) -> Callable[[], object]:
    return lambda: es.ml.close_job(job_id=name)


@row("put", "PUT and DELETE of a 3.2 KB job, over json.loads and json.dumps of its body", goal=4, stretch=2.5)
def put(effort: Effort) -> Measured:
    """The job is validated, completed and stored, then deleted."""
    ml, times = Ml(), effort.count(300)

    def put_and_delete() -> None:
        ml.job("PUT", "web-1", "", JOB)
        ml.job("DELETE", "web-1")

    trip = repeat(times * 4, lambda: json.dumps(json.loads(JOB), separators=(",", ":")))
    ours = repeat(times, put_and_delete)
    return compare(effort, lambda: cpu(ours), lambda: cpu(trip), ours_per=times, base_per=times * 4, unit="us")


@row("fresh", "a fresh emulator, over a fresh client", goal=0.3, stretch=0.1)
def fresh(effort: Effort) -> Measured:
    """What a test pays for a cluster of its own, and for the client it pays for anyway."""
    times = effort.count(300)
    clients = repeat(times, lambda: CLIENT.Elasticsearch("http://constant:9200", node_class=ConstantNode))
    return compare(effort, lambda: cpu(repeat(times, FakeElasticsearch)), lambda: cpu(clients), ours_per=times, unit="us")


@row("security", "what credentials and privileges add to a request, over the bare application", goal=0.5, stretch=0.25)
def security(effort: Effort) -> Measured:
    """The same request with security on and off; the difference counts."""
    times, headers = effort.count(3000), {"authorization": "Basic ZWxhc3RpYzpjaGFuZ2VtZQ=="}
    free, secured = (FakeElasticsearch(security=on) for on in (False, True))

    def asked(fake: FakeElasticsearch) -> float:
        return cpu(repeat(times, lambda: fake.handle("GET", "/", headers)))

    return compare(effort, lambda: asked(secured) - asked(free), _bare(times), ours_per=times, unit="us")
