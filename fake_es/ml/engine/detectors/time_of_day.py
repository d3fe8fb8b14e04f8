"""Models of ``time_of_day`` and ``time_of_week``: events at times at which there usually are none."""

from __future__ import annotations

import math
from array import array
from typing import Any

from fake_es.ml.engine.anomalies import LEAST_SURPRISAL, Anomaly, DetectorResults, Explanation
from fake_es.ml.engine.bucket_context import BucketContext
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.data_gatherer import Key, values
from fake_es.ml.engine.detectors.base import SAMPLE, DetectorModel
from fake_es.ml.engine.model.seasons import DAY, WEEK

# The column of the records' times, in epoch seconds, that these detectors read.
TIME_COLUMN = "\0time"
# Slots are half an hour long. Events up to two slots apart are at about the same time.
_SLOT, _NEAR_SLOTS = 1800, 2
# Events and periods before which no time is rare.
_LEAST_EVENTS, _LEAST_PERIODS = 20, 2
# A time is about as rare as another if it has at most this many times its events.
_ABOUT = 1.5
# Events that are remembered.
_MEMORY = 2000.0
# A probability is raised to this power, so that one event at night after two weeks is found: test_an_event_in_the_night.
_SHARPNESS = 2.5
# The epoch began on a Thursday; weeks are counted from Sunday.
_EPOCH_WEEKDAY = 4 * DAY


class EventTimes:
    """How many events were seen in each slot of the period, a day or a week. Moments are seconds of the period."""

    __slots__ = ("counts", "events", "first", "period")

    def __init__(self, period: int) -> None:
        self.period = period
        self.counts = array("f", (0.0,) * (period // _SLOT))
        self.events = 0.0
        self.first = 0

    def _slot(self, moment: float) -> int:
        return int(moment % self.period // _SLOT)

    def _events_near(self, slot: int) -> float:
        return sum(self.counts[(slot + by) % len(self.counts)] for by in range(-_NEAR_SLOTS, _NEAR_SLOTS + 1))

    def rarest(self, moments: list[float]) -> float:
        """The moment near which there were the fewest events."""
        slots = {self._slot(moment): moment for moment in moments}
        return slots[min(slots, key=self._events_near)]

    def probability(self, moment: float) -> float:
        """Probability of an event at a moment about as rare as this one."""
        about = _ABOUT * self._events_near(self._slot(moment)) + 1
        as_rare = sum(count for slot, count in enumerate(self.counts) if count and self._events_near(slot) <= about)
        return min(1.0, (as_rare + 1) / (self.events + 2))

    def typical(self, moment: float) -> float:
        """The nearest moment with at least half as many events as the busiest one."""
        here, slots = self._slot(moment), len(self.counts)
        near = [self._events_near(slot) for slot in range(slots)]
        busy = [slot for slot, events in enumerate(near) if 2 * events >= max(near)]
        nearest = min(busy, key=lambda slot: min((slot - here) % slots, (here - slot) % slots))
        return nearest * _SLOT + _SLOT / 2

    def learn(self, moment: float, time: int) -> None:
        """Learn from an event; ``time`` is the start of its bucket."""
        self.first = self.first or time
        if self.events >= _MEMORY:
            self.counts = array("f", [count * (1 - 1 / _MEMORY) for count in self.counts])
            self.events *= 1 - 1 / _MEMORY
        self.counts[self._slot(moment)] += 1
        self.events += 1

    def has_seen_enough(self, time: int) -> bool:
        """Whether enough was seen by then to call a time rare."""
        return self.events >= _LEAST_EVENTS and time - self.first >= _LEAST_PERIODS * self.period

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [list(self.counts), self.events, self.first]

    def restore(self, state: list[Any]) -> None:
        """Take over what :meth:`state` returned."""
        counts, self.events, self.first = state
        self.counts = array("f", counts)


class TimeModel(DetectorModel):
    """The event times of each series; the members of a population share theirs."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._series: dict[Key, EventTimes] = {}
        self._is_weekly = self.function.kind == "time_of_week"

    def process(self, bucket: Bucket, context: BucketContext) -> DetectorResults:
        """See :class:`DetectorModel`."""
        results = DetectorResults()
        for key, times in values(bucket, self.detector, bucket.columns[TIME_COLUMN]).items():
            shared = (key[0], key[1], "")
            if shared not in self._series:
                if not context.may_grow:
                    self.refused += 1
                    continue
                self._series[shared] = EventTimes(WEEK if self._is_weekly else DAY)
            moments = [(time + _EPOCH_WEEKDAY) % WEEK if self._is_weekly else time % DAY for time in times]
            self._process_series(key, self._series[shared], moments, context, results)
        return results

    def _process_series(
        self, key: Key, known: EventTimes, moments: list[float], context: BucketContext, results: DetectorResults
    ) -> None:
        rarest = known.rarest(moments)
        probability = known.probability(rarest)
        typical = known.typical(rarest) if known.events else rarest
        report, learn = self.decide(key, rarest, typical, context)
        surprisal = -_SHARPNESS * math.log10(probability)
        if report and known.has_seen_enough(context.time) and surprisal >= LEAST_SURPRISAL:
            why = Explanation(single=surprisal)
            results.anomalies.append(Anomaly(self.detector, key, "time", surprisal, [rarest], [typical], explanation=why))
        if learn:
            for moment in moments[:: max(1, len(moments) // SAMPLE)]:
                known.learn(moment, context.time)

    def __len__(self) -> int:
        return len(self._series)

    def state(self) -> Any:
        """See :class:`DetectorModel`."""
        return [[list(key), known.state()] for key, known in self._series.items()]

    def restore(self, state: Any) -> None:
        """See :class:`DetectorModel`."""
        for (partition, by, over), entry in state:
            known = self._series[partition, by, over] = EventTimes(WEEK if self._is_weekly else DAY)
            known.restore(entry)
