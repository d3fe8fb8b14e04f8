"""A server ends when it is told to, even while one call into C keeps the interpreter to itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")

BUSY = """
import itertools, signal, sys
from fake_es.doors.guard import end_within
end_within(0.2)
signal.signal(signal.SIGTERM, lambda *_: {handler})
print("ready", flush=True)
{work}
"""


def started(work: str, handler: str = "sys.exit(0)") -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", BUSY.format(work=work, handler=handler)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def ended(process: subprocess.Popen[str]) -> tuple[int, float]:
    """Status, and seconds until nobody holds what the process writes to any more."""
    began = time.perf_counter()
    assert process.communicate(timeout=20) == ("", "")
    return process.returncode, time.perf_counter() - began


def test_one_that_cannot_hear_is_killed() -> None:
    # The signal may come just before the call into C: a handler that does nothing leads into it all the same.
    process = started("sum(itertools.repeat(1, 10**12))", "None")
    process.send_signal(signal.SIGTERM)
    status, seconds = ended(process)
    assert status == -signal.SIGKILL
    assert seconds < 2


def test_one_that_hears_ends_by_itself() -> None:
    process = started("signal.pause()")
    process.send_signal(signal.SIGTERM)
    assert ended(process)[0] == 0


def test_nothing_is_left_of_one_that_is_killed() -> None:
    process = started("signal.pause()")
    process.kill()
    status, seconds = ended(process)
    assert status == -signal.SIGKILL
    assert seconds < 2
