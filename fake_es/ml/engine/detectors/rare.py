"""``rare`` and ``freq_rare``: values seldom seen, in time or among the members of a population."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.circumstances import Circumstances
from fake_es.ml.engine.detectors.base import Analyser
from fake_es.ml.engine.findings import LEAST_SURPRISE, Explanation, Finding, Outcome
from fake_es.ml.engine.gather import Key, counts

# Trials (buckets, or members of a population) before which nothing is rare, and those that are remembered.
_LEAST_TRIALS = 20
_MEMORY = 500.0
# One rare value is found by looking at very many that might have been: its probability is sharpened by this power, so
# that a value new after fifty quiet buckets is as anomalous as a spike there.
_SHARPNESS = 3.0
# Members kept apart for each value; one with more is not rare.
_MOST_MEMBERS = 50


class Frequencies:
    """How often each value was there, and how often a new one came, among the trials of one partition."""

    __slots__ = ("novelty", "times", "trials")

    def __init__(self) -> None:
        self.trials = 0
        self.times: dict[str, float] = {}
        self.novelty = 1.0

    def probability(self, value: str) -> float:
        """Probability that a trial shows a value as rare as this, or one that was never there."""
        times = self.times.get(value, 0.0)
        as_rare = sum(known for known in self.times.values() if known <= times) if times else 0.0
        return min(1.0, as_rare / (self.trials + 1) + self.novelty)

    def learn(self, values: Iterable[str]) -> None:
        """Take a trial in."""
        self.trials += 1
        new = 0.0
        for value in values:
            if value not in self.times:
                new = 1.0
            self.times[value] = self.times.get(value, 0.0) + 1
        self.novelty += (new - self.novelty) / min(self.trials + 1, _MEMORY)

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [self.trials, dict(self.times), self.novelty]

    @classmethod
    def restored(cls, state: list[Any]) -> Frequencies:
        """As :meth:`state` left it."""
        frequencies = cls()
        frequencies.trials, frequencies.novelty = state[0], state[2]
        frequencies.times = dict(state[1])
        return frequencies


def _sharpened(probability: float) -> float:
    return -_SHARPNESS * math.log10(max(probability, 1e-9))


def _compare(found: list[Finding], times: dict[str, float]) -> None:
    """How rare values are against the median one, this bucket included; nothing is said of those that are not learnt."""
    median = statistics.median(times.values()) if times else 0.0
    for finding in found:
        here = times.get(finding.key[1])
        finding.explanation.relative_rarity = median / here if here else None


class Rare(Analyser):
    """``rare`` without a population: in how many buckets a value was there."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._partitions: dict[str, Frequencies] = {}

    def observe(self, bucket: Bucket, now: Circumstances) -> Outcome:
        """See :class:`Analyser`."""
        outcome = Outcome()
        present: defaultdict[str, list[str]] = defaultdict(list)
        for key in counts(bucket, self.detector):
            present[key[0]].append(key[1])
        for partition, values in present.items():
            self._observe(partition, values, now, outcome)
        return outcome

    def _observe(self, partition: str, values: list[str], now: Circumstances, outcome: Outcome) -> None:
        frequencies = self._partitions.setdefault(partition, Frequencies())
        learnt, found = [], []
        for value in values:
            key, probability = (partition, value, ""), frequencies.probability(value)
            report, learn = self.decide(key, 1.0, probability, now)
            if learn and self._has_room(value, frequencies, now):
                learnt.append(value)
            if report and frequencies.trials >= _LEAST_TRIALS and _sharpened(probability) >= LEAST_SURPRISE:
                why = Explanation(first_occurrence=value not in frequencies.times)
                found.append(
                    Finding(self.detector, key, "rare", _sharpened(probability), [1.0], [probability], explanation=why)
                )
        if now.learn and not now.skip_update:
            frequencies.learn(learnt)
        if found:
            _compare(found, frequencies.times)
            outcome.findings += found

    def _has_room(self, value: str, frequencies: Frequencies, now: Circumstances) -> bool:
        if value in frequencies.times or now.may_grow:
            return True
        self.refused += 1
        return False

    def __len__(self) -> int:
        return sum(len(known.times) for known in self._partitions.values())

    def series(self) -> Iterator[Key]:
        """See :class:`Analyser`."""
        return ((partition, value, "") for partition, known in self._partitions.items() for value in known.times)

    def state(self) -> Any:
        """See :class:`Analyser`."""
        return {partition: known.state() for partition, known in self._partitions.items()}

    def restore(self, state: Any) -> None:
        """See :class:`Analyser`."""
        self._partitions = {partition: Frequencies.restored(entry) for partition, entry in state.items()}


class Values:
    """Which values the members of a population have shown."""

    __slots__ = ("members", "users")

    def __init__(self) -> None:
        self.members: set[str] = set()
        self.users: dict[str, set[str]] = {}

    def probability(self, value: str, member: str) -> float:
        """Share of the other members that have shown the value."""
        users = self.users.get(value, set())
        others = len(users) - (member in users)
        return min(1.0, (others + 1) / (len(self.members) + 1))

    def learn(self, value: str, member: str) -> None:
        """Take in that a member showed a value."""
        self.members.add(member)
        users = self.users.setdefault(value, set())
        if len(users) < max(_MOST_MEMBERS, len(self.members) // 2):
            users.add(member)


class RareOver(Analyser):
    """``rare`` and ``freq_rare`` in a population: values that few of its members show, the latter often."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._partitions: dict[str, Values] = {}
        self._buckets = 0

    def observe(self, bucket: Bucket, now: Circumstances) -> Outcome:
        """See :class:`Analyser`."""
        causes: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
        for key, events in counts(bucket, self.detector).items():
            self._judge(key, events, now, causes)
        if now.learn:
            self._buckets += 1
        return Outcome([self._finding(found) for found in causes.values()])

    def _judge(self, key: Key, events: float, now: Circumstances, causes: defaultdict[tuple[str, str], list[Finding]]) -> None:
        known = self._partitions.setdefault(key[0], Values())
        probability = known.probability(key[1], key[2])
        often = self.detector.function == "freq_rare"
        actual = events if often else 1.0
        report, learn = self.decide(key, actual, probability, now)
        surprise = _sharpened(probability) * (min(2.0, 0.5 + 0.5 * math.log10(max(1.0, events))) if often else 1.0)
        if report and len(known.members) >= _LEAST_TRIALS and self._buckets > 1 and surprise >= LEAST_SURPRISE:
            found = Finding(self.detector, key, "rare", surprise, [actual], [probability])
            causes[key[0], key[2]].append(found)
        if not learn:
            return
        if now.may_grow or (key[1] in known.users and key[2] in known.members):
            known.learn(key[1], key[2])
        else:
            self.refused += 1

    def _finding(self, causes: list[Finding]) -> Finding:
        causes.sort(key=lambda cause: -cause.surprise)
        first = causes[0]
        surprise = first.surprise + 0.3 * sum(cause.surprise - LEAST_SURPRISE for cause in causes[1:])
        key = (first.key[0], first.key[1] if len(causes) == 1 else "", first.key[2])
        return Finding(self.detector, key, first.function, surprise, first.actual, first.typical, causes=causes)

    def __len__(self) -> int:
        return sum(len(known.users) for known in self._partitions.values())

    def series(self) -> Iterator[Key]:
        """See :class:`Analyser`."""
        return ((partition, value, "") for partition, known in self._partitions.items() for value in known.users)

    def state(self) -> Any:
        """See :class:`Analyser`."""
        partitions = {
            partition: [sorted(known.members), {value: sorted(users) for value, users in known.users.items()}]
            for partition, known in self._partitions.items()
        }
        return {"buckets": self._buckets, "partitions": partitions}

    def restore(self, state: Any) -> None:
        """See :class:`Analyser`."""
        self._buckets = state["buckets"]
        for partition, (members, users) in state["partitions"].items():
            known = self._partitions[partition] = Values()
            known.members, known.users = set(members), {value: set(found) for value, found in users.items()}
