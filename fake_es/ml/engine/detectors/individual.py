"""Detectors that compare each series with its own past."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.circumstances import Circumstances
from fake_es.ml.engine.detectors.base import Analyser
from fake_es.ml.engine.detectors.measurements import Measurements
from fake_es.ml.engine.findings import BOTH_SIDES, LEAST_SURPRISE, Explanation, Finding, Outcome, PlotPoint
from fake_es.ml.engine.functions import Feature
from fake_es.ml.engine.gather import Gathered, Key, features
from fake_es.ml.engine.model.packing import pack, unpack
from fake_es.ml.engine.model.series import Judgement, SeriesModel

# The most by which the time of models is shifted in all, in seconds: thirty thousand years.
_MOST_SHIFT = 10**12
# What lessens a surprise by less than this is not worth a word.
_LESSENED = 0.1


def _judged(model: SeriesModel, time: int, value: float, doubt: float) -> tuple[float, Judgement | None]:
    """What a value in doubt is taken for, so many times nearer to what is typical, and what the model makes of that."""
    judgement = model.judge(time, value)
    if judgement is None or doubt <= 1:
        return value, judgement
    taken_for = judgement.typical + (value - judgement.typical) / doubt
    return taken_for, model.judge(time, taken_for)


class Individual(Analyser):
    """A model for each series and each feature of the function; kept packed but for the one that is looked at."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._packed: dict[Key, list[bytes]] = {}
        self._seen: dict[Key, int] = {}
        self._measurements = Measurements()
        self._at_hand = self._new_models()

    def _new_models(self) -> list[SeriesModel]:
        return [SeriesModel(self.span, feature.is_count) for feature in self.function.features]

    def observe(self, bucket: Bucket, now: Circumstances) -> Outcome:
        """See :class:`Analyser`."""
        outcome = Outcome()
        wanted = self.function.features
        found = features(bucket, self.detector, wanted)
        for key in self._present(found, now):
            for at, (feature, values) in enumerate(zip(wanted, found.values)):
                self._look(key, at, values.get(key, feature.empty), found.measurements.get(key, 1.0), now, outcome)
        if now.learn and self.window is not None:
            self._prune(now.time - self.window)
        return outcome

    def _look(self, key: Key, at: int, value: float | None, measurements: float, now: Circumstances, outcome: Outcome) -> None:
        """Judge a feature of a series by its number, or only plot what was expected if it has no value."""
        if value is None and not self.plots(key):
            return
        feature, model, packed = self.function.features[at], self._at_hand[at], self._packed[key]
        unpack(model, packed[at])
        if value is None:
            if model.values:
                outcome.points.append(self._point(key, feature, model, None, now))
        elif self._follow(key, feature, model, value, measurements, now, outcome):
            packed[at] = pack(model)

    def _present(self, found: Gathered, now: Circumstances) -> list[Key]:
        """Series to look at: all known ones, and new ones if the model may grow."""
        for values in found.values:
            for key in values:
                if key not in self._packed:
                    self._admit(key, now)
                elif now.learn:
                    self._seen[key] = now.time
        return list(self._packed)

    def _admit(self, key: Key, now: Circumstances) -> None:
        if not now.may_grow:
            self.refused += 1
        elif now.learn:
            self._packed[key] = [pack(model) for model in self._new_models()]
            self._seen[key] = now.time

    def _prune(self, before: int) -> None:
        if len(self._packed) > 1 or any(self.detector.splits):
            for key in [key for key, time in self._seen.items() if time < before]:
                del self._packed[key], self._seen[key]
                self._measurements.forget(key)

    def _follow(
        self,
        key: Key,
        feature: Feature,
        model: SeriesModel,
        value: float,
        measurements: float,
        now: Circumstances,
        outcome: Outcome,
    ) -> bool:
        """Judge a value made of so many measurements; answers whether the model has learnt it."""
        value = self._completed(feature, model, value, now)
        doubt = self._measurements.doubt(key, measurements) if feature.is_average else 1.0
        taken_for, judgement = _judged(model, now.time, value, doubt)
        report, learn = self.decide(key, value, judgement.typical if judgement else value, now)
        if judgement is not None and report and max(self._surprise(judgement)) >= LEAST_SURPRISE:
            outcome.findings.append(self._finding(key, feature, value, judgement, doubt, model, now.time))
        if self.plots(key) and model.values:
            outcome.points.append(self._point(key, feature, model, value, now))
        if learn:
            if feature.is_average:
                deviation = None if judgement is None else abs(judgement.measured.signed) * doubt
                self._measurements.learn(key, measurements, model.values, deviation)
            model.learn(now.time, taken_for, judgement)
        return learn

    def _completed(self, feature: Feature, model: SeriesModel, value: float, now: Circumstances) -> float:
        """What a count or sum in progress may come to: what is still to come is taken to be typical."""
        if now.learn or feature.empty is None or now.complete >= 1 or not model.values:
            return value
        return value + (1 - now.complete) * max(0.0, model.outlook(now.time + model.shift).frame.typical)

    def _surprise(self, judgement: Judgement) -> tuple[float, float]:
        """Surprise of the value by itself, and of the values of late together, on the sides that the function looks at."""
        side, is_high = self.function.side, judgement.measured.side == 1
        both = 0.0 if side else BOTH_SIDES
        single = (max(judgement.low, judgement.high) if not side else judgement.high if side > 0 else judgement.low) - both
        looks = not side or (side > 0) == is_high
        return single, judgement.sustained - both if looks else 0.0

    def _finding(
        self, key: Key, feature: Feature, value: float, judgement: Judgement, doubt: float, model: SeriesModel, time: int
    ) -> Finding:
        explanation = self._explanation(value, judgement, doubt, model, time)
        single, sustained = self._surprise(judgement)
        # From -5, all of it in this bucket, to 5, none of it.
        impact = 5 * (sustained - single) / max(sustained + single, LEAST_SURPRISE)
        return Finding(
            self.detector, key, feature.name, max(single, sustained), [value], [judgement.typical],
            multi_bucket_impact=max(-5.0, min(5.0, impact)), explanation=explanation,
        )  # fmt: skip

    def _explanation(self, value: float, judgement: Judgement, doubt: float, model: SeriesModel, time: int) -> Explanation:
        single, sustained = self._surprise(judgement)
        typical, lessened = judgement.typical, max(single, sustained) + _LESSENED
        lower, upper = (typical + (bound - typical) * doubt for bound in model.bounds(judgement.outlook))
        return Explanation(
            is_spike=value >= typical,
            single=max(0.0, single),
            sustained=sustained,
            length=1 + (abs(model.run) if model.run * judgement.measured.signed > 0 else 0),
            bounds=(lower, upper),
            high_variance=self._at_other_hours(value, judgement, doubt, model, time) > lessened,
            incomplete=doubt > 1 and self._greatest(model.judge(time, value)) > lessened,
        )

    def _at_other_hours(self, value: float, judgement: Judgement, doubt: float, model: SeriesModel, time: int) -> float:
        """The surprise if values scattered no more at this hour than at others; 0 where they do not."""
        if judgement.outlook.frame.stretch <= 1:
            return 0.0
        stretch, model.stretch = model.stretch, None
        even = model.judge(time, judgement.typical + (value - judgement.typical) / doubt)
        model.stretch = stretch
        return self._greatest(even)

    def _greatest(self, judgement: Judgement | None) -> float:
        return 0.0 if judgement is None else max(self._surprise(judgement))

    def _point(self, key: Key, feature: Feature, model: SeriesModel, value: float | None, now: Circumstances) -> PlotPoint:
        outlook = model.outlook(now.time + model.shift)
        lower, upper = model.bounds(outlook)
        return PlotPoint(self.detector, key, feature.model, lower, outlook.frame.typical, upper, value)

    def __len__(self) -> int:
        return len(self._packed)

    def series(self) -> Iterator[Key]:
        """See :class:`Analyser`."""
        return iter(self._packed)

    def models(self) -> Iterator[tuple[Key, Feature, SeriesModel]]:
        """Each series' model of each feature."""
        for key in self._packed:
            for feature, model in zip(self.function.features, self._unpacked(key)):
                yield key, feature, model

    def _unpacked(self, key: Key) -> list[SeriesModel]:
        models = self._new_models()
        for model, packed in zip(models, self._packed[key]):
            unpack(model, packed)
        return models

    def shift(self, seconds: int) -> None:
        """See :class:`Analyser`."""
        for key in self._packed:
            models = self._unpacked(key)
            for model in models:
                model.shift = max(-_MOST_SHIFT, min(_MOST_SHIFT, model.shift + seconds))
            self._packed[key] = [pack(model) for model in models]

    def state(self) -> Any:
        """See :class:`Analyser`."""
        return [
            [list(key), self._seen[key], [model.state() for model in self._unpacked(key)], self._measurements.state(key)]
            for key in self._packed
        ]

    def restore(self, state: Any) -> None:
        """See :class:`Analyser`."""
        for (partition, by, over), seen, models, measurements in state:
            key = (partition, by, over)
            self._measurements.restore(key, measurements)
            self._packed[key] = [pack(SeriesModel.restored(self.span, entry)) for entry in models]
            self._seen[key] = seen
