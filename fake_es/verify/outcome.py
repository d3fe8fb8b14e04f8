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


class Advice(NamedTuple):
    """A change of one line of a page: ``old`` becomes ``new``; where ``new`` is empty, the line goes.

    Where ``old`` is empty, ``new`` is a line of its own, to be put in after that line.
    """

    place: Place
    old: str
    new: str

    def __str__(self) -> str:
        if not self.old:
            return f"{self.place}: add [{self.new}]"
        return f"{self.place}: [{self.old}] could be {f'[{self.new}]' if self.new else 'removed'}"


class Failed(AssertionError):
    """A step did not hold."""


class WrongStatus(Failed):
    """An answer has another status than its step expects."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.status = status


class Skipped(Exception):
    """A test cannot be run here; says why."""


class UnexpectedWarnings(Failed):
    """An answer bears warnings that its step does not name."""

    def __init__(self, reason: str, warnings: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.warnings = warnings


class Differs(Failed):
    """An answer departs from its example.

    :param count: the number of places at which it does.
    :param only_values: whether all names are there, with values of the types that the example shows.
    """

    def __init__(self, reason: str, *, count: int, only_values: bool) -> None:
        super().__init__(reason)
        self.count = count
        self.only_values = only_values


class Outcome(Enum):
    """The ways a test can come out; ``PROMOTED``: its page leaves it out, and it passes."""

    PASSED = "passed"
    PROMOTED = "promoted"
    FAILED = "failed"
    SKIPPED = "skipped"


class Result(NamedTuple):
    """Outcome of one test: ``place`` is the step that decided it, ``reason`` is empty for a pass.

    ``advice`` says what of its page could be changed, ``seconds`` how long it took; ``failure`` is what a step raised.
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
