"""``time_of_day`` and ``time_of_week``: events at hours at which there usually are none."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator
from typing import Any

from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.circumstances import Circumstances
from fake_es.ml.engine.detectors.base import Analyser
from fake_es.ml.engine.findings import LEAST_SURPRISE, Explanation, Finding, Outcome
from fake_es.ml.engine.gather import Key, values
from fake_es.ml.engine.model.seasons import DAY, WEEK

# The column of the records' times, in epoch seconds, that these detectors read.
TIME_COLUMN = "\0time"
# Slots are half an hour long; events an hour apart are held to be at about the same time.
_SLOT, _NEAR = 1800, 2
_LEAST_EVENTS, _LEAST_PERIODS = 20, 2
# Times are about as rare as another if there were no more than so many times the events.
_ABOUT = 1.5
_MEMORY = 2000.0
_SHARPNESS = 2.5
_EPOCH_WEEKDAY = 4 * DAY  # the epoch began on a Thursday; weeks are counted from Sunday


class Clock:
    """How many events were seen in each slot of the day or the week."""

    __slots__ = ("counts", "events", "first", "period")

    def __init__(self, period: int) -> None:
        self.period = period
        self.counts = array("f", (0.0,) * (period // _SLOT))
        self.events = 0.0
        self.first = 0

    def _slot(self, moment: float) -> int:
        return int(moment % self.period // _SLOT)

    def _near(self, slot: int) -> float:
        return sum(self.counts[(slot + by) % len(self.counts)] for by in range(-_NEAR, _NEAR + 1))

    def oddest(self, moments: list[float]) -> float:
        """The moment around which there were the fewest events."""
        slots = {self._slot(moment): moment for moment in moments}
        return slots[min(slots, key=self._near)]

    def probability(self, moment: float) -> float:
        """Probability of an event at a time around which there are about as few as there."""
        about = _ABOUT * self._near(self._slot(moment)) + 1
        rarer = sum(count for slot, count in enumerate(self.counts) if count and self._near(slot) <= about)
        return min(1.0, (rarer + 1) / (self.events + 2))

    def typical(self, moment: float) -> float:
        """The nearest time, in seconds of the period, at which there are many events."""
        here, slots = self._slot(moment), len(self.counts)
        near = [self._near(slot) for slot in range(slots)]
        busy = [slot for slot, events in enumerate(near) if 2 * events >= max(near)]
        nearest = min(busy, key=lambda slot: min((slot - here) % slots, (here - slot) % slots))
        return nearest * _SLOT + _SLOT / 2

    def learn(self, moment: float, time: int) -> None:
        """Take an event in."""
        self.first = self.first or time
        if self.events >= _MEMORY:
            self.counts = array("f", [count * (1 - 1 / _MEMORY) for count in self.counts])
            self.events *= 1 - 1 / _MEMORY
        self.counts[self._slot(moment)] += 1
        self.events += 1

    def knows(self, time: int) -> bool:
        """Whether enough was seen to judge by."""
        return self.events >= _LEAST_EVENTS and time - self.first >= _LEAST_PERIODS * self.period

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [list(self.counts), self.events, self.first]

    def restore(self, state: list[Any]) -> None:
        """Take up what :meth:`state` left."""
        counts, self.events, self.first = state
        self.counts = array("f", counts)


class Times(Analyser):
    """A clock for each series; the members of a population share theirs."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._clocks: dict[Key, Clock] = {}
        self._by_week = self.function.kind == "time_of_week"

    def observe(self, bucket: Bucket, now: Circumstances) -> Outcome:
        """See :class:`Analyser`."""
        outcome = Outcome()
        for key, times in values(bucket, self.detector, bucket.columns[TIME_COLUMN]).items():
            clock = self._clock(key, now)
            if clock is not None:
                self._judge(key, clock, [self._moment(time) for time in times], now, outcome)
        return outcome

    def _moment(self, time: float) -> float:
        return (time + _EPOCH_WEEKDAY) % WEEK if self._by_week else time % DAY

    def _clock(self, key: Key, now: Circumstances) -> Clock | None:
        shared = (key[0], key[1], "")
        if shared not in self._clocks:
            if not now.may_grow:
                self.refused += 1
                return None
            self._clocks[shared] = Clock(WEEK if self._by_week else DAY)
        return self._clocks[shared]

    def _judge(self, key: Key, clock: Clock, moments: list[float], now: Circumstances, outcome: Outcome) -> None:
        oddest = clock.oddest(moments)
        probability = clock.probability(oddest)
        typical = clock.typical(oddest) if clock.events else oddest
        report, learn = self.decide(key, oddest, typical, now)
        surprise = -_SHARPNESS * math.log10(probability)
        if report and clock.knows(now.time) and surprise >= LEAST_SURPRISE:
            why = Explanation(single=surprise)
            outcome.findings.append(Finding(self.detector, key, "time", surprise, [oddest], [typical], explanation=why))
        if learn:
            for moment in moments[:: max(1, len(moments) // 50)]:
                clock.learn(moment, now.time)

    def __len__(self) -> int:
        return len(self._clocks)

    def series(self) -> Iterator[Key]:
        """See :class:`Analyser`."""
        return iter(self._clocks)

    def state(self) -> Any:
        """See :class:`Analyser`."""
        return [[list(key), clock.state()] for key, clock in self._clocks.items()]

    def restore(self, state: Any) -> None:
        """See :class:`Analyser`."""
        for (partition, by, over), entry in state:
            clock = self._clocks[partition, by, over] = Clock(WEEK if self._by_week else DAY)
            clock.restore(entry)
