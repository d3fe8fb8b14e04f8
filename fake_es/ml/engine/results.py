"""Result documents, as the server stores them; fields of later releases are there and left out by who writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.findings import Finding, PlotPoint
from fake_es.ml.engine.probability import probability, surprise_of

Document = dict[str, Any]
_KINDS = ("partition", "by", "over")
# Influencers with less are not written.
LEAST_SCORE = 0.01
# -log10 of the largest probability that makes an impact (``LARGEST_SIGNIFICANT_PROBABILITY``).
_LEAST_IMPACT = surprise_of(0.05)


class Documents:
    """Makes the documents of one job; times are epoch milliseconds, the bucket span is in seconds."""

    def __init__(self, job_id: str, bucket_span: int) -> None:
        self._job_id = job_id
        self._span = bucket_span

    def bucket(self, bucket: Bucket, score: float, influencers: list[Document], interim: bool, events: list[str]) -> Document:
        """A bucket; ``events`` are descriptions of calendar events that it lies in."""
        document: Document = {
            "job_id": self._job_id,
            "timestamp": bucket.start,
            "anomaly_score": score,
            "bucket_span": self._span,
            "initial_anomaly_score": score,
            "event_count": bucket.count,
            "is_interim": interim,
            "bucket_influencers": influencers,
            "processing_time_ms": 1 + bucket.rows // 20_000,
        }
        if events:
            document["scheduled_events"] = events
        return document | {"result_type": "bucket"}

    def bucket_influencer(self, start: int, field: str, surprise: float, score: float, interim: bool) -> Document:
        """How anomalous a bucket is as far as one influencer field goes; ``bucket_time`` stands for the whole of it."""
        return {
            "job_id": self._job_id,
            "result_type": "bucket_influencer",
            "influencer_field_name": field,
            "initial_anomaly_score": score,
            "anomaly_score": score,
            "raw_anomaly_score": surprise,
            "probability": probability(surprise),
            "timestamp": start,
            "bucket_span": self._span,
            "is_interim": interim,
        }

    def influencer(self, start: int, field: str, value: str, surprise: float, score: float, interim: bool) -> Document:
        """How much one value of an influencer field has to do with the anomalies of a bucket."""
        return {
            "job_id": self._job_id,
            "result_type": "influencer",
            "influencer_field_name": field,
            "influencer_field_value": value,
            field: value,
            "influencer_score": score,
            "initial_influencer_score": score,
            "probability": probability(surprise),
            "bucket_span": self._span,
            "is_interim": interim,
            "timestamp": start,
        }

    def record(self, start: int, finding: Finding, score: float, interim: bool) -> Document:
        """One anomaly."""
        is_population = finding.detector.over_field_name is not None
        document: Document = {
            "job_id": self._job_id,
            "result_type": "record",
            "probability": probability(finding.surprise),
            **({} if is_population else _reasons(finding)),
            "record_score": score,
            "initial_record_score": score,
            "bucket_span": self._span,
            "detector_index": finding.detector.index,
            "is_interim": interim,
            "timestamp": start,
            **(_of_population(finding) if is_population else _described(finding)),
        }
        influences = sorted(finding.influences.items())
        if influences:
            document["influencers"] = [
                {"influencer_field_name": field, "influencer_field_values": values} for field, values in influences
            ]
        return dict(_inputs(finding)) | document

    def plot(self, start: int, point: PlotPoint) -> Document:
        """The bounds of a model in one bucket."""
        document = {
            "job_id": self._job_id,
            "result_type": "model_plot",
            "bucket_span": self._span,
            "detector_index": point.detector.index,
            "timestamp": start,
            **_named(point),
            "model_feature": point.feature,
            "model_lower": point.lower,
            "model_upper": point.upper,
            "model_median": point.median,
        }
        return document if point.actual is None else document | {"actual": point.actual}

    def forecast(self, start: int, point: PlotPoint) -> Document:
        """What is expected of a series in one bucket to come."""
        return {
            "job_id": self._job_id,
            "result_type": "model_forecast",
            "bucket_span": self._span,
            "detector_index": point.detector.index,
            "timestamp": start,
            **_named(point),
            "model_feature": point.feature,
            "forecast_lower": point.lower,
            "forecast_upper": point.upper,
            "forecast_prediction": point.median,
        }

    def category(self, definition: Document) -> Document:
        """What a category is."""
        field, value = definition.get("partition_field_name"), definition.get("partition_field_value")
        named = {} if field is None else {field: value}
        category_id = str(definition["category_id"])
        return {
            "job_id": self._job_id, **definition, **named, "result_type": "category_definition", "mlcategory": category_id,
        }  # fmt: skip


def _named(found: Finding | PlotPoint, kinds: tuple[str, ...] = _KINDS) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for kind, field, value in zip(_KINDS, found.detector.splits, found.key):
        if field is not None and kind in kinds and (value or found.detector.use_null):
            fields |= {f"{kind}_field_name": field, f"{kind}_field_value": value}
    return fields


def _reasons(finding: Finding) -> dict[str, Any]:
    """Why a record scores as it does; those of populations do not say (``CJsonOutputWriter::addPopulationFields``)."""
    return {"multi_bucket_impact": finding.multi_bucket_impact, "anomaly_score_explanation": _explained(finding)}


def _described(finding: Finding) -> dict[str, Any]:
    """Which series an anomaly is in, by which function, and what it is: of records and, in this order, of causes."""
    described = _named(finding, ("by",)) | _named(finding, ("partition",)) | _function(finding)
    described |= {"typical": finding.typical, "actual": finding.actual} | _value_field(finding) | _named(finding, ("over",))
    if finding.function == "lat_long":
        points = {"actual_point": finding.actual, "typical_point": finding.typical}
        described["geo_results"] = {name: ",".join(map(str, place)) for name, place in points.items()}
    return described


def _function(finding: Finding) -> dict[str, Any]:
    return {"function": finding.detector.function, "function_description": finding.function}


def _value_field(finding: Finding) -> dict[str, Any]:
    field = finding.detector.field_name
    return {} if field is None else {"field_name": field}


def _of_population(finding: Finding) -> dict[str, Any]:
    """What a member of a population did, which only its causes say (``CJsonOutputWriter::addPopulationFields``, the same
    since its first public version, of 6.3). They are those by the function of the least probable one
    (``CHierarchicalResultsWriter::writePopulationResult``).
    """
    causes = [cause for cause in finding.causes or [finding] if cause.function == finding.function]
    by = finding.detector.by_field_name
    return {
        **({} if by is None else {"by_field_name": by}),
        **_named(finding, ("partition", "over")),
        **_function(finding),
        **_value_field(finding),
        "causes": [{"probability": probability(cause.surprise), **_described(cause)} for cause in causes],
    }


def _inputs(finding: Finding) -> Iterable[tuple[str, list[str]]]:
    """The values of the fields of the data that a record names, each under the field's own name."""
    named = _named(finding, _KINDS if finding.detector.over_field_name is None else ("partition", "over"))
    values = {named[f"{kind}_field_name"]: [named[f"{kind}_field_value"]] for kind in _KINDS if f"{kind}_field_name" in named}
    return (values | finding.influences).items()


def _explained(finding: Finding) -> dict[str, Any]:
    """``anomaly_score_explanation``, without what says nothing (``CJsonOutputWriter::writeAnomalyScoreExplanationObject``)."""
    explanation = finding.explanation
    lower, upper = explanation.bounds or (None, None)
    fields = {
        "anomaly_type": {True: "spike", False: "dip", None: None}[explanation.is_spike],
        "anomaly_length": explanation.length,
        "single_bucket_impact": _impact(explanation.single),
        "multi_bucket_impact": _impact(explanation.sustained),
        "lower_confidence_bound": lower,
        "typical_value": None if lower is None else finding.typical[0],
        "upper_confidence_bound": upper,
        "high_variance_penalty": explanation.high_variance or None,
        "incomplete_bucket_penalty": explanation.incomplete or None,
        "by_field_first_occurrence": explanation.first_occurrence or None,
        "by_field_relative_rarity": explanation.relative_rarity,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _impact(surprise: float) -> int | None:
    """An impact: -log10 of a probability as a whole number, if that is less than 0.05 (``CUnivariateTimeSeriesModel``)."""
    return int(surprise + 0.5) if surprise > _LEAST_IMPACT else None
