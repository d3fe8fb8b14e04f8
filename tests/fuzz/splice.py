"""Recorded requests, spliced and changed: what tests send takes an emulator further than requests made up from a table.

``python -m tests.fuzz.splice TRACES... --requests 200000 --seed 5`` draws sequences from traces that ``tests.recording`` wrote.
Each fault is printed once, with a sequence of requests that leads to it; ``--only NUMBER`` draws that sequence again.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from fake_es import FakeElasticsearch
from tests.fuzz.answers import Bad, answered, watched
from tests.fuzz.requests import Sent

RELEASES = ("5.4.0", "5.6", "6.2", "6.8", "7.2", "7.17", "8.5", "8.19", "9.5")
METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
LONGEST = 60
EXTREMES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 0.5, -0.0, 2**31 - 1, 2**31, 2**63 - 1, 2**63, -(2**63), 10**30, 10**400, 1e308, -1e308,
    1e-300, 5e-324, float("nan"), float("inf"), "", " ", "*", "_all", "a" * 300, "a" * 40_000, "\ud800", "\x00", "é", "²",
    "٣", "1e999", "NaN", "-1", "9" * 20, "99999999999d", "-5s", "0", "now+999999y", "now/d", "<x-{now/d}>",
    "<x-{now/d{yyyy.MM.dd|+00:00}}>", "x:y", "-x", "..", ".ml-config", "/(a+)+z/", "(" * 300, "**.**", "{{x}}", "_id", "true",
    "2016-13-45", "1464739200000", "$&", "\\", "'", '"', [], {}, [[]], [None], {"": None}, {"a": {"b": []}},
)  # fmt: skip
WORDS = (
    "",
    "true",
    "false",
    "x",
    "-1",
    "0",
    "1e999",
    "9" * 30,
    "*",
    "1ms",
    "99999999999d",
    "yaml",
    "cbor",
    "é",
    "%",
    "%ff",
    "**.x",
)
PARAMETERS = (
    "pretty", "human", "format", "filter_path", "error_trace", "size", "from", "timeout", "v", "h", "s", "refresh", "routing",
    "version", "pipeline", "_source", "sort", "scroll", "q", "force", "source", "source_content_type", "wait_for_completion",
    "ignore_unavailable", "expand_wildcards", "allow_no_match", "typed_keys", "rest_total_hits_as_int", "start", "end",
)  # fmt: skip


class Trace(NamedTuple):
    """What one emulator was sent by a test."""

    release: str
    security: bool
    requests: tuple[Sent, ...]


class Found(NamedTuple):
    """A fault: ``sequence`` is the number it can be drawn again by, the last of ``requests`` met it."""

    kind: str
    told: str
    sequence: int
    release: str
    security: bool
    requests: tuple[Sent, ...]

    def __str__(self) -> str:
        head = f"--- {self.kind}\n{self.told}\nsequence {self.sequence}, release {self.release}, security {self.security}"
        shown = (f"{sent.method} {sent.target} {sent.headers} {sent.body!r}" for sent in self.requests)
        return "\n".join([head, *shown])


def read_traces(paths: Sequence[Path]) -> list[Trace]:
    """The traces of some files, in an order of their own, however the recording was shared out."""
    lines = sorted({line for path in paths for line in path.read_text().splitlines()})
    return [
        Trace(
            trace["release"],
            trace["security"],
            tuple(Sent(method, target, headers, body.encode()) for method, target, headers, body in trace["requests"]),
        )
        for trace in map(json.loads, lines)
    ]


class Splicer:
    """Draws sequences of requests from traces; the same seed and number give the same sequence."""

    def __init__(self, traces: Sequence[Trace], seed: int) -> None:
        self._traces = traces
        self._requests = [sent for trace in traces for sent in trace.requests]
        self._with_body = [sent for sent in self._requests if sent.body]
        self._seed = seed
        self._draw = random.Random()

    def sequence(self, number: int) -> Trace:
        """A test's requests, some of them changed, with those of others between them."""
        self._draw = draw = random.Random(f"{self._seed}:{number}")
        trace = draw.choice(self._traces)
        release = draw.choice(RELEASES) if draw.random() < 0.15 else trace.release
        requests: list[Sent] = []
        for sent in trace.requests:
            if draw.random() < 0.05:
                continue
            requests.append(self._changed(sent) if draw.random() < 0.35 else sent)
            while draw.random() < 0.3:
                requests.append(self._changed(draw.choice((sent, draw.choice(self._requests)))))
        return Trace(release, trace.security, tuple(requests[:LONGEST]))

    def _changed(self, sent: Sent) -> Sent:
        for _ in range(self._draw.choice((1, 1, 1, 2, 3))):
            change = self._draw.choice(
                (self._body, self._body, self._body, self._other_body, self._path, self._query, self._query, self._head)
            )
            sent = change(sent)
        return sent

    def _other_body(self, sent: Sent) -> Sent:
        other = self._draw.choice(self._with_body)
        return sent._replace(body=other.body, headers={**other.headers, **sent.headers})

    def _head(self, sent: Sent) -> Sent:
        if self._draw.random() < 0.5:
            return sent._replace(method=self._draw.choice(METHODS))
        other = self._draw.choice(self._requests)
        if self._draw.random() < 0.5:
            return sent._replace(headers={**sent.headers, **other.headers})
        return sent._replace(target=other.target)

    def _path(self, sent: Sent) -> Sent:
        """Some segment of another path, or an extreme, in the place of one or beside it."""
        path, mark, query = sent.target.partition("?")
        parts = path.split("/")
        others = self._draw.choice(self._requests).target.partition("?")[0].split("/")[1:]
        new = self._draw.choice(others) if self._draw.random() < 0.7 else self._segment()
        place = self._draw.randrange(1, len(parts)) if len(parts) > 1 else 0
        parts[place : place + self._draw.choice((0, 1, 1, 1))] = [new]
        return sent._replace(target="/".join(parts) + mark + query)

    def _segment(self) -> str:
        value = self._draw.choice([each for each in EXTREMES if isinstance(each, str) and len(each) < 1000])
        return quote(value.encode("utf-8", "surrogatepass"), safe="*,<>")

    def _query(self, sent: Sent) -> Sent:
        path, _, query = sent.target.partition("?")
        pairs = [part for part in query.split("&") if part]
        if pairs and self._draw.random() < 0.3:
            pairs.pop(self._draw.randrange(len(pairs)))
        elif pairs and self._draw.random() < 0.6:
            place = self._draw.randrange(len(pairs))
            pairs[place] = f"{pairs[place].partition('=')[0]}={self._draw.choice(WORDS)}"
        else:
            others = self._draw.choice(self._requests).target.partition("?")[2]
            made = f"{self._draw.choice(PARAMETERS)}={self._draw.choice(WORDS)}"
            pairs.append(self._draw.choice([part for part in others.split("&") if part] or [made]))
        return sent._replace(target=path + ("?" + "&".join(pairs) if pairs else ""))

    def _body(self, sent: Sent) -> Sent:
        """A node of the body taken out, doubled, changed, or put in another's place; of lines, one."""
        lines = sent.body.split(b"\n")
        place = self._draw.randrange(len(lines)) if len(lines) > 1 else 0
        try:
            tree = json.loads(sent.body)
            return sent._replace(body=_dumped(self._tree(tree)))
        except (ValueError, RecursionError):
            pass
        try:
            lines[place] = _dumped(self._tree(json.loads(lines[place])))
        except (ValueError, RecursionError):
            lines[place] = self._bytes(lines[place])
        return sent._replace(body=b"\n".join(lines))

    def _bytes(self, text: bytes) -> bytes:
        place = self._draw.randint(0, len(text))
        dirt = self._draw.choice((b"", b"\xff", b'"', b"{", b"}", b",", b"\n", b"\x00", b"[" * 1200, b"1e999", b"\xed\xa0\x80"))
        return text[:place] + dirt + text[place + self._draw.choice((0, 1, 5)) :]

    def _tree(self, tree: Any) -> Any:
        places = list(_places(tree))
        if not places:
            return self._node(tree)
        holder, key = self._draw.choice(places)
        how = self._draw.random()
        if how < 0.15:
            del holder[key]
        elif how < 0.25 and isinstance(holder, list):
            holder.insert(key, holder[key])
        elif how < 0.3 and isinstance(holder, dict):
            holder[self._name()] = holder[key]
        else:
            holder[key] = self._node(holder[key])
        return tree

    def _node(self, node: Any) -> Any:
        how = self._draw.random()
        if how < 0.5:
            return self._draw.choice(EXTREMES)
        if how < 0.75:
            return self._foreign_node()
        if how < 0.8:
            return _nested(node, self._draw.choice((3, 30, 300, 1100)), self._draw.choice(("list", "a")))
        if how < 0.85:
            return [node] * self._draw.choice((2, 50, 3000))
        if isinstance(node, bool) or node is None:
            return str(node).lower()
        if isinstance(node, (int, float)):
            return self._draw.choice((-node, node + 1, node * 1000, str(node), float(node) if abs(node) < 1e300 else 0))
        return self._draw.choice(([node], {"x": node}, str(node)))

    def _foreign_node(self) -> Any:
        try:
            tree = json.loads(self._draw.choice(self._with_body).body.partition(b"\n")[0])
        except (ValueError, RecursionError):
            return None
        places = list(_places(tree))
        if not places:
            return tree
        holder, key = self._draw.choice(places)
        return holder[key]

    def _name(self) -> str:
        return str(self._draw.choice(EXTREMES))[:50]


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each node of a tree but its root, as what holds it and where."""
    stack = [tree]
    while stack:
        holder = stack.pop()
        inner = holder.items() if isinstance(holder, dict) else enumerate(holder) if isinstance(holder, list) else ()
        for key, node in inner:
            yield holder, key
            stack.append(node)


def _nested(node: Any, depth: int, how: str) -> Any:
    for _ in range(depth):
        node = [node] if how == "list" else {how: node}
    return node


def _dumped(tree: Any) -> bytes:
    return json.dumps(tree).encode() if len(str(tree)) < 2_000_000 else b"{}"


def run(splicer: Splicer, number: int) -> tuple[int, Counter[int], Found | None]:
    """Send one sequence; answers how many requests were sent, their statuses, and the first fault."""
    release, security, requests = splicer.sequence(number)
    fake = FakeElasticsearch(release, security=security)
    statuses: Counter[int] = Counter()
    done = 0
    with watched() as faults:
        try:
            for sent in requests:
                done += 1
                statuses[answered(fake.handle, sent, faults).status] += 1
        except Bad as bad:
            return done, statuses, Found(bad.kind, str(bad), number, release, security, requests[:done])
    return done, statuses, None


def _begin(paths: Sequence[Path], seed: int) -> None:
    """Read the traces, in each process once."""
    global _splicer
    _splicer = Splicer(read_traces(paths), seed)


def _run(number: int) -> tuple[int, Counter[int], Found | None]:
    assert _splicer is not None
    return run(_splicer, number)


_splicer: Splicer | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Answers 1 if there was a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.splice", description="Splice and change recorded requests.")
    parser.add_argument("traces", nargs="+", type=Path, help="files that tests.recording wrote")
    parser.add_argument("--requests", type=int, default=200_000, help="how many to send (default %(default)s)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="what to draw from (default: the time)")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="draw this sequence alone")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="how long at most (default: until all are sent)")
    parser.add_argument("--processes", type=int, default=1, help="how many at once (default %(default)s)")
    chosen = parser.parse_args(arguments)
    print(f"seed {chosen.seed}", flush=True)
    numbers: Iterator[int] = count() if chosen.only is None else iter((chosen.only,))
    found: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    sent = sequences = 0
    last = time.monotonic() + chosen.seconds
    with ProcessPoolExecutor(chosen.processes, initializer=_begin, initargs=(chosen.traces, chosen.seed)) as pool:
        while sent < chosen.requests and time.monotonic() < last:
            batch = [number for _, number in zip(range(64 * chosen.processes), numbers)]
            if not batch:
                break
            for amount, seen, fault in pool.map(_run, batch, chunksize=16):
                sent, sequences, statuses = sent + amount, sequences + 1, statuses + seen
                if fault is not None:
                    if not found[fault.kind]:
                        print(fault, flush=True)
                    found[fault.kind] += 1
    print(f"{sent} requests in {sequences} sequences: {dict(sorted(statuses.items()))}")
    for kind, times in found.most_common():
        print(f"{times:6} {kind}")
    print(f"{sum(times for kind, times in found.items() if kind.startswith(('slow', 'no answer')))} slow answers")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
