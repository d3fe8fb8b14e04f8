"""All detectors of a job: they score a bucket, and what they find becomes result documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fake_es.ml.engine.analysis import Analysis, Detector
from fake_es.ml.engine.anomalies import Anomaly, PlotPoint
from fake_es.ml.engine.bucket_context import BucketContext
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.detectors.base import DetectorModel
from fake_es.ml.engine.detectors.individual import IndividualModel
from fake_es.ml.engine.detectors.lat_long import LatLongModel
from fake_es.ml.engine.detectors.population import PopulationModel
from fake_es.ml.engine.detectors.rare import RareInPopulationModel, RareModel
from fake_es.ml.engine.detectors.time_of_day import TimeModel
from fake_es.ml.engine.functions import FUNCTIONS
from fake_es.ml.engine.influencers import find_influences
from fake_es.ml.engine.memory import Memory
from fake_es.ml.engine.probability import surprisal_of
from fake_es.ml.engine.results import KINDS_OF_SPLITS, LEAST_SCORE, Document, ResultDocuments
from fake_es.ml.engine.rules import Rules
from fake_es.ml.engine.scoring import Normalizer, combined_surprisal, surprisals_by_influencer

# Records of one bucket (CAnomalyJob writes at most so many, the least probable ones).
_MOST_RECORDS = 500
# Maximal number of distinct values counted for each kind of split field, to limit memory.
_MOST_VALUES = 100_000


def _model_of(detector: Detector, analysis: Analysis) -> DetectorModel:
    """The model for a detector's function and fields."""
    has_population = detector.over_field_name is not None
    kinds: dict[str, type[DetectorModel]] = {
        "rare": RareInPopulationModel if has_population else RareModel,
        "freq_rare": RareInPopulationModel,
        "time_of_day": TimeModel,
        "time_of_week": TimeModel,
        "lat_long": LatLongModel,
        "value": PopulationModel if has_population else IndividualModel,
    }
    kind = kinds[FUNCTIONS[detector.function].kind]
    return kind(detector, analysis.bucket_span, analysis.model_plot, analysis.prune_window)


class DetectorSet:
    """The detectors of a job with their models, the normalizer of their scores, and the memory they take."""

    def __init__(self, analysis: Analysis, documents: ResultDocuments, state: Mapping[str, Any] | None = None) -> None:
        self._analysis = analysis
        self._documents = documents
        self._models = [_model_of(detector, analysis) for detector in analysis.detectors]
        self._normalizer = Normalizer()
        self._memory = Memory(analysis)
        self._split_values: dict[str, set[Any]] = {kind: set() for kind in KINDS_OF_SPLITS}
        #: Whether there is memory for new series.
        self.may_grow = True
        if state is not None:
            self._restore(state)

    def update(self, analysis: Analysis) -> None:
        """Take over rules and model plot of a changed configuration."""
        for model, detector in zip(self._models, analysis.detectors):
            model.rules, model.plot = Rules(detector), analysis.model_plot

    def process(self, bucket: Bucket, context: BucketContext, events: list[str], time_shift: int = 0) -> list[Document]:
        """The documents of a bucket. The models learn from it if it is finished.

        :param events: descriptions of the scheduled events that the bucket lies in.
        :param time_shift: seconds by which these events shift the time of all models.
        """
        context = context._replace(may_grow=self.may_grow)
        anomalies: list[Anomaly] = []
        points: list[PlotPoint] = []
        for model in self._models:
            if context.learn and (seconds := time_shift + model.rules.time_shift(context)):
                model.shift_time(seconds)
            results = model.process(bucket, context)
            anomalies += results.anomalies
            points += results.points
            if context.learn:
                model.frequent.learn(bucket)
        documents = self._result_documents(bucket, anomalies, events, is_interim=not context.learn)
        if context.learn:
            self._count_split_values(bucket)
            self._check_memory()
            documents += [self._documents.plot(bucket.start, point) for point in points]
        return documents

    def _result_documents(
        self, bucket: Bucket, anomalies: list[Anomaly], events: list[str], is_interim: bool
    ) -> list[Document]:
        """The bucket, its records and its influencers, with scores."""
        anomalies = sorted(anomalies, key=lambda anomaly: -anomaly.surprisal)[:_MOST_RECORDS]
        for anomaly in anomalies:
            find_influences(bucket, anomaly, self._analysis.influencers)
        surprisal = combined_surprisal([anomaly.surprisal for anomaly in anomalies], sum(map(len, self._models)))
        if not is_interim:
            self._normalizer.learn(max([surprisal, *(anomaly.surprisal for anomaly in anomalies)]))
        start, score = bucket.start, self._normalizer.score(surprisal)
        influencers = []
        for (field, value), surprisals in surprisals_by_influencer(anomalies).items():
            found = combined_surprisal(surprisals)
            influencer_score = self._normalizer.score(found)
            if influencer_score >= LEAST_SCORE:
                influencers.append(self._documents.influencer(start, field, value, found, influencer_score, is_interim))
        parts = self._bucket_influencers(start, surprisal, influencers, is_interim) if anomalies and score > 0 else []
        records = [
            self._documents.record(start, anomaly, self._normalizer.score(anomaly.surprisal), is_interim)
            for anomaly in anomalies
        ]
        return [self._documents.bucket(bucket, score, parts, is_interim, events), *records, *influencers]

    def _bucket_influencers(
        self, start: int, surprisal: float, influencers: Sequence[Document], is_interim: bool
    ) -> list[Document]:
        """The bucket as a whole, and the greatest influencer of each field."""
        greatest = {"bucket_time": surprisal}
        for influencer in influencers:
            field, found = influencer["influencer_field_name"], surprisal_of(influencer["probability"])
            greatest[field] = max(found, greatest.get(field, 0.0))
        return [
            self._documents.bucket_influencer(start, field, found, self._normalizer.score(found), is_interim)
            for field, found in greatest.items()
        ]

    def renormalized_score(self, probability: float) -> float:
        """The score that a result of this probability would be given now."""
        return self._normalizer.score(surprisal_of(probability))

    def score_limits(self) -> tuple[int, ...]:
        """The highest score of each step of surprisals as of now; see :class:`Normalizer`."""
        return self._normalizer.limits()

    def forecast(self, starts: range) -> Iterator[Document]:
        """Predictions for the buckets that begin at ``starts`` (epoch seconds), series by series."""
        for model in self._models:
            if isinstance(model, IndividualModel):
                for start, point in model.forecast(starts):
                    yield self._documents.forecast(start * 1000, point)

    # --- memory

    def _count_split_values(self, bucket: Bucket) -> None:
        """Collect the distinct values of split fields, for ``total_by_field_count`` and so on."""
        for detector in self._analysis.detectors:
            for kind, field in zip(KINDS_OF_SPLITS, detector.splits):
                known = self._split_values[kind]
                if field is not None and len(known) < _MOST_VALUES:
                    known.update((field, value) for value in {*bucket.columns[field]} if value not in (None, ""))

    def _check_memory(self) -> None:
        if any(model.refused for model in self._models):
            self._memory.failures += 1
            for model in self._models:
                model.refused = 0
        limit = self._analysis.memory_limit
        self.may_grow = limit is None or self._memory.size(self._models, categories=0) < limit

    def model_size(self, categories: int, has_data: bool) -> dict[str, Any]:
        """The fields of ``model_size_stats`` on memory and series; a job without data takes no memory."""
        counts = {f"total_{kind}_field_count": len(self._split_values[kind]) for kind in ("by", "over", "partition")}
        return self._memory.stats(self._memory.size(self._models, categories) if has_data else 0) | counts

    # --- state

    def state(self) -> dict[str, Any]:
        """Plain data to restore it from."""
        return {
            "models": [model.state() for model in self._models],
            "frequent": [model.frequent.state() for model in self._models],
            "normalizer": self._normalizer.state(),
            "memory": [self._memory.peak, self._memory.failures, self.may_grow],
            "split_values": {kind: sorted(map(list, values), key=str) for kind, values in self._split_values.items()},
        }

    def _restore(self, state: Mapping[str, Any]) -> None:
        for model, entry, frequent in zip(self._models, state["models"], state["frequent"]):
            model.restore(entry)
            model.frequent.restore(frequent)
        self._normalizer.restore(state["normalizer"])
        self._memory.peak, self._memory.failures, self.may_grow = state["memory"]
        self._split_values = {kind: {(field, value) for field, value in found} for kind, found in state["split_values"].items()}
