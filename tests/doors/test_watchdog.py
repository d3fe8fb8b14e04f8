"""Whatever a server is busy with, others are answered within a second, and SIGTERM ends it within two."""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.doors.hostile import HOSTILE, PREPARED, Hostile
from tests.doors.wire import Line, line_to

PATIENCE = 1.0
# Seconds for which a request that is not answered is watched.
LONG_ENOUGH = 0.5


@contextmanager
def served() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, prepared, and its URL."""
    command = [sys.executable, "-m", "fake_es", "serve", "--port", "0", "--clock", "virtual"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found is not None
            with line_to(found[0]) as line:
                for request in PREPARED:
                    send(line, request)
                    assert line.hear().status == 200 or request.target.startswith("/logs/_doc")
            yield process, found[0]
        finally:
            process.kill()


def send(line: Line, request: Hostile) -> None:
    body = request.body()
    head = (f"{request.method} {request.target} HTTP/1.1", "Host: x", *request.headers, f"Content-Length: {len(body)}")
    line.say(*head, body=body)


def seconds_used(process: subprocess.Popen[str]) -> float | None:
    """Processor time of the server so far; None where the system does not tell."""
    try:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answer_time(process: subprocess.Popen[str], url: str) -> float:
    """Seconds that a ``GET /`` takes. What the server does not use of them is the fault of a machine that is busy elsewhere."""
    began, before = time.perf_counter(), seconds_used(process)
    with line_to(url) as line:
        assert line.ask("GET / HTTP/1.1", "Host: x").status == 200
    passed, after = time.perf_counter() - began, seconds_used(process)
    return passed if before is None or after is None else min(passed, after - before)


def longest_wait(process: subprocess.Popen[str], url: str, request: Hostile) -> float:
    """Seconds of the slowest ``GET /`` beside a request, until that is answered or has been watched long enough."""
    slowest, began = 0.0, time.perf_counter()
    with line_to(url) as line:
        send(line, request)
        while time.perf_counter() - began < LONG_ENOUGH and not select.select([line.socket], [], [], 0)[0]:
            slowest = max(slowest, answer_time(process, url))
    return slowest


def end(process: subprocess.Popen[str]) -> float:
    """Seconds from SIGTERM to the end."""
    began = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    return time.perf_counter() - began


def test_others_are_answered_and_sigterm_ends_it() -> None:
    with served() as (process, url):
        waits = {name: longest_wait(process, url, request) for name, request in HOSTILE.items()}
        assert {name: seconds for name, seconds in waits.items() if seconds >= PATIENCE} == {}
        with ExitStack() as stack:
            for request in HOSTILE.values():
                send(stack.enter_context(line_to(url)), request)
            assert end(process) < 2


@pytest.mark.nightly
@pytest.mark.parametrize("name", HOSTILE)
def test_each_by_itself_does_not_hold_the_end_up(name: str) -> None:
    with served() as (process, url), line_to(url) as line:
        assert longest_wait(process, url, HOSTILE[name]) < PATIENCE
        send(line, HOSTILE[name])
        assert end(process) < 2
