"""What repeats by the day and by the week: tables of mean values by time slot."""

from __future__ import annotations

import math
from array import array
from functools import lru_cache
from typing import Literal, TypeVar

from fake_es.ml.engine.probability import beyond_chance

Kind = TypeVar("Kind", bound="Table")
DAY, WEEK = 86_400, 604_800
_DAY_SLOTS, _WEEK_SLOTS, _SCALE_SLOTS = 96, 84, 24
# A season is forgotten over about so many visits of a slot.
_DAY_MEMORY, _WEEK_MEMORY = 10.0, 5.0
_MOST_PULL = 3.0
# A difference of a slot of the week counts beyond so many mean residuals, fewer the better it is known.
_NOISE = 2.0
# Deviation of a mean of deviations, times the root of their number, that may be chance.
_CHANCE = 1.5


class Grid:
    """Slots of a period for a bucket span, both in seconds: no slot is shorter than a bucket.

    ``most`` is the number of values of a slot beyond which they need not be counted, ``counter`` the type of array that
    holds it.
    """

    __slots__ = ("counter", "each", "length", "most", "period", "slots")

    def __init__(self, period: int, most: int, span: int) -> None:
        self.period = period
        self.slots = max(1, min(most, period // span))
        self.length = period // self.slots
        self.each = max(1.0, period / self.slots / span)
        self.most = min(10_000, math.ceil(_DAY_MEMORY * self.each))
        self.counter: Literal["B", "H"] = "B" if self.most < 256 else "H"

    def slot(self, time: int) -> int:
        """The slot of a time in epoch seconds."""
        return int(time % self.period * self.slots / self.period)


@lru_cache(maxsize=64)
def grids(span: int) -> tuple[Grid, Grid, Grid]:
    """The grids of the daily, the weekly and the scale tables of a bucket span."""
    return Grid(DAY, _DAY_SLOTS, span), Grid(WEEK, _WEEK_SLOTS, span), Grid(DAY, _SCALE_SLOTS, span)


class Table:
    """A number for each slot of a period, and how many values it was learnt from."""

    __slots__ = ("grid", "means", "visits")

    def __init__(self, grid: Grid, means: array[float], visits: array[int]) -> None:
        self.grid = grid
        self.means = means
        self.visits = visits

    @classmethod
    def empty(cls: type[Kind], grid: Grid, first: float = 0.0) -> Kind:
        """A table that has learnt nothing, with the same number everywhere."""
        return cls(grid, array("f", (first,)) * grid.slots, array(grid.counter, (0,)) * grid.slots)

    def state(self) -> list[list[float]]:
        """Plain data to restore it from."""
        return [list(self.means), list(self.visits)]

    def restore(self, state: list[list[float]]) -> None:
        """Take up what :meth:`state` left."""
        self.means, self.visits = array("f", state[0]), array(self.grid.counter, map(int, state[1]))


class Daily(Table):
    """Mean value of each slot of the day."""

    __slots__ = ()

    def value(self, time: int) -> float | None:
        """Mean at a time of day, between slots by a straight line; None where nothing was seen yet."""
        place = time % DAY * self.grid.slots / DAY
        return self._between(place - 0.5 if self.grid.each > 1 else float(int(place)))

    def _between(self, place: float) -> float | None:
        low = int(place // 1)
        share = place - low
        first, second = low % self.grid.slots, (low + 1) % self.grid.slots
        if not self.visits[first]:
            first = second
        if not self.visits[second]:
            second = first
        if not self.visits[first]:
            return None
        return self.means[first] * (1 - share) + self.means[second] * share

    def learn(self, time: int, value: float, spread: float) -> None:
        """Take a value in, pulled towards what is known if it is far off."""
        slot = self.grid.slot(time)
        visits = self.visits[slot]
        pull = value - self.means[slot]
        if visits >= 3 * self.grid.each:
            pull = max(-_MOST_PULL * spread, min(_MOST_PULL * spread, pull))
        self.means[slot] += pull / min(visits + 1, _DAY_MEMORY * self.grid.each)
        self.visits[slot] = min(visits + 1, self.grid.most)


class Weekly(Table):
    """By how much each slot of the week differs from the same time of other days."""

    __slots__ = ()

    def value(self, time: int, noise: float) -> float | None:
        """The difference at a time of the week as far as it is beyond noise, between slots by a straight line; None in a
        slot never seen.
        """
        slot = self.grid.slot(time)
        here = self._beyond(slot, noise)
        if here is None or self.grid.each <= 1:
            return here
        share = time % WEEK * self.grid.slots / WEEK - slot - 0.5
        there = self._beyond((slot + (1 if share > 0 else -1)) % self.grid.slots, noise)
        return here if there is None else here + (there - here) * abs(share)

    def _beyond(self, slot: int, noise: float) -> float | None:
        visits, mean = self.visits[slot], self.means[slot]
        if not visits:
            return None
        return beyond_chance(mean, _NOISE * noise / min(visits, 9.0) ** 0.5)

    def learn(self, time: int, difference: float, spread: float) -> None:
        """Take a difference in."""
        slot = self.grid.slot(time)
        visits = self.visits[slot]
        pull = difference - self.means[slot]
        if visits > 2 * self.grid.each:
            pull = max(-_MOST_PULL * spread, min(_MOST_PULL * spread, pull))
        self.means[slot] += pull / min(visits + 1, _WEEK_MEMORY * self.grid.each)
        self.visits[slot] = min(visits + 1, self.grid.most)


class Stretch(Table):
    """How much wider residuals are at some times of the day than at others."""

    __slots__ = ()

    def value(self, time: int) -> float:
        """Factor on the scale, 0.4 to 6: as far as it is beyond what chance makes of so few deviations."""
        slot = self.grid.slot(time)
        visits = self.visits[slot]
        if not visits:
            return 1.0
        return min(6.0, max(0.4, 1.0 + beyond_chance(self.means[slot] - 1.0, _CHANCE / math.sqrt(visits))))

    def learn(self, time: int, deviation: float) -> None:
        """Take in a deviation, in mean absolute ones."""
        slot = self.grid.slot(time)
        visits = min(self.visits[slot] + 1, int(12 * min(self.grid.each, 4.0)))
        self.means[slot] += (min(deviation, 4.0) - self.means[slot]) / visits
        self.visits[slot] = visits
