"""Models of detectors that compare each series with its own past."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from fake_es.ml.engine.anomalies import BOTH_SIDES, LEAST_SURPRISAL, Anomaly, DetectorResults, Explanation, PlotPoint
from fake_es.ml.engine.bucket_context import BucketContext
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.data_gatherer import FeatureData, Key, features
from fake_es.ml.engine.detectors.base import DetectorModel
from fake_es.ml.engine.detectors.measurements import Measurements
from fake_es.ml.engine.functions import Feature
from fake_es.ml.engine.model.layout import as_text, from_text
from fake_es.ml.engine.model.seasons import DAY
from fake_es.ml.engine.model.series import LEAST_VALUES, Evaluation, SeriesModel

# The most by which models are shifted in all, in seconds: thirty thousand years, so that times stay 64-bit integers.
_MOST_SHIFT = 10**12
# An explanation names a penalty if it reduces a surprisal by at least this much (a quarter of the probability).
_PENALTY = 0.1
# The impact of several buckets is from -5 to 5 (``multi_bucket_impact``).
_MOST_IMPACT = 5.0


class IndividualModel(DetectorModel):
    """A model for each series and each feature of the function. All are stored packed, except the one in use."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)
        self._packed: dict[Key, list[bytes]] = {}
        self._last_seen: dict[Key, int] = {}
        self._measurements = Measurements()
        #: One model for each feature, which takes over the numbers of one series after another.
        self._models = self._new_models()

    def _new_models(self) -> list[SeriesModel]:
        return [SeriesModel(self.span, feature.is_count) for feature in self.function.features]

    def process(self, bucket: Bucket, context: BucketContext) -> DetectorResults:
        """See :class:`DetectorModel`."""
        results = DetectorResults()
        wanted = self.function.features
        data = features(bucket, self.detector, wanted)
        self._admit_series(data, context)
        for key, packed in self._packed.items():
            measurements = data.measurements.get(key, 1.0)
            for at, (feature, values) in enumerate(zip(wanted, data.values)):
                value = values.get(key, feature.empty)
                if value is None and not self.is_plotted(key):
                    continue
                model = self._models[at]
                model.unpack(packed[at])
                if value is None:
                    if model.values:
                        results.points.append(self._point(key, feature, model, None, context))
                elif self._process_value(key, feature, model, value, measurements, context, results):
                    packed[at] = model.pack()
        if context.learn and self.window is not None:
            self._prune(context.time - self.window)
        return results

    def _admit_series(self, data: FeatureData, context: BucketContext) -> None:
        """Begin models for new series if there is memory for them, and note when the known ones were last seen."""
        for values in data.values:
            for key in values:
                if key in self._packed:
                    if context.learn:
                        self._last_seen[key] = context.time
                elif not context.may_grow:
                    self.refused += 1
                elif context.learn:
                    self._packed[key] = [model.pack() for model in self._new_models()]
                    self._last_seen[key] = context.time

    def _prune(self, before: int) -> None:
        if len(self._packed) > 1 or any(self.detector.splits):
            for key in [key for key, time in self._last_seen.items() if time < before]:
                del self._packed[key], self._last_seen[key]
                self._measurements.forget(key)

    def _process_value(
        self,
        key: Key,
        feature: Feature,
        model: SeriesModel,
        value: float,
        measurements: float,
        context: BucketContext,
        results: DetectorResults,
    ) -> bool:
        """Score a value that was computed from so many measurements. Return whether the model has learnt from it."""
        if not context.learn and feature.empty is not None and context.complete < 1 and model.values:
            # The count or sum of an unfinished bucket is completed with the typical value for the rest of the bucket.
            typical = model.predict(context.time + model.time_shift).best.typical
            value = value + (1 - context.complete) * max(0.0, typical)
        widening = self._measurements.widening(key, measurements) if feature.is_average else 1.0
        narrowed, evaluation = value, model.evaluate(context.time, value)
        if evaluation is not None and widening > 1:
            # Values that scatter more are scored and learnt with a deviation divided by this factor.
            narrowed = evaluation.typical + (value - evaluation.typical) / widening
            evaluation = model.evaluate(context.time, narrowed)
        report, learn = self.decide(key, value, evaluation.typical if evaluation else value, context)
        if evaluation is not None and report and max(self._surprisals(evaluation)) >= LEAST_SURPRISAL:
            results.anomalies.append(self._anomaly(key, feature, value, evaluation, widening, model, context.time))
        if self.is_plotted(key) and model.values:
            results.points.append(self._point(key, feature, model, value, context))
        if learn:
            if feature.is_average:
                deviation = None if evaluation is None else abs(evaluation.residual.signed) * widening
                self._measurements.learn(key, measurements, model.values, deviation)
            model.learn(context.time, narrowed, evaluation)
        return learn

    def _surprisals(self, evaluation: Evaluation) -> tuple[float, float]:
        """Single-bucket and multi-bucket surprisal, on the sides that the function looks at."""
        side, is_high = self.function.side, evaluation.residual.side == 1
        if not side:
            return max(evaluation.low, evaluation.high) - BOTH_SIDES, evaluation.multi_bucket - BOTH_SIDES
        single = evaluation.high if side > 0 else evaluation.low
        return single, evaluation.multi_bucket if (side > 0) == is_high else 0.0

    def _anomaly(
        self, key: Key, feature: Feature, value: float, evaluation: Evaluation, widening: float, model: SeriesModel, time: int
    ) -> Anomaly:
        single, multi_bucket = self._surprisals(evaluation)
        surprisal, typical = max(single, multi_bucket), evaluation.typical
        impact = _MOST_IMPACT * (multi_bucket - single) / max(multi_bucket + single, LEAST_SURPRISAL)
        lower, upper = (typical + (bound - typical) * widening for bound in model.bounds(evaluation.predictions))
        explanation = Explanation(
            is_spike=value >= typical,
            single=max(0.0, single),
            multi_bucket=multi_bucket,
            length=1 + (abs(model.run) if model.run * evaluation.residual.signed > 0 else 0),
            bounds=(lower, upper),
            high_variance=self._at_other_hours(value, evaluation, widening, model, time) > surprisal + _PENALTY,
            incomplete=widening > 1 and self._greatest(model.evaluate(time, value)) > surprisal + _PENALTY,
        )
        return Anomaly(
            self.detector, key, feature.name, surprisal, [value], [typical],
            multi_bucket_impact=max(-_MOST_IMPACT, min(_MOST_IMPACT, impact)), explanation=explanation,
        )  # fmt: skip

    def _at_other_hours(self, value: float, evaluation: Evaluation, widening: float, model: SeriesModel, time: int) -> float:
        """The surprisal without the higher scale of this hour; 0 if this hour has no higher scale."""
        if evaluation.predictions.best.hourly_scale <= 1:
            return 0.0
        hourly_scale, model.hourly_scale = model.hourly_scale, None
        even = model.evaluate(time, evaluation.typical + (value - evaluation.typical) / widening)
        model.hourly_scale = hourly_scale
        return self._greatest(even)

    def _greatest(self, evaluation: Evaluation | None) -> float:
        return 0.0 if evaluation is None else max(self._surprisals(evaluation))

    def _point(self, key: Key, feature: Feature, model: SeriesModel, value: float | None, context: BucketContext) -> PlotPoint:
        predictions = model.predict(context.time + model.time_shift)
        lower, upper = model.bounds(predictions)
        return PlotPoint(self.detector, key, feature.model, lower, predictions.best.typical, upper, value)

    def forecast(self, starts: range) -> Iterator[tuple[int, PlotPoint]]:
        """Predictions for the buckets that begin at ``starts`` (epoch seconds), series by series.

        Level and seasons remain as they are, and the trend continues if it is significant. The level may wander, so the
        bounds grow with the square root of the time. A series with too few values has no forecast.
        """
        for key in self._packed:
            for feature, model in zip(self.function.features, self._unpacked(key)):
                if model.values < LEAST_VALUES:
                    continue
                slope, least = model.trend.slope(), 0.0 if feature.is_count else -math.inf
                for start in starts:
                    predictions = model.predict(start + model.time_shift)
                    ahead = max(0, start + model.time_shift - model.last)
                    gain = model.levels[predictions.predictor].gain
                    wider = math.sqrt(1 + gain * gain * ahead / model.span)
                    now = predictions.best.typical
                    typical = now + slope * ahead / DAY
                    lower, upper = (max(least, typical + (bound - now) * wider) for bound in model.bounds(predictions))
                    yield start, PlotPoint(self.detector, key, feature.model, lower, max(least, typical), upper, None)

    def __len__(self) -> int:
        return len(self._packed)

    def _unpacked(self, key: Key) -> list[SeriesModel]:
        models = self._new_models()
        for model, packed in zip(models, self._packed[key]):
            model.unpack(packed)
        return models

    def shift_time(self, seconds: int) -> None:
        """See :class:`DetectorModel`."""
        for key in self._packed:
            models = self._unpacked(key)
            for model in models:
                model.time_shift = max(-_MOST_SHIFT, min(_MOST_SHIFT, model.time_shift + seconds))
            self._packed[key] = [model.pack() for model in models]

    def state(self) -> Any:
        """See :class:`DetectorModel`."""
        return [
            [list(key), self._last_seen[key], list(map(as_text, packed)), self._measurements.state(key)]
            for key, packed in self._packed.items()
        ]

    def restore(self, state: Any) -> None:
        """See :class:`DetectorModel`."""
        for (partition, by, over), seen, packed, measurements in state:
            key = (partition, by, over)
            self._measurements.restore(key, measurements)
            self._packed[key] = list(map(from_text, packed))
            self._last_seen[key] = seen
