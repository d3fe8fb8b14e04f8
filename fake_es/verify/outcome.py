"""How a test came out, and how a step says that it did not hold."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Place(NamedTuple):
    """A line of a file, as an editor finds it; lines count from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Failed(AssertionError):
    """A step did not hold."""


class Skipped(Exception):
    """A test cannot be run here; says why."""


class Outcome(Enum):
    """The three ways a test can come out."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Result(NamedTuple):
    """Outcome of one test: ``place`` is the step that decided it, ``reason`` is empty for a pass."""

    outcome: Outcome
    test: str
    place: Place
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.place}: [{self.test}] {self.outcome.value}{': ' if self.reason else ''}{self.reason}"
