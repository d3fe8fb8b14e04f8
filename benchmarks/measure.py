"""How a row is declared and measured: both sides of a ratio in turn, many rounds, the median of the pairs."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median
from typing import NamedTuple

# Gives the time (or the rate) of one block of work.
Block = Callable[[], float]
_PARTS = {"s": 1.0, "ms": 1e3, "us": 1e6}


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done: ``rounds`` pairs after ``warm_up`` ones that do not count, amounts and times by ``scale``.

    ``full`` is the whole of what usually is done in part, because the cost grows with it evenly.
    """

    rounds: int = 11
    warm_up: int = 1
    scale: float = 1.0
    full: bool = False

    def count(self, amount: int) -> int:
        """That amount, scaled; at least one."""
        return max(1, round(amount * self.scale))

    def part(self, part: int, whole: int) -> int:
        """``part``, scaled; the ``whole`` if all is to be done."""
        return self.count(whole if self.full else part)

    def fewer(self, rounds: int = 3) -> Effort:
        """The same with at most so many rounds, for blocks that take long."""
        return replace(self, rounds=min(rounds, self.rounds))

    def seconds(self, duration: float) -> float:
        """That duration, scaled; at least a hundredth of a second."""
        return max(0.01, duration * self.scale)


QUICK = Effort(rounds=1, warm_up=0, scale=0.002)


class Measured(NamedTuple):
    """What a row has found: the value that its goal is about, and the figures behind it in words."""

    value: float
    figures: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: ``goal`` and ``stretch`` are in ``unit``, the most allowed or (``more``) the least."""

    name: str
    title: str
    measure: Callable[[Effort], Measured]
    goal: float
    stretch: float | None = None
    unit: str = "x"
    more: bool = False

    def meets(self, value: float, bar: float | None) -> bool:
        """Whether a value is within a goal."""
        return bar is not None and (value >= bar if self.more else value <= bar)

    def run(self, effort: Effort) -> Measured:
        """Measure, and once more if the goal is missed; the better of the two."""
        first = self.measure(effort)
        if self.meets(first.value, self.goal):
            return first
        choose = max if self.more else min
        return choose(first, self.measure(effort))


def row(
    name: str, title: str, *, goal: float, stretch: float | None = None, unit: str = "x", more: bool = False
) -> Callable[[Callable[[Effort], Measured]], Row]:
    """Declare the decorated function as a row."""

    def declare(measure: Callable[[Effort], Measured]) -> Row:
        return Row(name, title, measure, goal, stretch, unit, more)

    return declare


def cpu(work: Callable[[], object]) -> float:
    """Seconds of this process's time that ``work`` takes, the garbage of others collected before."""
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def repeat(times: int, work: Callable[[], object]) -> Callable[[], None]:
    """``work``, done so many times."""

    def repeated() -> None:
        for _ in range(times):
            work()

    return repeated


def compare(effort: Effort, ours: Block, base: Block, *, ours_per: int = 1, base_per: int | None = None, unit: str) -> Measured:
    """The median of the ratios of ``ours`` to ``base``, each block divided by its number of operations.

    Which side goes first changes from round to round. ``unit`` (``s``, ``ms``, ``us`` or ``/s``) is for the figures.
    """
    pairs: list[tuple[float, float]] = []
    for turn in range(-effort.warm_up, effort.rounds):
        if turn % 2:
            second, first = base(), ours()
        else:
            first, second = ours(), base()
        if turn >= 0:
            pairs.append((first / ours_per, second / (base_per or ours_per)))
    ratios = [first / second if second else float("inf") for first, second in pairs]
    sides = (median(side) for side in zip(*pairs))
    return Measured(median(ratios), " : ".join(figure(side, unit) for side in sides))


def figure(value: float, unit: str) -> str:
    """A value in words, three digits or so: seconds in ``unit``, or a rate."""
    shown = value * _PARTS.get(unit, 1)
    return f"{shown:,.0f}{unit}" if unit.startswith("/") else f"{shown:,.{0 if shown >= 100 else 1}f} {unit}"
