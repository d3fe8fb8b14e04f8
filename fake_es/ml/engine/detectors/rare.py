"""Models of ``rare`` and ``freq_rare``: values seldom seen, in time or among the members of a population."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from fake_es.ml.engine.anomalies import LEAST_SURPRISAL, Anomaly, DetectorResults, Explanation, of_member
from fake_es.ml.engine.bucket_context import BucketContext
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.data_gatherer import Key, counts
from fake_es.ml.engine.detectors.base import DetectorModel

# Trials (buckets, or members of a population) before which nothing is rare; the novelty rate remembers this many.
_LEAST_TRIALS, _MEMORY = 20, 500.0
# Buckets of a population before which nothing is rare: in the first one everything is new.
_LEAST_BUCKETS = 2
# A probability is raised to this power, so that a value new after fifty quiet buckets is as anomalous as a tenfold spike
# there: test_a_value_never_seen_is_rare. No probability is smaller than one in a billion.
_SHARPNESS, _LEAST_PROBABILITY = 3.0, 1e-9
# freq_rare multiplies a surprisal by 0.5 and 0.5 for each factor of ten in the number of events, up to 2.
_FREQUENT_BASE, _FREQUENT_SLOPE, _FREQUENT_MOST = 0.5, 0.5, 2.0
# Members that are kept for each value, to bound memory; a value with more (or with half of all) is not rare.
_MOST_MEMBERS = 50


def _sharpened(probability: float) -> float:
    """The surprisal of a rare value."""
    return -_SHARPNESS * math.log10(max(probability, _LEAST_PROBABILITY))


class Frequencies:
    """In how many buckets of one partition each value was seen, and how often a bucket had a new one."""

    __slots__ = ("buckets_with", "novelty", "trials")

    def __init__(self) -> None:
        self.trials = 0
        self.buckets_with: dict[str, float] = {}
        self.novelty = 1.0

    def probability(self, value: str) -> float:
        """Probability that a bucket has a value as rare as this, or a new one."""
        buckets = self.buckets_with.get(value, 0.0)
        as_rare = sum(known for known in self.buckets_with.values() if known <= buckets) if buckets else 0.0
        return min(1.0, as_rare / (self.trials + 1) + self.novelty)

    def learn(self, values: Iterable[str]) -> None:
        """Learn from the values of a bucket."""
        self.trials += 1
        has_new = 0.0
        for value in values:
            if value not in self.buckets_with:
                has_new = 1.0
            self.buckets_with[value] = self.buckets_with.get(value, 0.0) + 1
        self.novelty += (has_new - self.novelty) / min(self.trials + 1, _MEMORY)

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [self.trials, dict(self.buckets_with), self.novelty]

    @classmethod
    def restored(cls, state: list[Any]) -> Frequencies:
        """As :meth:`state` left it."""
        frequencies = cls()
        frequencies.trials, frequencies.novelty = state[0], state[2]
        frequencies.buckets_with = dict(state[1])
        return frequencies


class RareModel(DetectorModel):
    """``rare`` without a population: in how many buckets a value was seen."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._partitions: dict[str, Frequencies] = {}

    def process(self, bucket: Bucket, context: BucketContext) -> DetectorResults:
        """See :class:`DetectorModel`."""
        results = DetectorResults()
        present: defaultdict[str, list[str]] = defaultdict(list)
        for key in counts(bucket, self.detector):
            present[key[0]].append(key[1])
        for partition, values in present.items():
            results.anomalies += self._process_partition(partition, values, context)
        return results

    def _process_partition(self, partition: str, values: list[str], context: BucketContext) -> list[Anomaly]:
        frequencies = self._partitions.setdefault(partition, Frequencies())
        learnt, anomalies = [], []
        for value in values:
            key, probability = (partition, value, ""), frequencies.probability(value)
            report, learn = self.decide(key, 1.0, probability, context)
            is_known, surprisal = value in frequencies.buckets_with, _sharpened(probability)
            if learn and not is_known and not context.may_grow:
                self.refused += 1
            elif learn:
                learnt.append(value)
            if report and frequencies.trials >= _LEAST_TRIALS and surprisal >= LEAST_SURPRISAL:
                why = Explanation(first_occurrence=not is_known)
                anomalies.append(Anomaly(self.detector, key, "rare", surprisal, [1.0], [probability], explanation=why))
        if context.learn and not context.skip_update:
            frequencies.learn(learnt)
        if anomalies:
            # How rare they are in comparison with the median value, including this bucket. Only for learnt values.
            buckets_with = frequencies.buckets_with
            median = statistics.median(buckets_with.values()) if buckets_with else 0.0
            for anomaly in anomalies:
                buckets = buckets_with.get(anomaly.key[1])
                anomaly.explanation.relative_rarity = median / buckets if buckets else None
        return anomalies

    def __len__(self) -> int:
        return sum(len(known.buckets_with) for known in self._partitions.values())

    def state(self) -> Any:
        """See :class:`DetectorModel`."""
        return {partition: known.state() for partition, known in self._partitions.items()}

    def restore(self, state: Any) -> None:
        """See :class:`DetectorModel`."""
        self._partitions = {partition: Frequencies.restored(entry) for partition, entry in state.items()}


class MembersByValue:
    """Which members of a population have shown which values."""

    __slots__ = ("members", "members_with")

    def __init__(self) -> None:
        self.members: set[str] = set()
        self.members_with: dict[str, set[str]] = {}

    def probability(self, value: str, member: str) -> float:
        """Share of the other members that have shown the value."""
        known = self.members_with.get(value, set())
        others = len(known) - (member in known)
        return min(1.0, (others + 1) / (len(self.members) + 1))

    def learn(self, value: str, member: str) -> None:
        """Learn that a member showed a value."""
        self.members.add(member)
        known = self.members_with.setdefault(value, set())
        if len(known) < max(_MOST_MEMBERS, len(self.members) // 2):
            known.add(member)


class RareInPopulationModel(DetectorModel):
    """``rare`` and ``freq_rare`` in a population: values that few members show, with ``freq_rare`` those they show often."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._partitions: dict[str, MembersByValue] = {}
        self._buckets = 0

    def process(self, bucket: Bucket, context: BucketContext) -> DetectorResults:
        """See :class:`DetectorModel`."""
        causes: defaultdict[tuple[str, str], list[Anomaly]] = defaultdict(list)
        for key, events in counts(bucket, self.detector).items():
            self._process_key(key, events, context, causes)
        if context.learn:
            self._buckets += 1
        return DetectorResults([of_member(found) for found in causes.values()])

    def _process_key(
        self, key: Key, events: float, context: BucketContext, causes: defaultdict[tuple[str, str], list[Anomaly]]
    ) -> None:
        partition, value, member = key
        known = self._partitions.setdefault(partition, MembersByValue())
        probability = known.probability(value, member)
        factor, actual = 1.0, 1.0
        if self.detector.function == "freq_rare":
            factor = min(_FREQUENT_MOST, _FREQUENT_BASE + _FREQUENT_SLOPE * math.log10(max(1.0, events)))
            actual = events
        report, learn = self.decide(key, actual, probability, context)
        surprisal = _sharpened(probability) * factor
        has_seen_enough = len(known.members) >= _LEAST_TRIALS and self._buckets >= _LEAST_BUCKETS
        if report and has_seen_enough and surprisal >= LEAST_SURPRISAL:
            causes[partition, member].append(Anomaly(self.detector, key, "rare", surprisal, [actual], [probability]))
        if learn and (context.may_grow or (value in known.members_with and member in known.members)):
            known.learn(value, member)
        elif learn:
            self.refused += 1

    def __len__(self) -> int:
        return sum(len(known.members_with) for known in self._partitions.values())

    def state(self) -> Any:
        """See :class:`DetectorModel`."""
        partitions = {
            partition: [sorted(known.members), {value: sorted(members) for value, members in known.members_with.items()}]
            for partition, known in self._partitions.items()
        }
        return {"buckets": self._buckets, "partitions": partitions}

    def restore(self, state: Any) -> None:
        """See :class:`DetectorModel`."""
        self._buckets = state["buckets"]
        for partition, (members, members_with) in state["partitions"].items():
            known = self._partitions[partition] = MembersByValue()
            known.members, known.members_with = set(members), {value: set(found) for value, found in members_with.items()}
