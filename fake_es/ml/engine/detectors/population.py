"""Models of detectors that compare the members of a population with each other."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import InitVar, dataclass, field
from typing import Any

from fake_es.ml.engine.anomalies import BOTH_SIDES, LEAST_SURPRISAL, Anomaly, DetectorResults, of_member
from fake_es.ml.engine.bucket_context import BucketContext
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.data_gatherer import Key, features
from fake_es.ml.engine.detectors.base import DetectorModel
from fake_es.ml.engine.functions import Feature
from fake_es.ml.engine.model.layout import Layout, as_text, from_text, number
from fake_es.ml.engine.model.level import Level
from fake_es.ml.engine.model.residual import Prediction, ResidualDistribution

# Values of members before which there are no anomalies: two buckets of twenty, as in test_one_member_sends_twentyfold.
_LEAST_VALUES = 40
# Members from which a population learns in one bucket: more tell it nothing new.
_SAMPLE = 200
# Weight of the past, in members, against the median of the bucket: a bucket with few members has no safe median.
_PAST_MEMBERS = 4.0
# Memory of the level in buckets, and its greatest gain, which is that of a series without seasons.
_MEMORY, _MOST_GAIN = 200.0, 0.6
# The spread that scales are measured by, as a share of the usual size, and the least size.
_SPREAD, _LEAST_SIZE = 0.1, 1e-9

# Partition and by value.
_Group = tuple[str, str]


@dataclass(slots=True, eq=False)
class Population:
    """What the members of a population usually do: their median, and how they scatter about it."""

    is_count: InitVar[bool]
    #: Number of values of members.
    values: int = number("Q")
    #: Usual absolute size of the median.
    size: float = number("d")
    #: The level of the median.
    level: Level = field(default_factory=Level)
    residuals: ResidualDistribution = field(default_factory=ResidualDistribution)

    def __post_init__(self, is_count: bool) -> None:
        self.residuals.is_count = is_count

    def predict(self, median: float, members: int) -> Prediction:
        """What a member is compared with in a bucket that has this median of so many members."""
        level = self.level.value if self.values else median
        typical = (median * members + level * _PAST_MEMBERS) / (members + _PAST_MEMBERS)
        return Prediction(typical, self.size or abs(typical), max(self.size or abs(typical), _LEAST_SIZE) * _SPREAD)

    def learn(self, values: list[float], prediction: Prediction) -> None:
        """Learn from the values of a bucket."""
        for value in values[:: max(1, len(values) // _SAMPLE)]:
            self.residuals.learn(value, prediction, self.residuals.scaled(value, prediction))
        median = statistics.median(values)
        self.level.learn(median, _MEMORY, _MOST_GAIN)
        self.values += len(values)
        self.size += (abs(median) - self.size) / min(self.level.seen, _MEMORY)


_LAYOUT = Layout(Population(is_count=False))


class PopulationModel(DetectorModel):
    """A population for each partition, by value and feature."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._populations: dict[_Group, list[Population]] = {}

    def process(self, bucket: Bucket, context: BucketContext) -> DetectorResults:
        """See :class:`DetectorModel`."""
        data = features(bucket, self.detector, self.function.features)
        causes: defaultdict[tuple[str, str], list[Anomaly]] = defaultdict(list)
        for at, (feature, values) in enumerate(zip(self.function.features, data.values)):
            groups: dict[_Group, dict[Key, float]] = {}
            for key, value in values.items():
                groups.setdefault(key[:2], {})[key] = value
            for group, members in groups.items():
                if group not in self._populations:
                    if not context.may_grow:
                        self.refused += 1
                        continue
                    self._populations[group] = [Population(each.is_count) for each in self.function.features]
                self._process_group(feature, self._populations[group][at], members, context, causes)
        return DetectorResults([of_member(found) for found in causes.values()])

    def _process_group(
        self,
        feature: Feature,
        population: Population,
        members: dict[Key, float],
        context: BucketContext,
        causes: defaultdict[tuple[str, str], list[Anomaly]],
    ) -> None:
        """Score a value of each member, collect the causes of anomalies by partition and member, and learn."""
        prediction = population.predict(statistics.median(members.values()), len(members))
        learnt = []
        for key, value in members.items():
            surprisal = self._surprisal(population, value, prediction)
            report, learn = self.decide(key, value, prediction.typical, context)
            if learn:
                learnt.append(value)
            if surprisal >= LEAST_SURPRISAL and report:
                cause = Anomaly(self.detector, key, feature.name, surprisal, [value], [prediction.typical])
                causes[key[0], key[2]].append(cause)
        if learnt:
            population.learn(learnt, prediction)

    def _surprisal(self, population: Population, value: float, prediction: Prediction) -> float:
        if population.values < _LEAST_VALUES:
            return 0.0
        residuals, side = population.residuals, self.function.side
        low, high = residuals.surprisal(value, prediction, residuals.scaled(value, prediction))
        return (high if side > 0 else low) if side else max(low, high) - BOTH_SIDES

    def __len__(self) -> int:
        return len(self._populations)

    def state(self) -> Any:
        """See :class:`DetectorModel`."""
        return [
            [list(group), [as_text(_LAYOUT.pack(population)) for population in populations]]
            for group, populations in self._populations.items()
        ]

    def restore(self, state: Any) -> None:
        """See :class:`DetectorModel`."""
        for (partition, by), entries in state:
            populations = self._populations[partition, by] = [Population(each.is_count) for each in self.function.features]
            for population, packed in zip(populations, entries):
                _LAYOUT.unpack(population, from_text(packed))
