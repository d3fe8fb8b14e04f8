"""Results of tests, and the exceptions of failed steps."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Place(NamedTuple):
    """A line of a file; lines count from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Advice(NamedTuple):
    """A change of one line of a page from ``old`` to ``new``.

    If ``new`` is empty, the line is deleted. If ``old`` is empty, ``new`` is a new line after the line at ``place``.
    """

    place: Place
    old: str
    new: str

    def __str__(self) -> str:
        if not self.old:
            return f"{self.place}: add [{self.new}]"
        return f"{self.place}: [{self.old}] could be {f'[{self.new}]' if self.new else 'removed'}"


class Failed(AssertionError):
    """A step failed."""


class WrongStatus(Failed):
    """An answer does not have the expected status."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class Skipped(Exception):
    """A test cannot run here; the text is the reason."""


class UnexpectedWarnings(Failed):
    """An answer has warnings that its step does not expect."""

    def __init__(self, reason: str, warnings: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.warnings = warnings


class Differs(Failed):
    """An answer differs from its example.

    :param count: number of differences.
    :param only_values: whether only values differ, while all names and types are those of the example.
    """

    def __init__(self, reason: str, *, count: int, only_values: bool) -> None:
        super().__init__(reason)
        self.count = count
        self.only_values = only_values


class Outcome(Enum):
    """The outcome of a test. ``PROMOTED`` means that its page skips it but it passes."""

    PASSED = "passed"
    PROMOTED = "promoted"
    FAILED = "failed"
    SKIPPED = "skipped"


class Result(NamedTuple):
    """The result of one test.

    ``place`` is the place of the step that failed, ``reason`` is empty if the test passed. ``advice`` are possible changes
    of its page, ``seconds`` is its duration, and ``failure`` is the exception of a step.
    """

    outcome: Outcome
    test: str
    place: Place
    reason: str = ""
    advice: tuple[Advice, ...] = ()
    seconds: float = 0.0
    failure: AssertionError | None = None

    def __str__(self) -> str:
        return f"{self.place}: [{self.test}] {self.outcome.value}{': ' if self.reason else ''}{self.reason}"
