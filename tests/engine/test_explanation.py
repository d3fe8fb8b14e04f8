"""``anomaly_score_explanation``: what it says of a record is so."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from fake_es.ml.engine.engine import Engine, by_kind
from tests.engine.noise import poisson
from tests.engine.support import HOUR, START, Document, analysis, engine, feed, results, values

MEAN = {"function": "mean", "field_name": "value"}
PENALTIES = {"high_variance_penalty", "incomplete_bucket_penalty"}
SEEDS = range(3)
Bucket = list[float]


def explained(found: dict[str, list[Document]], hour: int, described: str | None = None) -> Document:
    """The explanation of the record of an hour, and of a function where there are several."""
    records = [record for record in found["record"] if record["timestamp"] == START + hour * HOUR]
    (record,) = [record for record in records if described in (None, record["function_description"])]
    return record["anomaly_score_explanation"]  # type: ignore[no-any-return]


def _width(explanation: Document) -> float:
    width: float = explanation["upper_confidence_bound"] - explanation["lower_confidence_bound"]
    return width


def measured(buckets: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Several values in each hour."""
    return [
        {"time": START + hour * HOUR + at, "value": value}
        for hour, found in enumerate(buckets)
        for at, value in enumerate(found)
    ]


@pytest.mark.parametrize(("odd", "kind"), [(1000.0, "spike"), (1.0, "dip")])
def test_what_a_plain_anomaly_is_explained_by(odd: float, kind: str) -> None:
    source = random.Random(1)
    found = results(engine(MEAN), values([source.gauss(100, 5) for _ in range(60)] + [odd, 100.0]))
    (record,) = [record for record in found["record"] if record["timestamp"] == START + 60 * HOUR]
    explanation = record["anomaly_score_explanation"]
    assert (explanation["anomaly_type"], explanation["anomaly_length"]) == (kind, 1)
    assert explanation["single_bucket_impact"] == math.floor(0.5 - math.log10(record["probability"]))
    assert explanation["lower_confidence_bound"] < explanation["typical_value"] < explanation["upper_confidence_bound"]
    assert explanation["typical_value"] == record["typical"][0]
    assert not explanation.keys() & (PENALTIES | {"multi_bucket_impact", "anomaly_characteristics_impact"})


def test_an_anomaly_that_goes_on_has_a_length() -> None:
    source = random.Random(1)
    found = results(engine(MEAN), values([source.gauss(100, 5) for _ in range(60)] + [1000.0, 1000.0, 1000.0, 100.0]))
    assert [explained(found, hour)["anomaly_length"] for hour in (60, 61, 62)] == [1, 2, 3]


def nights(source: random.Random, odd: int) -> list[float]:
    """Weeks of hours whose first six scatter eight times as much; at ``odd`` a value is off, by as much at any hour."""
    return [200 if hour == odd else source.gauss(100, 16 if hour % 24 < 6 else 2) for hour in range(odd + 1)]


@pytest.mark.parametrize("seed", SEEDS)
def test_hours_at_which_values_scatter_more_lessen_a_surprise(seed: int) -> None:
    night, noon = (21 * 24 + hour for hour in (3, 12))
    by_night, by_day = (
        explained(results(engine(MEAN), values([*nights(random.Random(seed), hour), 100.0])), hour) for hour in (night, noon)
    )
    assert by_night["high_variance_penalty"] is True
    assert "high_variance_penalty" not in by_day
    assert by_night["single_bucket_impact"] < by_day["single_bucket_impact"]
    assert _width(by_night) > 1.5 * _width(by_day)


def independent(source: random.Random, number: int, times: float = 1.0) -> Bucket:
    return [source.gauss(100, 20) * times for _ in range(number)]


def alike(source: random.Random, number: int, times: float = 1.0) -> Bucket:
    level = source.gauss(100, 5) * times
    return [level + source.gauss(0, 0.1) for _ in range(number)]


def partly_alike(source: random.Random, number: int, times: float = 1.0) -> Bucket:
    level = source.gauss(100, 10)
    return [source.gauss(level, 20) * times for _ in range(number)]


def sometimes_few(make: Callable[..., Bucket], source: random.Random, odd_number: int) -> list[Bucket]:
    """Buckets of some twenty measurements, every fifteenth of which has two; the last is fourfold in ``odd_number``."""
    usual = [make(source, 2 if hour % 15 == 14 else 1 + poisson(source, 19)) for hour in range(200)]
    return [*usual, make(source, odd_number, 4.0)]


def judged(buckets: list[Bucket], function: str = "mean") -> dict[str, list[Document]]:
    """What a function of the values of two hundred and one hours gives."""
    return results(engine(MEAN | {"function": function}), [*measured(buckets), {"time": START + 201 * HOUR}])


@pytest.mark.parametrize(("function", "described"), [("mean", "mean"), ("median", "median"), ("metric", "mean")])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_bucket_with_few_measurements_lessens_a_surprise(function: str, described: str, seed: int) -> None:
    few, many = (
        explained(judged(sometimes_few(independent, random.Random(seed), number), function), 200, described)
        for number in (2, 20)
    )
    assert few["incomplete_bucket_penalty"] is True
    assert "incomplete_bucket_penalty" not in many
    assert few["single_bucket_impact"] < many["single_bucket_impact"]
    assert _width(few) > 1.5 * _width(many)


def test_few_measurements_are_doubted_as_far_as_they_scattered_more() -> None:
    """Means of two of twenty independent measurements would scatter thrice as much."""
    few = [explained(judged(sometimes_few(partly_alike, random.Random(seed), 2)), 200) for seed in range(6)]
    many = [explained(judged(sometimes_few(partly_alike, random.Random(seed), 20)), 200) for seed in range(6)]
    wider = [_width(odd) / _width(usual) for odd, usual in zip(few, many)]
    assert 1.1 < max(wider) < 2.5


@pytest.mark.parametrize("function", ["min", "max"])
def test_extremes_are_not_doubted_for_few_measurements(function: str) -> None:
    found = judged(sometimes_few(independent, random.Random(1), 2), function)
    assert "incomplete_bucket_penalty" not in explained(found, 200)


@pytest.mark.parametrize("seed", SEEDS)
def test_few_measurements_are_believed_where_they_never_scattered_more(seed: int) -> None:
    few, many = (explained(judged(sometimes_few(alike, random.Random(seed), number)), 200) for number in (2, 20))
    assert few == many
    assert not few.keys() & PENALTIES


def test_events_that_a_record_stands_for_are_measurements() -> None:
    source = random.Random(2)
    buckets = sometimes_few(independent, source, 2)
    summed = [
        {"time": START + hour * HOUR, "value": sum(found) / len(found), "n": len(found)} for hour, found in enumerate(buckets)
    ]
    found = results(engine(MEAN, summary_count_field_name="n"), [*summed, {"time": START + 201 * HOUR, "n": 0}])
    assert explained(found, 200)["incomplete_bucket_penalty"] is True


def test_what_is_known_of_measurements_survives_a_restart() -> None:
    records = measured(sometimes_few(independent, random.Random(1), 2))
    judge = engine(MEAN)
    feed(judge, records[:-2])
    judge.take_results()
    resumed = Engine("x", analysis(MEAN), json.loads(json.dumps(judge.state())))
    for each in (judge, resumed):
        feed(each, [*records[-2:], {"time": START + 201 * HOUR}])
    before, after = (explained(by_kind(each.take_results()), 200) for each in (judge, resumed))
    assert before == after
    assert after["incomplete_bucket_penalty"] is True


def test_how_rare_a_value_is() -> None:
    seen = [["a", "b", "c", *(["new"] if hour in (60, 70) else [])] for hour in range(71)]
    found = results(engine({"function": "rare", "by_field_name": "value"}), [*measured(seen), {"time": START + 71 * HOUR}])
    assert explained(found, 60) == {"by_field_first_occurrence": True, "by_field_relative_rarity": 61.0}
    assert explained(found, 70) == {"by_field_relative_rarity": 35.5}


def test_populations_are_not_explained() -> None:
    source = random.Random(1)
    records = [
        {
            "time": START + hour * HOUR + at,
            "who": f"m{at}",
            "value": source.gauss(100, 5) * (10 if (hour, at) == (50, 7) else 1),
        }
        for hour in range(52)
        for at in range(20)
    ]
    found = results(engine(MEAN | {"over_field_name": "who"}), records)
    assert found["record"]
    assert all(not record.keys() & {"anomaly_score_explanation", "multi_bucket_impact"} for record in found["record"])
