"""Daily and weekly seasons: tables of mean values by time slot."""

from __future__ import annotations

import math
from array import array
from functools import lru_cache
from typing import Literal, TypeVar

from fake_es.ml.engine.probability import beyond_chance

DAY, WEEK = 86_400, 604_800

# --- Slots of a table: a quarter of an hour, two hours and an hour. More would not fit into the 2 KB that
# tests/engine/test_memory.py allows a series.
_DAY_SLOTS, _WEEK_SLOTS, _SCALE_SLOTS = 96, 84, 24

# --- Memory: a season is forgotten over about this many days or weeks.
_MEMORY_DAYS, _MEMORY_WEEKS = 10.0, 5.0
# The scale of an hour is that of twelve days, and of four values of a slot in each day at most.
_SCALE_DAYS, _SCALE_VALUES = 12, 4.0
# Counters of values stop here: no memory is longer.
_MOST_COUNTED, _MOST_IN_A_BYTE = 10_000, 255

# --- Outliers: a value counts as at most this many spreads from the mean of its slot. The first values of a slot, of this many
# days or weeks, are not limited.
_MOST_SPREADS, _UNCLIPPED_DAYS, _UNCLIPPED_WEEKS = 3.0, 3, 2
_MOST_DEVIATION = 4.0

# --- What is noise: test_noise_has_no_time_of_day.
# Noise explains a weekly difference of this many mean absolute residuals, divided by the root of the number of values. More
# than nine values do not make it more certain, because seasons change.
_NOISE, _MOST_CERTAIN = 2.0, 9.0
# The same of the scale of an hour.
_CHANCE = 1.5
# Limits of that scale: a few extreme values must not hide all anomalies of an hour. A few quiet values must not cause false
# ones.
_LEAST_SCALE, _MOST_SCALE = 0.4, 6.0

Kind = TypeVar("Kind", bound="Table")


class Grid:
    """The slots of a period for a bucket span, both in seconds. No slot is shorter than a bucket.

    ``per_slot`` is the number of buckets in a slot. ``most`` is the number of values at which counting stops, and
    ``counter`` the type code of the array that counts them.
    """

    __slots__ = ("counter", "length", "most", "per_slot", "period", "slots")

    def __init__(self, period: int, most_slots: int, span: int) -> None:
        self.period = period
        self.slots = max(1, min(most_slots, period // span))
        self.length = period // self.slots
        self.per_slot = max(1.0, period / self.slots / span)
        self.most = min(_MOST_COUNTED, math.ceil(_MEMORY_DAYS * self.per_slot))
        self.counter: Literal["B", "H"] = "B" if self.most <= _MOST_IN_A_BYTE else "H"

    def slot(self, time: int) -> int:
        """The slot of a time in epoch seconds."""
        return int(time % self.period * self.slots / self.period)


@lru_cache(maxsize=64)
def grids(span: int) -> tuple[Grid, Grid, Grid]:
    """The grids of :class:`Daily`, :class:`Weekly` and :class:`HourlyScale` for a bucket span."""
    return Grid(DAY, _DAY_SLOTS, span), Grid(WEEK, _WEEK_SLOTS, span), Grid(DAY, _SCALE_SLOTS, span)


class Table:
    """A mean for each slot of a period, and the number of values that it was learnt from."""

    __slots__ = ("grid", "means", "seen")

    def __init__(self, grid: Grid, means: array[float], seen: array[int]) -> None:
        self.grid = grid
        self.means = means
        self.seen = seen

    @classmethod
    def empty(cls: type[Kind], grid: Grid, first: float = 0.0) -> Kind:
        """A table that has learnt nothing, with the same mean in every slot."""
        return cls(grid, array("f", (first,)) * grid.slots, array(grid.counter, (0,)) * grid.slots)

    @classmethod
    def unpacked(cls: type[Kind], grid: Grid, packed: bytes, begin: int) -> tuple[Kind, int]:
        """The table whose means and counters stand at ``begin``, and where it ends."""
        middle = begin + array("f").itemsize * grid.slots
        end = middle + array(grid.counter).itemsize * grid.slots
        return cls(grid, array("f", packed[begin:middle]), array(grid.counter, packed[middle:end])), end


class Daily(Table):
    """Mean value of each slot of the day."""

    __slots__ = ()

    def value(self, time: int) -> float | None:
        """Mean at a time of day, interpolated between slots; None where no value was seen yet."""
        place = time % DAY * self.grid.slots / DAY
        place = place - 0.5 if self.grid.per_slot > 1 else float(int(place))
        low = int(place // 1)
        share = place - low
        first, second = low % self.grid.slots, (low + 1) % self.grid.slots
        if not self.seen[first]:
            first = second
        if not self.seen[second]:
            second = first
        if not self.seen[first]:
            return None
        return self.means[first] * (1 - share) + self.means[second] * share

    def learn(self, time: int, value: float, spread: float) -> None:
        """Learn from a value."""
        slot = self.grid.slot(time)
        seen, per_slot = self.seen[slot], self.grid.per_slot
        residual = value - self.means[slot]
        if seen >= _UNCLIPPED_DAYS * per_slot:
            residual = max(-_MOST_SPREADS * spread, min(_MOST_SPREADS * spread, residual))
        self.means[slot] += residual / min(seen + 1, _MEMORY_DAYS * per_slot)
        self.seen[slot] = min(seen + 1, self.grid.most)


class Weekly(Table):
    """How much each slot of the week differs from the same time of other days."""

    __slots__ = ()

    def value(self, time: int, spread: float) -> float | None:
        """The difference at a time of the week as far as it is beyond noise, interpolated; None where none was seen yet."""
        slot = self.grid.slot(time)
        here = self._beyond_noise(slot, spread)
        if here is None or self.grid.per_slot <= 1:
            return here
        share = time % WEEK * self.grid.slots / WEEK - slot - 0.5
        there = self._beyond_noise((slot + (1 if share > 0 else -1)) % self.grid.slots, spread)
        return here if there is None else here + (there - here) * abs(share)

    def _beyond_noise(self, slot: int, spread: float) -> float | None:
        seen, mean = self.seen[slot], self.means[slot]
        return beyond_chance(mean, _NOISE * spread / min(seen, _MOST_CERTAIN) ** 0.5) if seen else None

    def learn(self, time: int, difference: float, spread: float) -> None:
        """Learn from a difference."""
        slot = self.grid.slot(time)
        seen, per_slot = self.seen[slot], self.grid.per_slot
        residual = difference - self.means[slot]
        if seen > _UNCLIPPED_WEEKS * per_slot:
            residual = max(-_MOST_SPREADS * spread, min(_MOST_SPREADS * spread, residual))
        self.means[slot] += residual / min(seen + 1, _MEMORY_WEEKS * per_slot)
        self.seen[slot] = min(seen + 1, self.grid.most)


class HourlyScale(Table):
    """How much wider residuals are at some hours of the day than at others."""

    __slots__ = ()

    def value(self, time: int) -> float:
        """Factor of the scale at an hour, 0.4 to 6, as far as it is beyond chance; 1 where no value was seen yet."""
        slot = self.grid.slot(time)
        seen = self.seen[slot]
        if not seen:
            return 1.0
        return min(_MOST_SCALE, max(_LEAST_SCALE, 1.0 + beyond_chance(self.means[slot] - 1.0, _CHANCE / math.sqrt(seen))))

    def learn(self, time: int, deviation: float) -> None:
        """Learn from a deviation in mean absolute residuals."""
        slot = self.grid.slot(time)
        seen = min(self.seen[slot] + 1, int(_SCALE_DAYS * min(self.grid.per_slot, _SCALE_VALUES)))
        self.means[slot] += (min(deviation, _MOST_DEVIATION) - self.means[slot]) / seen
        self.seen[slot] = seen
