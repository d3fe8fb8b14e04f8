"""Other processes: servers to be asked, programs to be timed, and what each has used (POSIX only)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_ROOT = Path(__file__).resolve().parents[1]
OURS = ("-m", "fake_es", "serve", "--port", "0", "--clock", "virtual")
STOCK = ("-m", "benchmarks.bare")


class Usage(NamedTuple):
    """What a process took: seconds of its own time until it ended, megabytes at its peak until it was to end."""

    cpu: float
    peak: float


def peak_memory(pid: int) -> float:
    """The most megabytes of a process that were ever resident; where there is no /proc, those that are.

    ``getrusage`` is of no use here: its peak begins with that of the process which started this one.
    """
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split(maxsplit=1)[0]) / 1024
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(pid)])) / 1024


class Failed(Exception):
    """A process ended otherwise than it should."""


def _start(arguments: Sequence[str]) -> subprocess.Popen[str]:
    # An installed package has its bytecode with it; so shall this one, whatever the environment says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen([sys.executable, *arguments], cwd=_ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def _reap(process: subprocess.Popen[str]) -> float:
    """Wait for the end of a process; answers the seconds of processor time that it took."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


class Ran(NamedTuple):
    """A program that has come to its end, and the seconds of processor time that it took."""

    output: str
    cpu: float


def run(*arguments: str) -> Ran:
    """Run a program of this Python to its end.

    :raises Failed: its exit status is not 0.
    """
    with _start(arguments) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        cpu = _reap(process)
    if process.returncode:
        raise Failed(f"{' '.join(arguments)} ended with status {process.returncode}")
    return Ran(output, cpu)


class Served:
    """A server in a process of its own, ready to be asked; ``usage`` is there once it has been stopped."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._process = _start(arguments)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if ":" not in line:
            raise Failed(f"{' '.join(arguments)} does not serve")
        self.port = int(line.rpartition(":")[2])
        self.usage = Usage(0.0, 0.0)

    def ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        """One request on a connection of its own; answers all that comes back.

        :raises Failed: the status is not 2xx.
        """
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        if not answer.startswith(b"HTTP/1.1 2"):
            raise Failed(answer.decode("latin-1"))
        return answer

    def stop(self) -> None:
        """End it at once: what an orderly end takes is nothing to a figure of its start."""
        with self._process:
            peak = peak_memory(self._process.pid)
            self._process.kill()
            self.usage = Usage(_reap(self._process), peak)


@contextmanager
def serving(arguments: Sequence[str]) -> Iterator[Served]:
    """A server for the length of a block."""
    served = Served(arguments)
    try:
        yield served
    finally:
        served.stop()


def first_answer(arguments: Sequence[str]) -> Usage:
    """What a server took from the start of its process to its first full answer, after which it was ended."""
    with serving(arguments) as served:
        served.ask("GET", "/")
    return served.usage
