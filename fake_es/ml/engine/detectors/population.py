"""Detectors that compare the members of a population with each other."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.circumstances import Circumstances
from fake_es.ml.engine.detectors.base import Analyser
from fake_es.ml.engine.findings import BOTH_SIDES, LEAST_SURPRISE, Finding, Outcome
from fake_es.ml.engine.functions import Feature
from fake_es.ml.engine.gather import Key, features
from fake_es.ml.engine.model.level import Levels
from fake_es.ml.engine.model.residual import Frame, Residual

# Values of members before which nobody is judged, and members from which a model learns in one bucket.
_LEAST_VALUES = 40
_MOST_TAUGHT = 200
# Weight of the past, in members, against the median of the bucket.
_PAST_MEMBERS = 4.0
_LEVEL_MEMORY, _MOST_GAIN = 200.0, 0.6


class Population:
    """What members of a population ordinarily do: the median of them, and how they scatter about it."""

    __slots__ = ("levels", "residual", "size", "values")

    def __init__(self, is_count: bool) -> None:
        self.levels = Levels(1)
        self.residual = Residual(is_count)
        self.size = 0.0
        self.values = 0

    def frame(self, middle: float, members: int) -> Frame:
        """What a member is held against in a bucket whose median is ``middle``."""
        level = self.levels.level(0) if self.values else middle
        typical = (middle * members + level * _PAST_MEMBERS) / (members + _PAST_MEMBERS)
        return Frame(typical, self.size or abs(typical), max(self.size or abs(typical), 1e-9) * 0.1)

    def learn(self, values: list[float], frame: Frame) -> None:
        """Take a bucket's values in."""
        for value in values[:: max(1, len(values) // _MOST_TAUGHT)]:
            self.residual.learn(value, frame, self.residual.measure(value, frame))
        middle = statistics.median(values)
        self.levels.learn(0, middle, _LEVEL_MEMORY, _MOST_GAIN)
        self.values += len(values)
        self.size += (abs(middle) - self.size) / min(self.levels.seen[0], _LEVEL_MEMORY)

    def state(self) -> list[Any]:
        """Plain data to restore it from."""
        return [self.residual.is_count, self.levels.state(), self.residual.state(), self.size, self.values]

    @classmethod
    def restored(cls, state: list[Any]) -> Population:
        """A population as :meth:`state` left it."""
        population = cls(state[0])
        population.levels.restore(state[1])
        population.residual.restore(state[2])
        population.size, population.values = state[3:]
        return population


class Populations(Analyser):
    """A population for each partition, by value and feature."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._populations: dict[tuple[str, str], list[Population]] = {}

    def observe(self, bucket: Bucket, now: Circumstances) -> Outcome:
        """See :class:`Analyser`."""
        found = features(bucket, self.detector, self.function.features)
        causes: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
        for at, (feature, values) in enumerate(zip(self.function.features, found.values)):
            for group, members in _by_group(values).items():
                population = self._population(group, now)
                if population is not None:
                    self._judge(feature, population[at], members, now, causes)
        return Outcome([self._finding(found) for found in causes.values()])

    def _population(self, group: tuple[str, str], now: Circumstances) -> list[Population] | None:
        if group not in self._populations:
            if not now.may_grow:
                self.refused += 1
                return None
            self._populations[group] = [Population(feature.is_count) for feature in self.function.features]
        return self._populations[group]

    def _judge(
        self,
        feature: Feature,
        population: Population,
        members: dict[Key, float],
        now: Circumstances,
        causes: defaultdict[tuple[str, str], list[Finding]],
    ) -> None:
        frame = population.frame(statistics.median(members.values()), len(members))
        taught = []
        for key, value in members.items():
            finding = self._cause(feature, population, key, value, frame)
            report, learn = self.decide(key, value, frame.typical, now)
            if learn:
                taught.append(value)
            if finding is not None and report:
                causes[key[0], key[2]].append(finding)
        if taught:
            population.learn(taught, frame)

    def _cause(self, feature: Feature, population: Population, key: Key, value: float, frame: Frame) -> Finding | None:
        if population.values < _LEAST_VALUES:
            return None
        measured = population.residual.measure(value, frame)
        low, high = population.residual.surprise(value, frame, measured)
        side = self.function.side
        surprise = (high if side > 0 else low) if side else max(low, high) - BOTH_SIDES
        if surprise < LEAST_SURPRISE:
            return None
        return Finding(self.detector, key, feature.name, surprise, [value], [frame.typical])

    def _finding(self, causes: list[Finding]) -> Finding:
        """A member's anomaly: as improbable as the least probable of its causes, and a little more for each other."""
        causes.sort(key=lambda cause: -cause.surprise)
        first = causes[0]
        surprise = first.surprise + 0.3 * sum(cause.surprise - LEAST_SURPRISE for cause in causes[1:])
        key = (first.key[0], first.key[1] if len(causes) == 1 else "", first.key[2])
        return Finding(self.detector, key, first.function, surprise, first.actual, first.typical, causes=causes)

    def __len__(self) -> int:
        return len(self._populations)

    def series(self) -> Iterator[Key]:
        """See :class:`Analyser`."""
        return ((partition, by, "") for partition, by in self._populations)

    def state(self) -> Any:
        """See :class:`Analyser`."""
        return [[list(group), [entry.state() for entry in found]] for group, found in self._populations.items()]

    def restore(self, state: Any) -> None:
        """See :class:`Analyser`."""
        for (partition, by), entries in state:
            self._populations[partition, by] = [Population.restored(entry) for entry in entries]


def _by_group(values: dict[Key, float]) -> dict[tuple[str, str], dict[Key, float]]:
    groups: dict[tuple[str, str], dict[Key, float]] = {}
    for key, value in values.items():
        groups.setdefault(key[:2], {})[key] = value
    return groups
