"""Result documents of the server, with the fields of all releases. The writer removes fields of later releases."""

from __future__ import annotations

from typing import Any

from fake_es.ml.engine.anomalies import Anomaly, PlotPoint
from fake_es.ml.engine.buckets import Bucket
from fake_es.ml.engine.probability import probability, surprisal_of

Document = dict[str, Any]
# The kinds of fields that split data, in the order of a series' key.
KINDS_OF_SPLITS = ("partition", "by", "over")
# Influencers that score less are not written.
LEAST_SCORE = 0.01
# The largest probability that makes an impact is one in twenty (``LARGEST_SIGNIFICANT_PROBABILITY``).
_LEAST_IMPACT = surprisal_of(0.05)
# The reported processing time of a bucket is 1 ms plus 1 ms per 20,000 records, about the speed of this engine.
_RECORDS_PER_MS = 20_000


class ResultDocuments:
    """Makes the documents of one job. Times are epoch milliseconds, the bucket span is in seconds."""

    def __init__(self, job_id: str, bucket_span: int) -> None:
        self._job_id = job_id
        self._span = bucket_span

    def bucket(
        self, bucket: Bucket, score: float, influencers: list[Document], is_interim: bool, events: list[str]
    ) -> Document:
        """A bucket; ``events`` are the descriptions of the scheduled events that it lies in."""
        document: Document = {
            "job_id": self._job_id,
            "timestamp": bucket.start,
            "anomaly_score": score,
            "bucket_span": self._span,
            "initial_anomaly_score": score,
            "event_count": bucket.count,
            "is_interim": is_interim,
            "bucket_influencers": influencers,
            "processing_time_ms": 1 + bucket.rows // _RECORDS_PER_MS,
        }
        if events:
            document["scheduled_events"] = events
        return document | {"result_type": "bucket"}

    def bucket_influencer(self, start: int, field: str, surprisal: float, score: float, is_interim: bool) -> Document:
        """How anomalous a bucket is for one influencer field; ``bucket_time`` means the whole bucket."""
        return {
            "job_id": self._job_id,
            "result_type": "bucket_influencer",
            "influencer_field_name": field,
            "initial_anomaly_score": score,
            "anomaly_score": score,
            "raw_anomaly_score": surprisal,
            "probability": probability(surprisal),
            "timestamp": start,
            "bucket_span": self._span,
            "is_interim": is_interim,
        }

    def influencer(self, start: int, field: str, value: str, surprisal: float, score: float, is_interim: bool) -> Document:
        """How much one influencer contributes to the anomalies of a bucket."""
        return {
            "job_id": self._job_id,
            "result_type": "influencer",
            "influencer_field_name": field,
            "influencer_field_value": value,
            field: value,
            "influencer_score": score,
            "initial_influencer_score": score,
            "probability": probability(surprisal),
            "bucket_span": self._span,
            "is_interim": is_interim,
            "timestamp": start,
        }

    def record(self, start: int, anomaly: Anomaly, score: float, is_interim: bool) -> Document:
        """A record: one anomaly.

        Records of populations have no explanation of their score (``CJsonOutputWriter::addPopulationFields``).
        """
        is_population = anomaly.detector.over_field_name is not None
        reasons = {"multi_bucket_impact": anomaly.multi_bucket_impact, "anomaly_score_explanation": _explanation(anomaly)}
        document: Document = {
            "job_id": self._job_id,
            "result_type": "record",
            "probability": probability(anomaly.surprisal),
            **({} if is_population else reasons),
            "record_score": score,
            "initial_record_score": score,
            "bucket_span": self._span,
            "detector_index": anomaly.detector.index,
            "is_interim": is_interim,
            "timestamp": start,
            **(_of_population(anomaly) if is_population else _description(anomaly)),
        }
        influences = sorted(anomaly.influences.items())
        if influences:
            document["influencers"] = [
                {"influencer_field_name": field, "influencer_field_values": values} for field, values in influences
            ]
        # The values of the fields of the data that the record names, each under the field's own name.
        named = _split_fields(anomaly, ("partition", "over") if is_population else KINDS_OF_SPLITS)
        kinds = [kind for kind in KINDS_OF_SPLITS if f"{kind}_field_name" in named]
        values = {named[f"{kind}_field_name"]: [named[f"{kind}_field_value"]] for kind in kinds}
        return values | anomaly.influences | document

    def plot(self, start: int, point: PlotPoint) -> Document:
        """The bounds of a model in one bucket."""
        document = {
            "job_id": self._job_id,
            "result_type": "model_plot",
            "bucket_span": self._span,
            "detector_index": point.detector.index,
            "timestamp": start,
            **_split_fields(point),
            "model_feature": point.feature,
            "model_lower": point.lower,
            "model_upper": point.upper,
            "model_median": point.median,
        }
        return document if point.actual is None else document | {"actual": point.actual}

    def forecast(self, start: int, point: PlotPoint) -> Document:
        """The prediction of a series in one bucket to come."""
        return {
            "job_id": self._job_id,
            "result_type": "model_forecast",
            "bucket_span": self._span,
            "detector_index": point.detector.index,
            "timestamp": start,
            **_split_fields(point),
            "model_feature": point.feature,
            "forecast_lower": point.lower,
            "forecast_upper": point.upper,
            "forecast_prediction": point.median,
        }

    def category(self, definition: Document) -> Document:
        """The definition of a category."""
        field, value = definition.get("partition_field_name"), definition.get("partition_field_value")
        named = {} if field is None else {field: value}
        category_id = str(definition["category_id"])
        return {
            "job_id": self._job_id, **definition, **named, "result_type": "category_definition", "mlcategory": category_id,
        }  # fmt: skip


def _split_fields(found: Anomaly | PlotPoint, kinds: tuple[str, ...] = KINDS_OF_SPLITS) -> dict[str, Any]:
    """Names and values of the fields that split the data, of these kinds."""
    fields: dict[str, Any] = {}
    for kind, field, value in zip(KINDS_OF_SPLITS, found.detector.splits, found.key):
        if field is not None and kind in kinds and (value or found.detector.use_null):
            fields |= {f"{kind}_field_name": field, f"{kind}_field_value": value}
    return fields


def _function_fields(anomaly: Anomaly) -> dict[str, Any]:
    return {"function": anomaly.detector.function, "function_description": anomaly.function}


def _value_field(anomaly: Anomaly) -> dict[str, Any]:
    field = anomaly.detector.field_name
    return {} if field is None else {"field_name": field}


def _description(anomaly: Anomaly) -> dict[str, Any]:
    """The series, the function and the values of an anomaly. Records and causes have these fields, in this order."""
    described = _split_fields(anomaly, ("by",)) | _split_fields(anomaly, ("partition",)) | _function_fields(anomaly)
    described |= {"typical": anomaly.typical, "actual": anomaly.actual}
    described |= _value_field(anomaly) | _split_fields(anomaly, ("over",))
    if anomaly.function == "lat_long":
        points = {"actual_point": anomaly.actual, "typical_point": anomaly.typical}
        described["geo_results"] = {name: ",".join(map(str, place)) for name, place in points.items()}
    return described


def _of_population(anomaly: Anomaly) -> dict[str, Any]:
    """The fields of a record of a population: values are those of its causes.

    Source: ``CJsonOutputWriter::addPopulationFields``, the same since its first public version, of 6.3. The causes are those
    by the function of the least probable one (``CHierarchicalResultsWriter::writePopulationResult``).
    """
    causes = [cause for cause in anomaly.causes or [anomaly] if cause.function == anomaly.function]
    by = anomaly.detector.by_field_name
    return {
        **({} if by is None else {"by_field_name": by}),
        **_split_fields(anomaly, ("partition", "over")),
        **_function_fields(anomaly),
        **_value_field(anomaly),
        "causes": [{"probability": probability(cause.surprisal), **_description(cause)} for cause in causes],
    }


def _explanation(anomaly: Anomaly) -> dict[str, Any]:
    """``anomaly_score_explanation``; fields without a value are left out.

    Source: ``CJsonOutputWriter::writeAnomalyScoreExplanationObject``.
    """
    explanation = anomaly.explanation
    lower, upper = explanation.bounds or (None, None)
    fields = {
        "anomaly_type": {True: "spike", False: "dip", None: None}[explanation.is_spike],
        "anomaly_length": explanation.length,
        "single_bucket_impact": _impact(explanation.single),
        "multi_bucket_impact": _impact(explanation.multi_bucket),
        "lower_confidence_bound": lower,
        "typical_value": None if lower is None else anomaly.typical[0],
        "upper_confidence_bound": upper,
        "high_variance_penalty": explanation.high_variance or None,
        "incomplete_bucket_penalty": explanation.incomplete or None,
        "by_field_first_occurrence": explanation.first_occurrence or None,
        "by_field_relative_rarity": explanation.relative_rarity,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _impact(surprisal: float) -> int | None:
    """An impact: the surprisal as a whole number, if the probability is less than 0.05 (``CUnivariateTimeSeriesModel``)."""
    return int(surprisal + 0.5) if surprisal > _LEAST_IMPACT else None
