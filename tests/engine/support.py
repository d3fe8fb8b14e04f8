"""What the tests of the engine share: jobs in a line, and records to results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from fake_es.ml.config.job.analysis import analysis_of
from fake_es.ml.engine.analysis import Analysis
from fake_es.ml.engine.engine import Engine, by_kind
from fake_es.ml.engine.model.layout import from_text
from fake_es.ml.engine.model.series import SeriesModel

HOUR, DAY = 3_600_000, 86_400_000
START = 1_491_782_400_000  # Monday, 2017-04-10T00:00:00Z
Document = dict[str, Any]


def seeds(every_run: int, nightly: int = 0) -> list[Any]:
    """Seeds of a test: so many in every run, and so many more at night."""
    return [pytest.param(seed, marks=pytest.mark.nightly if seed >= every_run else ()) for seed in range(every_run + nightly)]


def analysis(*detectors: dict[str, Any], span: str = "1h", limits: dict[str, Any] | None = None, **config: Any) -> Analysis:
    """The analysis of a job with these detectors; keywords are fields of ``analysis_config``."""
    described = [{"detector_description": "", **detector} for detector in detectors]
    tree = {"bucket_span": span, "influencers": [], "detectors": described, **config}
    return analysis_of({"analysis_config": tree, "analysis_limits": limits})


def engine(*detectors: dict[str, Any], **settings: Any) -> Engine:
    """An engine of a job with these detectors."""
    return Engine("x", analysis(*detectors, **settings))


def feed(judge: Engine, records: Iterable[dict[str, Any]], time_field: str = "time") -> None:
    """Give records, in the order of their times, to an engine."""
    taken = list(records)
    judge.feed([record[time_field] for record in taken], taken)


def results(judge: Engine, records: Iterable[dict[str, Any]], time_field: str = "time") -> dict[str, list[Document]]:
    """Feed records and take the results, by result type."""
    feed(judge, records, time_field)
    return by_kind(judge.take_results())


def stored_model(state: dict[str, Any], span: int = HOUR // 1000) -> SeriesModel:
    """The model of the first series of the first detector in an engine's state."""
    _, _, packed, _ = state["detectors"]["models"][0][0]
    model = SeriesModel(span, is_count=False)
    model.unpack(from_text(packed[0]))
    return model


def values(numbers: Sequence[float | None], span: int = HOUR, **fields: Any) -> list[dict[str, Any]]:
    """A record in each bucket with the next number in the field ``value``; none in a bucket whose number is None."""
    times = ((START + at * span, number) for at, number in enumerate(numbers))
    return [{"time": time, "value": number, **fields} for time, number in times if number is not None]


def events(counts: Sequence[int], span: int = HOUR, **fields: Any) -> list[dict[str, Any]]:
    """So many records in each bucket."""
    return [
        {"time": START + at * span + number * (span // (count + 1)), **fields}
        for at, count in enumerate(counts)
        for number in range(count)
    ]


def worst(found: dict[str, list[Document]], kind: str = "record") -> float:
    """The greatest score among the results of a kind; 0 if there are none."""
    field = {"record": "record_score", "bucket": "anomaly_score", "influencer": "influencer_score"}[kind]
    return max((document[field] for document in found.get(kind, ())), default=0.0)
