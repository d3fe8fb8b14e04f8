"""All detectors of a job at one bucket: their findings to scored documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fake_es.ml.engine.aggregate import by_influencer, together
from fake_es.ml.engine.analysis import Analysis, Detector
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.circumstances import Circumstances
from fake_es.ml.engine.detectors.base import Analyser
from fake_es.ml.engine.detectors.individual import Individual
from fake_es.ml.engine.detectors.places import Places
from fake_es.ml.engine.detectors.population import Populations
from fake_es.ml.engine.detectors.rare import Rare, RareOver
from fake_es.ml.engine.detectors.times import Times
from fake_es.ml.engine.findings import Finding, PlotPoint
from fake_es.ml.engine.forecast import forecast
from fake_es.ml.engine.functions import FUNCTIONS
from fake_es.ml.engine.influencers import find_influences
from fake_es.ml.engine.memory import Memory
from fake_es.ml.engine.probability import surprise_of
from fake_es.ml.engine.results import LEAST_SCORE, Document, Documents
from fake_es.ml.engine.rules import Rules
from fake_es.ml.engine.scoring import Normaliser

# Records of one bucket (CAnomalyJob writes at most so many, the least probable).
_MOST_RECORDS = 500
_KINDS = ("partition", "by", "over")
# Distinct values of split fields that are counted for each kind of field.
_MOST_VALUES = 100_000


def analyser_of(detector: Detector, analysis: Analysis) -> Analyser:
    """The analyser for a detector's function and fields."""
    kinds: dict[str, type[Analyser]] = {
        "rare": Rare if detector.over_field_name is None else RareOver,
        "freq_rare": RareOver,
        "time_of_day": Times,
        "time_of_week": Times,
        "lat_long": Places,
        "value": Individual if detector.over_field_name is None else Populations,
    }
    kind = kinds[FUNCTIONS[detector.function].kind]
    return kind(detector, analysis.bucket_span, analysis.model_plot, analysis.prune_window)


class Judges:
    """The detectors of a job, and what their findings are worth."""

    def __init__(self, analysis: Analysis, documents: Documents, state: Mapping[str, Any] | None = None) -> None:
        self._analysis = analysis
        self._documents = documents
        self._analysers = [analyser_of(detector, analysis) for detector in analysis.detectors]
        self._normaliser = Normaliser()
        self._memory = Memory(analysis)
        self._values: dict[str, set[Any]] = {kind: set() for kind in _KINDS}
        self.may_grow = True
        if state is not None:
            self._restore(state)

    def update(self, analysis: Analysis) -> None:
        """Take over rules and model plot of a changed configuration."""
        for analyser, detector in zip(self._analysers, analysis.detectors):
            analyser.rules, analyser.plot = Rules(detector), analysis.model_plot

    def judge(self, bucket: Bucket, now: Circumstances, events: list[str], shift: int = 0) -> list[Document]:
        """The documents of a bucket, which teaches the models if it is finished."""
        now = now._replace(may_grow=self.may_grow)
        findings: list[Finding] = []
        points: list[PlotPoint] = []
        for analyser in self._analysers:
            if now.learn and (by := shift + analyser.rules.time_shift(now)):
                analyser.shift(by)
            outcome = analyser.observe(bucket, now)
            findings += outcome.findings
            points += outcome.points
            if now.learn:
                analyser.frequent.learn(bucket)
        documents = self._scored(bucket, findings, events, interim=not now.learn)
        if now.learn:
            self._count_values(bucket)
            self._weigh()
            documents += [self._documents.plot(bucket.start, point) for point in points]
        return documents

    def _scored(self, bucket: Bucket, findings: list[Finding], events: list[str], interim: bool) -> list[Document]:
        findings = sorted(findings, key=lambda finding: -finding.surprise)[:_MOST_RECORDS]
        for finding in findings:
            find_influences(bucket, finding, self._analysis.influencers)
        surprise = together([finding.surprise for finding in findings], sum(map(len, self._analysers)))
        if not interim:
            self._normaliser.learn(max([surprise, *(finding.surprise for finding in findings)]))
        influencers = self._influencers(bucket.start, findings, interim)
        score = self._normaliser.score(surprise)
        parts = self._bucket_influencers(bucket.start, surprise, influencers, interim) if findings and score > 0 else []
        records = [
            self._documents.record(bucket.start, finding, self._normaliser.score(finding.surprise), interim)
            for finding in findings
        ]
        return [self._documents.bucket(bucket, score, parts, interim, events), *records, *influencers]

    def _influencers(self, start: int, findings: Sequence[Finding], interim: bool) -> list[Document]:
        made = []
        for (field, value), surprises in by_influencer(findings).items():
            surprise = together(surprises)
            score = self._normaliser.score(surprise)
            if score >= LEAST_SCORE:
                made.append(self._documents.influencer(start, field, value, surprise, score, interim))
        return made

    def _bucket_influencers(
        self, start: int, surprise: float, influencers: Sequence[Document], interim: bool
    ) -> list[Document]:
        greatest = {"bucket_time": surprise}
        for influencer in influencers:
            field, found = influencer["influencer_field_name"], surprise_of(influencer["probability"])
            greatest[field] = max(found, greatest.get(field, 0.0))
        return [
            self._documents.bucket_influencer(start, field, found, self._normaliser.score(found), interim)
            for field, found in greatest.items()
        ]

    def renormalised(self, probability: float) -> float:
        """The score of something so probable by what the job has seen up to now."""
        return self._normaliser.score(surprise_of(probability))

    def score_limits(self) -> tuple[int, ...]:
        """The most that surprises of each size can score by now."""
        return self._normaliser.limits()

    def quantiles(self) -> dict[str, Any]:
        """The state of the normaliser; plain data."""
        return {"normaliser": self._normaliser.state()}

    def forecast(self, starts: range) -> Iterator[Document]:
        """What is expected in the buckets that begin at ``starts`` (epoch seconds), series by series."""
        for analyser in self._analysers:
            if isinstance(analyser, Individual):
                for key, feature, model in analyser.models():
                    for start, point in forecast(analyser.detector, key, feature, model, starts):
                        yield self._documents.forecast(start * 1000, point)

    # --- memory

    def _count_values(self, bucket: Bucket) -> None:
        """Keep the distinct values of split fields: ``total_by_field_count`` and so on."""
        for detector in self._analysis.detectors:
            for kind, field in zip(_KINDS, detector.splits):
                known = self._values[kind]
                if field is not None and len(known) < _MOST_VALUES:
                    known.update((field, value) for value in {*bucket.columns[field]} if value not in (None, ""))

    def _weigh(self) -> None:
        refused = sum(analyser.refused for analyser in self._analysers)
        if refused:
            self._memory.failures += 1
            for analyser in self._analysers:
                analyser.refused = 0
        limit = self._analysis.memory_limit
        self.may_grow = limit is None or self._size() < limit

    def _size(self, categories: int = 0) -> int:
        return self._memory.size(self._analysers, categories)

    def model_size(self, categories: int, fed: bool) -> dict[str, Any]:
        """The fields of ``model_size_stats`` that speak of memory and of series."""
        counts = {f"total_{kind}_field_count": len(self._values[kind]) for kind in ("by", "over", "partition")}
        return self._memory.stats(self._size(categories) if fed else 0) | counts

    # --- state

    def state(self) -> dict[str, Any]:
        """Plain data to restore it from."""
        return {
            "analysers": [analyser.state() for analyser in self._analysers],
            "frequent": [analyser.frequent.state() for analyser in self._analysers],
            "normaliser": self._normaliser.state(),
            "memory": [self._memory.peak, self._memory.failures, self.may_grow],
            "values": {kind: sorted(map(list, values), key=str) for kind, values in self._values.items()},
        }

    def _restore(self, state: Mapping[str, Any]) -> None:
        for analyser, entry, frequent in zip(self._analysers, state["analysers"], state["frequent"]):
            analyser.restore(entry)
            analyser.frequent.restore(frequent)
        self._normaliser.restore(state["normaliser"])
        self._memory.peak, self._memory.failures, self.may_grow = state["memory"]
        self._values = {kind: {(field, value) for field, value in found} for kind, found in state["values"].items()}
