"""Runs a page's commands as a reader would type them.

In a ``console`` block the lines after ``$ `` are commands, the others what they print. A ``sh`` block is pasted as a whole;
what it prints stands in the ``text`` block that follows it, if one does. ``...`` stands for anything.

A ``fake-es serve`` goes on in the background, on a port of its own that takes the place of the documented one in the
commands that follow, until the page ends or the next one is started.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.docs.pages import ROOT, Block, blocks

# What would install, build or test the project itself: looked at, not run.
NOT_RUN = ("make ", "pip install ", "git ", "python -m venv ")
_SECONDS = 30


class Command(NamedTuple):
    """A command and the lines it is said to print."""

    text: str
    expected: list[str]


def commands(page: Path) -> Iterator[Command]:
    """All commands of a page, in order."""
    found = blocks(page)
    for block, after in zip(found, [*found[1:], None]):
        if block.language == "console":
            yield from _transcript(block)
        elif block.language == "sh":
            printed = after.text.splitlines() if after is not None and after.language == "text" else []
            yield Command(block.text.rstrip("\n"), printed)


def _transcript(block: Block) -> list[Command]:
    """The commands of a transcript; one that ends in a backslash goes on in the next line."""
    found: list[Command] = []
    unfinished = False
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append(Command(line[2:], []))
        elif unfinished:
            found[-1] = found[-1]._replace(text=f"{found[-1].text}\n{line}")
        else:
            found[-1].expected.append(line)
            continue
        unfinished = line.endswith("\\")
    return found


class Console:
    """One reader's terminal, in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._server: subprocess.Popen[str] | None = None
        self._ports: tuple[str, str] | None = None
        self._environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    def __enter__(self) -> Console:
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    def run(self, command: Command) -> None:
        """Run a command.

        :raises AssertionError: it fails, or prints something else.
        """
        if command.text.startswith(NOT_RUN):
            _look_at(command.text)
        elif command.text.startswith("fake-es serve"):
            _compare(command, self._serve(command.text))
        else:
            text = command.text.replace(*self._ports) if self._ports else command.text
            _compare(command, self._output(text))

    def _output(self, text: str) -> str:
        done = subprocess.run(
            ["bash", "-c", text], cwd=self._directory, env=self._environment, capture_output=True, text=True, timeout=_SECONDS
        )
        assert done.returncode == 0, f"{text}: exit status {done.returncode}: {done.stderr}"
        return done.stdout

    def _serve(self, text: str) -> str:
        self._stop()
        documented = re.search(r"--port (\d+)", text)
        arguments = [*text.split()[1:], "--port", "0"]
        self._server = subprocess.Popen(
            [sys.executable, "-m", "fake_es", *arguments], stdout=subprocess.PIPE, text=True, env=self._environment
        )
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        used = f":{line.strip().rpartition(':')[2]}"
        self._ports = (f":{documented.group(1) if documented else 9200}", used)
        return line.replace(used, self._ports[0])

    def _stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.communicate(timeout=_SECONDS)
            self._server = None


def _compare(command: Command, printed: str) -> None:
    if not command.expected:
        return
    pattern = "\n".join(".*".join(map(re.escape, line.split("..."))) for line in command.expected)
    assert re.fullmatch(pattern, printed.strip("\n")), f"{command.text}\nprints\n{printed}\nnot\n" + "\n".join(command.expected)


def _look_at(text: str) -> None:
    """Check what is not run: a target of make is one of the Makefile's."""
    makefile = (ROOT / "Makefile").read_text()
    for line in text.splitlines():
        program, *arguments = shlex.split(line, comments=True)
        targets = [argument for argument in arguments if "=" not in argument]  # the others set variables
        for target in targets if program == "make" else ():
            assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), f"the Makefile has no {target}"
