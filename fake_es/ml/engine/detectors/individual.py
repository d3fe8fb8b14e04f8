"""Detectors that compare each series with its own past."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.circumstances import Circumstances
from fake_es.ml.engine.detectors.base import Analyser
from fake_es.ml.engine.findings import BOTH_SIDES, LEAST_SURPRISE, Explanation, Finding, Outcome, PlotPoint
from fake_es.ml.engine.functions import Feature
from fake_es.ml.engine.gather import WHOLE, Key, features
from fake_es.ml.engine.model.series import Judgement, SeriesModel


class Individual(Analyser):
    """A model for each series and each feature of the function."""

    _models: dict[Key, list[SeriesModel]]

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._models = {}
        self._seen: dict[Key, int] = {}

    def observe(self, bucket: Bucket, now: Circumstances) -> Outcome:
        """See :class:`Analyser`."""
        outcome = Outcome()
        wanted = self.function.features
        found = features(bucket, self.detector, wanted)
        for key in self._present(found, now):
            models = self._models[key]
            for feature, values, model in zip(wanted, found, models):
                value = values.get(key, feature.empty)
                if value is not None:
                    self._follow(key, feature, model, value, now, outcome)
                elif self.plots(key) and model.values:
                    outcome.points.append(self._point(key, feature, model, None, now))
        if now.learn and self.window is not None:
            self._prune(now.time - self.window)
        return outcome

    def _present(self, found: list[dict[Key, float]], now: Circumstances) -> list[Key]:
        """Series to look at: all known ones, and new ones if the model may grow."""
        for values in found:
            for key in values:
                if key not in self._models:
                    self._admit(key, now)
                elif now.learn:
                    self._seen[key] = now.time
        if not self._models and WHOLE not in self._models and not any(self.detector.splits):
            return []
        return list(self._models)

    def _admit(self, key: Key, now: Circumstances) -> None:
        if not now.may_grow:
            self.refused += 1
        elif now.learn:
            self._models[key] = [SeriesModel(self.span, feature.is_count) for feature in self.function.features]
            self._seen[key] = now.time

    def _prune(self, before: int) -> None:
        if len(self._models) > 1 or any(self.detector.splits):
            for key in [key for key, time in self._seen.items() if time < before]:
                del self._models[key], self._seen[key]

    def _follow(
        self, key: Key, feature: Feature, model: SeriesModel, value: float, now: Circumstances, outcome: Outcome
    ) -> None:
        value = self._completed(feature, model, value, now)
        judgement = model.judge(now.time, value)
        report, learn = self.decide(key, value, judgement.typical if judgement else value, now)
        if judgement is not None and report:
            surprises = self._surprise(judgement)
            if max(surprises) >= LEAST_SURPRISE:
                outcome.findings.append(self._finding(key, feature, value, judgement, surprises, model))
        if self.plots(key) and model.values:
            outcome.points.append(self._point(key, feature, model, value, now))
        if learn:
            model.learn(now.time, value, judgement)

    def _completed(self, feature: Feature, model: SeriesModel, value: float, now: Circumstances) -> float:
        """What a count or sum in progress may come to: what is still to come is taken to be typical."""
        if now.learn or feature.empty is None or now.complete >= 1 or not model.values:
            return value
        return value + (1 - now.complete) * max(0.0, model.outlook(now.time).frame.typical)

    def _surprise(self, judgement: Judgement) -> tuple[float, float]:
        """Surprise of the value by itself, and of the values of late together, on the sides that the function looks at."""
        side, is_high = self.function.side, judgement.measured.side == 1
        both = 0.0 if side else BOTH_SIDES
        single = (max(judgement.low, judgement.high) if not side else judgement.high if side > 0 else judgement.low) - both
        looks = not side or (side > 0) == is_high
        return single, judgement.sustained - both if looks else 0.0

    def _finding(
        self,
        key: Key,
        feature: Feature,
        value: float,
        judgement: Judgement,
        surprises: tuple[float, float],
        model: SeriesModel,
    ) -> Finding:
        single, sustained = surprises
        lower, upper = model.bounds(judgement.outlook)
        length = 1 + (abs(model.run) if model.run * judgement.measured.signed > 0 else 0)
        explanation = Explanation(value >= judgement.typical, max(0.0, single), sustained, length, lower, upper)
        # From -5, all of it in this bucket, to 5, none of it.
        impact = 5 * (sustained - single) / max(sustained + single, LEAST_SURPRISE)
        return Finding(
            self.detector, key, feature.name, max(surprises), [value], [judgement.typical],
            multi_bucket_impact=max(-5.0, min(5.0, impact)), explanation=explanation,
        )  # fmt: skip

    def _point(self, key: Key, feature: Feature, model: SeriesModel, value: float | None, now: Circumstances) -> PlotPoint:
        outlook = model.outlook(now.time)
        lower, upper = model.bounds(outlook)
        return PlotPoint(self.detector, key, feature.model, lower, outlook.frame.typical, upper, value)

    def __len__(self) -> int:
        return len(self._models)

    def series(self) -> Iterator[Key]:
        """See :class:`Analyser`."""
        return iter(self._models)

    def models(self) -> Iterator[tuple[Key, Feature, SeriesModel]]:
        """Each series' model of each feature."""
        for key, models in self._models.items():
            for feature, model in zip(self.function.features, models):
                yield key, feature, model

    def shift(self, seconds: int) -> None:
        """See :class:`Analyser`."""
        for _, _, model in self.models():
            model.shift += seconds

    def state(self) -> Any:
        """See :class:`Analyser`."""
        return [[list(key), self._seen[key], [model.state() for model in models]] for key, models in self._models.items()]

    def restore(self, state: Any) -> None:
        """See :class:`Analyser`."""
        for (partition, by, over), seen, models in state:
            key = (partition, by, over)
            self._models[key] = [SeriesModel.restored(self.span, entry) for entry in models]
            self._seen[key] = seen
